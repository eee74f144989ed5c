"""What makes the course's static site: pages to read, and the notebooks to run in a browser.

It runs in an environment of its own, with what ``pins.txt`` beside this folder names for pip.
"""
