"""All transforms of one function, held to each other."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

import autograd_core as ac
from autograd_core import Value
from tests.support.formulas import flat, numbers


def close(found: Any, expected: Any, tolerance: float = 1e-12) -> bool:
    """Whether nested numbers or Values are those expected."""
    return plain(found) == pytest.approx(plain(expected), rel=tolerance, abs=tolerance)


def plain(nested: Any) -> list[float]:
    """The numbers in nested lists of numbers and Values."""
    return [x.data if isinstance(x, Value) else x for x in flat(nested)]


def assert_transforms_agree(f: Callable[[Any], Any], x: list[float]) -> None:
    """Hold every transform of a function from a list of numbers to one number to what `backward()` says of it."""
    v = numbers(len(x), seed=1)
    leaves = [Value(number) for number in x]
    y = f(leaves)
    y.backward()
    gradient = [leaf.grad for leaf in leaves]
    assert close(f(x), y, 1e-15)  # on floats
    assert close(ac.grad(f)(x), gradient)
    assert close(ac.value_and_grad(f)(x), [y, gradient])
    slope = math.fsum(a * b for a, b in zip(gradient, v, strict=True))
    assert close(ac.jvp(f, x, v), [y, slope])
    assert close(ac.vjp(f, x)[1](1.0), gradient)
    for mode in ("forward", "reverse"):
        assert close(ac.jacobian(f, mode=mode)(x), gradient)
    hessian = [plain(row) for row in ac.hessian(f)(x)]
    product = [math.fsum(a * b for a, b in zip(row, v, strict=True)) for row in hessian]
    assert close(ac.hvp(f, x, v), product)
    assert close(ac.jvp(ac.grad(f), x, v)[1], product)
    assert close(ac.laplacian(f)(x), sum(hessian[i][i] for i in range(len(x))))
    along = ac.taylor(lambda t: f([a + t * b for a, b in zip(x, v, strict=True)]), 0.0, 2)
    curvature = math.fsum(a * b for a, b in zip(product, v, strict=True))
    assert close(along, [y, slope, 0.5 * curvature])
