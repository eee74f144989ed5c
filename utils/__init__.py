"""The course's library: networks, their gradients, and the checks and figures of the notebooks.

Importing ``utils`` itself imports nothing else, so that ``python3 -m utils lab`` runs on a bare
Python before NumPy is installed. Notebooks import what they need by name, for example
``from utils.network import Network, forward``.
"""
