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


def test_gradient_arrows_are_the_gradients_to_scale():
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
    assert np.allclose(drawn / np.linalg.norm(drawn), g / np.linalg.norm(g))
