"""Settings for all unit tests."""

import matplotlib
from hypothesis import settings

# No windows, whatever the system. (Not by MPLBACKEND: the notebooks' kernels would inherit it.)
matplotlib.use("Agg")

# The same examples in every run, and no deadline: the first call of a NumPy routine may be slow.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")
