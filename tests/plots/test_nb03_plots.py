"""The figures of notebook 03: what is drawn is asked of the artists, not of the pixels."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import same_color

from utils import plots
from utils.gradients import input_gradient
from utils.network import Network, init_network


def test_paths_are_drawn_thick_through_their_neurons():
    paths = [(1, 2, 1), (2, 3, 1)]
    ax = plots.plot_paths([2, 3, 1], paths)
    assert [t.get_text() for t in ax.texts if t.get_text().startswith("layer")] == [
        "layer 1\n$n_1 = 2$",
        "layer 2\n$n_2 = 3$",
        "layer 3\n$n_3 = 1$",
    ]
    places = plots.neuron_places([2, 3, 1])
    thick = [line for line in ax.lines if line.get_linewidth() > 2]
    assert len(ax.lines) == 2 * 3 + 3 + len(paths)
    assert len(thick) == len(paths)
    for line, path in zip(thick, paths, strict=True):
        wanted = [places[l, j] for l, j in enumerate(path, start=1)]
        assert np.allclose(np.transpose(line.get_data()), wanted)
    assert not same_color(thick[0].get_color(), thick[1].get_color())
    assert thick[0].get_linestyle() != thick[1].get_linestyle()


def test_gradient_arrows_have_the_directions_of_the_gradients_and_the_roots_of_their_lengths():
    net = init_network([2, 4, 3, 1], np.random.default_rng(0), "paper")
    net = Network({l: 6 * W for l, W in net.W.items()}, net.b)
    x = np.array([[0.2, 0.8, 0.5], [0.3, 0.4, 0.9]])
    ax = plots.plot_gradient_arrows(net, x, length=0.2)
    (arrows,) = (c for c in ax.collections if isinstance(c, mpl.quiver.Quiver))
    drawn = np.array([arrows.U, arrows.V])
    g = input_gradient(net, x)
    assert np.allclose(arrows.get_offsets(), x.T)
    assert (arrows.angles, arrows.scale_units, arrows.scale) == ("xy", "xy", 1)
    assert np.linalg.norm(drawn, axis=0).max() == pytest.approx(0.2)
    lengths, drawn_lengths = np.linalg.norm(g, axis=0), np.linalg.norm(drawn, axis=0)
    assert np.allclose(drawn / drawn_lengths, g / lengths)
    assert lengths.max() > 1.5 * lengths.min()
    assert np.allclose(drawn_lengths**2 / lengths, 0.2**2 / lengths.max())


def words_of(ax):
    return [t.get_text() for t in ax.texts if t.get_text()]


def test_a_step_of_the_recursion_is_drawn_with_all_its_numbers():
    ax = plots.plot_recursion_step([3.0, -2.0, 1.5], [0.2, -0.1, 0.3], 0.25)
    words = words_of(ax)
    for told in ("$W_{1j}$ = 3", "$W_{2j}$ = −2", "$W_{3j}$ = 1.5", "3·0.2 = 0.6",
                 "(−2)·(−0.1) = 0.2", "1.5·0.3 = 0.45", "sum\n1.25", "$g_j$\n0.312"):  # fmt: skip
        assert told in words, told
    assert {"· 0.25", "slope $\\sigma'(z_j)$"} <= set(words)
    arrows = [a for a in ax.texts if getattr(a, "arrow_patch", None)]
    ends = [(a.xyann, a.xy) for a in arrows]
    assert len(ends) == 4
    assert all(start[0] > end[0] for start, end in ends)  # all of them lead back
    assert [a.arrow_patch.get_edgecolor()[:3] for a in arrows] == [
        mpl.colors.to_rgb(c) for c in (plots.BLUE, plots.BLUE, plots.BLUE, plots.GREEN)
    ]
    factors = {t.get_text()[:2]: t.get_color() for t in ax.texts}
    assert same_color(factors["$W"], plots.BLUE)
    assert same_color(factors["$g"], plots.RED)
    assert same_color(factors["· "], plots.GREEN)


def test_a_step_s_numbers_have_three_decimals_at_most():
    words = words_of(plots.plot_recursion_step([1.0, -2.0], [0.0123456, -0.2], 0.1))
    assert {"$g_1$\n0.012", "(−2)·(−0.2) = 0.4", "sum\n0.412", "$g_j$\n0.041"} <= set(words)


def test_the_strip_has_the_shape_of_every_array_and_hands_slopes_down():
    sizes = [2, 4, 3, 1]
    ax = plots.plot_graph_strip(sizes)
    words = words_of(ax)
    for l, n in enumerate(sizes[1:], start=2):
        m = sizes[l - 2]
        assert f"$W^{{[{l}]}}$, $b^{{[{l}]}}$\n{n} × {m}" in words
        assert f"$(W^{{[{l}]}})^T$\n{m} × {n}" in words
        assert {f"$z^{{[{l}]}}$", f"$a^{{[{l}]}}$", f"$g^{{[{l}]}}$"} <= set(words)
    shapes = [w for w in words if w.endswith(" × 1") and "\n" not in w]
    # a above and ∇ below for the input, z, a and g for each layer after it
    assert sorted(shapes) == sorted(
        f"{n} × 1" for n in [2, 2, *(k for k in sizes[1:] for _ in "zag")]
    )
    arrows = [a for a in ax.texts if getattr(a, "arrow_patch", None)]
    down = [a for a in arrows if a.xy[1] < a.xyann[1]]
    assert len(down) == 3
    assert len([a for a in arrows if a.xy[1] == a.xyann[1] and a.xy[0] < a.xyann[0]]) == 3
    at = {t.get_text(): t.get_position() for t in ax.texts}
    for l in (2, 3, 4):
        (arrow,) = (a for a in down if abs(a.xyann[0] - at[f"$a^{{[{l}]}}$"][0]) < 1e-9)
        assert abs(arrow.xy[0] - at[f"$g^{{[{l}]}}$"][0]) < 0.2
