"""SciPy's solvers with our derivatives reach published and certified values."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares, minimize, root, rosen, rosen_der, rosen_hess, rosen_hess_prod
from scipy.sparse import issparse

from autograd_core import grad, scipy_objective, sin
from autograd_core.errors import ArgumentError, NotAScalarError, ShapeError
from tests.support import nist


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


START = np.tile([-1.2, 1.0], 25)


def test_derivatives_are_those_that_scipy_writes_by_hand():
    objective = scipy_objective(rosenbrock)
    direction = np.cos(np.arange(50.0))
    assert objective.fun(START) == pytest.approx(rosen(START), rel=1e-14)
    assert objective.jac(START) == pytest.approx(rosen_der(START), rel=1e-14)
    assert objective.hess(START) == pytest.approx(rosen_hess(START), rel=1e-14)
    assert objective.hessp(START, direction) == pytest.approx(rosen_hess_prod(START, direction), rel=1e-13)
    for found in (objective.jac(START), objective.hess(START), objective.hessp(START, direction)):
        assert found.dtype == float


def test_rosenbrock_in_50_dimensions_by_gradients():
    objective = scipy_objective(rosenbrock)
    result = minimize(objective, START, jac=objective.jac, method="BFGS", options={"gtol": 1e-7})
    assert result.x == pytest.approx(np.ones(50), abs=1e-7)


def test_rosenbrock_in_50_dimensions_by_hessian_products():
    objective, near = scipy_objective(rosenbrock), np.tile([0.9, 1.1], 25)
    result = minimize(objective, near, jac=objective.jac, hessp=objective.hessp, method="Newton-CG", tol=1e-10)
    assert result.x == pytest.approx(np.ones(50), abs=1e-9)


def robertson(t, y):
    slow, fast, faster = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return [fast - slow, slow - fast - faster, faster]


@pytest.mark.parametrize(("method", "rtol"), [("Radau", 1e-7), ("BDF", 1e-9), ("LSODA", 1e-9)])
def test_stiff_robertson_problem(method, rtol):
    """The reference solution at t = 1e11: problem ROBER of the Test Set for IVP Solvers (Mazzia and Magherini 2008)."""
    field = scipy_objective(robertson, argnums=1)
    solved = solve_ivp(field, (0.0, 1e11), [1.0, 0.0, 0.0], method=method, jac=field.jac, rtol=rtol, atol=1e-22)
    assert solved.success
    reference = [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050]
    assert solved.y[:, -1] == pytest.approx(reference, rel=1e-7, abs=0.0)


@pytest.mark.untraced
@pytest.mark.parametrize("name", nist.MODELS)
def test_nist_fits_reach_the_certified_values(name):
    """To 7 digits by least squares alone, and to 10 with the exact Hessian."""
    problem = nist.read(name)
    found, polished = nist.fit(problem)
    assert problem.digits(found) >= 7.0
    assert problem.digits(polished) >= 10.0
    if name != "Lanczos1":  # made without noise: its residual of 1e-25 is rounding
        assert 2.0 * problem.cost(polished) == pytest.approx(problem.residual_sum, rel=1e-9)


def test_nist_files_are_read_whole():
    sizes = {name: (len(nist.read(name).y), len(nist.read(name).start)) for name in nist.MODELS}
    expected = {"Misra1a": (14, 2), "Thurber": (37, 7), "MGH09": (11, 4), "Lanczos1": (24, 6), "Bennett5": (154, 3)}
    assert sizes == expected
    assert nist.read("Bennett5").start == [-2000.0, 50.0, 0.8]


def test_root_of_a_system():
    """x² + y² = 4 and x y = 1 meet at x = (√6 + √2)/2, y = (√6 - √2)/2."""
    objective = scipy_objective(lambda p: [p[0] ** 2 + p[1] ** 2 - 4.0, p[0] * p[1] - 1.0])
    result = root(objective, [2.0, 0.0], jac=objective.jac, tol=1e-14)
    assert result.x == pytest.approx([(6**0.5 + 2**0.5) / 2, (6**0.5 - 2**0.5) / 2], rel=1e-14)


def test_sparse_jacobian():
    """Broyden's tridiagonal system (Broyden 1965), whose Jacobian takes 3 sweeps however long it is."""

    def broyden(x):
        padded = [0.0, *x, 0.0]
        return [
            (3.0 - 2.0 * b) * b - a - 2.0 * c + 1.0 for a, b, c in zip(padded, padded[1:], padded[2:], strict=False)
        ]

    sparse, dense = scipy_objective(broyden, sparse=True), scipy_objective(broyden)
    start = -np.ones(40)
    assert issparse(sparse.jac(start))
    assert sparse.jac(start).nnz == 118
    assert np.array_equal(sparse.jac(start).toarray(), dense.jac(start))
    result = least_squares(sparse, start, jac=sparse.jac, gtol=1e-14)
    assert result.fun == pytest.approx(np.zeros(40), abs=1e-9)
    assert issparse(scipy_objective(rosenbrock, sparse=True).hess(START))


def test_sparse_hessian():
    objective = scipy_objective(lambda x: rosenbrock(x) + x[0] * x[1], sparse=True)
    start = START[:6]
    assert objective.jac(start).shape == start.shape
    result = minimize(objective, start, jac=objective.jac, hess=objective.hess, method="trust-constr")
    assert np.abs(objective.jac(result.x)).max() < 1e-6
    rows = scipy_objective(lambda x: [rosenbrock(x)], sparse=True)
    assert rows.jac(start).shape == (1, len(start))


def test_extra_arguments_follow_the_array():
    objective = scipy_objective(lambda x, a, b: a * x[0] ** 2 + b * x[0] * x[1] ** 3)
    assert objective.fun([1.0, 2.0], 3.0, 5.0) == 43.0
    assert objective.jac([1.0, 2.0], 3.0, 5.0).tolist() == [46.0, 60.0]
    assert objective.hess([1.0, 2.0], 3.0, 5.0).tolist() == [[6.0, 60.0], [60.0, 60.0]]
    assert objective.hessp([1.0, 2.0], [1.0, 0.0], 3.0, 5.0).tolist() == [6.0, 60.0]
    shifted = scipy_objective(lambda x, centre: (x[0] - centre) ** 2)
    result = minimize(shifted, [0.0], args=(3.0,), jac=shifted.jac, hess=shifted.hess, method="trust-exact")
    assert result.x == pytest.approx([3.0])


def test_what_the_function_refers_to_may_change():
    scale = [1.0]
    objective = scipy_objective(lambda x: scale[0] * x[0] ** 2)
    assert (objective([3.0]), objective.jac([3.0])[0]) == (9.0, 6.0)
    scale[0] = 2.0
    assert (objective([3.0]), objective.jac([3.0])[0]) == (18.0, 12.0)


@dataclass
class Line:
    slope: float
    offsets: list


def test_a_start_of_any_structure():
    def f(line):
        return (line.slope - 2.0) ** 2 + sin(line.offsets[0]) ** 2 + (line.offsets[1] - line.slope) ** 2

    objective = scipy_objective(f, Line(1.0, [0.5, 0.0]))
    assert objective.x0.tolist() == [1.0, 0.5, 0.0]
    result = minimize(objective, objective.x0, jac=objective.jac, hess=objective.hess, method="trust-exact", tol=1e-10)
    found = objective.unpack(result.x)
    assert isinstance(found, Line)
    assert [found.slope, *found.offsets] == pytest.approx([2.0, 0.0, 2.0], abs=1e-8)
    assert objective.hessp(objective.x0, np.array([0.0, 1.0, 0.0])) == pytest.approx([0.0, 2.0 * math.cos(1.0), 0.0])
    with pytest.raises(ShapeError, match=r"scipy_objective\(f\): x has 2 numbers, the start x0 has 3"):
        objective.fun([1.0, 2.0])


def test_a_matrix_as_the_start():
    objective = scipy_objective(lambda m: np.sum((m @ m - np.eye(2)) ** 2), np.array([[1.0, 0.5], [0.0, 2.0]]))
    found = objective.unpack(minimize(objective, objective.x0, jac=objective.jac, tol=1e-10).x)
    assert found.shape == (2, 2)
    assert found @ found == pytest.approx(np.eye(2), abs=1e-6)


@pytest.mark.parametrize("name", ["fun", "jac", "hess"])
@pytest.mark.parametrize(
    ("returned", "message"),
    [(None, "returned None: a function without a return"), ("a", "the string 'a'"), ([], "which holds none")],
)
def test_a_result_that_is_no_number_is_named(name, returned, message):
    objective = scipy_objective(lambda x: returned)
    with pytest.raises(NotAScalarError, match=rf"scipy_objective\(<lambda>\).*{message}"):
        getattr(objective, name)([1.0, 2.0])


def test_misuse_is_named():
    with pytest.raises(ArgumentError, match="takes a function, got float"):
        scipy_objective(1.0)
    with pytest.raises(ArgumentError, match="takes one position"):
        scipy_objective(rosenbrock, argnums=(0, 1))
    with pytest.raises(ArgumentError, match=r"\(robertson\) takes the array x at position 1, got 1 argument$"):
        scipy_objective(robertson, argnums=1).fun(1.0)
    with pytest.raises(ArgumentError, match="takes x and the direction p"):
        scipy_objective(rosenbrock).hessp(START)
    with pytest.raises(NotAScalarError, match="returns one number"):
        scipy_objective(lambda x: x).hess([1.0, 2.0])
    assert repr(scipy_objective(rosenbrock)) == "<scipy_objective(rosenbrock)>"


def test_a_constant_has_gradient_0():
    objective = scipy_objective(lambda x: 3.0)
    assert objective.jac([1.0, 2.0]).tolist() == [0.0, 0.0]
    assert objective.hess([1.0, 2.0]).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert objective.hessp([1.0, 2.0], [1.0, 1.0]).tolist() == [0.0, 0.0]


def test_grad_itself_is_all_that_a_simple_call_needs():
    result = minimize(rosenbrock, START[:4], jac=grad(rosenbrock), method="BFGS")
    assert result.x == pytest.approx(np.ones(4), abs=1e-5)


@pytest.mark.parametrize("x", [None, "ab", [None, 1.0], [1j]])
def test_a_point_that_is_none(x):
    objective = scipy_objective(lambda p: p[0])
    for function in (objective.fun, objective.jac, objective.hess):
        with pytest.raises(NotAScalarError, match=r"^scipy_objective\(<lambda>\): x must be an array of numbers, got"):
            function(x)
