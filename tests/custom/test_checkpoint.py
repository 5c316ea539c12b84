"""checkpoint and checkpoint_loop: the same numbers, with less memory."""

from __future__ import annotations

import math
import sys
from random import Random

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
import nn
from autograd_core import Value, check_gradients, checkpoint, gradients, primitive
from tests.support import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))


def block(x, y):
    return ac.sin(x * y) + ac.exp(x) / (1.0 + y * y), ac.tanh(x - y) * 3.0


@settings(max_examples=50, deadline=None)
@given(st.floats(-2, 2), st.floats(-2, 2), st.booleans(), st.booleans())
def test_values_and_gradients_are_the_same(a, b, first, second):
    found = []
    for f in (block, checkpoint(block)):
        x, y = Value(a), Value(b)
        u, v = f(x, y)
        loss = u * v * x if first and second else u * 2.0 if first else v if second else u * u + v / (2.0 + u)
        loss.backward()
        loss.backward()
        found.append((loss.data, x.grad, y.grad, x.has_grad))
    assert found[0] == pytest.approx(found[1], rel=1e-13, abs=1e-13)


def test_a_chain_of_calls_with_values_from_outside():
    rng = Random(3)
    weights = [rng.uniform(-1, 1) for _ in range(6)]
    found = []
    for wrap in (lambda f: f, checkpoint):
        ws = [Value(w) for w in weights]
        scale = ws[0] * 2.0  # computed outside

        @wrap
        def layer(h, k, ws=ws, scale=scale):
            return {"h": [ac.tanh(h["h"][0] * ws[k] + h["h"][1] * scale), ac.sin(h["h"][1] * ws[-1])], "n": 1.5}

        state = {"h": [Value(0.3), Value(0.7)], "n": 0.0}
        inputs = state["h"]
        for k in range(5):
            state = layer(state, k)
        assert state["n"] == 1.5
        (state["h"][0] * state["h"][1] + scale).backward()
        found.append([v.grad for v in [*ws, *inputs]])
    assert found[1] == pytest.approx(found[0], rel=1e-14)


def test_it_keeps_the_operands_only():
    w = Value(2.0)
    f = checkpoint(lambda x: ac.exp(ac.sin(x) * w))
    x = Value(0.5)
    y = f(x)
    assert set(map(id, y.parents)) == {id(x), id(w)}
    assert y.op == "checkpoint"
    assert y.primitive.name == "checkpoint(<lambda>)"
    slope = math.exp(2.0 * math.sin(0.5))
    assert y.local_derivatives == pytest.approx((2.0 * math.cos(0.5) * slope, math.sin(0.5) * slope), rel=1e-14)


def test_higher_order_and_every_mode():
    def f(x):
        return ac.sin(x) * ac.exp(0.3 * x) + checkpoint(lambda t: t**3)(x * x)

    g = checkpoint(f)
    assert ac.grad(ac.grad(ac.grad(g)))(0.7) == pytest.approx(ac.derivative(f, 3)(0.7), rel=1e-13)
    assert ac.derivative(g, 3)(0.7) == ac.derivative(f, 3)(0.7)
    assert ac.taylor(g, 0.7, 4) == ac.taylor(f, 0.7, 4)
    assert ac.jvp(g, 0.7, 2.0) == ac.jvp(f, 0.7, 2.0)
    with mp.workdps(30):
        exact = mp.diff(lambda x: mp.sin(x) * mp.exp(0.3 * x) + x**6, 0.7, 3)
    assert ac.grad(ac.grad(ac.grad(g)))(0.7) == pytest.approx(float(exact), rel=1e-12)
    both = checkpoint(lambda p: list(block(*p)))
    check_gradients(both, [0.4, -0.6])
    flat = [
        [ac.hessian(lambda p, k=k, h=h: h(p)[k])([0.4, -0.6]) for k in range(2)] for h in (both, lambda p: block(*p))
    ]
    assert np.array(flat[0]) == pytest.approx(np.array(flat[1]), rel=1e-13)
    assert ac.hvp(lambda p: both(p)[0], [0.4, -0.6], [1.0, 2.0]) == pytest.approx(
        ac.hvp(lambda p: block(*p)[0], [0.4, -0.6], [1.0, 2.0]), rel=1e-13
    )
    assert ac.jacobian(both, mode="forward")([0.4, -0.6]) == ac.jacobian(lambda p: list(block(*p)), mode="forward")(
        [0.4, -0.6]
    )


def test_gradients_by_values_from_outside_are_differentiable():
    x, w = Value(0.4), Value(1.3)
    y = checkpoint(lambda t: ac.sin(t * w) * w)(x)
    (dw,) = gradients(y, [w])
    (dwx,) = gradients(dw, [x])
    plain = ac.sin(x * w) * w
    (dwx_plain,) = gradients(gradients(plain, [w])[0], [x])
    assert dwx.data == pytest.approx(dwx_plain.data, rel=1e-14)
    assert not x.has_grad


def test_calls_nest():
    count = [0]

    def inner(x):
        count[0] += 1
        return ac.sin(x) * x

    def outer(x):
        return checkpoint(inner)(checkpoint(inner)(x) + 1.0)

    x, y = Value(0.6), Value(0.6)
    outer_result = checkpoint(outer)(x)
    assert count[0] == 2
    outer_result.backward()
    assert count[0] == 6  # twice forward, twice within the repetition, and once more each for its own gradient
    inner(inner(y) + 1.0).backward()
    assert x.grad == y.grad


def test_a_transform_inside_a_call():
    def f(x, a):
        return ac.grad(lambda t: t**3 * a)(x) + a

    assert ac.grad(checkpoint(f), (0, 1))(2.0, 5.0) == ac.grad(f, (0, 1))(2.0, 5.0) == (60.0, 13.0)


def test_a_primitive_of_ones_own_within():
    @primitive(outputs=2, partials=lambda r, t, results: [[ac.cos(t), -results[1]], [ac.sin(t), results[0]]])
    def polar(r, t):
        return r * math.cos(t), r * math.sin(t)

    f = checkpoint(lambda p: polar(*p)[0] * polar(*p)[1])
    assert np.array(ac.hessian(f)([2.0, 0.3])) == pytest.approx(np.array(ac.hessian(f.__wrapped__)([2.0, 0.3])))


def test_results_that_are_no_computation():
    x, w = Value(2.0), Value(3.0)
    a, b, c, d = checkpoint(lambda x: (x, w, 7, x * w))(x)
    assert a is x
    assert b is w
    assert (c, d.data) == (7.0, 6.0)
    assert checkpoint(lambda: 3)() == 3.0
    with ac.no_grad():
        assert checkpoint(lambda x: x * w)(x).parents == ()


def test_arguments_may_be_anything_and_are_taken_as_they_are():
    state = [Value(1.0), Value(2.0)]
    first, second = state
    y = checkpoint(lambda s, how, n, model: s[0] ** n * s[1] if how == "power" else model)(state, "power", 3, object())
    state[0] = Value(9.0)
    y.backward()
    assert (first.grad, second.grad) == (6.0, 1.0)
    array = np.array([Value(1.0), Value(2.0)], dtype=object)
    first = array[0]
    y = checkpoint(lambda a: (a * a).sum())(array)
    array[0] = Value(5.0)
    y.backward()
    assert first.grad == 2.0


def test_a_network():
    x = [0.3, -0.8]
    found = []
    for wrap in (lambda f: f, checkpoint):
        model = nn.MLP(2, [8, 8, 1], activation="tanh", seed=3)
        wrap(model)(x).backward() if wrap is checkpoint else model(x).backward()
        found.append([p.grad for p in model.parameters()])
    assert found[1] == pytest.approx(found[0], rel=1e-13)


def test_it_can_be_shown():
    x = Value(0.5)
    y = checkpoint(lambda t: ac.sin(t) * t)(x) * 2.0
    y.backward()
    assert "checkpoint" in ac.draw(y).source
    assert f"= {x.grad:.4g}" in str(ac.explain(y, x))
    once = x.grad
    found = list(ac.steps(y))
    assert [step.node.op for step in found if step.kind == "backward"] == ["*", "checkpoint"]
    assert found[-1].after == pytest.approx(once, rel=1e-15)


def test_each_output_can_be_shown():
    x, w = Value(0.5), Value(2.0)
    a, b = checkpoint(lambda t: (ac.sin(t) * w, t * w))(x)
    y = a * b
    y.backward()
    products = [step for step in ac.steps(y) if step.kind == "backward"]
    assert len(products) == 6
    assert sum(step.local_derivative * step.upstream for step in products if step.parent is w) == w.grad / 2
    assert "the sum over 2 paths" in str(ac.explain(y, x))
