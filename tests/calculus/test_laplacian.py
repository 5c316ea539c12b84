from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import hessian, laplacian
from autograd_core.errors import NotAScalarError
from tests.support.programs import random_function


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_it_is_the_trace_of_the_whole_matrix(seed, n):
    f, x = random_function(seed, n, n, 15), [0.4 * i - 0.7 for i in range(n)]
    whole = hessian(lambda x: f(x)[0])(x)
    assert laplacian(lambda x: f(x)[0])(x) == pytest.approx(np.trace(whole), rel=1e-9, abs=1e-9)


def test_harmonic_functions_have_no_laplacian():
    """The Coulomb potential, away from the charge."""
    found = laplacian(lambda p: 1.0 / ac.norm(p))(np.array([0.3, -0.4, 1.2]))
    assert abs(found) < 1e-14
    assert laplacian(lambda x, y: x * x * y, argnums=(0, 1))(3.0, 5.0) == 10.0


def test_results_that_are_no_number():
    with pytest.raises(NotAScalarError, match="component by component"):
        laplacian(lambda p: p)([1.0, 2.0])
