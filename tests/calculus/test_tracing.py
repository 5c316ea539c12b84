"""How a function is called to be differentiated: what it may do with what it gets, and what is around it."""

from __future__ import annotations

import copy
import sys
import threading
import warnings
from dataclasses import asdict, dataclass

import pytest

import autograd_core as ac
from autograd_core import Value, detect_anomaly, grad, gradient_warnings, hessian, jacobian, value_and_grad, vjp
from autograd_core.engine import chain_rule
from autograd_core.errors import ArgumentError, GraphError, NotAScalarError


@dataclass
class Pair:
    a: float
    b: float


@pytest.mark.parametrize("spoil", [copy.copy, copy.deepcopy, lambda x: asdict(Pair(x, 1.0))["a"]])
def test_a_copy_of_an_input_would_lose_its_gradient_and_is_refused(spoil):
    with pytest.raises(GraphError, match="cannot copy or pickle"):
        grad(lambda x: spoil(x) ** 2)(3.0)


def test_an_input_is_not_assigned():
    def f(x):
        y = x * x
        x.data = 5.0
        return y * x

    for transform in (grad, value_and_grad, jacobian, hessian):
        with pytest.raises(GraphError, match=r"cannot assign \.data"):
            transform(f)(3.0)


def test_a_leaf_assigned_by_the_function():
    w = Value(2.0)

    def f(x):
        y = x * w
        w.data = 9.0
        return y

    with pytest.raises(GraphError, match=r"cannot differentiate multiply: a leaf among its operands .* was assigned"):
        grad(f)(3.0)


def test_leaves_that_the_function_makes_keep_their_gradients():
    made = {}

    def f(x):
        w = made.setdefault("w", Value(3.0))
        return w * x

    assert grad(f)(2.0) == 3.0
    assert (made["w"].grad, made["w"].has_grad) == (0.0, False)


def test_no_warning_is_about_the_inputs():
    def first(p):
        return p[0] * p[0]

    with warnings.catch_warnings(), gradient_warnings():
        warnings.simplefilter("error")
        for _ in range(2):
            assert grad(first)([3.0, 1.0]) == vjp(first, [3.0, 1.0])[1](1.0) == [6.0, 0.0]
            assert jacobian(first)([3.0, 1.0]) == [6.0, 0.0]
            assert hessian(first)([3.0, 1.0]) == [[2.0, 0.0], [0.0, 0.0]]


def test_anomalies_are_told_by_the_transform_that_meets_them():
    with detect_anomaly():
        for transform in (grad, jacobian, hessian):
            with pytest.raises(ac.errors.AnomalyError, match="log"):
                transform(lambda x: ac.log(x - x))(3.0)
        assert grad(lambda x: x * x)(3.0) == 6.0


def test_after_an_error_nothing_is_different():
    w = Value(2.0)
    w.grad = 7.0

    def f(x):
        y = grad(lambda z: z * x * w)(1.0)
        if x < 3.0:
            raise RuntimeError("stop")
        return y * x

    for transform in (grad, jacobian, ac.derivative, lambda f: lambda x: ac.jvp(f, x, 1.0)):
        with pytest.raises(RuntimeError, match="stop"):
            transform(f)(2.0)
    assert grad(f)(4.0).data == ac.derivative(f)(4.0).data == 16.0
    assert w.grad == 7.0


def test_two_threads_at_once():
    """On one row vector product too, whose calls share a graph."""
    _, pull = vjp(lambda p: [ac.sin(p[0]) * p[1], p[0] * p[0]], [0.5, 2.0])
    expected = pull([1.0, 0.0]), pull([0.0, 1.0])
    third = hessian(lambda x: grad(lambda y: ac.exp(x * y))(0.5))(0.5)
    wrong = []

    def work(k):
        for _ in range(150):
            row = pull([1.0, 0.0] if k else [0.0, 1.0])
            found = hessian(lambda x: grad(lambda y: ac.exp(x * y))(0.5))(0.5)
            if row != expected[1 - k] or found != third:
                wrong.append((row, found))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(k,)) for k in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not wrong


def test_a_row_vector_product_takes_one_sweep_however_many_results(monkeypatch):
    """The results themselves need none."""
    sweeps = []
    sweep = chain_rule.backward
    monkeypatch.setattr(chain_rule, "backward", lambda root: sweeps.append(root) or sweep(root))
    value, pull = vjp(lambda p: [p[0] * k for k in range(50)], [1.0])
    assert (sum(value), len(sweeps)) == (1225.0, 0)
    assert (pull([1.0] * 50), len(sweeps)) == ([1225.0], 1)


def test_a_derivative_of_a_function_that_returns_functions_is_refused():
    """Manzyuk et al. 2019 show what goes wrong where it is allowed: a perturbation that is used twice."""
    for transform in (ac.derivative, grad, jacobian, lambda f: lambda x: ac.jvp(f, x, 1.0)):
        with pytest.raises(NotAScalarError, match=r"(got|returned) function"):
            transform(lambda x: lambda g: lambda y: g(x + y))(2.0)


def test_the_function_written_out_that_returns_functions():
    """The derivative of the shift operator, applied twice: the second derivative, and not 0. Source: ibid."""

    def shifted(u):
        return lambda g: lambda x: g(x + u)

    for slope in (ac.derivative, grad, lambda f: lambda x: ac.jvp(f, x, 1.0)[1]):

        def derived(g, slope=slope):
            return lambda x: slope(lambda u: shifted(u)(g)(x))(0.0)

        assert derived(derived(ac.exp))(1.0) == pytest.approx(2.718281828459045, rel=1e-15)
        assert derived(derived(lambda x: x**3))(2.0) == 12.0


def test_errors_name_the_users_function():
    def cube(x):
        return x**3

    with pytest.raises(ArgumentError, match=r"^hessian\(cube\) differentiates by the argument at position 1"):
        hessian(cube, argnums=1)(1.0)
