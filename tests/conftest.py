"""Settings for all unit tests."""

import gc

import jitter
import matplotlib
from hypothesis import settings

jitter.install_if_asked()

# None of them is looked through for examples: they all have one name, and pytest minds.
collect_ignore_glob = ["conftest.py", "*/conftest.py"]

# Nor is what only JupyterHub can read.
collect_ignore = ["class/jupyterhub_config.py"]

# No windows, whatever the system. (Not by MPLBACKEND: the notebooks' kernels would inherit it.)
matplotlib.use("Agg")

# The same examples in every run, and no deadline: the first call of a NumPy routine may be slow.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")


def pytest_collection_finish():
    """Let the garbage collector leave alone what pytest has collected, for it looks often."""
    gc.collect()
    gc.freeze()
