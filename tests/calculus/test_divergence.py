from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_core import divergence, jacobian
from autograd_core.errors import ShapeError
from tests.support.programs import random_function


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_it_is_the_trace_of_the_whole_matrix(seed, n):
    f, x = random_function(seed, n, n, 15), [0.4 * i - 0.7 for i in range(n)]
    assert divergence(f)(x) == pytest.approx(np.trace(jacobian(f)(x)), rel=1e-10, abs=1e-10)


def test_results_of_another_size():
    with pytest.raises(ShapeError, match="from n numbers to n numbers, got 2 and 1"):
        divergence(lambda p: [p[0]])([1.0, 2.0])
