"""Every case of every exercise is there for a reason: take it away, and something is lost.

What is lost is one of these: a wrong program is accepted; two mistakes are taken for each other; a
mistake is known by an error and no more by its numbers; or an answer that is partly right can't be
told where it is right. The programs are the slips, those of `test_separating.py` and those below:
each of these is right as long as one thing holds that a student may well take for granted.
"""

import numpy as np
import pytest
from test_separating import IGNORING

from utils import checks

BELIEVING = {}


def believing(name):
    """Register a program that one case refutes."""

    def register(answer):
        BELIEVING.setdefault(name, []).append(answer)
        return answer

    return register


@believing("half_square")
def no_axis_of_length_one(a, y):
    return np.squeeze(0.5 * (a - y) ** 2)


@believing("half_square")
def one_number_in_a_row(a, y):
    pairs = zip(np.ravel(a), np.ravel(y), strict=True)
    return np.reshape([0.5 * (u - v) ** 2 for u, v in pairs], (-1, 1)[: np.ndim(a)])


@believing("parameter_count")
def small_whole_numbers(sizes):
    n = np.array(sizes, dtype=np.int8)
    return int(sum(n[1:] * (n[:-1] + np.int8(1))))


@believing("tanh_jacobian")
def as_many_outputs_as_inputs(W, b, a):
    rows = zip(range(a.size), W, b, strict=False)
    return np.array([(1 - np.tanh(w @ a + c) ** 2) * w for _, w, c in rows])


@believing("softmax_jacobian")
def all_of_one_sign(z):
    e = np.where(z > 0, np.exp(z - z.max()), np.exp(z - z.min()))
    p = e / e.sum()
    return np.diagflat(p) - p @ p.T


@believing("difference_weights")
def three_coefficients_at_most(w):
    return checks.difference_weights.reference(w[:3])


@believing("may_be_said")
def whole_margins(first, second, margin):
    return checks.may_be_said.reference(first, second, int(margin))


@believing("class_of_scalar")
def thresholds_of_three_classes(a, K):
    return np.minimum((a[0] > 0.5).astype(int) + (a[0] > 1.5), K - 1)


@believing("student_psi")
def no_residual_is_zero(r, nu):
    return (nu + 1) / r / (nu / r**2 + 1)


@believing("student_psi")
def several_residuals(r, nu):
    return np.squeeze((nu + 1) * r / (nu + r**2))


@believing("student_psi")
def whole_degrees_of_freedom(r, nu):
    return (int(nu) + 1) * r / (int(nu) + r**2)


@believing("vanishes_at_zero")
def all_but_the_last_weights(block):
    return block != "dW[3]"


@believing("backward_step")
def as_many_columns_as_next_neurons(W_next, g_next, a):
    answer = np.zeros_like(a)
    for s in range(len(g_next)):  # the wrong axis
        answer[:, s] = a[:, s] * (1 - a[:, s]) * (W_next.T @ g_next[:, s])
    return answer


@believing("witness")
def turned_until_the_shape_fits(f, x, h=1e-30):
    columns = [f(x + 1j * h * e[:, None])[:, 0].imag / h for e in np.eye(len(x))]
    rows_for_inputs = np.array(columns)
    return rows_for_inputs if len(x) == len(f(x)) else rows_for_inputs.T


@believing("batch_mean")
def three_layers_of_weights_at_most(net, x, y):
    dW, db = checks.batch_mean.reference(net, x, y)
    last = [l for l in dW if l > net.L - 3]
    return {l: dW[l] for l in last}, {l: db[l] for l in last}


@believing("sgd_step")
def counted_from_the_end(net, x, y, i, learning_rate):
    return checks.sgd_step.reference(net, x, y, -i, learning_rate)


# -------- what is lost without a case


class Table:
    """What each program does on each case of an exercise."""

    def __init__(self, exercise):
        self.cases = exercise.cases(np.random.default_rng(2019))
        self.right = self.on_cases(exercise, exercise.reference)
        slips = {slip.name: slip.variant for slip in exercise.slips}
        others = {f.__name__: f for f in BELIEVING.get(exercise.name, ())}
        others |= {p.id: p.values[1] for p in IGNORING if p.values[0] == exercise.name}
        self.slips = {name: self.on_cases(exercise, f) for name, f in slips.items()}
        self.wrong = self.slips | {name: self.on_cases(exercise, f) for name, f in others.items()}
        self.rtol = exercise.rtol

    def on_cases(self, exercise, program):
        return [outcome(exercise, program, case) for case in self.cases]

    def refuted(self, name):
        """On which cases the program is wrong."""
        pairs = zip(self.wrong[name], self.right, strict=True)
        return [not same(u, v, self.rtol) for u, v in pairs]

    def losses(self):
        """{what is lost: the cases that prevent it}, each a list of bool."""
        for name in self.wrong:
            yield f"{name} is accepted", self.refuted(name)
            shows = [any(np.any(part) for part in v.parts.values()) for v in self.right]
            right = [not wrong and s for wrong, s in zip(self.refuted(name), shows, strict=True)]
            yield f"{name} is told nowhere where it is right", right
        for name, found in self.slips.items():
            numbers = [u is not None and u.error is None for u in found]
            yield (f"{name} is known by its errors only",
                   [n and w for n, w in zip(numbers, self.refuted(name), strict=True)])  # fmt: skip
        for name, other in pairs_of(self.slips):
            apart = zip(self.slips[name], self.slips[other], strict=True)
            yield f"{name} is taken for {other}", [not same(u, v) for u, v in apart]


def outcome(exercise, program, case):
    """What came out, or None where the check refuses it before comparing."""
    try:
        return exercise._run(program, case)
    except checks.CheckFailed:
        return None


def same(u, v, *rtol):
    return u is not None and v is not None and u.same(v, *rtol)


def pairs_of(names):
    names = list(names)
    return [(u, v) for i, u in enumerate(names) for v in names[:i]]


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_every_case_is_needed(name):
    table = Table(checks.EXERCISES[name])
    needed = set()
    for _, preventing in table.losses():
        if sum(preventing) == 1:
            needed.add(preventing.index(True))
    idle = [case.label for k, case in enumerate(table.cases) if k not in needed]
    assert not idle, f"nothing is lost without: {'; '.join(idle)}"


@pytest.mark.parametrize("name", BELIEVING)
def test_what_believes_something_is_refuted_and_not_always(name):
    table = Table(checks.EXERCISES[name])
    for program in BELIEVING[name]:
        refuted = table.refuted(program.__name__)
        assert any(refuted), program.__name__
        assert not all(refuted), program.__name__
