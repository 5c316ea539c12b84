from __future__ import annotations

import asyncio
import threading

import pytest

import autograd_core as ac
from autograd_core import Value, detect_anomaly, gradient_warnings, no_grad
from autograd_core.engine.modes import ACTIVE
from autograd_core.errors import AnomalyError, ArgumentError


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


def test_modes_of_generators_end_in_any_order():
    def within(mode):
        with mode:
            yield

    first, second = within(no_grad()), within(detect_anomaly())
    next(first)
    next(second)
    first.close()
    assert not (Value(1.0) * 2).is_leaf
    with pytest.raises(AnomalyError):
        Value(0.0).log()
    second.close()
    assert ACTIVE.count == 0
    Value(0.0).log()


def test_a_mode_that_another_thread_ends_is_over():
    def within():
        with no_grad():
            yield

    generator = within()
    next(generator)
    thread = threading.Thread(target=generator.close)
    thread.start()
    thread.join()
    assert ACTIVE.count == 0
    assert not (Value(1.0) * 2).is_leaf


def test_a_mode_belongs_to_its_task():
    async def silent(entered, leave):
        with no_grad():
            entered.set()
            await leave.wait()
            return (Value(1.0) * 2).is_leaf

    async def main():
        entered, leave = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(silent(entered, leave))
        await entered.wait()
        recorded = not (Value(1.0) * 2).is_leaf
        leave.set()
        return recorded, await task

    assert asyncio.run(main()) == (True, True)


@pytest.mark.parametrize("mode", [no_grad, detect_anomaly, gradient_warnings])
def test_a_decorator_without_brackets_is_refused(mode):
    with pytest.raises(ArgumentError, match=rf"@{mode.__name__}\(\) above a function"):

        @mode
        def f(x):
            return x


@pytest.mark.parametrize("mode", [no_grad, detect_anomaly, gradient_warnings])
def test_a_function_that_goes_on_after_its_call_is_refused(mode):
    """The decorator would be over before its body runs, and do nothing in silence."""

    def generator(x):
        yield x * 2

    async def coroutine(x):
        return x * 2

    async def asynchronous_generator(x):
        yield x * 2

    for function in (generator, coroutine, asynchronous_generator):
        with pytest.raises(ArgumentError, match=rf"@{mode.__name__}\(\) cannot decorate .*{function.__name__}\(\)"):
            mode()(function)


@pytest.mark.parametrize("outer_first", [True, False])
def test_no_grad_and_detect_anomaly_in_either_order(outer_first):
    outer, inner = (no_grad(), detect_anomaly()) if outer_first else (detect_anomaly(), no_grad())
    zero = Value(0.0, "zero")
    with outer, inner, pytest.raises(AnomalyError, match=r"log gave -inf, from zero = 0\.0"):
        zero.log()


def test_a_decorated_function_may_call_itself():
    @no_grad()
    def f(x, depth):
        return x * 2 if depth == 0 else f(x, depth - 1) + x

    assert f(Value(1.0), 3).is_leaf
    assert ACTIVE.count == 0
