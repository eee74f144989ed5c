"""What the tests of figures share: what is asked of axes."""

import numpy as np
from matplotlib.backend_bases import MouseEvent
from matplotlib.colors import same_color
from matplotlib.contour import QuadContourSet
from matplotlib.patches import FancyBboxPatch

from utils import plots
from utils.network import Network, forward, init_network


def line_named(ax, start):
    return next(line for line in ax.lines if str(line.get_label()).startswith(start))


def output(net, points):
    """All outputs at points given as rows (p, q)."""
    return forward(net, np.transpose(points))[1][net.L]


def shown_at(ax, p, q):
    """The value that the picture shows at the point (p, q) of its axes."""
    (image,) = ax.images
    x, y = ax.transData.transform((p, q))
    return float(image.get_cursor_data(MouseEvent("motion_notify_event", ax.figure.canvas, x, y)))


def colour_of(ax, value):
    (image,) = ax.images
    return image.cmap(image.norm(value))[:3]


def level_lines(ax):
    """{level: points of its line} of the one contour plot."""
    (drawn,) = (c for c in ax.collections if isinstance(c, QuadContourSet))
    return {
        float(level): path.vertices
        for level, path in zip(drawn.levels, drawn.get_paths(), strict=True)
    }


def points_drawn(ax):
    """The two classes: where they are drawn, and in which colours."""
    first, second = (c for c in ax.collections if not isinstance(c, QuadContourSet))
    assert same_color(first.get_facecolor(), plots.BLUE)
    assert same_color(second.get_facecolor(), plots.RED)
    return np.array(first.get_offsets()), np.array(second.get_offsets())


# steep in one direction and not in the other, so that a picture turned or mirrored shows
SLANTED = Network({2: [[3.0, -9.0]]}, {2: [[1.5]]})


CORNERS_AND_MORE = [(0.02, 0.02), (0.02, 0.98), (0.98, 0.02), (0.98, 0.98), (0.3, 0.2), (0.6, 0.75)]


def boxes_by_number(ax):
    """{number of a notebook: its box}, by what is written in the box."""
    boxes = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    numbers = [t for t in ax.texts if t.get_text().isdigit()]
    return {t.get_text(): box for box in boxes for t in numbers if in_box(box, t.get_position())}


def in_box(box, point, margin=0.03):
    low = np.array([box.get_x(), box.get_y()])
    high = low + [box.get_width(), box.get_height()]
    return bool(np.all(low - margin <= point) and np.all(point <= high + margin))


def small_network():
    net = init_network([2, 4, 1], np.random.default_rng(0), "paper")
    return Network({l: 6 * W for l, W in net.W.items()}, net.b)


def error_bars(ax):
    """[(estimates, low ends, high ends)] of each errorbar drawn, along the axis of its bars."""
    found = []
    for container in ax.containers:
        line, _, (bars,) = container.lines
        segments = np.array(bars.get_segments())
        along = 1 if np.ptp(segments[0][:, 0]) == 0 else 0
        data = np.array(line.get_data())[along]
        found.append((data, segments[:, 0, along], segments[:, 1, along]))
    return found


def halves(x):
    return np.digitize(x[0], [-1.0, 1.0])


def everything_two(x):
    return np.full(x.shape[1], 2)
