from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value, hessian, hvp, jacobian, jvp, vjp
from autograd_core.calculus import tracing
from autograd_core.errors import ArgumentError, NotAScalarError
from tests.support.programs import random_function

sizes = st.tuples(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 6))


def point(count):
    return [0.4 * i - 0.7 for i in range(count)]


def close(a, b):
    np.testing.assert_allclose(np.array(a, dtype=float), np.array(b, dtype=float), rtol=1e-11, atol=1e-11)


@given(sizes)
def test_forward_reverse_columns_and_rows_agree(size):
    seed, n, m = size
    f, x = random_function(seed, n, m), point(n)
    whole = jacobian(f)(x)
    close(whole, jacobian(f, mode="forward")(x))
    close(whole, jacobian(f, mode="reverse")(x))
    eye = np.eye(max(n, m)).tolist()
    close(np.transpose(whole), [jvp(f, x, eye[j][:n])[1] for j in range(n)])
    close(whole, [vjp(f, x)[1](eye[i][:m]) for i in range(m)])


@given(st.integers(0, 10**6), st.integers(2, 30), st.integers(1, 30))
def test_sparse_jacobians_are_the_dense_ones(seed, n, m):
    f, x = random_function(seed, n, m, length=m + 5, reach=n), point(n)
    dense = jacobian(f)(x)
    for mode in ("auto", "forward", "reverse"):
        close(jacobian(f, sparse=True, mode=mode)(x).toarray(), dense)


def rosenbrock(x):
    return ac.sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


def test_a_few_sweeps_do_for_a_sparse_matrix():
    x = point(200)
    banded = jacobian(lambda x: [a * b for a, b in pairwise(x)], sparse=True)
    assert banded.plan(x).sweeps == 2
    assert banded(x).shape == (199, 200)
    assert banded(x).nnz == 398
    tridiagonal = hessian(rosenbrock, sparse=True)
    assert tridiagonal.plan(x).sweeps == 3
    assert tridiagonal(x).nnz == 200 + 2 * 199
    arrow = hessian(lambda x: ac.sum(x[0] * a * a for a in x), sparse=True)
    assert arrow.plan(x).sweeps == 2
    rows = jacobian(lambda x: [ac.sum(x[i::4]) ** 2 for i in range(4)], sparse=True)
    assert (rows.plan(x).mode, rows.plan(x).sweeps) == ("reverse", 1)
    empty = jacobian(lambda x: [1.0, 2.0], sparse=True)
    assert (empty(x).shape, empty(x).nnz, empty.plan(x).sweeps) == ((2, 200), 0, 0)


def test_the_cheaper_mode_is_chosen_and_said():
    wide, tall = jacobian(lambda x: [ac.sum(x)]), jacobian(lambda x: [x[0], x[0] * 2, x[0] * 3])
    assert str(wide.plan([1.0, 2.0, 3.0])) == "reverse mode: 1 sweep for 1 output and 3 inputs"
    assert str(tall.plan([1.0])) == "forward mode: 1 sweep for 3 outputs and 1 input"
    assert str(jacobian(lambda x: x, mode="reverse").plan([1.0, 2.0])).startswith("reverse mode: 2 sweeps")


def test_whether_outputs_depend_on_values_from_outside_takes_one_walk(monkeypatch):
    """They share one graph: a walk for each would take as long as a dense matrix."""
    walks = []
    leaves_below = tracing.leaves_below
    monkeypatch.setattr(
        tracing, "leaves_below", lambda *given, **named: walks.append(1) or leaves_below(*given, **named)
    )
    for derivatives in (jacobian(lambda x: [a * b for a, b in pairwise(x)], sparse=True), lambda x: vjp(list, x)):
        walks.clear()
        derivatives(point(50))
        assert len(walks) == 1


def test_tables_have_both_structures():
    found = jacobian(lambda d: {"p": d["x"] * d["y"][0], "q": [d["x"]]})({"x": 2.0, "y": np.array([3.0, 4.0])})
    assert found["p"]["x"] == 3.0
    np.testing.assert_array_equal(found["p"]["y"], [2.0, 0.0])
    assert found["q"][0]["x"] == 1.0
    a, b = np.array([1.0, 2.0, 3.0]), np.array([[1.0, 0.5], [0.0, 2.0], [1.0, 1.0]])
    by_a, by_b = jacobian(lambda a, b: a @ b, argnums=(0, 1))(a, b)
    np.testing.assert_array_equal(by_a, b.T)
    assert by_b.shape == (2, 3, 2)
    np.testing.assert_array_equal(by_b[1], [[0.0, 1.0], [0.0, 2.0], [0.0, 3.0]])
    assert jacobian(lambda x: (x, x * x))(3.0) == (1.0, 6.0)
    (xx, xy), (yx, yy) = hessian(lambda x, y: x * x * y, argnums=(0, 1))(3.0, 5.0)
    assert (xx, xy, yx, yy) == (10.0, 6.0, 6.0, 0.0)


def test_outer_values_stay():
    w = Value(2.0)
    ((slope,),) = jacobian(lambda x: [w * w * x[0]])([3.0])
    slope.backward()
    assert (slope.data, w.grad) == (4.0, 4.0)
    forward = jacobian(lambda x: [w * x[0], x[0], w], mode="forward")([3.0])
    assert [row[0] for row in forward] == [2.0, 1.0, 0.0]
    with pytest.raises(ArgumentError, match=r"depends on Values from outside .* leave sparse out"):
        jacobian(lambda x: [w * x[0]], sparse=True)([3.0])


def test_errors():
    with pytest.raises(ArgumentError, match='"auto", "forward" or "reverse", got \'both\''):
        jacobian(rosenbrock, mode="both")
    with pytest.raises(
        NotAScalarError, match=r"jacobian\(<lambda>\): the result\[1\] must be a number.* the string 'a'"
    ):
        jacobian(lambda x: [x, "a"])(1.0)
    with pytest.raises(NotAScalarError, match=r"^hessian\(<lambda>\) .* returns one number; .* use jacobian"):
        hessian(lambda x: [x])(1.0)
    with pytest.raises(NotAScalarError, match=r"^hvp\(<lambda>\) .* returns one number"):
        hvp(lambda x: [x], 1.0, 1.0)
    assert repr(jacobian(rosenbrock)) == "<jacobian(rosenbrock)>"
    assert hessian(rosenbrock).__name__ == "hessian(rosenbrock)"
