"""Numbers from paper: each is told right, and each slip led to is named, and no other."""

import numpy as np
import pytest

from utils import checks
from utils.checks.by_hand import columns
from utils.network import Network, init_network

SMALL = Network(
    {2: [[2.0, -1.0], [-2.0, 3.0]], 3: [[3.0, -2.0]]}, {2: [[0.0], [-1.0]], 3: [[-0.5]]}
)
X = [[0.5], [1.0]]
# with a pocket calculator, three decimals on the way
RIGHT = {"z²₁": 0, "z²₂": 1, "a²₁": 0.5, "a²₂": 0.731, "z³₁": -0.462, "a³₁": 0.387, "g³₁": 0.237,
         "g²₁": 0.178, "g²₂": -0.093, "∂a³/∂x₁": 0.542, "∂a³/∂x₂": -0.457}  # fmt: skip


def said(capsys, net=SMALL, x=X, **yours):
    checks.by_hand(net, x, yours)
    return capsys.readouterr().out.rstrip("\n").split("\n")


def test_right_numbers_are_told_so(capsys):
    lines = said(capsys, **RIGHT)
    assert [line.split()[0] for line in lines] == list(RIGHT)
    assert all(line.endswith("  ✓") for line in lines)
    assert lines[4].split() == ["z³₁", "−0.462", "✓"]


def test_what_is_empty_is_left_in_peace(capsys):
    assert said(capsys, **dict.fromkeys(RIGHT, ...)) == [f"{k:16} still empty" for k in RIGHT]


def test_each_number_is_compared_with_its_own(capsys):
    for name in RIGHT:
        for other, value in RIGHT.items():
            (line,) = said(capsys, **{name: value})
            assert line.endswith("  ✓") == (other == name), line


SLIPS = {
    "z²₂": {2: "b² is left out", 1.5: "row i of W²"},
    "z³₁": {0.038: "b³ is left out", -2.5: "with z²"},
    "a²₂": {1: "before σ", 0.197: "slope"},
    "g³₁": {0.386: "a³(1 − a³)", -0.676: "this is z³"},
    "g²₁": {0.711: "before the slope", 0.356: "with a²", 0.75: "without g³"},
    "g²₂": {-0.474: "before the slope", -0.347: "with a²", -0.393: "without g³"},
    "∂a³/∂x₁": {0.449: "column k", 0.136: "no slope", -0.462: "a² in the place of g²"},
    "∂a³/∂x₂": {-0.635: "column k", 0: "no slope", 1.693: "a² in the place of g²"},
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_named(capsys, name):
    for value, words in SLIPS[name].items():
        (line,) = said(capsys, **{name: value})
        assert f"not right: {line.partition('not right: ')[2]}" in line
        assert words in line.partition("not right: ")[2], line


def test_rounding_is_told_from_a_slip(capsys):
    (line,) = said(capsys, **{"g²₁": 0.179})
    assert line.endswith("✓")
    (line,) = said(capsys, **{"g²₁": 0.18})
    assert line.endswith("nearly: keep three decimals on the way")
    (line,) = said(capsys, **{"g²₁": 0.3})
    assert line.endswith("not right yet")


def test_on_this_network_no_slip_leads_to_what_is_right_or_to_another_slip(capsys):
    """Else one would be accused of the wrong thing. (z²₁ is 0, and b²₁ too: nothing to forget.)"""
    for name, (right, slips) in columns(SMALL, np.array(X)).items():
        for i, value in enumerate(right[:, 0]):
            led_to = [v[i, 0] for v in slips.values()]
            if (name, i) not in {("z²", 0), ("a²", 0)}:
                assert np.min(np.abs(np.subtract(led_to, value))) > 0.02, (name, i)
            apart = np.abs(np.subtract.outer(led_to, led_to)) + np.eye(len(led_to))
            assert apart.min() > 0.01, (name, i)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="a number is 'g2'; expected one of z²₁, z²₂, a"):
        checks.by_hand(SMALL, X, {"g2": 1.0})
    with pytest.raises(TypeError, match="g²₁"):
        checks.by_hand(SMALL, X, {"g²₁": "0.178"})
    with pytest.raises(ValueError, match="2-2-1"):
        checks.by_hand(init_network([2, 3, 1], np.random.default_rng(0)), X, {})
