"""The long runs whose results are stored, and the command that makes them again.

A notebook should run in seconds; a million steps take minutes. So the few long runs live here,
their results in `notebooks/data/results`, and

    python3 -m utils results

makes them anew (about a quarter of an hour). A test repeats the beginning of each and compares.

Each notebook has a room of its own here, ``nbNN_…`` for the notebook ``NN_….ipynb``; a run whose
result is stored is marked there by ``@stored``, which is explained in ``stored``. All public names
are handed on from here.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

__all__: list[str] = []

if TYPE_CHECKING:  # what is gathered below, no tool can see

    def __getattr__(name: str) -> Any: ...


for _name in sorted(room.name for room in iter_modules(__path__, f"{__name__}.")):
    if not _name.endswith("__main__"):
        _room = import_module(_name)
        globals().update({public: getattr(_room, public) for public in _room.__all__})
        __all__ += _room.__all__
__all__.sort()
