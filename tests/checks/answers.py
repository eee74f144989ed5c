"""What the tests of all exercises share: how answers by another hand are collected and tried.

Written out with loops, np.dot and @, without utils.checks: what a check compares an answer with and
the answer itself come from two hands. A diagnosis of None says that no slip may be named, because
none of those we know was made.
"""

import numpy as np
import pytest

from utils.checks import EXERCISES, CheckFailed
from utils.network import Network, forward, init_network

X = np.array([[0.3, -0.8], [0.7, 0.4]])
POINT = X[:, :1]


def diagnosis(exercise, answer):
    with pytest.raises(CheckFailed) as caught:
        exercise(answer)
    return caught.value


class Written(list):
    """Mistakes: called with an exercise's name and the diagnoses it may get, it registers one."""

    def __call__(self, name, *diagnoses):
        def register(answer):
            self.append(pytest.param(name, answer, diagnoses, id=f"{name}: {answer.__name__}"))
            return answer

        return register


def right_answers_pass(styles):
    @pytest.mark.parametrize(("exercise", "answer"), styles)
    def test(exercise, answer, capsys):
        exercise(answer)
        assert "verified" in capsys.readouterr().out

    return test


def mistakes_are_named(written):
    @pytest.mark.parametrize(("name", "answer", "diagnoses"), written)
    def test(name, answer, diagnoses):
        error = diagnosis(EXERCISES[name], answer)
        assert error.slip in diagnoses
        assert ("How to see it" in str(error)) == (error.slip not in (None, "changed-argument"))

    return test


def numbers_are_seen(numbers):
    @pytest.mark.parametrize(("exercise", "arguments", "right", "answers"), numbers)
    def test(exercise, arguments, right, answers):
        known = {slip.name: slip.variant for slip in EXERCISES[exercise].slips}
        found = EXERCISES[exercise].reference(*arguments)
        assert np.allclose(found, right, rtol=0, atol=1e-4)
        for name, answer in answers.items():
            with np.errstate(all="ignore"):
                written = known[name](*arguments)
            assert np.shape(written) == np.shape(found), name
            assert np.allclose(written, answer, rtol=0, atol=1e-4), name
            assert not np.allclose(written, right, rtol=0, atol=1e-3), name

    return test


# -------- what several answers are made of


def network(sizes, seed=0, **options):
    net = init_network(sizes, np.random.default_rng(seed), "paper", **options)
    return Network({l: 3 * W for l, W in net.W.items()}, net.b, net.activation)


def lines(seed, N=12, p=1):
    rng = np.random.default_rng(seed)
    return rng, np.hstack([np.ones((N, 1)), rng.normal(size=(N, p))])


def slope(net, a, l):
    return net.activation[l].derivative(a[l])


def deltas(net, x, y):
    _, a = forward(net, x)
    d = {net.L: (a[net.L] - y) * slope(net, a, net.L)}
    for l in range(net.L - 1, 1, -1):
        d[l] = slope(net, a, l) * np.dot(net.W[l + 1].T, d[l + 1])
    return a, d


def input_gradient_with_Delta(net, x):
    _, a = forward(net, x)
    Delta = np.ones_like(a[net.L])
    for l in range(net.L, 1, -1):
        Delta = np.einsum("ij,is->js", net.W[l], net.activation[l].derivative(a[l]) * Delta)
    return Delta
