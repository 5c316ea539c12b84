from __future__ import annotations

import threading

import pytest

import autograd_core as ac
from autograd_core import Value, no_grad
from autograd_core.recording import ACTIVE


def test_within_no_grad_results_are_leaves():
    x = Value(2.0)
    with no_grad():
        for y in (x * x, x + 1, -x, x.exp(), ac.sum([x, x, 1.0]), ac.where(True, x, 0.0), 2**x):
            assert y.is_leaf
            assert (y.parents, y.operands, y.local_derivatives, y.op) == ((), (), (), "")
        y.data = 5.0
    y = x * x
    y.backward()
    assert x.grad == 4.0


def test_no_grad_ends_with_its_block_even_by_an_exception():
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert ACTIVE.count == 0
    assert not (Value(1.0) + 1).is_leaf


def test_no_grad_nests_and_decorates():
    @no_grad()
    def f(x):
        return x * x

    x = Value(2.0)
    assert f(x).is_leaf
    with no_grad():
        with no_grad():
            pass
        assert (x * x).is_leaf
    assert not (x * x).is_leaf


def test_no_grad_belongs_to_its_thread():
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        with no_grad():
            entered.set()
            leave.wait()

    thread = threading.Thread(target=other)
    thread.start()
    entered.wait()
    try:
        assert not (Value(1.0) * 2).is_leaf
    finally:
        leave.set()
        thread.join()


def test_numbers_are_the_same_within_no_grad():
    x = Value(0.3)
    with no_grad():
        y = ac.softmax([x, 2 * x, 1.0])[1]
    assert y.data == ac.softmax([0.3, 0.6, 1.0])[1]
