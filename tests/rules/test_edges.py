"""Zeros, poles, kinks, infinities and nan: a value by IEEE 754, a slope as PyTorch has it, never an exception."""

from __future__ import annotations

import itertools
import math
from math import inf, nan

import pytest

import autograd_core as ac
from autograd_core import Value, gradients
from autograd_core.rules.table import TABLE
from tests.support.edges import EDGES


def agrees(got: float | None, expected: float | None) -> bool:
    """Equal, the sign of a 0 in a value aside; finite numbers that are not written exactly may be off by 4 ulp."""
    if got is None or expected is None:
        return got is expected
    if math.isnan(got) or math.isnan(expected):
        return math.isnan(got) and math.isnan(expected)
    return got == expected or math.isclose(got, expected, rel_tol=4 * 2.0**-52)


@pytest.mark.parametrize(("name", "operands", "value", "partials"), EDGES)
def test_edges(name, operands, value, partials):
    row = TABLE[name]
    y = row.evaluate(operands)
    assert agrees(y, value)
    if value == 0.0 and name not in ("gelu", "silu", "asin", "norm", "lgamma"):
        assert math.copysign(1.0, y) == math.copysign(1.0, value)
    slopes = row.linearize(operands, y, [True] * len(operands))
    assert len(slopes) == len(partials)
    assert all(map(agrees, slopes, partials)), slopes


@pytest.mark.parametrize(("name", "operands", "value", "partials"), [edge for edge in EDGES if edge[1]])
def test_edges_on_values(name, operands, value, partials):
    """What reaches the operands by backward(), and by gradients(), whose slopes are computed on Values."""
    xs = [Value(x) for x in operands]
    y = TABLE[name].apply(tuple(xs))
    slopes = gradients(y, xs)
    y.backward()
    assert agrees(y.data, value)
    for x, slope, partial in zip(xs, slopes, partials, strict=True):
        assert agrees(x.grad, partial or 0.0)
        if (name, operands) not in [("power", (5e-324, 0.0)), ("power", (nan, 0.0))]:  # there only floats are careful
            assert agrees(slope.data, partial or 0.0)


def test_every_row_has_edges():
    assert {name for name, *_ in EDGES} == set(TABLE)


# fmt: off
SPECIAL = [
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 1 / 3, -8.0, inf, -inf, nan, 5e-324, -5e-324, 1e-310,
    1.7976931348623157e308, -1.7976931348623157e308, 1e200, -1e-200, 20.0, 27.3, 38.5, -38.5, 171.5, 709.9, -745.2,
    1000.0, -1000.0, 2.0**53, -(2.0**52) - 1, 1e16,
]
# fmt: on


@pytest.mark.parametrize("name", sorted(TABLE))
def test_no_operand_raises(name):
    """Neither the value nor the slopes on floats, nor those on Values, twice."""
    row = TABLE[name]
    count = row.arity or 2
    for operands in itertools.product(SPECIAL if count < 3 else SPECIAL[:16], repeat=count):
        y = row.evaluate(operands)
        slopes = row.linearize(operands, y, [True] * count)
        assert type(y) is float
        assert all(d is None or type(d) is float for d in slopes)
        if count < 3:
            xs = [Value(x) for x in operands]
            for slope in gradients(row.apply(tuple(xs)), xs):
                gradients(slope, xs)


# What design and users ask for, said in their own words.


def test_where_lets_nothing_through_from_the_other_side():
    x = Value(0.0)
    y = ac.where(x > 0, ac.sqrt(x), 0.0)
    y.backward()
    assert (y.data, x.grad) == (0.0, 0.0)
    x = Value(0.0)
    (slope,) = gradients(ac.where(x > 0, ac.log(x) * ac.sqrt(x), x), [x])
    assert slope.data == 1.0
    for upstream in (inf, nan):
        a, b = Value(1.0), Value(2.0)
        (ac.where(False, a, b) * upstream).backward()
        assert a.grad == 0.0
        assert b.grad == upstream or math.isnan(upstream)


def test_where_takes_a_condition_of_any_kind():
    a, b = Value(1.0), Value(2.0)
    for condition in (True, 1, 2.5, Value(1.0), a < b):
        assert ac.where(condition, a, b).data == 1.0
    for condition in (False, 0, 0.0, Value(0.0), a > b):
        assert ac.where(condition, a, b).data == 2.0


def test_a_negative_base_and_an_exponent_that_varies():
    base, exponent = Value(-2.0), Value(3.0)
    y = base**exponent
    assert y.data == -8.0
    y.backward()
    assert base.grad == 12.0
    assert math.isnan(exponent.grad)
    y = Value(-2.0) ** 3
    assert y.local_derivatives == (12.0,)


@pytest.mark.parametrize("k", [0, 0.0, -0.0])
def test_the_zeroth_power_of_zero_is_flat(k):
    x = Value(0.0)
    y = x**k
    y.backward()
    assert (y.data, x.grad) == (1.0, 0.0)
    assert gradients(x**k, [x])[0].data == 0.0


def test_a_tie_of_one_value_with_itself_passes_everything():
    x = Value(3.0)
    ac.maximum(x, x).backward()
    assert x.grad == 1.0


def test_the_gradient_of_a_norm_at_zero():
    xs = [Value(0.0), Value(0.0)]
    ac.norm(xs).backward()
    assert [x.grad for x in xs] == [0.0, 0.0]
    assert [g.data for g in gradients(ac.norm(xs), xs)] == [0.0, 0.0]
