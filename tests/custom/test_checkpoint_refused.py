"""What checkpoint refuses, and what it leaves behind."""

from __future__ import annotations

import gc
from random import Random

import pytest

import autograd_core as ac
from autograd_core import Value, checkpoint, checkpoint_loop, gradients
from autograd_core.errors import (
    AnomalyError,
    ArgumentError,
    DomainError,
    GraphError,
    NotAScalarError,
)


def test_a_function_that_is_not_the_same_twice():
    rng = Random(0)
    x = Value(1.0)
    y = checkpoint(lambda x: x * rng.random())(x)
    with pytest.raises(GraphError, match="give it a seed"):
        y.backward()
    assert x.grad == 0.0
    assert not x.has_grad


def test_a_result_that_the_function_keeps_has_no_graph():
    kept = {}
    with pytest.raises(GraphError, match="keep no state in it"):
        ac.grad(checkpoint(lambda x: kept.setdefault("y", x * x)))(3.0)


def test_a_result_that_is_meant_as_a_constant():
    @checkpoint
    def f(x):
        with ac.no_grad():
            scale = x * 2.0
        return scale, scale * x

    assert ac.jacobian(f)(3.0) == (0.0, 6.0)


def test_a_leaf_that_was_assigned_since():
    x, w = Value(1.0), Value(2.0)
    y = checkpoint(lambda x: x * w)(x)
    w.data = 3.0
    for use in (y.backward, lambda: gradients(y, [x])):
        with pytest.raises(GraphError, match=r"had returned \[2.0\].*a leaf was assigned"):
            use()
    w.data = 2.0
    y.backward()
    assert (x.grad, w.grad) == (2.0, 1.0)


def test_a_sweep_that_is_stopped_leaves_nothing_behind():
    x, calls = Value(1.0), []

    @checkpoint
    def two(x):
        return x * 2.0, x * 3.0

    def raising(x):
        calls.append(x)
        if len(calls) == 2:
            raise RuntimeError("stopped")
        return x * 1.0

    a, b = two(x)
    later = checkpoint(raising)(a)
    with pytest.raises(RuntimeError, match="stopped"):
        (later + b).backward()
    assert x.grad == 0.0
    a.backward()
    assert x.grad == 2.0  # nothing of b is left


def test_anomalies_are_found_on_the_way_back():
    x = Value(0.0)
    with ac.detect_anomaly():
        y = checkpoint(lambda x: ac.sqrt(x) * 0.0)(x)
        with pytest.raises(AnomalyError, match="sqrt"):
            y.backward()


def test_bad_calls():
    with pytest.raises(ArgumentError, match="takes a function, got Value"):
        checkpoint(Value(1.0))
    with pytest.raises(NotAScalarError, match=r"checkpoint\(<lambda>\): the result"):
        checkpoint(lambda x: "text")(Value(1.0))
    for n in (-1, 2.5, True, "3"):
        with pytest.raises(DomainError, match=r"checkpoint_loop\(step, state, n\): n takes an int of at least 0"):
            checkpoint_loop(lambda x: x, 1.0, n)


def test_nothing_is_left_for_the_garbage_collector():
    w = Value(1.1)

    def work():
        a, b = checkpoint(lambda s: [ac.sin(s[0] * w) + s[1], ac.exp(s[1] * w)])([Value(0.3), Value(0.2)])
        (a * b).backward()
        gradients(a * b, [w])

    work()
    gc.collect()
    gc.disable()
    try:
        work()
        assert gc.collect() == 0
    finally:
        gc.enable()
