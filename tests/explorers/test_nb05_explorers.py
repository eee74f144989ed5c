"""The explorer of notebook 05: what is drawn is asked of the artists."""

import functools

import numpy as np
import pytest
from matplotlib.image import AxesImage
from shown import (
    Shown,
    classes_shown,
    forward_by_hand,
    grid,
    made,
    numbers_of,
    same_points,
    says,
    settings_of,
)

from utils.data import ten_points
from utils.experiments import load_result
from utils.plots import BLUE


@functools.cache
def film():
    return load_result("paper_film")


def film_at(frame, r):
    """Weights, biases, and the activations of the ten points."""
    W, b = ({l: film()[f"{name}{l}"][frame, r].astype(float) for l in (2, 3, 4)} for name in "Wb")
    return W, b, forward_by_hand(W, b, ten_points()[0])


FRAMES = [0, 1, 60, 130, 200]


@pytest.mark.parametrize("frame", FRAMES)
def test_the_film_shows_the_cost_so_far_of_each_replica(frame):
    y = ten_points()[1]
    for r, name in enumerate(made("training_film").controls["replica"].options):
        shown = Shown("training_film", frame=frame, replica=name)
        steps = np.maximum(film()["milestones"], 700)
        _, _, layers = film_at(frame, r)
        cost = np.sum((layers[-1] - y) ** 2)
        assert np.ravel(shown.line(0, color=BLUE, marker="o")) == pytest.approx(
            [steps[frame], cost], rel=1e-4
        )
        everything = shown.line(0, color="#BBBBBB")
        assert np.array_equal(everything, [steps, film()["cost"][:, r]])
        past = shown.line(0, color=BLUE, marker="None")
        assert np.array_equal(past[:, : frame + 1], everything[:, : frame + 1])
        assert np.isnan(past[1, frame + 1 :]).all()
        right = np.sum((layers[-1][0] > layers[-1][1]) == (y[0] == 1))
        step = film()["milestones"][frame]
        assert says(shown.words, name.split()[0], f"{step:,}", f"{cost:.3g}", f"{right}", "10")
        low, high = shown.axes[0].get_ylim()
        assert low < cost < high
        assert shown.axes[0].get_xlim()[0] < steps[frame] < shown.axes[0].get_xlim()[1]


def changes_sign(values):
    return np.sign(values[:, 1:]) != np.sign(values[:, :-1])


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("r", [0, 3])
def test_the_film_shows_the_difference_of_the_outputs_and_where_they_are_equal(frame, r):
    name = made("training_film").controls["replica"].options[r]
    shown = Shown("training_film", frame=frame, replica=name)
    W, b, _ = film_at(frame, r)

    def difference(x):
        first, second = forward_by_hand(W, b, x)[-1]
        return first - second

    values = shown.values(1)
    ticks = np.linspace(0, 1, len(values))
    assert np.allclose(values.ravel(), difference(grid(ticks)))
    assert shown.only(1, AxesImage).get_clim() == (-1, 1)
    assert list(shown.only(1, AxesImage).get_extent()) == [0, 1, 0, 1]
    line = shown.line(1, color="black", marker="None")
    line = line[:, np.isfinite(line[0])]
    near = np.array([difference(line + np.array([[u], [v]]))
                     for u in (-1 / 80, 0, 1 / 80) for v in (-1 / 80, 0, 1 / 80)])  # fmt: skip
    assert np.all((near.min(axis=0) <= 0) & (near.max(axis=0) >= 0))
    for i, j in np.argwhere(changes_sign(values))[::7]:  # and nowhere is a piece left out
        gap = [[(ticks[j] + ticks[j + 1]) / 2], [ticks[i]]]
        assert np.linalg.norm(line - gap, axis=0).min() < 1 / 80
    x = ten_points()[0]
    assert same_points(classes_shown(shown, 1)[0], x[:, :5])
    assert same_points(classes_shown(shown, 1)[1], x[:, 5:])
    assert_numbered(shown, 1, x)


def assert_numbered(shown, panel, places, which=range(1, 11)):
    """These points have their number beside them, counted from 1."""
    numbers = numbers_of(shown, panel)
    assert sorted(numbers) == list(which)
    for k, at in numbers.items():
        assert 0 < np.linalg.norm(at - places[:, k - 1]) < 0.08


@pytest.mark.parametrize("frame", FRAMES)
def test_the_film_shows_what_layer_2_sees(frame):
    for r, name in enumerate(made("training_film").controls["replica"].options):
        shown = Shown("training_film", frame=frame, replica=name)
        hidden = film_at(frame, r)[2][0]
        first, second = classes_shown(shown, 2)
        assert np.allclose(first, hidden[:, :5])
        assert np.allclose(second, hidden[:, 5:])
        assert_numbered(shown, 2, hidden, [4, 5])


def test_the_films_replicas_are_those_that_are_stored():
    names = made("training_film").controls["replica"].options
    assert [int(name.split()[0]) for name in names] == film()["replicas"].tolist()
    assert settings_of(made("training_film").controls["frame"]) == list(
        range(len(film()["milestones"]))
    )


@pytest.mark.parametrize("frame", FRAMES)
def test_the_film_rings_the_points_on_the_wrong_side(frame):
    x, y = ten_points()
    for r, name in enumerate(made("training_film").controls["replica"].options):
        first, second = film_at(frame, r)[2][-1]
        wrong = (first > second) != (y[0] == 1)
        rings = Shown("training_film", frame=frame, replica=name).line(1, markerfacecolor="none")
        assert np.array_equal(np.reshape(rings, (2, -1)), x[:, wrong])


def test_in_the_square_each_number_has_a_white_edge_under_it():
    digits = [a for a in Shown("training_film").lines(1) if str(a.get_marker()).startswith("$")]
    assert [a.get_color() for a in digits] == ["white"] * 10 + ["black"] * 10
    for under, over in zip(digits[:10], digits[10:], strict=True):
        assert under.get_marker() == over.get_marker()
        assert np.array_equal(under.get_data(), over.get_data())
        assert under.get_markeredgewidth() > over.get_markeredgewidth() + 2
