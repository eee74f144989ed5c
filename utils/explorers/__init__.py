"""Figures that answer the hand: a slider moves, and the picture follows.

An explorer has two parts. A *pure function* takes a state, one number or word for each control, and
returns a `Picture`; it can be tested without a browser. A thin layer of widgets calls it: labelled
controls, below them the picture, below that the same in words. So a new explorer is one function
and one line for each control.

Where no kernel runs (GitHub, a printed page) an explorer is a picture: its *stills*, one or more
states side by side.

Each notebook has a room of its own here, ``nbNN_…`` for the notebook ``NN_….ipynb``, with the pure
function first and the explorer after it. What a picture is made of is in ``pictures``, how it is
shown in ``widget``, what several explorers draw in ``parts``. All explorers are
handed on from here.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from utils.explorers.widget import Explorer

__all__ = ["Explorer"]

if TYPE_CHECKING:  # what is gathered below, no tool can see

    def __getattr__(name: str) -> Any: ...


for _name in sorted(room.name for room in iter_modules(__path__) if room.name.startswith("nb")):
    _room = import_module(f"{__name__}.{_name}")
    globals().update({public: getattr(_room, public) for public in _room.__all__})
    __all__ += _room.__all__
__all__.sort()
