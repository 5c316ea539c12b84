"""Nested arguments: what matches what, and what comes back."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from autograd_core import grad, hessian, jacobian, jvp
from autograd_core.errors import DomainError, NotAScalarError


class Pair(NamedTuple):
    x: float
    y: float


class Point(Pair):
    def __new__(cls, x):
        raise AssertionError("a result is not made by the user's own code")


@dataclass
class Limits:
    low: float
    high: float

    def __post_init__(self):
        if self.low > self.high:
            raise ValueError("wrong way round")


def test_what_comes_back_is_not_checked_as_an_argument_would_be():
    assert grad(lambda p: 2.0 * p.low - p.high)(Limits(1.0, 2.0)).low == 2.0
    found = grad(lambda p: p.x * p.y)(Point._make([2.0, 3.0]))
    assert (type(found), found.x, found.y) == (Point, 3.0, 2.0)


def test_dicts_of_other_kinds():
    """The method update() of a Counter would add up."""
    assert grad(lambda c: c["a"] * c["b"])(Counter(a=2, b=3)) == Counter(a=3.0, b=2.0)
    assert list(grad(lambda c: c["a"] * c["b"])(OrderedDict(b=2.0, a=3.0))) == ["b", "a"]


def test_nothing_to_differentiate_by():
    nothing = np.zeros((0, 3))
    assert grad(lambda a: a.sum())(nothing).shape == (0, 3)
    assert jacobian(lambda a: 2.0 * a)(nothing).shape == (0, 3, 0, 3)
    assert hessian(lambda a: a.sum())(nothing).shape == (0, 3, 0, 3)
    assert jacobian(lambda a: [1.0, 2.0], sparse=True)([]).shape == (2, 0)
    assert jacobian(lambda a: [])([1.0]) == grad(lambda a: 1.0)([]) == []
    assert jvp(lambda a: a, nothing, nothing)[1].shape == (0, 3)


def test_a_frame_of_pandas_is_not_an_array():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(NotAScalarError, match="got Series"):
        grad(lambda s: s.sum())(pandas.Series([1.0, 2.0]))


def test_what_holds_itself():
    endless = []
    endless.append(endless)
    with pytest.raises(DomainError, match=r"^grad\(sum\): argument 0 is nested too deeply, or holds itself"):
        grad(sum)(endless)
