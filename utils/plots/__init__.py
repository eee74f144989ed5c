"""The figures of the course, each function named for what it draws.

They take plain arrays and networks, draw on axes of their own, and return these, so that a test
can ask what is on them.

Each notebook has a room of its own here, ``nbNN_…`` for the notebook ``NN_….ipynb``, with its
figures in the order in which it draws them. A figure that several notebooks draw is in the room of
the first. What the rooms share, colours and the course's look among it, is in ``style``. All public
names are handed on from here: a notebook writes ``plots.plot_points``, whichever room that is in.
"""

from importlib import import_module
from pkgutil import iter_modules

__all__: list[str] = []

for _name in sorted(room.name for room in iter_modules(__path__, f"{__name__}.")):
    _room = import_module(_name)
    globals().update({public: getattr(_room, public) for public in _room.__all__})
    __all__ += _room.__all__
__all__.sort()
