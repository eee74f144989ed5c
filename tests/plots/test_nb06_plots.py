"""The figures of notebook 06: what is drawn is asked of the artists, not of the pixels."""

import matplotlib as mpl
import numpy as np
import pytest
from axes import small_network

from utils import plots
from utils.activations import identity, sigmoid
from utils.gradients import input_gradient
from utils.network import Network


def test_gradient_fields_are_the_gradients_of_each_network():
    net = small_network()
    logit = Network(net.W, net.b, sigmoid, output=identity)
    axes = plots.plot_gradient_fields({"a": net, "z": logit}, n=5)
    for ax, one in zip(axes, (net, logit), strict=True):
        (arrows,) = (c for c in ax.collections if isinstance(c, mpl.quiver.Quiver))
        g = input_gradient(one, np.array([arrows.X, arrows.Y]))
        drawn = np.array([arrows.U, arrows.V])
        assert np.allclose(drawn / np.linalg.norm(drawn), g / np.linalg.norm(g))
        assert np.linalg.norm(drawn, axis=0).max() == pytest.approx(0.09)
    assert [ax.get_title() for ax in axes] == ["a", "z"]


def test_walks_run_from_their_first_point_to_their_last():
    walk = np.array([[0.1, 0.2, 0.4], [0.9, 0.7, 0.6]])
    ax = plots.plot_walks(small_network(), [walk])
    line, first, last = ax.lines
    assert np.allclose(line.get_data(), walk)
    assert (first.get_marker(), last.get_marker()) == ("o", "*")
    assert np.allclose(np.ravel(first.get_data()), walk[:, 0])
    assert np.allclose(np.ravel(last.get_data()), walk[:, -1])


@pytest.mark.parametrize("common", [True, False])
def test_pictures_are_upright_and_scaled_as_asked(common):
    pictures = np.arange(128.0).reshape(2, 64).T  # the second is brighter than the first
    signed = pictures - 64
    axes = plots.plot_pictures({"p": pictures, "g": signed}, ["one", "two"], common)
    assert axes.shape == (2, 2)
    for row, values in zip(axes, (pictures, signed), strict=True):
        for k, ax in enumerate(row):
            image = ax.images[0]
            assert np.array_equal(image.get_array(), values[:, k].reshape(8, 8))
            assert image.origin == "upper"
            limit = np.abs(values if common else values[:, k]).max()
            assert image.get_clim() == (-limit if values.min() < 0 else 0, limit)
    assert [ax.get_title() for ax in axes[0]] == ["one", "two"]
