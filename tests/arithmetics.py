"""Run the whole test command under every arithmetic that this machine can do.

    .venv/bin/python tests/arithmetics.py                   all, one by one; prints a table
    .venv/bin/python tests/arithmetics.py kernel jitter-3   those whose names begin so
    .venv/bin/python tests/arithmetics.py --farthest        run nothing; print the variables that
                                                            choose the kernel least like this one's

A processor brings its BLAS kernel and the loops that NumPy chooses; versions and threads change
roundings too. What is green under all of these, and under the roundings that `jitter.py` makes up,
is green on a student's machine. Settings come with variables of the environment; versions with an
environment of their own in a copy of the course. The browser is left out: it computes nothing.
Each takes two to four minutes on two cores, all of them an hour.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LIST_OF_VERSIONS = "tests/constraints.txt"
# OpenBLAS's kernels for x86, oldest first, with what a processor must have to run them. NumPy's
# names for that changed in 2.4.
KERNELS = {
    "Nehalem": {"SSE42", "X86_V2"},
    "Sandybridge": {"AVX"},
    "Haswell": {"AVX2", "X86_V3"},
    "Zen": {"AVX2", "X86_V3"},
    "SkylakeX": {"AVX512_SKX", "X86_V4"},
}


class Setting(NamedTuple):
    """One way to compute: variables of the environment, and versions ("" for the tested ones)."""

    name: str
    variables: dict[str, str]
    versions: str = ""


def features():
    """The processor's features that NumPy knows, and those it would choose at run time."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    there = {name for name, has in __cpu_features__.items() if has}
    return there, [name for name in __cpu_dispatch__ if name in there]


def kernels(there):
    """The kernels that a processor with these features can run, oldest first.

    Examples
    --------
    >>> kernels({"SSE42", "AVX", "AVX2"})
    ['Nehalem', 'Sandybridge', 'Haswell', 'Zen']
    """
    if "AVX2" in there or "X86_V3" in there:
        there = there | {"AVX"}  # which newer releases of NumPy don't name
    return [name for name, needs in KERNELS.items() if needs & there]


def own_kernel():
    """The kernel that NumPy's OpenBLAS has chosen here, "" where it can't be asked."""
    import numpy

    for library in (Path(numpy.__file__).parent.parent / "numpy.libs").glob("*openblas*"):
        try:
            ask = ctypes.CDLL(str(library)).scipy_openblas_get_corename64_
        except (OSError, AttributeError):
            continue
        ask.restype = ctypes.c_char_p
        return ask().decode()
    return ""


def farthest(own, possible):
    """The kernel at the other end of the list.

    Examples
    --------
    >>> farthest("SkylakeX", ["Nehalem", "Haswell", "SkylakeX"])
    'Nehalem'
    >>> farthest("Nehalem", ["Nehalem", "Haswell", "SkylakeX"])
    'SkylakeX'
    """
    is_old = own in possible[: len(possible) // 2]
    return possible[-1] if is_old else possible[0]


def variables_of_the_farthest():
    """Its kernel; and where that is an old one, no loops that NumPy chooses at run time."""
    there, chosen = features()
    possible = kernels(there)
    variables = {"OPENBLAS_CORETYPE": farthest(own_kernel(), possible)} if possible else {}
    if chosen and (not possible or variables["OPENBLAS_CORETYPE"] == possible[0]):
        variables["NPY_DISABLE_CPU_FEATURES"] = " ".join(chosen)
    return variables


def settings():
    """Everything to be tried."""
    there, chosen = features()
    found = [Setting("as it is", {})]
    for kernel in kernels(there):
        for threads in ("1 thread", "2 threads"):
            variables = {"OPENBLAS_CORETYPE": kernel, "COURSE_THREADS": threads[0]}
            found.append(Setting(f"kernel {kernel}, {threads}", variables))
    without = {"NPY_DISABLE_CPU_FEATURES": " ".join(chosen)}
    found.append(Setting("without NumPy's newest loops", without))
    found += [Setting(f"jitter-{seed}", {"COURSE_JITTER": str(seed)}) for seed in range(1, 11)]
    found += [Setting("lowest versions", {}, "lowest"), Setting("newest versions", {}, "newest")]
    return found


def lowest_versions():
    """Lines that pin what requirements.txt and tests/requirements.txt name to the lowest of it."""
    texts = ((ROOT / name).read_text() for name in ("requirements.txt", "tests/requirements.txt"))
    pins = re.findall(r"^([\w-]+)>=([^,]+),", "".join(texts), re.M)
    return "".join(f"{name}=={lowest}\n" for name, lowest in pins)


def course_with(versions, folder):
    """A copy of the course in `folder` whose list of tested versions is another one."""
    left_out = shutil.ignore_patterns(
        *(".git", ".venv", "work", "site", ".site", ".*_cache", "__pycache__")
    )
    shutil.copytree(ROOT, folder, ignore=left_out)
    lines = lowest_versions() if versions == "lowest" else ""
    (folder / LIST_OF_VERSIONS).write_text(lines)
    return folder


def run(setting, options):
    """Run the test command so; returns its last line, the seconds, and whether it was green."""
    with tempfile.TemporaryDirectory() as place:
        root = course_with(setting.versions, Path(place) / "course") if setting.versions else ROOT
        lax = ["--nbval-lax"] if setting.versions else []
        command = [sys.executable, "-m", "utils", "test"]
        command += ["--ignore=tests/test_browser.py", "--ignore=tests/test_slides.py"]
        began = time.monotonic()
        finished = subprocess.run(
            [*command, *lax, *options], cwd=root, env={**os.environ, **setting.variables},
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        seconds = time.monotonic() - began
    for line in finished.stdout.splitlines():
        if "FAILED" in line:
            print(f"    {line}")
    last = (finished.stdout.strip().splitlines() or ["nothing printed"])[-1]
    return last.strip("= "), seconds, finished.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="beginnings of names; all without any")
    parser.add_argument("--farthest", action="store_true", help="print its variables only")
    parser.add_argument("--list", action="store_true", help="print the names only")
    asked, options = parser.parse_known_args()
    if asked.farthest:
        print(*(f"{name}={value}" for name, value in variables_of_the_farthest().items()), sep="\n")
        return 0
    chosen = [s for s in settings() if not asked.names or s.name.startswith(tuple(asked.names))]
    if asked.list:
        print(*(setting.name for setting in chosen), sep="\n")
        return 0
    rows, green = [], True
    try:
        for setting in chosen:
            last, seconds, well = run(setting, options)
            green &= well
            rows.append(
                f"{'green' if well else 'RED':6} {seconds:5.0f} s  {setting.name:32} {last}"
            )
            print(rows[-1], flush=True)
    except KeyboardInterrupt:
        print("stopped; what was run:", *rows, sep="\n")
        return 130
    return 0 if green and rows else 1


if __name__ == "__main__":
    sys.exit(main())
