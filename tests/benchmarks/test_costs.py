"""The cheap gradient principle, counted."""

from __future__ import annotations

import doctest
import sys

import pytest

import autograd_core as ac
from autograd_core import Value, primitive
from autograd_core.engine.graph import topological_order
from autograd_core.errors import ArgumentError
from autograd_core.rules.table import TABLE
from tests.support import ROOT
from tests.support.domains import DOMAINS

sys.path.insert(0, str(ROOT / "benchmarks"))
import cheap_gradient
import costs
from costs import Cost, cost_of_partials, cost_of_value, operations

BEYOND = {"maximum", "minimum", "clip", "prod", "identity"}
"""Their partials cost more: a tie is shared between two sides, and a product is safe where a factor is 0. The value
of identity costs nothing."""


@pytest.mark.parametrize("program", list(cheap_gradient.PROGRAMS))
def test_the_gradient_of_the_benchmarks_costs_five_times_the_function_at_most(program):
    cost = cheap_gradient.measure(program)
    assert cost.function > 20_000
    assert 2.0 < cost.ratio <= 5.0


def test_every_row_has_a_cost():
    """A number where the operands are of a fixed number, else a function of how many there are."""
    for row in TABLE.values():
        assert isinstance(row.cost, int) if row.arity else callable(row.cost), row


@pytest.mark.parametrize("name", sorted(set(TABLE) - BEYOND))
def test_each_row_keeps_the_principle_by_itself(name):
    """So every program of them does, whatever it is."""
    row = TABLE[name]
    for operands in DOMAINS[name].samples(f"{name}, counted", 20):
        if row.arity or len(operands) > 1:  # the sum of one number costs nothing
            cost = operations([row.apply(tuple(Value(x) for x in operands))])
            assert cost.gradient <= 5 * cost.function


def test_costs_by_hand():
    x, y = Value(2.0), Value(3.0)
    assert operations([x * y]) == Cost(1, 1 + 2 * 2)
    assert operations([x * 2.0]) == Cost(1, 1 + 2)
    assert operations([x / y]) == Cost(4, 4 + (4 + 4 + 1) + 2 * 2)
    assert operations([ac.exp(x)]) == Cost(20, 20 + 2)
    assert operations([ac.log(x)]) == Cost(20, 20 + 4 + 2)
    assert operations([x**3]) == Cost(40, 40 + (1 + 40) + 2)
    assert operations([ac.dot([x, y], [y, 4.0])]) == Cost(3, 3 + 3 * 2)
    assert operations([ac.where(x > 1.0, x, y)]) == Cost(1, 1 + 2)
    assert operations([ac.relu(x)]) == Cost(1, 1 + 1 + 2)
    square = x * x
    assert operations(topological_order(square + y)) == Cost(2, 10)
    assert operations(topological_order(ac.sqrt(square) - 1.0)).ratio == pytest.approx((5 + 4 + 4 + 2 + 1 + 2) / 6)


def test_partials_are_counted_as_they_are_written():
    x = Value(0.5)
    assert cost_of_partials(ac.tanh(x)) == TABLE["sech"].cost + TABLE["square"].cost
    assert cost_of_partials(ac.sigmoid(x)) == 1 + TABLE["sigmoid"].cost + 1
    assert cost_of_partials(x + x) == 0
    assert cost_of_partials(ac.logsumexp([x, 1.0])) == 1 + 2 * 21 + 1 + 2 * 4  # the peak, exp(x - peak), a sum


def test_the_example_in_the_docstring():
    assert doctest.testmod(costs) == (0, 4)


def test_a_row_that_is_not_of_the_table():
    rule = primitive(partials=(lambda x, y: 1.0,), name="exp")(lambda x: x)
    with pytest.raises(ArgumentError, match="exp does not say what its value costs"):
        cost_of_value(rule, 1)
