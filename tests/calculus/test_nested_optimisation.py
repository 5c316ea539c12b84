"""Derivatives of optimisers that follow derivatives give the published answers, in all four pairs of modes."""

from __future__ import annotations

import functools

import mpmath as mp
import pytest

from autograd_core import Value, grad, jacobian, vjp
from tests.support.nested_optimisation import MODES, PARTICLE, SADDLE, argmin, landing, particle, saddle

PAIRS = [(outer, inner) for outer in MODES for inner in MODES]
in_all_pairs = pytest.mark.parametrize(("outer", "inner"), PAIRS, ids=["".join(pair) for pair in PAIRS])


@pytest.mark.long
@in_all_pairs
def test_the_particle_lands_where_published(outer, inner):
    assert particle(MODES[outer], MODES[inner], 0.0) == pytest.approx(PARTICLE, rel=1e-13)


@pytest.mark.long
@in_all_pairs
def test_the_saddle_is_where_published(outer, inner):
    assert saddle(MODES[outer], MODES[inner], [1.0, 1.0]) == [SADDLE] * 4


@in_all_pairs
def test_the_saddle_from_a_longer_first_step(outer, inner):
    """The same program in a tenth of the time, against the same descent with gradients written by hand."""
    by_hand = argmin(lambda p: p[0] ** 2 + p[1] ** 2, [1.0, 1.0], lambda f: lambda p: [2.0 * x for x in p], 0.1)
    found = saddle(MODES[outer], MODES[inner], [1.0, 1.0], step=0.1)
    assert all(type(x) is float for x in found)
    assert found == pytest.approx(by_hand * 2, rel=1e-12)
    assert found == pytest.approx([0.0] * 4, abs=1e-5)


@functools.cache
def slope_of_landing(w):
    """By mpmath: central differences at 60 digits, with the force written by hand."""

    def landed(w):
        charges = [(mp.mpf(10), 10 - w), (mp.mpf(10), mp.mpf(0))]
        step = mp.mpf(0.1)
        (x, y), (u, v) = (mp.mpf(0), mp.mpf(8)), (mp.mpf(0.75), mp.mpf(0))
        while y + step * v > 0:
            cubes = [mp.hypot(x - a, y - b) ** 3 for a, b in charges]
            push = sum((x - a) / c for (a, _), c in zip(charges, cubes, strict=True))
            lift = sum((y - b) / c for (_, b), c in zip(charges, cubes, strict=True))
            x, y, u, v = x + step * u, y + step * v, u + step * push, v + step * lift
        return (x - y / v * u) ** 2

    with mp.workdps(60):
        h = mp.mpf("1e-20")
        return float((landed(w + h) - landed(w - h)) / (2 * h))


@in_all_pairs
@pytest.mark.parametrize("w", [0.0, PARTICLE])
def test_the_slope_of_the_landing(outer, inner, w):
    (found,) = MODES[outer](lambda p: landing(p[0], MODES[inner]))([w])
    assert type(found) is float
    assert found == pytest.approx(slope_of_landing(w), rel=1e-12, abs=1e-10)


def test_the_published_answer_ends_the_descent():
    """Its program stops when the gradient is short, or a step is: near a minimum of f = g² the slope is 2 g g'."""
    assert abs(slope_of_landing(PARTICLE)) < 1e-2
    assert slope_of_landing(PARTICLE - 1e-3) < 0.0 < slope_of_landing(PARTICLE + 1e-3)


@pytest.mark.parametrize(
    "inner",
    [
        lambda f, x: grad(f)(x),
        lambda f, x: jacobian(lambda p: [f(p[0]), p[0] ** 3])([x])[0][0],
        lambda f, x: jacobian(lambda p: [f(p[0]), p[0] ** 3], mode="forward")([x])[0][0],
        lambda f, x: vjp(f, x)[1](1.0),
    ],
    ids=["grad", "jacobian", "forward jacobian", "vjp"],
)
def test_a_derivative_of_a_derivative_is_a_float(inner):
    """d/dw of w d/dx (x² w) is 4 x w; a number of the inner transform is no Value from outside."""
    found = grad(lambda w: w * inner(lambda x: x * x * w, 3.0))(2.0)
    assert type(found) is float
    assert found == 24.0
    outside = Value(2.0)
    kept = grad(lambda w: w * inner(lambda x: x * x * w * outside, 3.0))(2.0)
    kept.backward()
    assert (kept.data, outside.grad) == (48.0, 24.0)
