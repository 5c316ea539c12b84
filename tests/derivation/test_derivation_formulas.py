"""The formulas of whole derivations: those of the seed documents, and of random graphs."""

from __future__ import annotations

import math
import random
import re

import pytest

import autograd_core as ac
import nn
from autograd_core import Value, explain
from tests.support.written import read_back

x1, x2 = 0.6, -1.1


def network(form):
    """2-2-2 with sigmoids in the hidden layer, and cross-entropy in several forms; the names of the outputs."""
    rng = random.Random(0)
    W = [Value(rng.uniform(-1, 1), f"W{k}") for k in range(9)]
    b = [Value(rng.uniform(-1, 1), f"b{k}") for k in range(5)]
    y1, y2 = Value(0.8), Value(0.3)
    a1 = ac.sigmoid(W[1] * x1 + W[2] * x2 + b[1])
    a2 = ac.sigmoid(W[3] * x1 + W[4] * x2 + b[2])
    z3, z4 = W[5] * a1 + W[6] * a2 + b[3], W[7] * a1 + W[8] * a2 + b[4]
    p1, p2 = ac.sigmoid(z3), ac.sigmoid(z4)
    p = ac.softmax([z3, z4])
    E = {
        "nn": lambda: 2 * nn.binary_cross_entropy_with_logits([z3, z4], [y1, y2]),
        "softplus": lambda: ac.softplus(z3) - y1 * z3 + ac.softplus(z4) - y2 * z4,
        "p and log": lambda: (
            -(y1 * ac.log(p1) + (1 - y1) * ac.log(1 - p1) + y2 * ac.log(p2) + (1 - y2) * ac.log(1 - p2))
        ),
        "0 and 1": lambda: 2 * nn.binary_cross_entropy_with_logits([z3, z4], [1, 0]),
        "softmax": lambda: nn.cross_entropy([z3, z4], 0),
        "logsumexp": lambda: ac.logsumexp([z3, z4]) - z3,
    }[form]()
    return explain(E, W[5]), explain(E, W[1]), {"p1": p1.data, "p2": p2.data, "p": [v.data for v in p]}


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("nn", "p1 - y1", "p2 - y2"),
        ("softplus", "p1 - y1", "p2 - y2"),
        ("p and log", "p1 - y1", "p2 - y2"),
        ("0 and 1", "p1 - 1", "p2"),
        ("softmax", "p[0] - 1", "p[1]"),
        ("logsumexp", "p[0] - 1", "p[1]"),
    ],
)
def test_cross_entropy_comes_to_p_minus_y(form, first, second):
    """Seed 002: dE/dW5 = (p1 - y1) a1, and dE/dW1 is the sum over both outputs."""
    W5, W1, numbers = network(form)
    delta = second if re.fullmatch(r"[\w\[\]]+", second) else f"({second})"
    assert str(W5.formula) == f"({first}) · a1"
    sums = {f"(({first})·W5 + {delta}·W7)", f"({delta}·W7 + ({first})·W5)"}
    assert str(W1.formula) in {f"0.6 · {s} · a1 · (1 - a1)" for s in sums}
    named = {name: v.data for v, name in [(v, W1.names[id(v)]) for path in W1.paths for v in path.nodes]}
    rng = random.Random(0)
    weights = {f"W{k}": rng.uniform(-1, 1) for k in range(9)}
    for d in (W5, W1):
        said = read_back(str(d.formula), {**named, **weights, **numbers, "y1": 0.8, "y2": 0.3})
        assert said == pytest.approx(d.total, rel=1e-12)
        assert f"in all: {d.formula} = " in str(d)


def test_the_deltas_of_a_network_with_a_squared_error():
    """Seed 000: delta_2 = (ŷ - y) ŷ (1 - ŷ) = 0.04767 and delta_1 = delta_2 W2 a1 (1 - a1) = 0.00450."""
    X = (1.0, 2.0)
    W1, b1 = [[Value(0.5), Value(0.6)], [Value(0.7), Value(0.8)]], [Value(0.1), Value(0.2)]
    W2, b2 = [Value(0.9), Value(0.1)], Value(0.3)
    z1 = [X[0] * W1[0][j] + X[1] * W1[1][j] + b1[j] for j in range(2)]
    a1 = [ac.sigmoid(z) for z in z1]
    z2 = a1[0] * W2[0] + a1[1] * W2[1] + b2
    y_hat = ac.sigmoid(z2)
    L = (y_hat - 0.5) ** 2 / 2
    delta2, delta1, weight = explain(L, z2), explain(L, z1[0]), explain(L, W1[1][0])
    assert str(delta2.formula) == "(y_hat - 0.5) · y_hat · (1 - y_hat)"
    assert str(delta1.formula) == "(y_hat - 0.5) · y_hat · (1 - y_hat) · W2[0] · a1[0] · (1 - a1[0])"
    assert str(weight.formula) == "2 · (y_hat - 0.5) · y_hat · (1 - y_hat) · W2[0] · a1[0] · (1 - a1[0])"
    assert [round(d.total, 5) for d in (delta2, delta1, weight)] == [0.04767, 0.0045, 0.00901]
    assert r"\hat{y} \cdot \left(1 - \hat{y}\right)" in delta2._repr_latex_()


def test_the_deltas_of_a_network_with_several_outputs():
    """Seed 004: delta_k = (o - t) o (1 - o), delta_j = h (1 - h) times the sum of delta_k w_jk."""
    w1, w2, b = Value(0.4), Value(-0.7), Value(0.1)
    z = Value(0.3) * 1.5 + b
    h = ac.sigmoid(z)
    o1, o2 = ac.sigmoid(w1 * h), ac.sigmoid(w2 * h)
    t1, t2 = Value(1.0), Value(0.0)
    L = ((t1 - o1) ** 2 + (t2 - o2) ** 2) / 2
    one, two = "(o1 - t1)·o1·(1 - o1)·w1", "(o2 - t2)·o2·(1 - o2)·w2"
    assert str(explain(L, w1).formula) == "(o1 - t1) · o1 · (1 - o1) · h"
    assert str(explain(L, z).formula) in {f"({one} + {two}) · h · (1 - h)", f"({two} + {one}) · h · (1 - h)"}


@pytest.mark.parametrize("seed", range(60))
def test_the_whole_formula_is_true_on_random_graphs(seed):
    rng = random.Random(seed)
    a, b, c = (Value(rng.uniform(0.2, 1.5), name) for name in "abc")
    values = [a, b, c]
    kinds = [
        lambda u, v: u * v,
        lambda u, v: u - v,
        lambda u, v: u / (v * v + 1),
        lambda u, v: ac.tanh(u),
        lambda u, v: ac.sigmoid(u) * v,
        lambda u, v: ac.logsumexp([u, v]),
        lambda u, v: ac.exp(u * 0.3) ** 2,
        lambda u, v: ac.relu(u - v) + ac.log(u * u + 1),
    ]
    for _ in range(3):
        values.append(rng.choice(kinds)(rng.choice(values[-2:]), rng.choice(values)))
    y = values[-1]
    for x in (a, b, c):
        d = explain(y, x)
        if d.formula is not None:
            nodes = {v for path in d.paths for v in path.nodes} | set(d.formulas.defined) | {a, b, c}
            names = {d.names[id(v)]: v.data for v in nodes if id(v) in d.names}
            names["values"] = [v.data for v in values]
            assert read_back(str(d.formula), names) == pytest.approx(d.total, rel=1e-3, abs=1e-12)
        for path in d.paths:
            for f, factor in zip(d.symbols(path), path.factors, strict=True):
                assert f is None or f.number == pytest.approx(factor, rel=1e-9, abs=1e-12)


def test_a_leaf_that_was_assigned_since_leaves_no_formula():
    x = Value(2.0)
    y = x**3
    x.data = 5.0
    assert explain(y, x).formula is None
    assert str(explain(y, x)) == "∂y/∂x = 12:\n  ∂y/∂x = 12"


def test_an_operand_without_a_name_gets_one_if_it_is_long():
    a, b, w = Value(0.5), Value(0.25), Value(2.0)
    y = w * (ac.sin(a * b) + ac.cos(a + b) * a)
    assert str(explain(y, w)) == "∂y/∂w = 0.4905:\n  ∂y/∂w = v1 = 0.4905\nwith v1 = 0.1247 + 0.3658 = 0.4905"
    y = w * ac.sin(a * b)
    assert str(explain(y, w)) == "∂y/∂w = 0.1247:\n  ∂y/∂w = sin(a·b) = 0.1247"


def test_a_network_of_nn():
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    E = nn.half_squared_error_loss(model([0.5, -1.0]), 1.0)
    d = explain(E, model.layers[1].neurons[0].b)
    assert str(d.formula) == "v2"
    assert "v2 = v3 - 1" in str(d)


def test_a_rule_of_ones_own_is_written_too():
    @ac.primitive(partials=lambda x, y: (1 - x**2) / (1 + x**2) ** 2 if x > 0 else 0.0 * x)
    def bump(x):
        return x / (1 + x * x)

    @ac.primitive(partials=lambda x, y: math.cos(x))
    def sine(x):
        return math.sin(x)

    a, b, zero = Value(0.5), Value(-0.5), Value(0.0)
    assert str(explain(bump(a), a).formula) == "(1 - a²)/(1 + a²)²"
    assert str(explain(bump(b), b)) == "∂y/∂b = 0:\n  ∂y/∂b = 0"
    y = sine(a)
    assert explain(y, a).formula is None
    assert str(explain(y, a)) == "∂y/∂a = 0.8776:\n  ∂y/∂a = 0.8776"
    assert str(explain(zero * a, a).formula) == "zero"
