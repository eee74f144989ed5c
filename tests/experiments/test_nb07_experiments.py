"""The long runs of notebook 07: their beginnings are repeated, and what is quoted is there."""

import numpy as np
import pytest

from utils import experiments
from utils.activations import identity, sigmoid
from utils.experiments import (
    answered_class,
    circle_errors,
    class_of_place,
    coding_at_best,
    coding_differences,
    coding_errors,
    coding_intervals,
    coding_summary,
    coding_verdict,
    count_wrong,
    label_codings,
    label_data,
    load_result,
    overlapping_classes,
    stored_differences,
    three_in_a_row,
    train_coding,
    train_slowing,
    wide_interval,
)
from utils.experiments import nb07_one_hot_vs_scalar_labels as room
from utils.losses import mse
from utils.network import Network, init_network
from utils.replicas import Interval, mean_interval
from utils.training import train


def class_by_hand(arrangement, x):
    if arrangement == "sectors":  # a third of a turn each, from the left, against the clock
        angle = np.degrees(np.arctan2(x[1], x[0]))
        return (angle >= -60).astype(int) + (angle >= 60)
    if arrangement == "rings":  # a third of the square's area each
        area = np.pi * (x[0] ** 2 + x[1] ** 2)
        return (area >= 12).astype(int) + (area >= 24)
    if arrangement == "circle":  # half of the square's area is inside
        return (np.pi * (x[0] ** 2 + x[1] ** 2) < 18).astype(int)
    stripe = (x[0] >= -1).astype(int) + (x[0] >= 1)
    return stripe if arrangement == "stripes" else np.choose(stripe, [0, 2, 1])


@pytest.mark.parametrize("arrangement", experiments.ARRANGEMENTS)
def test_each_place_has_its_class(arrangement):
    x = np.random.default_rng(0).uniform(-3, 3, (2, 20_000))
    classes = class_of_place(arrangement, x)
    assert np.array_equal(classes, class_by_hand(arrangement, x))
    shares = np.bincount(classes, minlength=3) / classes.size
    if arrangement != "sectors":  # a square is not round
        assert shares == pytest.approx([1 / 3] * 3, abs=0.02)
    assert shares.min() > 0.25
    line = np.array([[-3.0, -3.0, 0.0, 3.0], [0.0, -0.0, 0.0, 0.0]])  # where an angle jumps
    assert set(class_of_place(arrangement, line)) <= {0, 1, 2}


def test_the_circle_has_half_of_the_area_and_replicas_are_classified_one_by_one():
    x = np.random.default_rng(0).uniform(-3, 3, (3, 2, 5000))
    for arrangement in ("circle", *experiments.ARRANGEMENTS):
        both = class_of_place(arrangement, x)
        assert np.array_equal(both, [class_by_hand(arrangement, each) for each in x])
    assert class_of_place("circle", x).mean() == pytest.approx(0.5, abs=0.02)


def test_labels_are_right_but_for_the_percentage_that_is_wrong():
    x, labels = label_data(4000, 1)
    assert (x.shape, labels.shape) == ((2, 4000), (4, 5, 4000))
    assert -3 <= x.min() < -2.9
    assert 2.9 < x.max() <= 3
    for i, arrangement in enumerate(experiments.ARRANGEMENTS):
        truth = class_by_hand(arrangement, x)
        wrong = labels[i] != truth
        for k in range(3):  # to a point, and a half of them each of the two others
            size = np.sum(truth == k)
            counts = wrong[:, truth == k].sum(axis=1)
            assert np.abs(counts - size * np.array([0, 0.1, 0.2, 0.3, 0.4])).max() <= 0.5
            for row in labels[i]:
                other = np.bincount(row[truth == k], minlength=3)
                assert abs(other[(k + 1) % 3] - other[(k + 2) % 3]) <= 1
        assert np.all(wrong[:-1] <= wrong[1:])  # once wrong, always wrong,
        for less, more in zip(labels[i, :-1], labels[i, 1:], strict=True):
            both = (less != truth) & (more != truth)
            assert np.array_equal(less[both], more[both])  # and in the same way
        assert np.abs(np.mean(x[:, wrong[4]], axis=1) - np.mean(x, axis=1)).max() < 0.2  # anywhere
    again = label_data(4000, 1)
    assert np.array_equal(x, again[0])
    assert np.array_equal(labels, again[1])
    assert not np.array_equal(x, label_data(4000, 2)[0])


PLANE = np.stack([v.ravel() for v in np.meshgrid(*2 * [np.linspace(-3, 3, 41)])])


def answers_of(nets, coding, width):
    """The classes (4, 5, N) that the networks of one coding and width give the plane."""
    W2, b2, W3, b3 = (nets[f"{name}, {coding}, {width}"].astype(float)
                      for name in ("W2", "b2", "W3", "b3"))  # fmt: skip
    outputs = W3 @ (1 / (1 + np.exp(-(W2 @ PLANE + b2)))) + b3
    if coding == "one-hot":
        return outputs.argmax(axis=-2)
    return np.abs(outputs - np.array([[0], [1], [2]])).argmin(axis=-2)


def test_one_width_of_the_codings_trained_again_answers_much_the_same(monkeypatch):
    """Much: 3000 steps may lead one network or the other elsewhere, where arithmetic rounds
    otherwise (in ten seeds of tests/jitter.py at most one of the twenty), but not most of them.
    """
    monkeypatch.setattr(room, "WIDTHS", (8,))
    again, stored = label_codings(), load_result("label_codings")
    truth = np.array([class_by_hand(name, PLANE) for name in experiments.ARRANGEMENTS])[:, None]
    for coding, outputs in (("scalar", 1), ("one-hot", 3)):
        assert again[f"W3, {coding}, 8"].shape == (4, 5, outputs, 8)
        now, then = answers_of(again, coding, 8), answers_of(stored, coding, 8)
        same = np.mean(now == then, axis=-1)
        assert np.median(same) > 0.99
        assert np.sum(same < 0.8) <= 5  # of twenty
        right = np.mean(now == truth, axis=-1) - np.mean(then == truth, axis=-1)
        assert abs(right.mean()) < 0.05


def test_other_data_or_another_start_answer_otherwise(monkeypatch):
    """So what the test above asks for is not had for nothing."""
    monkeypatch.setattr(room, "WIDTHS", (8,))
    other, stored = label_codings(steps=600, seed=8), load_result("label_codings")
    same = np.mean(answers_of(other, "one-hot", 8) == answers_of(stored, "one-hot", 8), axis=-1)
    assert np.median(same) < 0.98


def test_the_stored_codings_have_learned_their_own_arrangement():
    stored = load_result("label_codings")
    truth = np.array([class_by_hand(name, PLANE) for name in experiments.ARRANGEMENTS])
    for coding in ("scalar", "one-hot"):
        for width in experiments.WIDTHS:
            assert stored[f"W2, {coding}, {width}"].shape == (4, 5, width, 2)
        answers = answers_of(stored, coding, 16)
        right = (answers == truth[:, None]).mean(axis=-1)
        assert np.all(right[:, 0] > 0.75)  # where all labels were right
        assert np.all(right[:, 0] > right[:, 4])
        assert right[:, 0].mean() > right[:, 4].mean() + 0.05
        for turn in (1, 2, 3):  # and no other arrangement so well
            other = (answers[:, 0] == np.roll(truth, turn, axis=0)).mean(axis=-1)
            assert np.all(right[:, 0] > other + 0.1)


# -------- the table of ways to train


def test_a_part_of_the_table_is_reproduced():
    """Rounding may lead a few of the hundred networks elsewhere, not most of them."""
    stored = load_result("coding_errors")
    again = coding_errors(widths=[4], rates=[0.05], lengths=[1000])
    assert sorted(again) == sorted(set(stored) - {"made_by"})
    for name, wrong in again.items():
        if ", " in name:
            then = stored[name][0, 1, 0].astype(int)
            assert wrong.shape == (1, 1, 1, 200 if "circle" in name else 100)
            apart = np.abs(wrong[0, 0, 0] - then)
            assert np.mean(apart <= 2) > 0.8, name
            assert abs(wrong.mean() - then.mean()) < 10, name  # of a thousand points


def test_the_widths_rates_and_lengths_of_the_table_are_in_their_places():
    """One line of each is made again, of those where a mistake of place would be seen."""
    stored = load_result("coding_errors")
    assert stored["widths"].tolist() == [4, 8, 32]
    assert stored["rates"].tolist() == [0.01, 0.05, 0.2]
    assert stored["lengths"].tolist() == [1000, 4000]
    others = stored["stripes, scalar, linear"].reshape(18, -1).astype(int)
    for width, rate, place in ((8, 0.01, (1, 0, 0)), (32, 0.2, (2, 2, 0))):
        net = train_coding("stripes", "scalar", "linear", width, rate, 1000, 100, seed=7)
        now = count_wrong(net, "stripes", seed=7)
        same = np.mean(np.abs(others - now) <= 2, axis=1)
        assert same.argmax() == np.ravel_multi_index(place, (3, 3, 2))
        assert same.max() > 0.8


def test_both_codings_begin_alike_and_have_the_same_data():
    def hidden(coding, seed, output="linear"):  # hardly trained: twice a step of 0.01
        return train_coding("rings", coding, output, 4, 1e-9, 10, 6, seed).W[2]

    assert np.abs(hidden("scalar", 7) - hidden("one-hot", 7)).max() < 0.05
    assert np.abs(hidden("scalar", 7) - hidden("scalar", 8)).max() > 0.5


SLANTED = np.array([[1.0, 2.0], [-2.0, 1.0], [0.5, -1.0]])


def answering(rows, output):
    """Two networks whose outputs are those of the rows of the plane, a little bent."""
    W = {2: np.stack([SLANTED, -SLANTED]), 3: np.tile(rows, (2, 1, 1))}
    b = {2: np.zeros((2, 3, 1)), 3: np.full((2, len(rows), 1), 0.2)}
    return Network(W, b, output=output)


@pytest.mark.parametrize("arrangement", ["circle", "stripes"])
@pytest.mark.parametrize("output", [identity, sigmoid])
@pytest.mark.parametrize("one_hot", [False, True])
def test_wrong_answers_are_counted(arrangement, output, one_hot):
    K = 2 if arrangement == "circle" else 3
    rows = np.array([[3.0, -2.0, 1.5], [-1.0, 2.0, 1.0], [1.0, -2.0, 2.0]])[: K if one_hot else 1]
    net = answering(rows, output)
    x = np.random.default_rng(9).uniform(-3, 3, (2, 2, 1000))
    wanted = []
    for r in range(2):
        a = rows @ (1 / (1 + np.exp(-net.W[2][r] @ x[r]))) + 0.2
        if output is sigmoid:
            a = 1 / (1 + np.exp(-a))
        labels = np.linspace(0, 1, K) if output is sigmoid else np.arange(K)
        answer = a.argmax(axis=0) if one_hot else np.abs(a - labels[:, None]).argmin(axis=0)
        assert len(set(answer)) > 1
        wanted.append(np.sum(answer != class_by_hand(arrangement, x[r])))
    assert np.array_equal(count_wrong(net, arrangement, seed=7), wanted)


def test_differences_are_paired_and_the_best_is_chosen_on_the_other_half():
    scalar = np.array([[[[100, 120, 300, 320]], [[200, 200, 110, 90]]]])
    one_hot = np.array([[[[400, 420, 10, 20]], [[50, 70, 500, 540]]]])
    result = {
        "widths": np.array([8]), "rates": np.array([0.1, 0.2]), "lengths": np.array([50]),
        "relabelled, scalar, σ": scalar.astype(np.uint16),  # whose differences wrap around at 0
        "stripes, one-hot, σ": one_hot.astype(np.uint16),
    }  # fmt: skip
    found = coding_differences(result, "relabelled", "σ")
    assert list(found) == [(8, 0.1, 50), (8, 0.2, 50), (8, "best", "")]
    assert found[8, 0.1, 50] == pytest.approx([-30, -30, 29, 30])  # per cent of a thousand
    assert found[8, 0.2, 50] == pytest.approx([15, 13, -39, -45])
    assert found[8, "best", ""] == pytest.approx([(300 - 500) / 10, (320 - 540) / 10])


# -------- data and training of the notebook


def test_overlapping_classes_are_normal_about_their_centres():
    x, labels = overlapping_classes(np.random.default_rng(2), 40, 1000)
    assert (x.shape, labels.shape) == ((40, 2, 1000), (40, 1, 1000))
    assert labels.mean() == pytest.approx(0.5, abs=0.01)
    for k, centre in ((0, -1), (1, 1)):
        of_class = x.swapaxes(0, 1)[:, labels[:, 0] == k]
        assert of_class.mean(axis=1) == pytest.approx([centre, 0], abs=0.03)
        assert np.cov(of_class) == pytest.approx(np.eye(2), abs=0.03)
    assert set(labels[:, 0, 0]) == {0, 1}  # each replica draws its own


def test_three_in_a_row_are_of_equal_size_and_a_distance_apart():
    x, labels = three_in_a_row(np.random.default_rng(2), 50, 400, 3.0)
    assert x.shape == labels.shape == (50, 1200)
    for k in range(3):
        assert np.all(np.sum(labels == k, axis=1) == 400)
        of_class = x[labels == k]
        assert of_class.mean() == pytest.approx(3 * (k - 1), abs=0.03)
        assert of_class.std() == pytest.approx(1, abs=0.03)
    assert np.ptp(x.mean(axis=1)) > 0  # each replica draws its own


def test_training_is_fast_for_four_fifths_of_the_steps_and_slow_for_the_last():
    rng = np.random.default_rng(3)
    x, labels = overlapping_classes(rng, 3, 50)
    start = init_network([2, 4, 1], rng, "he", replicas=3, output=identity)
    net = train_slowing(start, x, labels, np.random.default_rng(5), rate=0.1, steps=100)
    again, rng = start, np.random.default_rng(5)
    for steps, rate in ((80, 0.1), (20, 0.01)):
        again = train(again, x, labels, mse, steps=steps, learning_rate=rate, rng=rng,
                      batch_size=10, optimizer="adam").net  # fmt: skip
    for l in (2, 3):
        assert np.allclose(net.W[l], again.W[l])
        assert np.allclose(net.b[l], again.b[l])
    assert np.abs(net.W[2] - start.W[2]).max() > 0.1


def test_an_arrangement_of_ones_own_is_trained_and_counted_like_those_that_have_a_name():
    def own(x):
        return np.array([class_by_hand("stripes", each) for each in x])

    for coding in ("scalar", "one-hot"):
        nets = [train_coding(what, coding, "σ", 4, 0.2, 20, 3, seed=8) for what in (own, "stripes")]
        assert np.allclose(nets[0].W[3], nets[1].W[3])
        assert np.array_equal(count_wrong(nets[0], own, 8), count_wrong(nets[1], "stripes", 8))


def test_the_answer_is_the_nearest_label_and_labels_end():
    x = np.array([[-9.0, 0.4, 0.6, 1.4, 1.6, 9.0]])
    net = Network({2: np.ones((1, 1))}, {2: np.zeros((1, 1))}, output=identity)
    assert answered_class(net, x).tolist() == [0, 0, 1, 1, 2, 2]
    assert answered_class(net, x, K=2).tolist() == [0, 0, 1, 1, 1, 1]
    squeezed = Network({2: np.ones((1, 1))}, {2: np.zeros((1, 1))}, output=sigmoid)
    z = np.log([0.2 / 0.8, 0.3 / 0.7, 0.7 / 0.3, 0.8 / 0.2])[None]  # σ is 0.2, 0.3, 0.7, 0.8
    assert answered_class(squeezed, z).tolist() == [0, 1, 1, 2]
    assert answered_class(squeezed, z, K=2).tolist() == [0, 0, 1, 1]


# -------- the circle once more


def test_a_part_of_the_circle_is_reproduced():
    stored = load_result("circle_errors")
    again = circle_errors(rates=[0.2], lengths=[1000])
    assert sorted(again) == sorted(set(stored) - {"made_by"})
    for name, wrong in again.items():
        if ", " in name:
            then = stored[name][0, 2, 0].astype(int)
            assert wrong.shape == (1, 1, 1, 2000)
            assert np.mean(np.abs(wrong[0, 0, 0] - then) <= 2) > 0.8, name


def test_the_pairs_of_the_circle_are_new_ones():
    """None of them has the data of a pair of the first run, which chose the cases."""
    results = map(load_result, ("coding_errors", "circle_errors"))
    first, second = (result["circle, scalar, σ"][0].reshape(6, -1) for result in results)
    assert (first.shape, second.shape) == ((6, 200), (6, 2000))
    alike = np.mean(np.all(first[:, :, None] == second[:, None, :], axis=0))
    assert alike == 0


# -------- what is said of the table


def test_where_the_circle_was_run_again_the_new_pairs_count():
    found = stored_differences()
    assert list(found) == ["circle", "sectors", "stripes", "relabelled", "rings"]
    for name, outputs in found.items():
        assert list(outputs) == ["linear", "σ"]
        for output, ways in outputs.items():
            assert [width for width, *_ in ways] == 7 * [4] + 7 * [8] + 7 * [32]
            old = coding_differences(load_result("coding_errors"), name, output)
            new = coding_differences(load_result("circle_errors"), "circle", output)
            assert list(ways) == list(old)
            for way, values in ways.items():
                wanted = new if name == "circle" and way[0] == 4 else old
                assert np.array_equal(values, wanted[way])


def test_intervals_are_twice_as_long_and_stand_where_their_differences_do():
    found, values = coding_intervals(), stored_differences()
    assert list(found) == list(values)
    way = (8, 0.05, 4000)
    for name in found:
        for output in ("linear", "σ"):
            assert list(found[name][output]) == list(values[name][output])
            short = mean_interval(values[name][output][way])
            long = found[name][output][way]
            assert long.estimate == short.estimate
            assert long.high - long.low == pytest.approx(2 * (short.high - short.low))
            assert long.high - long.estimate == pytest.approx(long.estimate - long.low)


def test_verdicts():
    said = {
        "tie": [(-1.0, 1.0), (0.2, 0.3)],
        "open": [(-1.1, 0.9), (-0.9, 1.1), (-2.0, -1.0), (1.0, 2.0), (-5.0, 5.0)],
        "scalar": [(-2.0, -1.01)],
        "one-hot": [(1.01, 2.0)],
    }
    for verdict, ends in said.items():
        for low, high in ends:
            assert coding_verdict(Interval((low + high) / 2, low, high)) == verdict


def test_the_line_of_a_table_counts_verdicts_and_leaves_the_best_for_the_end():
    ways = {
        (4, 0.1, 50): Interval(-3.0, -4.0, -2.0), (4, 0.2, 50): Interval(0.0, -0.5, 0.5),
        (4, "best", ""): Interval(2.449, 1.2, 3.7), (8, 0.1, 50): Interval(0.1, -0.5, 0.7),
        (8, 0.2, 50): Interval(1.0, 0.0, 2.0), (8, "best", ""): Interval(-0.04, -0.5, 0.4),
    }  # fmt: skip
    line = coding_summary(ways)
    assert line.split("  ")[0] == "scalar 1, tie 2, open 1"
    assert line.endswith("  at their best: 2.4 one-hot, 0.0 tie")
    ways[8, "best", ""] = Interval(-1.05, -1.09, -1.01)
    assert coding_summary(ways).endswith("  at their best: 2.4 one-hot, −1.0 scalar")


def test_a_wide_interval_has_its_mean_in_the_middle():
    v = wide_interval(np.array([1.0, 2.0, 3.0, 6.0]))
    assert v.estimate == 3.0
    assert v.high - 3.0 == pytest.approx(2 * 3.18245 * np.std([1, 2, 3, 6], ddof=1) / 2, rel=1e-4)


def test_at_best_are_the_lines_in_which_each_coding_has_its_best_way():
    every, found = coding_intervals(), coding_at_best()
    assert list(found) == list(every)
    for name, outputs in found.items():
        for output, values in outputs.items():
            assert list(values) == [4, 8, 32]
            for width, v in values.items():
                assert v == every[name][output][width, "best", ""]
