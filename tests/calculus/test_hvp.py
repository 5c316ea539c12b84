from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import hessian, hvp
from autograd_core.errors import ArgumentError, ShapeError
from tests.support.programs import random_function


def test_a_wrong_direction_names_the_call():
    with pytest.raises(ShapeError, match=r"^hvp\(<lambda>\): v has 2 numbers, x has 1; "):
        hvp(lambda p: p[0], [1.0], [1.0, 2.0])


def test_several_arguments():
    def f(x, y):
        return x * x * y

    assert hvp(f, (3.0, 4.0), 1.0, argnums=0) == 8.0
    assert hvp(f, (3.0, 4.0), 1.0, argnums=1) == 0.0
    assert hvp(f, (3.0, 4.0), (1.0, 10.0), argnums=(0, 1)) == (68.0, 6.0)
    assert hvp(f, (3.0, 4.0), (10.0, 1.0), argnums=(1, 0)) == (6.0, 68.0)
    with pytest.raises(ArgumentError, match=r"^hvp\(f\) with argnums=0 takes as x the tuple of all arguments"):
        hvp(f, 3.0, 1.0, argnums=0)


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_by_two_arguments_it_is_the_product_with_the_blocks_of_the_hessian(seed, n):
    many = random_function(seed, 2 * n, 1, 15)

    def f(x, y):
        return many([*x, *y])[0]

    x, y, v, w = 0.4 * np.arange(n) - 0.7, 0.3 - 0.2 * np.arange(n), 1.0 - np.arange(n), 0.5 + np.arange(n)
    (xx, xy), (yx, yy) = hessian(f, (0, 1))(x, y)
    found = hvp(f, (x, y), (v, w), argnums=(0, 1))
    np.testing.assert_allclose(found[0], xx @ v + xy @ w, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(found[1], yx @ v + yy @ w, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(hvp(f, (x, y), w, argnums=1), yy @ w, rtol=1e-11, atol=1e-11)
