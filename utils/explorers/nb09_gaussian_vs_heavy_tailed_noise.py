"""Notebook 09: how estimates are spread over samples."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from matplotlib.scale import LogScale
from matplotlib.ticker import NullLocator

from utils.experiments import ESTIMATORS, LAWS, SAMPLE_SIZES, load_result
from utils.explorers.parts import DOTTED, spread_out, told
from utils.explorers.pictures import Panel, Picture, curve, stairs, text
from utils.explorers.widget import Explorer, choice
from utils.plots.style import BLUE, GREEN, GREY, PINK, RED, STYLES

__all__ = ["sampling_distribution", "spread_of"]


class PlainLogScale(LogScale):
    """A logarithmic scale that has only the ticks one asks for."""

    def set_default_locators_and_formatters(self, axis: Any) -> None:
        """Take those of Matplotlib, without the minor ones."""
        super().set_default_locators_and_formatters(axis)
        axis.set_minor_locator(NullLocator())


PLAIN_LOG = PlainLogScale(None)
OF_ESTIMATOR = dict(zip(ESTIMATORS, zip("osX^", STYLES, (BLUE, RED, GREEN, PINK)), strict=True))


def spread_of(estimates: np.ndarray) -> Any:
    """Interquartile range over 1.349, of the last axis: the standard deviation, if it is normal.

    Examples
    --------
    >>> round(float(spread_of(np.arange(101.0))), 1)
    37.1
    """
    low, high = np.quantile(estimates.astype(float), [0.25, 0.75], axis=-1)
    return (high - low) / 1.349


def sampling_picture(
    law: str, estimator: str, n: int, estimates: Mapping[str, np.ndarray]
) -> Picture:
    """Histogram of 2,000 estimates of a level, and the spread of all estimators against n."""
    which = SAMPLE_SIZES.index(n)
    values = estimates[f"{law}, {estimator}"][which].astype(float)
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    spreads = {name: spread_of(estimates[f"{law}, {name}"]) for name in ESTIMATORS}
    spread = spreads[estimator][which]
    words = (f"{law} noise, {estimator} of {n} values: half of the 2,000 estimates lie between "
             f"{told(low, '.3f')} and {told(high, '.3f')}; middle {told(middle, '.3f')}, spread "
             f"{spread:.3f}.")  # fmt: skip
    fewer = None
    if n // 4 in SAMPLE_SIZES:
        quarter = SAMPLE_SIZES.index(n // 4)
        fewer = estimates[f"{law}, {estimator}"][quarter].astype(float)
        ratio = spreads[estimator][quarter] / spread
        words += f" With n = {n // 4} the spread is {ratio:.2f} times as large."
    panels = [histogram_panel(values, fewer, n // 4), spread_panel(spreads, n, estimator)]
    return Picture(panels, words, size=(9.0, 3.2))


def outline(values: np.ndarray, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Heights (80,) and edges (81,) of a histogram; where no value is, the height is nan.

    Parameters
    ----------
    values : numpy.ndarray, shape (N,)
    spread : float
        Standard deviation of a normal distribution, whose density is drawn with height 1.

    Examples
    --------
    >>> heights, edges = outline(np.linspace(-1, 1, 1001), 1.0)
    >>> round(float(heights[40]), 2)
    1.26
    """
    edges = np.median(values) + spread_of(values) * np.linspace(-10, 10, 81)
    density = np.histogram(values, edges)[0] / values.size / np.diff(edges)
    return np.where(density > 0, density * spread * np.sqrt(2 * np.pi), np.nan), edges


def histogram_panel(values: np.ndarray, fewer: np.ndarray | None, n_fewer: int) -> Panel:
    """Estimates as a histogram, with the normal curve of the same middle and spread (height 1).

    In grey on the same scale, if they are given, the estimates from fewer values (`n_fewer`).
    """
    middle, spread = np.median(values), spread_of(values)
    heights, edges = outline(values, spread)
    grey = (np.full(80, np.nan), edges) if fewer is None else outline(fewer, spread)
    normal = np.linspace(-4, 4, 161)
    beyond = np.mean(np.abs(values) > 2)
    marks = [
        curve([0, 0], [0, 1.35], **DOTTED),
        stairs(np.nan_to_num(heights), edges, color=BLUE, fill=True, alpha=0.35),
        stairs(heights, edges, color=BLUE, lw=1.4),
        stairs(*grey, color=GREY, lw=1.0),
        curve(middle + spread * normal, np.exp(-(normal**2) / 2), color=RED, ls="--", lw=1.4),
        text(-1.95, 1.24, f"{beyond:.1%} beyond ±2" if beyond else "", color=GREY, size=9),
        text(1.95, 1.24, "normal curve", color=RED, ha="right", size=9),
        text(1.95, 1.12, "" if fewer is None else f"n = {n_fewer}", color=GREY, ha="right", size=9),
    ]
    axes = {
        "xlim": (-2, 2),
        "ylim": (0, 1.35),
        "yticks": (),
        "xlabel": "estimate",
        "ylabel": "how often",
    }
    return Panel(marks, axes)


def spread_panel(spreads: Mapping[str, np.ndarray], n: int, estimator: str) -> Panel:
    """Spread against n for all estimators; a broad band and a ring mark the one that is shown."""
    chosen = spreads[estimator]
    last = np.log([values[-1] for values in spreads.values()])
    ends = np.exp(spread_out(last.tolist(), 0.32))
    marks = [
        curve(SAMPLE_SIZES, chosen, color="black", alpha=0.15, lw=12, solid_capstyle="round"),
        *(
            curve(SAMPLE_SIZES, spreads[name], ls=ls, marker=marker, ms=5, color=colour)
            for name, (marker, ls, colour) in OF_ESTIMATOR.items()
        ),
        *(
            text(500, end, name, color=OF_ESTIMATOR[name][2], va="center", size=9.5)
            for name, end in zip(spreads, ends, strict=True)
        ),
        curve(
            n,
            chosen[SAMPLE_SIZES.index(n)],
            marker="o",
            ms=14,
            mfc="none",
            mec="black",
            mew=1.6,
            ls="",
        ),
    ]
    axes = {
        "xscale": PLAIN_LOG, "yscale": "log", "xlim": (8, 1600), "ylim": (0.025, 4), "xlabel": "n",
        "xticks": SAMPLE_SIZES, "xticklabels": SAMPLE_SIZES, "ylabel": "spread (IQR/1.349)",
    }  # fmt: skip
    return Panel(marks, axes)


def sampling_distribution() -> Explorer:
    """Choose the distribution of the noise, an estimator and n: 2,000 estimates of a level.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> sampling_distribution().picture.words[:34]
    'normal noise, mean of 100 values: '
    """
    return Explorer(
        partial(sampling_picture, estimates=load_result("sampling_distributions")),
        {
            "law": choice("distribution", list(LAWS), start="normal"),
            "estimator": choice("estimator", list(ESTIMATORS), start="mean"),
            "n": choice("sample size n", SAMPLE_SIZES, start=100),
        },
        stills={
            "normal noise, mean": {},
            "Cauchy noise, mean": {"law": "Cauchy"},
        },
    )
