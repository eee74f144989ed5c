"""The explorer of notebook 06: what is drawn is asked of the artists."""

import re

import numpy as np
import pytest
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver
from shown import Shown, curved, draws_no_arrow, forward_by_hand, grid, real, says, sigma

from utils.activations import tanh
from utils.explorers import gradient_at_a_point
from utils.explorers.pictures import Stage
from utils.network import Network
from utils.plots import GREEN, RED, SOFT

PLACES = [(0.3, 0.6), (0.8, 0.3), (0.47, 0.52), (0.05, 0.9), (0.99, 0.71)]


def logit_by_hand(net, x):
    return forward_by_hand(net.W, net.b, x, output=lambda z: z)[-1][0]


def output_by_hand(net, x):
    return sigma(logit_by_hand(net, x))


SCALAR = {"output a": output_by_hand, "logit z": logit_by_hand}


def differences(f, net, x, h=1e-5):
    """The gradient (2, N) by central differences."""
    steps = h * np.eye(2)[:, :, None]
    return np.array([(f(net, x + step) - f(net, x - step)) / (2 * h) for step in steps])


@pytest.mark.parametrize("of", SCALAR)
@pytest.mark.parametrize("place", PLACES)
def test_the_arrow_is_the_gradient_with_the_longest_of_all_as_a_scale(place, of):
    x, net = np.array(place)[:, None], curved()
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1], of=of)
    start, step = shown.arrow(0)
    assert tuple(start) == place
    assert np.ravel(shown.line(0, color=RED, marker="o")) == pytest.approx(place)
    everywhere = differences(SCALAR[of], net, grid(np.linspace(0, 1, len(shown.values(0)))))
    wanted = 0.3 * differences(SCALAR[of], net, x) / np.linalg.norm(everywhere, axis=0).max()
    assert step == pytest.approx(wanted.ravel(), rel=1e-5)
    sizes = [np.linalg.norm(differences(f, net, x)) for f in SCALAR.values()]
    assert says(shown.words, f"{sizes[0]:.2g}", f"{sizes[1]:.3g}", *(f"{v:.2f}" for v in place))
    a = output_by_hand(net, x).item()
    assert says(shown.words, f"{a:.3g}", f"{a * (1 - a):.2g}")
    disc = next(a for a in shown.lines(0, color=RED, marker="o"))
    assert not disc.get_clip_on()  # in a corner it is whole, too


def test_the_path_lies_over_the_arrow():
    """Below one half both have the same direction."""
    drawn = [type(a).__name__ for a in Shown("gradient_at_a_point").artists[0]]
    assert drawn.index("Quiver") == len(drawn) - 4
    path, disc, star = Shown("gradient_at_a_point").artists[0][-3:]
    assert [path.get_linestyle(), disc.get_marker(), star.get_marker()] == [":", "o", "*"]


def test_the_logits_axis_is_as_long_as_the_network_needs():
    for scale in (0.5, 20.0):
        net = Network({2: [[scale, 0.0]]}, {2: [[0.1]]})
        explorer = gradient_at_a_point(net)
        stage = Stage()
        stage.draw(explorer.function(x1=1.0, x2=0.5, of="logit z"))
        limit = stage.figure.axes[1].get_xlim()[1]
        assert max(4, scale + 0.1) <= limit <= max(4, 1.2 * scale + 1)
        (image,) = (a for _, a in stage.artists if isinstance(a, AxesImage))
        assert image.get_clim() == (-limit, limit)
        explorer.close()


@pytest.mark.parametrize(
    ("w", "v", "b", "where"),
    [
        ([[0.0, 4.0], [0.0, 0.0]], [[4.0, 0.0]], [[0.0], [0.0]], "ends outside"),
        ([[0.0, -9.0], [0.0, 0.0]], [[9.0, 0.0]], [[3.0], [0.0]], ""),
        ([[2.0, 6.0], [-7.0, -2.0]], [[-6.0, -6.0]], [[-5.0], [5.0]], "partly outside"),
    ],
    ids=["outside", "inside", "out and back"],
)
def test_the_words_tell_whether_the_path_leaves_the_square(w, v, b, where):
    net = Network({2: w, 3: v}, {2: b, 3: [[-sum(v[0]) / 4]]})
    explorer = gradient_at_a_point(net)
    artists, words = drawn_once(explorer, x1=0.0, x2=0.0)
    star, path = star_and_path(artists)
    assert not np.isnan(star).any()
    outside = np.any((path < 0) | (path > 1), axis=0)
    assert outside.any() == (where != "")
    assert outside[-1] == (where == "ends outside")
    assert re.findall("(?:ends|partly) outside", words) == ([where] if where else [])
    explorer.close()


@pytest.mark.parametrize("place", PLACES)
def test_the_gradient_is_perpendicular_to_the_level_line_through_the_point(place):
    x, net = np.array(place)[:, None], curved()
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1])
    level = shown.line(0, color="black", linestyle="--")
    on_it = level[:, np.isfinite(level[0])]
    assert np.allclose(logit_by_hand(net, on_it), logit_by_hand(net, x), atol=0.02)
    distance = np.linalg.norm(on_it - x, axis=0)
    assert distance.min() < 0.0125  # it goes through the point,
    near = on_it[:, distance < 0.04]
    assert near.shape[1] >= 3
    along = np.linalg.svd(near - near.mean(axis=1, keepdims=True))[0][:, 0]
    _, step = shown.arrow(0)
    assert abs(along @ step) < 0.1 * np.linalg.norm(step)  # across the arrow
    boundary = shown.line(0, color="black", linestyle="-")
    boundary = boundary[:, np.isfinite(boundary[0])]
    assert np.allclose(logit_by_hand(net, boundary), 0, atol=0.02)
    assert np.linalg.norm(boundary[:, 0] - boundary[:, -1]) > 0.5


@pytest.mark.parametrize("place", PLACES)
def test_the_path_follows_the_gradient_in_small_steps_to_the_star_on_the_boundary(place):
    net = curved()
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1])
    path = shown.line(0, linestyle=":")
    assert tuple(path[:, 0]) == place
    steps = np.diff(path)
    lengths = np.linalg.norm(steps, axis=0)
    assert lengths.max() <= 0.02 + 1e-12
    g, z = differences(logit_by_hand, net, path[:, :-1]), logit_by_hand(net, path)
    cosines = np.sum(g * steps, axis=0) / np.linalg.norm(g, axis=0) / lengths
    assert np.allclose(cosines, -np.sign(z[:-1]), atol=1e-4)  # the last step may be one back
    assert np.all(np.diff(np.abs(z)) < 0)
    assert z[-1] == pytest.approx(0, abs=1e-5)
    assert np.array_equal(shown.line(0, color=GREEN, marker="*"), path[:, -1:])
    assert says(shown.words, f"{lengths.sum():.2f}")
    assert ("outside" in shown.words) == bool(np.any((path[:, -1] < 0) | (path[:, -1] > 1)))


@pytest.mark.parametrize("of", SCALAR)
@pytest.mark.parametrize("place", PLACES[:2])
def test_the_plane_is_shaded_with_the_output_or_with_the_logit(place, of):
    net = curved()
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1], of=of)
    values = shown.values(0)
    places = grid(np.linspace(0, 1, len(values)))
    assert np.allclose(values.ravel(), SCALAR[of](net, places))
    low, high = shown.only(0, AxesImage).get_clim()
    assert (low, high) == ((0, 1) if of == "output a" else (-high, high))
    for x in [(0.05, 0.05), (0.05, 0.7), (0.7, 0.9), (0.95, 0.05)]:
        value = (SCALAR[of](net, np.array(x)[:, None]).item() - low) / (high - low)
        assert shown.pixel(0, *x) == pytest.approx(SOFT(value)[:3], abs=0.04)


@pytest.mark.parametrize("place", PLACES)
def test_beside_it_the_sigmoid_has_its_tangent_at_the_logit(place):
    net = curved()
    z = logit_by_hand(net, np.array(place)[:, None]).item()
    a = sigma(z)
    shown = Shown("gradient_at_a_point", x1=place[0], x2=place[1])
    assert np.ravel(shown.line(1, marker="o")) == pytest.approx([z, a])
    line_z, line_a = shown.line(1, color=RED, marker="None")
    assert np.allclose(np.diff(line_a) / np.diff(line_z), a * (1 - a))
    assert np.interp(z, line_z, line_a) == pytest.approx(a)
    curve_z, curve_a = shown.line(1, color="black")
    assert np.allclose(curve_a, sigma(curve_z))
    assert says(shown.words, f"{a:.3g}", real(z, ".2f"))


def drawn_once(explorer, **state):
    """The artists of its first panel on a stage of its own, and the words."""
    stage = Stage()
    picture = explorer.function(**{**explorer.start, **state})
    stage.draw(picture)
    return [a for ax, a in stage.artists if ax is stage.figure.axes[0]], picture.words


def star_and_path(artists):
    lines = [a for a in artists if isinstance(a, Line2D)]
    (star,) = (np.array(a.get_data()) for a in lines if a.get_marker() == "*")
    (path,) = (np.array(a.get_data()) for a in lines if a.get_linestyle() == ":")
    return star, path


def test_a_boundary_out_of_reach_gets_no_star():
    far = gradient_at_a_point(Network({2: [[1.0, 0.0]]}, {2: [[9.0]]}))
    artists, words = drawn_once(far)
    star, path = star_and_path(artists)
    assert np.isnan(star).all()
    length = np.linalg.norm(np.diff(path), axis=0).sum()
    assert length == pytest.approx(120 * 0.02)
    assert not says(words, f"{length:.2f}")
    far.close()
    near = gradient_at_a_point(Network({2: [[1.0, 0.0]]}, {2: [[0.5]]}))
    artists, words = drawn_once(near, x1=0.25, x2=0.5)
    star, _ = star_and_path(artists)
    assert np.ravel(star) == pytest.approx([-0.5, 0.5])
    assert says(words, "0.75")
    assert "outside" in words
    near.close()


@pytest.mark.parametrize("b", [0.0, -3.0])
@pytest.mark.parametrize("of", SCALAR)
def test_a_network_that_says_the_same_everywhere_can_be_explored(b, of):
    flat = gradient_at_a_point(Network({2: [[0.0, 0.0]]}, {2: [[b]]}))
    artists, words = drawn_once(flat, x1=0.25, x2=0.5, of=of)
    star, path = star_and_path(artists)
    assert path.tolist() == [[0.25], [0.5]]
    assert np.isnan(star).all() == (b != 0)  # with b = 0 the boundary is everywhere
    (quiver,) = (a for a in artists if isinstance(a, Quiver))
    assert draws_no_arrow(quiver)
    assert says(words, "0", real(b, ".2f"))
    flat.close()


def test_hidden_layers_may_have_other_activations():
    net = Network({2: [[2.0, -1.0], [1.0, 3.0]], 3: [[4.0, -5.0]]}, {2: [[0.5], [-1]], 3: [[1.0]]})
    bent = Network(net.W, net.b, {2: tanh, 3: net.activation[3]})
    explorer = gradient_at_a_point(bent)
    _, words = drawn_once(explorer, x1=0.5, x2=0.25)
    z = (net.W[3] @ np.tanh(net.W[2] @ [[0.5], [0.25]] + net.b[2]) + net.b[3]).item()
    assert says(words, real(z, ".2f"), f"{sigma(z):.3g}")
    explorer.close()
