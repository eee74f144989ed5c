"""The explorer of notebook 03: every number again by a complex step, and asked of the page."""

import numpy as np
import pytest
from matplotlib.text import Text
from shown import Shown, makes_an_explorer, sigma

from utils import explorers
from utils.activations import tanh
from utils.explorers import backward_pass
from utils.explorers.small_network import PLACES, RADIUS
from utils.network import Network, init_network
from utils.plots import BLUE, GREEN, RED

W2, b2 = np.array([[2.0, -1.0], [-2.0, 3.0]]), np.array([[0.0], [-1.0]])
W3, b3 = np.array([[3.0, -2.0]]), np.array([[-0.5]])
STATES = [(0.5, 1.0, 3.0), (0.0, 0.0, 0.0), (-2.0, 2.0, -4.0), (2.0, -1.25, 1.75)]
STEPS = ["forward 1", "forward 2", "forward 3", "back 3", "back 2", "back 1"]


def as_shown(v):
    """A number as the drawing writes it, for one that isn't near a tie."""
    words = f"{v:g}" if v == round(v, 2) else f"{v:.3f}" if abs(v) >= 0.01 else f"{v:.5f}"
    return (words.lstrip("-") if not words.strip("-0.") else words).replace("-", "−")


def output(z2, w):
    return sigma(np.array([[w, W3[0, 1]]]) @ sigma(z2) + b3)


def truth(x1, x2, w):
    """Everything that the two drawings say, by neuron, from complex steps alone."""
    x, step = np.array([[x1], [x2]]), 1e-30j
    z2 = W2 @ x + b2
    z3 = np.array([[w, W3[0, 1]]]) @ sigma(z2) + b3
    units = np.eye(2)[:, :, None]
    ahead, back = {}, {}
    for j in (1, 2):
        ahead[1, j] = f"x{'₀₁₂'[j]}\n{as_shown(x[j - 1, 0])}"
        ahead[2, j] = f"z {as_shown(z2[j - 1, 0])}\na {as_shown(sigma(z2)[j - 1, 0])}"
        slope = (output(W2 @ (x + step * units[j - 1]) + b2, w).imag / 1e-30).item()
        back[1, j] = f"∂/∂x{'₀₁₂'[j]}\n{as_shown(slope)}"
        slope = (output(z2 + step * units[j - 1], w).imag / 1e-30).item()
        back[2, j] = f"g²{'₀₁₂'[j]}\n{as_shown(slope)}"
    ahead[3, 1] = f"z {as_shown(z3.item())}\na {as_shown(sigma(z3).item())}"
    back[3, 1] = f"g³₁\n{as_shown((sigma(z3 + step).imag / 1e-30).item())}"
    return ahead, back


def in_circles(shown, panel):
    """{neuron: words} of what stands in a circle, line below line."""
    found = {}
    for neuron, (u, v) in PLACES.items():
        texts = [a for a in shown.artists[panel] if isinstance(a, Text)]
        lines = [a for a in texts if a.get_position()[0] == u
                 and abs(a.get_position()[1] - v) < RADIUS / 2]  # fmt: skip
        assert len({a.get_position()[1] for a in lines}) == 2
        words = [a.get_text() for a in sorted(lines, key=lambda a: -a.get_position()[1])]
        found[neuron] = "\n".join(words)
    return {neuron: words for neuron, words in found.items() if words != "\n"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_the_circles_hold_the_numbers_up_to_the_step(state, step):
    shown = Shown("backward_pass", step=step, **dict(zip(("x1", "x2", "w"), state, strict=True)))
    ahead, back = truth(*state)
    way, l = step.split()
    known_ahead = int(l) if way == "forward" else 3
    known_back = 4 if way == "forward" else int(l)
    assert in_circles(shown, 0) == {k: v for k, v in ahead.items() if k[0] <= known_ahead}
    assert in_circles(shown, 1) == {k: v for k, v in back.items() if k[0] >= known_back}


@pytest.mark.parametrize("state", STATES)
def test_the_words_end_with_the_numbers_of_the_circles(state):
    _, back = truth(*state)
    for step, neurons in (("back 3", [(3, 1)]), ("back 2", [(2, 1), (2, 2)]),
                          ("back 1", [(1, 1), (1, 2)])):  # fmt: skip
        shown = Shown("backward_pass", step=step, **dict(zip(("x1", "x2", "w"), state)))
        assert shown.words.startswith(f"{step}. ")
        sums = shown.words.rstrip(".").split("; ")
        for words, neuron in zip(sums, neurons, strict=True):
            assert words.endswith(f"= {back[neuron].splitlines()[1]}")


def test_sums_are_written_with_their_numbers():
    words = {step: Shown("backward_pass", step=step).words for step in STEPS}
    assert "z²₂ = (−2)·0.5 + 3·1 + (−1) = 1, a²₂ = σ(1) = 0.731." in words["forward 2"]
    assert "z³₁ = 3·0.5 + (−2)·0.731 + (−0.5) = −0.462" in words["forward 3"]
    assert words["back 3"].endswith("g³₁ = σ′(−0.462) = a(1 − a) = 0.237.")
    assert "g²₂ = 0.197·(−2)·0.237 = −0.093." in words["back 2"]
    assert "∂a³/∂x₁ = 2·0.178 + (−2)·(−0.093) = 0.542" in words["back 1"]


THICK = {"forward 1": (0, 0), "forward 2": (0, 4), "forward 3": (0, 2), "back 3": (1, 0),
         "back 2": (1, 2), "back 1": (1, 4)}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_the_arrows_of_the_step_are_thick_and_lead_to_its_circles(step):
    shown, (panel, arrows) = Shown("backward_pass", step=step), THICK[step]
    _, thick, _, rings = (np.array(line.get_data()).T for line in shown.lines(panel)[:4])
    wanted = {place for (l, _), place in PLACES.items() if l == int(step[-1])}
    assert set(map(tuple, rings.tolist())) == wanted
    tips = thick.reshape(-1, 6, 2)[:, 1] if arrows else []
    assert len(tips) == arrows
    assert all(min(np.hypot(*np.subtract(tip, v)) for v in wanted) < RADIUS + 0.02 for tip in tips)
    _, thick, _, rings = shown.lines(1 - panel)[:4]
    assert np.isnan(thick.get_data()).all()
    assert np.isnan(rings.get_data()).all()


@pytest.mark.parametrize("panel", [0, 1])
def test_the_weights_stand_on_the_arrows_of_both_drawings(panel):
    shown = Shown("backward_pass", w=-1.25)
    texts = [a for a in shown.artists[panel] if isinstance(a, Text)]
    for l, W in ((2, W2), (3, np.array([[-1.25, -2.0]]))):
        for i, j in np.ndindex(*W.shape):
            start, end = np.array(PLACES[l - 1, j + 1]), np.array(PLACES[l, i + 1])
            place = start + (0.36 if l == 2 and i != j else 0.5) * (end - start)
            written = [a.get_text() for a in texts if np.allclose(a.get_position(), place)]
            assert written == [as_shown(W[i, j])]


def inks(shown, panel, first):
    """The colours of the words that begin so, and of the line below them in a circle."""
    texts = [a for a in shown.artists[panel] if isinstance(a, Text) and a.get_text()]
    found = [a for a in texts if a.get_text().startswith(first)]
    below = [a for a in texts for b in found if a.get_position()[0] == b.get_position()[0]
             and 0 < b.get_position()[1] - a.get_position()[1] < RADIUS / 2]  # fmt: skip
    return {a.get_color() for a in found}, {a.get_color() for a in below}


def test_factors_have_the_colours_that_they_have_in_the_formulas():
    shown = Shown("backward_pass", step="back 1")
    assert inks(shown, 1, "g") == ({RED}, {RED})
    assert inks(shown, 1, "σ′")[0] == {GREEN}
    for weight in ("3", "2", "−2", "−1"):
        assert inks(shown, 1, weight)[0] == {BLUE}
    assert inks(shown, 0, ("z", "a", "b", "x", "3"))[0] == {"black"}
    shown = Shown("weight_derivatives", step="back 2")
    assert inks(shown, 1, "g ") == ({RED}, {BLUE})
    assert inks(shown, 1, ("a ", "x"))[0] == {BLUE}
    shown = Shown("two_starts")
    assert inks(shown, 0, "δ") == inks(shown, 1, "δ") == ({RED}, {RED})


def test_what_cannot_be_drawn_is_refused_at_the_door():
    rng = np.random.default_rng(0)
    makers = [backward_pass, explorers.weight_derivatives, explorers.two_starts]
    assert all(map(makes_an_explorer, makers))
    for make in makers:
        with pytest.raises(ValueError, match="expected one network 2-2-1"):
            make(init_network([2, 3, 1], rng))
        with pytest.raises(ValueError, match="expected one network 2-2-1"):
            make(init_network([2, 2, 1], rng, replicas=2))
        with pytest.raises(ValueError, match="has the activation tanh; expected sigmoid"):
            make(init_network([2, 2, 1], rng, activation=tanh))
        with pytest.raises(TypeError, match="net"):
            make("a network")


def test_the_network_that_is_given_stays_as_it_is():
    net = Network({2: W2, 3: W3}, {2: b2, 3: b3})
    explorer = backward_pass(net)
    explorer.controls["w"].value = -2
    assert net.W[3][0, 0] == 3
    explorer.close()
