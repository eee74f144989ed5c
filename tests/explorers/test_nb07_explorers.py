"""The explorer of notebook 07: what is drawn is asked of the artists."""

import inspect
import re

import numpy as np
import pytest
from matplotlib.image import AxesImage
from shown import OFF, Shown, forward_by_hand, grid, numbers_of, same_points, says, stand_apart

from utils.experiments import label_codings, label_data, load_result
from utils.plots import BLUE, CLASSES, GREEN, GREY, RED

CODINGS = [
    ("sectors", "scalar", 8, 0), ("sectors", "one-hot", 2, 40), ("stripes", "scalar", 4, 10),
    ("stripes", "one-hot", 32, 20), ("relabelled", "scalar", 2, 0),
    ("relabelled", "one-hot", 16, 30), ("rings", "scalar", 16, 20), ("rings", "one-hot", 8, 0),
]  # fmt: skip


LOOKS = {0: ("o", "-", BLUE), 1: ("s", "--", RED), 2: ("^", "-.", GREEN)}


def shown_coding(case):
    return Shown("coding_of_labels", **dict(zip(("arrangement", "coding", "width", "wrong"), case)))


def class_by_hand(arrangement, x):
    if arrangement == "sectors":  # a third of a turn each, from the left, against the clock
        angle = np.arctan2(x[1], x[0])
        return (angle >= -np.pi / 3).astype(int) + (angle >= np.pi / 3)
    if arrangement == "rings":  # a third of the area each
        r = np.hypot(*x)
        return (np.pi * r**2 >= 12).astype(int) + (np.pi * r**2 >= 24)
    stripe = (x[0] >= -1).astype(int) + (x[0] >= 1)
    return stripe if arrangement == "stripes" else np.choose(stripe, [0, 2, 1])


def network_by_hand(case, x):
    """The outputs (1, N) or (3, N) of the stored network of this case."""
    arrangement, coding, width, wrong = case
    i, j = ["sectors", "stripes", "relabelled", "rings"].index(arrangement), wrong // 10
    nets = load_result("label_codings")
    W, b = ({l: nets[f"{name}{l}, {coding}, {width}"][i, j].astype(float) for l in (2, 3)}
            for name in "Wb")  # fmt: skip
    return forward_by_hand(W, b, x, output=lambda z: z)[-1]


def answer_by_hand(outputs):
    if len(outputs) == 3:
        return np.argmax(outputs, axis=0)
    return np.argmin(np.abs(outputs - np.array([[0], [1], [2]])), axis=0)


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_each_place_is_shaded_with_the_answer_of_the_network(case):
    shown = shown_coding(case)
    values = shown.values(0)
    side = np.linspace(-3, 3, len(values))
    places = grid(side)
    answers = answer_by_hand(network_by_hand(case, places))
    assert np.array_equal(values.ravel(), answers)
    image = shown.only(0, AxesImage)
    assert (list(image.get_extent()), image.get_clim()) == ([-3, 3, -3, 3], (0, 2))
    truth = class_by_hand(case[0], places)
    right = [f"{np.mean(answers[truth == k] == k):.0%}" for k in range(3)]
    between = [f"{np.mean(answers[truth == k] == 1):.0%}" for k in (0, 2)]
    wrong = np.mean(answers != truth)
    assert says(shown.words, f"{case[2]}", f"{case[3]}")
    assert re.findall(r"(\d+) ?% right", shown.words) == [share[:-1] for share in right]
    assert re.findall(r"(\d+) ?% called 1", shown.words) == [share[:-1] for share in between]
    assert says(shown.words, f"{100 * wrong:.0f} % of the square")
    assert not re.search(r"\d%", shown.words)
    assert case[0] in shown.words
    assert case[1] in shown.words


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_the_true_classes_are_outlined_and_numbered(case):
    shown = shown_coding(case)
    x, y = shown.line(0, color="black", linestyle="-", marker="None")
    inside = np.isfinite(x) & (np.abs(x) < 2.98) & (np.abs(y) < 2.98)
    near = np.stack([class_by_hand(case[0], np.stack([x[inside] + u, y[inside] + v]))
                     for u in (-0.02, 0, 0.02) for v in (-0.02, 0, 0.02)])  # fmt: skip
    assert np.all(near.min(axis=0) < near.max(axis=0))
    places = grid(np.linspace(-2.9, 2.9, 59))
    truth = class_by_hand(case[0], places).reshape(59, 59)
    for i, j in np.argwhere(truth[:, 1:] != truth[:, :-1])[::9]:  # no border is left out
        at = (places.reshape(2, 59, 59)[:, i, j] + places.reshape(2, 59, 59)[:, i, j + 1]) / 2
        assert np.nanmin(np.hypot(x - at[0], y - at[1])) < 0.06
    numbers = numbers_of(shown, 0)
    assert sorted(numbers) == [0, 1, 2]
    for k, at in numbers.items():
        around = at[:, None] + 0.15 * np.array([[0, 1, -1, 0, 0], [0, 0, 0, 1, -1]])
        assert set(class_by_hand(case[0], around)) == {k}


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_the_aim_is_the_mean_of_the_labels(case):
    """Counted: of a hundred labels at a place, so many are wrong, half of them each way."""
    arrangement, coding, _, wrong = case
    shown = shown_coding(case)
    walk = shown.line(0, color="black", linestyle="--")
    mean = []
    for c in class_by_hand(arrangement, walk):
        others = [k for k in range(3) if k != c]
        labels = (100 - wrong) * [c] + wrong // 2 * others
        hundred = np.eye(3)[labels] if coding == "one-hot" else np.array(labels)[:, None]
        mean.append(hundred.mean(axis=0))
    lines = [np.array(a.get_data()) for a in shown.lines(1, color=GREY, linestyle="-")]
    drawn = [line for line in lines if np.isfinite(line[1]).any()]
    assert len(drawn) == (3 if coding == "one-hot" else 1)
    for line, wanted in zip(drawn, np.transpose(mean), strict=True):
        seen = np.isfinite(line[1])
        assert np.allclose(line[1, seen], wanted[seen])
        assert np.sum(~seen) == np.sum(np.diff(wanted) != 0)


def test_the_answers_are_seen_in_the_colours_of_their_classes_the_right_way_up():
    shown = shown_coding(("sectors", "one-hot", 16, 0))
    for x in [(-2.9, -1.0), (2.9, -0.5), (-2.9, 1.4), (1.9, -2.95), (0.4, 2.95)]:
        answer = answer_by_hand(network_by_hand(("sectors", "one-hot", 16, 0), np.array([x]).T))
        near = [shown.pixel(0, x[0] + u, x[1] + v) for u in OFF for v in OFF]
        common = np.median(near, axis=0)  # there may be a point in between
        assert common == pytest.approx(CLASSES(answer.item() / 2)[:3], abs=0.01)


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_the_points_carry_the_labels_that_were_trained_on(case):
    shown = shown_coding(case)
    told = inspect.signature(label_codings).parameters
    x, labels = label_data(told["samples"].default, told["seed"].default)
    given = labels[["sectors", "stripes", "relabelled", "rings"].index(case[0]), case[3] // 10]
    seen = [shown.line(0, marker=marker, color=colour) for marker, _, colour in LOOKS.values()]
    count = sum(points.shape[1] for points in seen)
    assert count >= 300  # all, or the first of them
    for k, points in enumerate(seen):
        assert same_points(points, x[:, :count][:, given[:count] == k])
    mislabelled = [class_by_hand(case[0], points) != k for k, points in enumerate(seen)]
    assert np.concatenate(mislabelled).mean() == pytest.approx(case[3] / 100, abs=0.06)
    assert (case[3] == 0) == (np.concatenate(mislabelled).sum() == 0)


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_the_outputs_are_those_along_the_dashed_walk(case):
    shown = shown_coding(case)
    walk = shown.line(0, color="black", linestyle="--")
    assert np.array_equal(shown.line(0, color="black", marker="D"), walk[:, :1])
    assert np.abs(walk).max() <= 3
    assert set(class_by_hand(case[0], walk)) == {0, 1, 2}  # it meets every class
    outputs = network_by_hand(case, walk)
    along = np.linspace(0, 1, walk.shape[1])
    steps = np.linalg.norm(np.diff(walk), axis=0)
    assert np.allclose(steps, steps[0])
    scalar = shown.line(1, color="black")
    each = [shown.line(1, color=colour, linestyle=style) for _, style, colour in LOOKS.values()]
    drawn = [scalar] if case[1] == "scalar" else each
    left_out = each if case[1] == "scalar" else [scalar]
    for line, values in zip(drawn, outputs, strict=True):
        assert np.allclose(line, [along, values])
    assert all(np.isnan(line[1]).all() for line in left_out)
    answers, truth = shown.values(1)  # the answer below, the truth above
    assert np.array_equal(answers, answer_by_hand(outputs))
    assert np.array_equal(truth, class_by_hand(case[0], walk))
    left, right, bottom, top = shown.only(1, AxesImage).get_extent()
    assert (left, right) == (0, 1)
    axis = shown.axes[1].yaxis
    ticks = dict(zip([t.get_text() for t in axis.get_ticklabels()], axis.get_ticklocs()))
    assert [ticks[k] for k in "012"] == [0, 1, 2]
    assert bottom < ticks["answer"] < (bottom + top) / 2 < ticks["truth"] < top
    assert top < shown.axes[1].transData.inverted().transform((0, 0))[1] + 9  # within the axes
    assert top <= min(np.nanmin(line[1]) for line in drawn) or top < -0.5


@pytest.mark.parametrize("case", CODINGS, ids=str)
def test_one_hot_outputs_are_numbered_at_their_ends_without_overlap(case):
    shown = shown_coding(case)
    texts = {k: at for k, at in shown.texts(1).items() if k in "012"}
    if case[1] == "scalar":
        assert texts == {}
        return
    ends = network_by_hand(case, shown.line(0, color="black", linestyle="--"))[:, -1]
    heights = np.array([texts[f"{k}"][1] for k in range(3)])
    stand_apart(heights, ends, 0.2)
    assert all(x > 1 for x, _ in texts.values())


def test_the_stills_show_the_false_band_between_0_and_2_wide_enough_to_be_seen():
    """On the walk across the sectors: a stretch of class 1 where the truth goes from 2 to 0."""
    for coding, seen in (("scalar", True), ("one-hot", False)):
        shown = shown_coding(("sectors", coding, 8, 0))
        answers, truth = shown.values(1).astype(int)
        border = np.flatnonzero((truth[:-1] == 2) & (truth[1:] == 0)).item()
        around = answers[border - 20 : border + 21]  # a tenth of the walk to either side
        share = np.sum(around == 1) / answers.size
        assert (share > 0.05) == seen
        assert seen or not np.any(around == 1)
        assert (answers[border - 30], answers[border + 30]) == (2, 0)
