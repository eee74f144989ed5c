"""The explorer of notebook 04: each weight's derivative by a complex step in that weight."""

import numpy as np
import pytest
from matplotlib.text import Text
from shown import Shown, sigma
from test_nb03_explorers import STATES, W2, W3, as_shown, b2, b3, in_circles, truth

from utils.explorers.small_network import ARROWS, PLACES


def derivative(state, l, i, j):
    """∂a³/∂W[l]_ij; j = 0 is the bias b[l]_i."""
    x1, x2, w = state
    V2, V3, c2, c3 = (v.astype(complex) for v in (W2, np.array([[w, W3[0, 1]]]), b2, b3))
    parameter, column = ({2: V2, 3: V3}[l], j - 1) if j else ({2: c2, 3: c3}[l], 0)
    parameter[i - 1, column] += 1e-30j
    return sigma(V3 @ sigma(V2 @ np.array([[x1], [x2]]) + c2) + c3).imag.item() / 1e-30


def on_arrow(shown, l, i, j):
    (u0, v0), (u1, v1) = PLACES[l - 1, j], PLACES[l, i]
    part = 0.36 if l == 2 and i != j else 0.5  # two arrows cross in their middle
    place = u0 + part * (u1 - u0), v0 + part * (v1 - v0)
    (found,) = (a.get_text() for a in shown.artists[1]
                if isinstance(a, Text) and np.allclose(a.get_position(), place))  # fmt: skip
    return found


@pytest.mark.parametrize("state", STATES)
def test_on_each_arrow_stands_the_derivative_with_respect_to_its_weight(state):
    moved = dict(zip(("x1", "x2", "w"), state, strict=True))
    for step, known in (("forward 3", 4), ("back 3", 3), ("back 2", 2)):
        shown = Shown("weight_derivatives", step=step, **moved)
        for l, i, j in ARROWS:
            wanted = as_shown(derivative(state, l, i, j)) if l >= known else ""
            assert on_arrow(shown, l, i, j) == wanted


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("step", "known"), [("forward 2", 4), ("back 3", 3), ("back 2", 2)])
def test_at_the_ends_of_an_arrow_stand_its_g_and_its_a(state, step, known):
    shown = Shown("weight_derivatives", step=step, **dict(zip(("x1", "x2", "w"), state)))
    ahead, back = truth(*state)
    wanted = {(1, j): ahead[1, j] for j in (1, 2)}  # x
    for i in (1, 2):
        g = f"g {back[2, i].splitlines()[1]}" if known <= 2 else ""
        wanted[2, i] = g + "\n" + ahead[2, i].splitlines()[1]
    if known <= 3:
        wanted[3, 1] = back[3, 1]
    assert in_circles(shown, 1) == wanted


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("l", [3, 2])
def test_the_words_name_every_parameter_of_the_layer_with_its_derivative(state, l):
    moved = dict(zip(("x1", "x2", "w"), state, strict=True))
    words = Shown("weight_derivatives", step=f"back {l}", **moved).words
    sums = words.partition(". ")[2].rstrip(".").split("; ")
    wanted = [(i, j) for layer, i, j in ARROWS if layer == l]
    wanted += [(i, 0) for i in range(1, 3 if l == 2 else 2)]
    for told, (i, j) in zip(sums, wanted, strict=True):
        index = "".join("₀₁₂"[k] for k in (i, j) if k)
        assert told.startswith(f"∂a³/∂{'W' if j else 'b'}{'⁰¹²³'[l]}{index} = ")
        assert told.endswith(f" = {as_shown(derivative(state, l, i, j))}")
