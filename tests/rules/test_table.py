"""Every row of the table against mpmath, over its whole domain; and what else follows from a row."""

from __future__ import annotations

import ast
import doctest
import math
import struct
from functools import partial
from pathlib import Path
from random import Random

import mpmath as mp
import numpy as np
import pytest

import autograd_core as ac
from autograd_core import Value
from autograd_core.rules import table as primitives
from autograd_core.rules.kinds import Unary, WithDefault
from autograd_core.rules.rows import Primitive
from autograd_core.rules.table import TABLE
from tests.support.accuracy import DIGITS, between, error, mismatches, mix, spread
from tests.support.domains import DOMAINS
from tests.support.exact import log_soft_max, log_sum_exp, shift, soft_max

SAMPLES = 250
UNARY = sorted(name for name, row in TABLE.items() if isinstance(row, Unary))
PUBLIC = sorted(name for name, row in TABLE.items() if getattr(ac, name, None) is row)


def bits(x: float) -> bytes:
    return b"nan" if math.isnan(x) else struct.pack("<d", x)


# Values and partials.


def test_every_primitive_has_a_domain_and_every_domain_a_primitive():
    assert set(DOMAINS) == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_values_and_partials(name):
    samples = DOMAINS[name].samples(name, SAMPLES)
    assert mismatches(TABLE[name], DOMAINS[name], samples) == []


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(TABLE))
def test_values_and_partials_at_many_more_points(name):
    samples = DOMAINS[name].samples(f"{name}, many", 20 * SAMPLES)
    assert mismatches(TABLE[name], DOMAINS[name], samples) == []


SLOPES = [
    (name, k)
    for name, row in sorted(TABLE.items())
    for k, rule in enumerate(row.partials if row.arity else [row.partials])
    if rule is not None and name not in ("peak", "sign")  # their slope is 0 everywhere
]


def planted(row: Primitive, k: int, change) -> object:
    """The row's partials with the k-th one changed."""
    rules = row.partials if row.arity else [row.partials]

    def wrong(*args):
        right = rules[k](*args)
        return right if right is None else [change(d) for d in right] if isinstance(right, list) else change(right)

    return wrong if not row.arity else tuple(wrong if i == k else rule for i, rule in enumerate(rules))


@pytest.mark.parametrize(("name", "k"), SLOPES)
@pytest.mark.parametrize("change", [lambda d: 1.0005 * d, lambda d: -d], ids=["off by 0.05 %", "wrong sign"])
def test_a_wrong_partial_is_found(monkeypatch, name, k, change):
    row, domain = TABLE[name], DOMAINS[name]
    monkeypatch.setattr(row, "partials", planted(row, k, change))
    found = mismatches(row, domain, domain.samples(name, 40))
    assert any(f"partial {k}" in line or not row.arity for line in found)


@pytest.mark.parametrize("name", sorted(set(TABLE) - {"greater", "is_zero", "peak"}))
def test_a_wrong_value_is_found(monkeypatch, name):
    row, domain = TABLE[name], DOMAINS[name]
    right = row.value
    monkeypatch.setattr(row, "value", lambda *xs: 1.0005 * right(*xs))
    assert any("value" in line for line in mismatches(row, domain, domain.samples(name, 40)))


# Functions made of several rows.

LOGITS = mix(between(-1000.0, 1000.0), between(-5.0, 5.0), spread(-60, 10))


def composite_mismatches(function, exact, jacobian, ulps, slope_ulps, count):
    """`jacobian` returns one row for each result, of (slope, magnitude of its terms)."""
    rng, wrong = Random(1), []
    for _ in range(count):
        data = [LOGITS(rng) for _ in range(rng.randint(1, 5))]
        xs = [Value(x) for x in data]
        results = function(xs)
        assert [y.data for y in results] == function(data)
        with mp.workdps(DIGITS):
            points = [mp.mpf(x) for x in data]
            rows = zip(results, exact(*points), jacobian(*points), strict=True)
            for y, (value, scale), slopes in rows:
                for x in xs:
                    x.grad = 0.0
                y.backward()
                off = [error(y.data, value, scale) / ulps]
                off += [error(x.grad, d, terms) / slope_ulps for x, (d, terms) in zip(xs, slopes, strict=True)]
                if max(off) > 1:
                    wrong.append((data, off))
    return wrong


def rounding(xs):
    """How much exp magnifies the rounding of x - max(xs)."""
    return [1 + max(xs) - x for x in xs]


def softmax_jacobian(*xs):
    p, r = soft_max(*xs), rounding(xs)
    return [
        [((a if i == j else 0) - a * b, a * max(r[i], r[j])) for j, b in enumerate(p)] for i, a in enumerate(p)
    ]  # fmt: skip


def log_softmax_jacobian(*xs):
    p, r = soft_max(*xs), rounding(xs)
    return [[((1 if i == j else 0) - b, max(int(i == j), b * r[j])) for j, b in enumerate(p)] for i in range(len(xs))]


COMPOSITES = {
    "softmax": (
        ac.softmax, lambda *xs: [(p, p * r) for p, r in zip(soft_max(*xs), rounding(xs), strict=True)],
        softmax_jacobian, 2, 4,
    ),
    "log_softmax": (
        ac.log_softmax, lambda *xs: [(y, shift(*xs)) for y in log_soft_max(*xs)], log_softmax_jacobian, 2, 4,
    ),
    "mean": (
        lambda xs: [ac.mean(xs)], lambda *xs: [(mp.fsum(xs) / len(xs), 0)],
        lambda *xs: [[(mp.mpf(1) / len(xs), 0) for _ in xs]], 1.5, 0.5,
    ),
    "cross-entropy": (
        lambda xs: [ac.logsumexp(xs) - xs[0]],
        lambda *xs: [(log_sum_exp(*xs) - xs[0], max(abs(xs[0]), abs(max(xs)), shift(*xs)))],
        lambda *xs: [[(b - (1 if j == 0 else 0), max(int(j == 0), b * r)) for j, (b, r) in
                      enumerate(zip(soft_max(*xs), rounding(xs), strict=True))]], 2, 4,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPOSITES)
def test_composites(name):
    assert composite_mismatches(*COMPOSITES[name], SAMPLES) == []


@pytest.mark.long
@pytest.mark.parametrize("name", COMPOSITES)
def test_composites_at_many_more_points(name):
    assert composite_mismatches(*COMPOSITES[name], 20 * SAMPLES) == []


# On floats, on Values, as functions, as methods, by NumPy: one result.


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_value_gives_what_a_float_gives(name):
    row = TABLE[name]
    for operands in DOMAINS[name].samples(f"{name}, values", 50):
        if not operands:
            continue
        y = row.apply(tuple(map(Value, operands)))
        assert bits(y.data) == bits(row.evaluate(operands)) == bits(row.apply(tuple(operands)))
        slopes = row.linearize(operands, y.data, [True] * len(operands))
        assert [bits(d) for d in y.local_derivatives] == [bits(d) for d in slopes if d is not None]


@pytest.mark.parametrize("name", sorted(TABLE))
def test_an_operand_may_be_constant(name):
    row = TABLE[name]
    for operands in DOMAINS[name].samples(f"{name}, constants", 20):
        everything = row.linearize(operands, row.evaluate(operands), [True] * len(operands))
        for k in range(len(operands)):
            mixed = [Value(x) if i == k else x for i, x in enumerate(operands)]
            y = row.apply(tuple(mixed))
            assert bits(y.data) == bits(row.evaluate(operands))
            assert [bits(d) for d in y.local_derivatives] == [bits(d) for d in everything[k : k + 1] if d is not None]


BY_OPERATORS = {"sign", "square", "negative", "reciprocal"}
"""NumPy computes these on objects by comparisons and operators, never by a method."""


@pytest.mark.parametrize("name", sorted(set(UNARY) & set(PUBLIC)))
def test_methods_and_numpy_names(name):
    row = TABLE[name]
    for (x,) in DOMAINS[name].samples(f"{name}, methods", 50):
        v = Value(x)
        expected = row(v)
        calls = [getattr(v, name), getattr(v, row.numpy_name)]
        if isinstance(getattr(np, row.numpy_name, None), np.ufunc) and name not in BY_OPERATORS:
            calls.append(partial(getattr(np, row.numpy_name), v))
        for call in calls:
            with np.errstate(all="ignore"):
                y = call()
            assert bits(y.data) == bits(expected.data) == bits(row(x))
            assert y.parents == expected.parents
            assert list(map(bits, y.local_derivatives)) == list(map(bits, expected.local_derivatives))


@pytest.mark.parametrize(("name", "ufunc"), [("atan2", np.arctan2), ("hypot", np.hypot)])
def test_methods_of_two(name, ufunc):
    row = TABLE[name]
    for a, b in DOMAINS[name].samples(f"{name}, methods", 50):
        u, v = Value(a), Value(b)
        for y in (getattr(u, name)(v), getattr(u, row.numpy_name)(v), ufunc(u, v)):
            assert bits(y.data) == bits(row(a, b))
            assert y.parents == (u, v)


def test_numpy_has_functions_of_these_names():
    assert {row.numpy_name for row in TABLE.values() if row.numpy_name != row.name} == {
        "arcsin",
        "arccos",
        "arctan",
        "arctan2",
        "arcsinh",
        "arccosh",
        "arctanh",
        "fabs",
    }
    assert all(callable(getattr(np, row.numpy_name)) for row in TABLE.values() if row.numpy_name != row.name)


def test_defaults():
    x = Value(-3.0)
    assert ac.elu(x).data == x.elu().data == ac.elu(-3.0, 1.0) == math.expm1(-3.0)
    assert ac.leaky_relu(x).data == x.leaky_relu().data == ac.leaky_relu(-3.0, 0.01) == -0.03
    assert x.elu(2.0).data == 2.0 * math.expm1(-3.0)


def test_the_declared_methods_are_those_of_the_table():
    of_two = {"atan2", "hypot"} | {name for name, row in TABLE.items() if isinstance(row, WithDefault)}
    file = Path(ac.__file__).with_name("engine") / "declared_methods.py"  # compiled classes keep no annotations
    source = file.read_text(encoding="utf-8")
    (body,) = (node.body for node in ast.parse(source).body if getattr(node, "name", "") == "DeclaredMethods")
    declared = {node.target.id: ast.unparse(node.annotation) for node in body if isinstance(node, ast.AnnAssign)}
    assert declared == {
        **dict.fromkeys(set(UNARY) & set(PUBLIC), "ClassVar[Method]"),
        **dict.fromkeys(of_two, "ClassVar[MethodOfTwo]"),
    }
    assert all(callable(getattr(Value, name)) for name in declared)


# Documentation.


@pytest.mark.parametrize("name", PUBLIC)
def test_examples_show_what_mpmath_gives(name):
    """The numbers in the examples, to their 12 decimals; that the engine gives them is the doctests' part."""
    row = TABLE[name]
    arguments, result = row.example.split(" -> ")
    flat = [x for a in eval(f"[{arguments}]") for x in (a if isinstance(a, list) else [a])]
    if isinstance(row, WithDefault) and len(flat) == 1:
        flat.append(row.default)
    with mp.workdps(DIGITS):
        exact = DOMAINS[name].value(*map(mp.mpf, flat))
        assert float(mp.nint(exact * 10**12) / 10**12) == float(result)


def test_each_example_is_a_doctest():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = {test.name.rpartition(".")[2] for test in finder.find(primitives) if test.examples}
    assert set(PUBLIC) <= found
    assert doctest.testmod(primitives).failed == 0


def test_each_row_says_what_it_is():
    for name, row in TABLE.items():
        assert row.__doc__.split("\n")[0].endswith((".", "...")), name
        assert repr(row) == f"<primitive {name}>"
