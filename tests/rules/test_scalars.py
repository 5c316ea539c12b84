"""What counts as a number or a count, and what errors write."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import nn
from autograd_core import Value, checkpoint_loop, derivative, draw, exp, explain, player, taylor
from autograd_core.errors import DomainError
from autograd_core.rules.scalars import as_count, counted, shortened


@pytest.mark.parametrize("n", [3, np.int64(3), np.uint8(3), np.array(3)])
def test_integers_of_numpy_count(n):
    found = as_count(n, "f(n)", 3, 3)
    assert (type(found), found) == (int, 3)


@pytest.mark.parametrize(
    "n",
    [
        2,
        pytest.param(-(10**5000), id="huge"),
        3.0,
        np.float64(3.0),
        True,
        np.True_,
        "3",
        b"3",
        None,
        [3],
        np.array([3, 3]),
        Fraction(3),
        3j,
    ],
)
def test_anything_else_does_not(n):
    with pytest.raises(DomainError, match=r"^f\(n\) takes an int of at least 3, got "):
        as_count(n, "f(n)", 3)


def test_a_count_may_have_two_limits():
    for n in (1, 201, None):
        with pytest.raises(DomainError, match=r"^f\(n\) takes an int from 2 to 200, got "):
            as_count(n, "f(n)", 2, 200)


def test_wherever_a_count_is_asked_for_numpy_has_one():
    x = Value(2.0, "x")
    y, n = x * x + x, np.int64(2)
    assert draw(y, max_nodes=n).source == draw(y, max_nodes=2).source
    assert explain(y, x, max_paths=n) == explain(y, x, max_paths=2)
    assert repr(player(y, max_nodes=n)) == repr(player(y, max_nodes=2))
    assert checkpoint_loop(lambda x: 2.0 * x, 1.0, n) == 4.0
    assert derivative(exp, n)(0.0) == 1.0
    assert taylor(exp, 0.0, n) == [1.0, 1.0, 0.5]
    assert nn.Linear(n, np.uint8(3)).in_features == 2


def test_what_errors_write():
    assert shortened("a" * 100, 10) == "'aaaaaa..."
    assert shortened([10**5000]) == "<list without a repr>"
    assert (counted(0, "row"), counted(1, "row"), counted(2, "row")) == ("0 rows", "1 row", "2 rows")
