"""Notebook 02: the Jacobian as the best linear map; that of a layer as a product."""

from functools import partial
from typing import Any

import numpy as np

from utils import inputs
from utils.activations import sigmoid
from utils.explorers.parts import sigmoid_curve, told
from utils.explorers.pictures import Panel, Picture, curve, shade, text
from utils.explorers.widget import Explorer, slider
from utils.plots.style import BLUE, GREY, RED, SIGNED

__all__ = ["best_linear_map", "layer_jacobian"]


# -------- a square, its image, and the image of the best linear map

MAP_WEIGHTS = np.array([[3.0, 1.0], [-1.0, 2.0]])
SIDE = np.linspace(-1, 1, 21)


def square_lines() -> np.ndarray:
    """A square from −1 to 1 with a cross in it, as one line with gaps: (2, K).

    Examples
    --------
    >>> square_lines().shape
    (2, 132)
    """
    pieces = []
    for fixed in (-1.0, 0.0, 1.0):
        gap = [np.nan]
        along, across = np.append(SIDE, gap), np.append(np.full(21, fixed), gap)
        pieces += [np.array([along, across]), np.array([across, along])]
    return np.concatenate(pieces, axis=1)


def best_linear_map_picture(x1: float, x2: float, half: float) -> Picture:
    """A square around x, what a layer and its Jacobian make of it, and both under a magnifier."""
    x, lines = np.array([[x1], [x2]]), square_lines()
    a = sigmoid(MAP_WEIGHTS @ x)
    J = sigmoid.derivative(a) * MAP_WEIGHTS
    image = sigmoid(MAP_WEIGHTS @ (x + half * lines))
    linear = a + J @ (half * lines)
    worst = np.nanmax(np.hypot(*(image - linear)))
    moved = np.nanmax(np.hypot(*(image - a)))
    square = [
        curve(*(x + half * lines), color=GREY, lw=1.4),
        curve(x1, x2, marker="o", ms=3, color="black"),
    ]
    both = [
        curve(*image, color=BLUE, lw=2.2),
        curve(*linear, color=RED, ls="--", lw=1.6),
        curve(*a[:, 0], marker="o", ms=3, color="black"),
    ]
    enlarged = [
        curve(*((image - a) / half), color=BLUE, lw=2.2),
        curve(*((linear - a) / half), color=RED, ls="--", lw=1.6),
        curve(0, 0, marker="o", ms=3, color="black"),
    ]
    panels = [
        Panel(square, {"aspect": "equal", "xlim": (-3, 3), "ylim": (-3, 3), "xlabel": "x₁",
                       "ylabel": "x₂", "title": "a square around x"}),
        Panel(both, {"aspect": "equal", "xlim": (-0.2, 1.2), "ylim": (-0.2, 1.2), "xlabel": "a₁",
                     "ylabel": "a₂", "title": "its image; dashed: a + J h"}),
        Panel(enlarged, {"aspect": "equal", "xlim": (-1.1, 1.1), "ylim": (-1.1, 1.1),
                         "xticks": (), "yticks": (), "frame_on": False,
                         "title": "magnified: all divided\nby half the side"}),
    ]  # fmt: skip
    rows = "; ".join(" ".join(told(v, ".2f") for v in row) for row in J)
    words = (
        f"At x = ({told(x1, '.2f')}, {told(x2, '.2f')}) the Jacobian is [{rows}]. The image "
        f"reaches {moved:.3f} from its middle; a + J h misses it by up to {worst:.3f}, that is "
        f"{worst / moved:.1%}."
    )
    return Picture(panels, words, size=(9.6, 3.5))


def best_linear_map() -> Explorer:
    """Move a square, and shrink it: a layer bends it, its Jacobian makes a parallelogram of it.

    The third panel shows both images as large as if the square had not shrunk: there the
    parallelogram stays, and the bent image comes nearer to it.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> best_linear_map().picture.words[:59]
    'At x = (0.50, 0.00) the Jacobian is [0.45 0.15; −0.24 0.47]'
    """
    return Explorer(
        best_linear_map_picture,
        {
            "x1": slider("input x₁", -2, 2, 0.25, start=0.5),
            "x2": slider("input x₂", -2, 2, 0.25, start=0),
            "half": slider("half the side", 0.05, 1, 0.05, start=0.5),
        },
        stills={"half the side 0.5": {}, "half the side 0.1": {"half": 0.1}},
    )


# -------- the Jacobian of a layer as a product


def entry(value: float) -> str:
    """An entry of a matrix, with three decimals; ≈ 0 if these are all 0, and 0 if it is 0.

    Examples
    --------
    >>> entry(-0.2139), entry(-0.0001), entry(0.0)
    ('−0.214', '≈ 0', '0')
    """
    if value == 0:
        return "0"
    return told(value, ".3f") if abs(value) >= 0.0005 else "≈ 0"


def edges(n: int, m: int) -> np.ndarray:
    """The upright edges of n × m unit squares, as one line that goes up and down: (2, 2m + 2).

    Examples
    --------
    >>> edges(3, 1)
    array([[-0.5, -0.5,  0.5,  0.5],
           [-0.5,  2.5,  2.5, -0.5]])
    """
    x = np.repeat(np.arange(m + 1), 2) - 0.5
    return np.stack([x, np.resize([-0.5, n - 0.5, n - 0.5, -0.5], x.size)])


def matrix_panel(
    M: np.ndarray, name: str, limit: float, rows: str = "", fixed: bool = False
) -> Panel:
    """A matrix as colours (blue positive, orange negative) with its entries, in grey frames."""
    n, m = M.shape
    entries = [
        text(j, i, entry(float(M[i, j])), ha="center", va="center", size=9.5)
        for i, j in np.ndindex(n, m)
    ]
    edge = {"color": "#BBBBBB", "lw": 0.8, "clip_on": False}
    frames = [curve(*edges(n, m), **edge), curve(*edges(m, n)[::-1], **edge)]
    across, down = (-0.5, m - 0.5), (n - 0.5, -0.5)
    paler = 1.3 * limit  # so that the entries can be read
    look = {"cmap": SIGNED, "vmin": -paler, "vmax": paler, "origin": "upper"}
    axes = {
        "xlim": across, "ylim": down, "xticks": (), "aspect": "equal", "frame_on": False,
        "yticks": range(len(rows)), "yticklabels": list(rows),
        "title": name, "xlabel": f"{n} × {m}",
    }  # fmt: skip
    return Panel([shade(M, extent=(*across, *down), **look), *frames, *entries], axes, m, fixed)


def sign_panel(sign: str) -> Panel:
    """What stands between two matrices: "·" or "="."""
    mark = text(0, 0, sign, ha="center", va="center", size=17)
    nothing = {"xlim": (-1, 1), "ylim": (-1, 1), "xticks": (), "yticks": (), "frame_on": False}
    return Panel([mark], nothing, 0.35, fixed=True)


def layer_jacobian_picture(x1: float, x2: float, W: np.ndarray) -> Picture:
    """A sigmoid layer with three neurons: where they are, D, W and the layer's Jacobian D W."""
    z = W @ np.array([x1, x2])
    slopes = sigmoid.derivative(sigmoid(z))
    D = np.diag(slopes)
    shown = np.clip(z, -9.8, 9.8)
    neurons = [
        sigmoid_curve(10),
        *(
            curve(zi, sigmoid(zi), marker=marker, ms=9, color="black", mec="white")
            for marker, zi in zip("osX", shown, strict=True)
        ),
    ]
    axes = {
        "xlim": (-10, 10), "ylim": (-0.1, 1.1), "xlabel": "z", "ylabel": "a",
        "title": "neurons ● 1  ■ 2  ✖ 3",
    }  # fmt: skip
    panels = [
        Panel(neurons, axes, width=4.2),
        matrix_panel(D, "D", 0.25, "●■✖"),
        sign_panel("·"),
        matrix_panel(W, "W", np.abs(W).max(), fixed=True),
        sign_panel("="),
        matrix_panel(D @ W, "D W", 0.25 * np.abs(W).max(), "●■✖"),
    ]
    return Picture(panels, layer_in_words(z, slopes), size=(9.4, 2.9))


def layer_in_words(z: np.ndarray, slopes: np.ndarray) -> str:
    """What one reads off the layer: its z, its slopes, who is saturated (slope below 0.01).

    Examples
    --------
    >>> layer_in_words(np.array([9.0, 1.0, 0.0]), np.array([0.001, 0.197, 0.25]))[52:]
    '0.197, 0.250. Saturated, with a row of D W near 0: neuron 1.'
    """
    saturated = [f"neuron {i}" for i, slope in enumerate(slopes, start=1) if slope < 0.01]
    verdict = "No neuron is saturated."
    if saturated:
        verdict = f"Saturated, with a row of D W near 0: {', '.join(saturated)}."
    places = ", ".join(told(v, ".2f") for v in z)
    return f"z = ({places}); on the diagonal of D " + (
        f"{', '.join(f'{v:.3f}' for v in slopes)}. {verdict}"
    )


def layer_jacobian(W: Any) -> Explorer:
    """Move the input of a sigmoid layer, saturate its neurons, and watch D and D W.

    Parameters
    ----------
    W : array_like, shape (3, 2)
        Weights; the biases are 0.

    Returns
    -------
    Explorer

    Raises
    ------
    TypeError, ValueError
        W is not a matrix of that shape.

    Examples
    --------
    >>> layer_jacobian([[2.0, -1.5], [0.4, 0.5], [-1.0, -1.2]]).picture.words[:44]
    'z = (5.50, 0.30, −0.80); on the diagonal of '
    """
    W = inputs.three_neurons_of_two_inputs(W)
    return Explorer(
        partial(layer_jacobian_picture, W=W.copy()),
        {
            "x1": slider("input a₁", -8, 8, 0.25, start=2),
            "x2": slider("input a₂", -8, 8, 0.25, start=-1),
        },
    )
