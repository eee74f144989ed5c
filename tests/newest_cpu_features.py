"""Print the processor features that NumPy would choose at run time on this machine.

``NPY_DISABLE_CPU_FEATURES`` takes them as they are printed. What NumPy was built for (its
baseline) cannot be switched off and is not printed.
"""

from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

if __name__ == "__main__":
    print(" ".join(name for name in __cpu_dispatch__ if __cpu_features__[name]))
