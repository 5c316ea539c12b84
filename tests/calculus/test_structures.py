"""Nested arguments: what matches what, and what comes back."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from autograd_core import grad, hessian, jacobian, jvp, vjp
from autograd_core.calculus.structures import flatten, matching
from autograd_core.errors import NotAScalarError, ShapeError


def test_dicts_match_by_their_keys():
    """JAX sorts the keys; here they keep their order, and another order means the same."""

    def f(d):
        return {"u": 10.0 * d["a"] + d["b"], "v": d["b"]}

    at = {"a": 1.0, "b": 2.0}
    assert jvp(f, at, {"b": 0.0, "a": 1.0})[1] == jvp(f, at, {"a": 1.0, "b": 0.0})[1] == {"u": 10.0, "v": 0.0}
    assert vjp(f, at)[1]({"v": 5.0, "u": 1.0}) == {"a": 10.0, "b": 6.0}
    assert jvp(lambda d: f(d[0])["u"], [at], ({"b": 0.0, "a": 1.0},))[1] == 10.0
    for wrong in ({"a": 1.0, "c": 1.0}, {"a": 1.0}, {"a": 1.0, "b": 1.0, "c": 1.0}):
        with pytest.raises(ShapeError, match=r"jvp\(f\): the direction v takes a dict with the keys \['a', 'b'\], got"):
            jvp(f, at, wrong)


def test_numbers_match_within_their_branch():
    structure, _ = flatten([[1.0, 2.0], [3.0]], "x")
    assert matching(structure, ((1, 2), [3]), "v") == [1.0, 2.0, 3.0]
    assert matching(structure, [1.0, 2.0, 3.0], "v") == [1.0, 2.0, 3.0]
    with pytest.raises(ShapeError, match=r"takes as many numbers .*, 2; got 1"):
        matching(structure, [[1.0], [2.0, 3.0]], "v")
    array, _ = flatten(np.zeros((2, 2)), "x")
    assert matching(array, [[1.0, 2.0], [3.0, 4.0]], "v") == [1.0, 2.0, 3.0, 4.0]


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
