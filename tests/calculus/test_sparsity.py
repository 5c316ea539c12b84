"""Which sweeps go together: every number of a matrix is found, exactly, in what its sweep gives."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import hessian, jacobian
from autograd_core.calculus.sparsity import compress, compress_symmetric


def recovered(compression, matrix):
    """The matrix, from the sums that its sweeps are."""
    numbers = matrix if compression.mode == "forward" else matrix.T
    swept = [numbers @ np.array([0.0 if x is None else x for x in seed]) for seed in compression.seeds]
    found = np.zeros(matrix.shape)
    for row, column, sweep, place in compression.entries:
        found[row, column] = swept[sweep][place]
    return found


def rows_of(matrix):
    return [sum(1 << j for j, x in enumerate(row) if x) for row in matrix.tolist()]


@given(st.integers(1, 9), st.data())
def test_every_entry_of_a_symmetric_matrix_is_found(n, data):
    """The numbers are powers of two, so that a sum tells what is in it."""
    pairs = [(i, j) for i in range(n) for j in range(i + 1)]
    chosen = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    matrix = np.zeros((n, n))
    for place, (i, j) in enumerate(chosen):
        matrix[i, j] = matrix[j, i] = 2.0**place
    np.testing.assert_array_equal(recovered(compress_symmetric(rows_of(matrix)), matrix), matrix)
    lower = rows_of(np.tril(matrix))  # what is seen of one half of the pattern stands for the other
    np.testing.assert_array_equal(recovered(compress_symmetric(lower), matrix), matrix)
    for mode in ("auto", "forward", "reverse"):
        np.testing.assert_array_equal(recovered(compress(rows_of(matrix), n, mode), matrix), matrix)


PATTERNS = {  # pairs of vertices, and how many colours do
    "a dense row and column": (40, [(0, j) for j in range(40)], 2),
    "a clique": (60, [(i, j) for i in range(60) for j in range(i)], 60),
    "two sides, all joined, nothing on the diagonal": (40, [(i, j) for i in range(20) for j in range(20, 40)], 21),
    "a ring of five": (5, [(i, (i + 1) % 5) for i in range(5)], 4),
    "a diagonal": (30, [(i, i) for i in range(30)], 1),
    "nothing": (30, [], 0),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_known_patterns(name):
    n, pairs, colours = PATTERNS[name]
    matrix = np.zeros((n, n))
    for i, j in pairs:
        matrix[i, j] = matrix[j, i] = 1.0 + math.sin(i + j)
    compression = compress_symmetric(rows_of(matrix))
    assert len(compression.seeds) == colours
    np.testing.assert_array_equal(recovered(compression, matrix), matrix)


def test_what_is_not_finite_stays_in_its_place():
    """Sums share a sweep with 0 times inf at no time."""

    def f(x):
        return [ac.sqrt(x[0]), x[0] + x[1], x[1] * x[2], ac.log(x[2] - 2.0)]

    at = [0.0, 1.0, 1.0]
    exact = [[math.inf, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, -1.0]]
    for mode in ("forward", "reverse"):
        assert jacobian(f, mode=mode)(at) == exact
        np.testing.assert_array_equal(jacobian(f, mode=mode, sparse=True)(at).toarray(), exact)
    curved = hessian(lambda x: x[0] ** 1.5 + x[0] * x[1] + x[1] * x[2] ** 2, sparse=True)([0.0, 1.0, 1.0])
    np.testing.assert_array_equal(curved.toarray(), [[math.inf, 1.0, 0.0], [1.0, 0.0, 2.0], [0.0, 2.0, 2.0]])


@pytest.mark.untraced
def test_a_dense_matrix_is_coloured_in_no_time():
    """With a look at each path of four vertices this takes a minute."""
    n = 250
    everything = [(1 << n) - 1] * n
    assert len(compress_symmetric(everything).seeds) == n
