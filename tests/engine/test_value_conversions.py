"""What Python makes of a Value: how it compares, hashes, converts, formats and copies."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import Value
from autograd_core.errors import GradientLostError, GraphError

anything = st.floats(allow_nan=True, allow_infinity=True)


@given(anything, anything)
def test_comparisons_compare_data(a, b):
    u, v = Value(a), Value(b)
    for left, right in [(u, v), (u, b), (a, v)]:
        assert (left == right) is (a == b)
        assert (left != right) is (a != b)
        assert (left < right) is (a < b)
        assert (left <= right) is (a <= b)
        assert (left > right) is (a > b)
        assert (left >= right) is (a >= b)


def test_hash_is_identity_and_truth_is_data():
    x, y = Value(1.0), Value(1.0)
    assert x == y
    assert len({x, y}) == 2
    assert bool(Value(0.0)) is False
    assert bool(Value(-0.5)) is True


@pytest.mark.parametrize("convert", [float, int, round, math.sin, math.floor, lambda v: np.array([v], dtype=float)])
def test_conversions_that_lose_the_gradient_refuse(convert):
    with pytest.raises(GradientLostError, match=r"autograd_core\.sin.*v\.data"):
        convert(Value(1.0))


def test_format():
    x = Value(2.0)
    assert f"{x:.4f}" == "2.0000"
    assert f"{x}" == str(x) == repr(x) == "Value(data=2.0, grad=0.0)"


# Copies.


def test_leaves_copy_and_pickle():
    x = Value(2.0, "x")
    (x * 3).backward()
    for twin in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert twin is not x
        assert (twin.data, twin.grad, twin.label, twin.has_grad) == (2.0, 3.0, "x", True)
        assert twin.is_leaf
    pair = copy.deepcopy([x, x])
    assert pair[0] is pair[1]


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, pickle.dumps])
def test_inner_nodes_refuse_to_be_copied(clone):
    with pytest.raises(GraphError, match=r"computed by add.*copy the leaves"):
        clone(Value(2.0) + 1)


def test_no_weak_references():
    import weakref

    with pytest.raises(TypeError, match="weak reference"):
        weakref.ref(Value(1.0))
