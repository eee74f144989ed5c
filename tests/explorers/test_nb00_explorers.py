"""The explorer of notebook 00: what is drawn is asked of the artists."""

import numpy as np
import pytest
from shown import Shown, real, says, sigma

from utils.plots import BLUE, RED


@pytest.mark.parametrize("z0", [-6.0, -3.35, 0.0, 2.05, 6.0])
def test_the_tangent_touches_the_sigmoid_with_the_slope(z0):
    shown = Shown("tangent", z0=z0)
    a0 = sigma(z0)
    slope = a0 * (1 - a0)
    z, a = shown.line(0, color=BLUE)
    assert (z[0], z[-1]) == (-6, 6)
    assert np.allclose(a, sigma(z))
    z, a = shown.line(0, color=RED, marker="None")
    assert np.allclose(np.diff(a) / np.diff(z), slope)
    assert np.interp(z0, z, a) == pytest.approx(a0)
    assert np.ravel(shown.line(0, color=RED, marker="o")) == pytest.approx([z0, a0])
    assert says(shown.words, real(z0, ".2f"), f"{a0:.3f}", f"{slope:.3g}")
    assert ("saturated" in shown.words) == (slope < 0.01)
    (label,) = (words for words in shown.texts(0) if "tangent" in words)
    assert says(label, real(z0, ".2f"), f"{slope:.3g}")
