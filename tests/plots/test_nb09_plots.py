"""The figures of notebook 09: what is drawn is asked of the artists, not of the pixels."""

import numpy as np

from utils import plots


def test_normal_values_lie_on_the_line_of_the_quantile_plot_and_wild_ones_do_not():
    rng = np.random.default_rng(0)
    samples = {"normal": 5 + 3 * rng.normal(size=20_000), "Cauchy": rng.standard_cauchy(20_000)}
    normal, cauchy = plots.plot_quantiles(samples)
    x, y = normal.lines[1].get_data()
    assert np.abs(y - x)[np.abs(x) < 2].max() < 0.1
    x, y = cauchy.lines[1].get_data()
    assert np.abs(y[np.abs(x) > 2]).min() > 4
    (note,) = cauchy.texts
    quartile_scale = np.subtract(*np.quantile(samples["Cauchy"], [0.75, 0.25])) / 1.349
    share = np.mean(np.abs(samples["Cauchy"] - np.median(samples["Cauchy"])) > 8 * quartile_scale)
    assert note.get_text() == f"{share:.1%} beyond"
    assert not normal.texts
