"""Modules against their formulas in 60-digit arithmetic, and their gradients against difference quotients of these."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import mpmath as mp
import pytest

import autograd_core as ac
from autograd_core import Value

STEP = mp.mpf(10) ** -20
"""Its square, 1e-40, is what a central difference leaves; at 60 digits rounding leaves less."""

Formula = Callable[[list], Sequence]


def numbers(n: int, seed: int = 0, low: float = -2.0, high: float = 2.0) -> list[float]:
    source = random.Random(seed)
    return [source.uniform(low, high) for _ in range(n)]


def table(rows: int, columns: int, seed: int = 0) -> list[list[float]]:
    return rows_of(numbers(rows * columns, seed), columns)


def rows_of(flat: Sequence, columns: int) -> list[list]:
    return [list(flat[i : i + columns]) for i in range(0, len(flat), columns)]


def flat(nested) -> list:
    return [x for part in nested for x in flat(part)] if isinstance(nested, (list, tuple)) else [nested]


def assert_is(outputs, formula: Formula, leaves: Sequence[Value], rel: float = 1e-12, scale: float = 1.0) -> None:
    """Hold outputs to formula(the leaves' numbers), and the gradient of a random mixture of them to that of its own.

    Args:
        outputs: nested lists of Values.
        formula: from a list of mpmath numbers, one a leaf, to as many numbers as there are outputs.
        leaves: what the outputs depend on.
        rel: how far each may be off, relative to its size.
        scale: sizes below which it is relative to this.
    """
    found = flat(outputs)
    with mp.workdps(60):
        points = [mp.mpf(leaf.data) for leaf in leaves]
        exact = list(formula(points))
        assert len(found) == len(exact)
        assert [y.data for y in found] == pytest.approx([float(y) for y in exact], rel=rel, abs=rel * scale)
        shares = numbers(len(found), seed=len(found), low=0.5, high=1.5)
        shares = [s if i % 2 else -s for i, s in enumerate(shares)]

        def mixture(xs: list) -> mp.mpf:
            return mp.fsum(s * y for s, y in zip(shares, formula(xs), strict=True))

        slopes = []
        for i in range(len(points)):
            sides = [[x + sign * STEP if j == i else x for j, x in enumerate(points)] for sign in (1, -1)]
            slopes.append(float((mixture(sides[0]) - mixture(sides[1])) / (2 * STEP)))
    for leaf in leaves:
        leaf.grad = 0.0
    ac.dot(shares, found).backward()
    assert [leaf.grad for leaf in leaves] == pytest.approx(slopes, rel=rel, abs=rel * scale)


def randomised(module, seed=3):
    """The module with a scale and a shift that are not 1 and 0."""
    source = random.Random(seed)
    for parameter in module.parameters():
        parameter.data = source.uniform(-1.5, 1.5)
    return module


def normalised(xs, eps, centre=True):
    mean = mp.fsum(xs) / len(xs) if centre else 0
    variance = mp.fsum((x - mean) ** 2 for x in xs) / len(xs)
    return [(x - mean) / mp.sqrt(variance + eps) for x in xs]
