"""What implicit refuses, and what it leaves behind."""

from __future__ import annotations

import gc
import math

import pytest

import autograd_core as ac
from autograd_core import Value, gradients, implicit
from autograd_core.errors import (
    ArgumentError,
    DomainError,
    GraphError,
    NotAScalarError,
    ShapeError,
)


def test_no_solution():
    a = Value(2.0)
    with pytest.raises(DomainError, match=r"residual at z is 0.25, .*step from z is 0.0833 long") as caught:
        implicit(lambda z: z * z - a, 1.5)
    assert "Solve more exactly" in str(caught.value)
    a = Value(2.2475)
    assert implicit(lambda z: z * z - a, 1.5, rtol=1e-2).data == 1.5
    with pytest.raises(DomainError, match="no solution"):
        implicit(lambda z: z - a, math.nan)
    with pytest.raises(DomainError, match="no solution"):
        implicit(lambda z: ac.log(z) - a, -1.0)


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e12])
def test_the_residuals_unit_does_not_matter(scale):
    a = Value(2.0)
    implicit(lambda z: scale * (z * z - a), math.sqrt(2.0))
    with pytest.raises(DomainError):
        implicit(lambda z: scale * (z * z - a), 1.4142)


def test_singular_equations():
    a = Value(1.0)
    with pytest.raises(DomainError, match=r"singular: \[\[0.0\]\].*a double root"):
        implicit(lambda z: z * z - 2.0 * a * z + a * a, 1.0)
    with pytest.raises(DomainError, match="singular"):
        implicit(lambda z: [z[0] + z[1] - a, 2.0 * z[0] + 2.0 * z[1] - 2.0 * a], [0.5, 0.5])
    with pytest.raises(DomainError, match="singular"):
        implicit(lambda z: a - 1.0, 1.0)


def test_bad_calls():
    a = Value(1.0)
    with pytest.raises(ShapeError, match="1 numbers for the 2 in z"):
        implicit(lambda z: z[0] - a, [1.0, 2.0])
    with pytest.raises(ArgumentError, match="takes a function"):
        implicit(a, 1.0)
    with pytest.raises(NotAScalarError, match="the residual"):
        implicit(lambda z: "no", 1.0)
    with pytest.raises(NotAScalarError, match="z"):
        implicit(lambda z: z, "1.0")


def test_a_leaf_that_was_assigned_since():
    a = Value(2.0)
    z = implicit(lambda z: z * z - a, math.sqrt(2.0))
    a.data = 3.0
    with pytest.raises(GraphError, match="assigned after"):
        gradients(z, [a])
    assert z.primitive.evaluate([3.0]) == pytest.approx(math.sqrt(3.0), rel=1e-14)
    assert math.isnan(z.primitive.evaluate([-3.0]))


def test_nothing_is_left_for_the_garbage_collector():
    a = Value(2.0)

    def work():
        z = implicit(lambda z: [z[0] * z[0] - a, z[1] * z[0] - a], [math.sqrt(2.0), math.sqrt(2.0)])
        (z[0] * z[1]).backward()
        gradients(z[0], [a])

    work()
    gc.collect()
    gc.disable()
    try:
        work()
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_solution_without_numbers():
    with pytest.raises(NotAScalarError, match="takes a solution of at least one number, got None"):
        implicit(lambda z: z, None)
