"""Formulas are true: what they say, read back as Python, gives the numbers of the table."""

from __future__ import annotations

import math
import random
import re

import pytest

import autograd_core as ac
import nn
from autograd_core import Value, explain
from autograd_core.derivation.expression import LONGEST, Atom
from autograd_core.derivation.formula import Formula
from autograd_core.derivation.formula_latex import latex, latex_name
from autograd_core.derivation.formula_text import text
from autograd_core.rules.kinds import Pairing
from autograd_core.rules.table import TABLE

FUNCTIONS = {
    **{name: row for name, row in TABLE.items() if row.arity},
    "σ": ac.sigmoid,
    "softmax": lambda *xs: ac.softmax(list(xs)),
}


def read_back(written: str, names: dict[str, float]) -> float:
    """What a formula comes to, by Python's own parser."""
    for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹"):
        written = written.replace(digit, f"**{i}")
    part = r"((?:[^\[\]]|\[\d+\])+)"  # which may have a place in a list, values[3]
    written = re.sub(rf"\[{part} > {part}\]", r"float(\1 > \2)", written.replace("·", "*"))
    return eval(written, {**FUNCTIONS, **names})


def symbols(**numbers: float) -> list[Formula]:
    return [Formula.of_atom(Atom(name, x, name=name), {}) for name, x in numbers.items()]


def said(f: Formula, **how: bool) -> str:
    return text(f.expression, **how)


def partials(row, seed):
    """The operands of a row, its partials as floats and as formulas."""
    rng = random.Random(seed)
    count = row.arity or (4 if isinstance(row, Pairing) else 3)
    low = 1.1 if row.name == "acosh" else 0.1
    numbers = dict(zip("uvwx", (rng.uniform(low, low + 0.8) for _ in range(count)), strict=False))
    if row.name == "polygamma":
        numbers["u"] = 2.0
    data = row.evaluate(list(numbers.values()))
    active = [True] * count
    floats = row.linearize(list(numbers.values()), data, active)
    names = {**numbers, "y": data}
    *operands, result = symbols(**names)
    return names, floats, row.linearize(operands, result, active)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_partial_of_the_table_says_what_it_gives(name):
    for seed in range(5):
        names, floats, formulas = partials(TABLE[name], seed)
        for exact, f in zip(floats, formulas, strict=True):
            if exact is None:
                assert f is None or f == 0.0
                continue
            value = read_back(said(f), names) if isinstance(f, Formula) else f
            digits = 5e-4 if re.search(r"\d\.\d{3}", str(f)) else 1e-12  # constants are shown with four
            assert value == pytest.approx(exact, rel=digits, abs=1e-12, nan_ok=True), f"{name}: {f}"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_partial_is_latex(name):
    from matplotlib.mathtext import MathTextParser

    for f in partials(TABLE[name], 0)[2]:
        if isinstance(f, Formula):
            for numbers in (False, True):
                MathTextParser("agg").parse(f"${latex(f.expression, numbers=numbers)}$")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("multiply", ["v", "u"]),
        ("divide", ["1/v", "-y/v"]),
        ("square", ["2·u"]),
        ("tanh", ["1 - tanh(u)²"]),
        ("sigmoid", ["y·(1 - σ(u))"]),
        ("exp", ["y"]),
        ("relu", ["[u > 0]"]),
        ("atan", ["1/(1 + u²)"]),
        ("atan2", ["v/(u² + v²)", "-u/(u² + v²)"]),
        ("logsumexp", [f"softmax(u, v, w)[{i}]" for i in range(3)]),
    ],
)
def test_as_people_write_it(name, written):
    assert [said(f) for f in partials(TABLE[name], 0)[2]] == written


def test_simplified():
    p, y, w = symbols(p=0.25, y=1.0, w=-2.0)
    assert said(p + p) == "2·p"
    assert said(p * p * p) == "p³"
    assert said(0.5 * (2.0 * (p - y)) * -1.0) == "y - p"
    assert said(-(y - p) * w) == "(p - y)·w"
    assert said(-y * (1.0 - p) + (1.0 - y) * p) == "p - y"
    assert said(p * (1.0 - p)) == "p·(1 - p)"
    assert said((ac.reciprocal(p) * y - w) * p) == "y - w·p"
    assert said(p - p) == "0"
    assert said((p - y) * w, numbers=True, spaced=True) == "(0.25 - 1) · (-2)"


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


def test_x_over_x_stays_where_it_is_not_1():
    (x,) = symbols(x=0.0)
    assert said(ac.reciprocal(x) * x) == "x/x"
    assert math.isnan((ac.reciprocal(x) * x).number)


def test_what_is_long_is_not_kept():
    many = symbols(**{f"x{i}": float(i) for i in range(LONGEST + 1)})
    whole = sum(many[1:], start=many[0])
    assert whole.expression.terms is None
    assert whole.number == sum(range(LONGEST + 1))
    assert (whole * many[0]).expression.terms is None
    assert str(whole) == "..."


def test_names_as_latex():
    assert latex_name("W5") == "W_{5}"
    assert latex_name("p[0]") == "p_{0}"
    assert latex_name("W1[0][1]") == "W_{1, 0, 1}"
    assert latex_name("y_hat") == r"\hat{y}"
    assert latex_name("a_b") == r"\text{a}\_\text{b}"


# The networks of the seed documents.

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


# In derivations.


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
