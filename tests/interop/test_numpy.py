"""NumPy's functions on Values, on what is lifted, and on arrays of either: the values are NumPy's own on floats."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from autograd_core import Value, array, derivative, grad, hessian, jacobian, jvp, taylor
from autograd_core.errors import ArgumentError, GradientLostError
from autograd_core.rules.kinds import Binary, Unary
from autograd_core.rules.table import TABLE


def rows_of(kind):
    return [
        row
        for row in TABLE.values()
        if type(row) is kind and isinstance(getattr(np, row.numpy_name, None), np.ufunc) and row.name != "greater"
    ]


UNARY = [row for row in rows_of(Unary) if row.name != "sign"]
POINTS = {"acosh": 1.7}


def slope(f, x):
    """Central differences, good to about 9 digits."""
    h = 1e-4 * (1.0 + abs(x))
    return (8.0 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12.0 * h)


def test_the_rows_that_numpy_has():
    assert len(UNARY) == 24
    assert {row.name for row in rows_of(Binary)} == {
        *("add", "subtract", "multiply", "divide", "power", "atan2", "maximum", "minimum", "hypot")
    }


@pytest.mark.parametrize("row", UNARY, ids=lambda row: row.numpy_name)
def test_unary_functions(row):
    f, x = getattr(np, row.numpy_name), POINTS.get(row.name, 0.6)
    expected = float(f(x))
    v = Value(x)
    y = f(v)
    assert isinstance(y, Value)
    assert y.data == pytest.approx(expected, rel=1e-15)
    y.backward()
    assert v.grad == pytest.approx(slope(f, x), rel=1e-8)
    whole = f(array([[x, x], [x, x]]))
    assert whole.shape == (2, 2)
    assert all(isinstance(part, Value) and part.data == y.data for part in whole.flat)
    without_dimensions = f(array(x))
    assert isinstance(without_dimensions, Value)
    assert without_dimensions.data == y.data
    assert jvp(f, x, 1.0)[1] == pytest.approx(v.grad, rel=1e-14)
    assert taylor(f, x, 1)[1] == pytest.approx(v.grad, rel=1e-14)
    assert jvp(f, np.full(2, x), np.ones(2))[1] == pytest.approx([v.grad, v.grad], rel=1e-14)


@pytest.mark.parametrize("row", rows_of(Binary), ids=lambda row: row.numpy_name)
def test_binary_functions(row):
    f, a, b = getattr(np, row.numpy_name), 0.7, 1.3
    expected = [slope(lambda t: f(t, b), a), slope(lambda t: f(a, t), b)]
    u, v = Value(a), Value(b)
    y = f(u, v)
    y.backward()
    assert y.data == pytest.approx(f(a, b), rel=1e-15)
    assert [u.grad, v.grad] == pytest.approx(expected, rel=1e-8, abs=1e-12)
    assert grad(lambda t: f(t, b))(a) == pytest.approx(expected[0], rel=1e-8, abs=1e-12)
    assert grad(lambda t: f(np.float64(a), t))(b) == pytest.approx(expected[1], rel=1e-8, abs=1e-12)
    assert derivative(lambda t: f(t, b))(a) == pytest.approx(expected[0], rel=1e-8, abs=1e-12)
    assert derivative(lambda t: f(a, t))(b) == pytest.approx(expected[1], rel=1e-8, abs=1e-12)
    assert np.array_equal(jacobian(lambda t: f(t, np.array([b, b])))(np.array([a, a])), np.diag([u.grad, u.grad]))
    if row.name in ("atan2", "hypot"):  # of a float NumPy asks a method that floats do not have
        with pytest.raises(AttributeError):
            f(np.array([a, a]), array([b, b]))
        f = np.frompyfunc(row, 2, 1)
    assert np.array_equal(jacobian(lambda t: f(np.array([a, a]), t))(np.array([b, b])), np.diag([v.grad, v.grad]))


def test_a_tie_of_two_values_gives_each_one_half():
    """As the table has it. Within arrays NumPy compares the elements itself, and takes the first."""
    u, v = Value(2.0), Value(2.0)
    np.maximum(u, v).backward()
    assert (u.grad, v.grad) == (0.5, 0.5)
    x = Value(1.0)
    np.clip(x, 0.0, 1.0).backward()
    assert x.grad == 1.0
    assert grad(lambda t: np.clip(t, 0.0, 1.0))(2.0) == 0.0


def test_a_float_may_come_first():
    for f in (np.arctan2, np.hypot):
        found = grad(lambda t, f=f: np.sum(f(np.array([1.0, 2.0]), t)))(0.5)
        assert found == pytest.approx(slope(lambda t, f=f: np.sum(f(np.array([1.0, 2.0]), t)), 0.5), rel=1e-8)


def test_sign_and_comparisons_look_at_the_number():
    assert np.sign(Value(-3.0)) == -1
    assert np.greater(Value(3.0), 2.0)
    v = array([1.0, 2.0, 3.0])
    for result in (
        v > 1.5,
        v > array([1.5, 1.5, 1.5]),
        v >= 1.5,
        v == np.array([0.0, 2.0, 3.0]),
        v != array([1.0] * 3),
    ):
        assert result.dtype == bool
        assert result.tolist() == [False, True, True]


NUMBERS = [np.float64(2.0), np.float32(2.0), np.int64(2), np.bool_(True), np.array(2.0), 2, 2.0]


@pytest.mark.parametrize("c", NUMBERS, ids=lambda c: f"{type(c).__name__}")
def test_scalars_of_numpy_keep_the_gradient_on_either_side(c):
    for f in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow):
        for first in (True, False):

            def g(x, c=c, f=f, first=first):
                return f(c, x) if first else f(x, c)

            v = Value(1.5)
            y = g(v)
            assert isinstance(y, Value)
            y.backward()
            plain = g(1.5, c=float(c)), slope(lambda x, g=g: g(x, c=float(c)), 1.5)
            assert (y.data, v.grad) == pytest.approx(plain, rel=1e-9)
            assert derivative(g)(1.5) == pytest.approx(v.grad, rel=1e-14)


MATRIX = np.array([[2.0, 1.0, 0.5], [1.0, 3.0, -0.5], [0.25, -1.0, 1.5]])
VECTOR = np.array([0.4, 1.1, 2.0])
OTHER = np.array([1.5, -0.5, 0.75])

ON_VECTORS = {
    "arithmetic": lambda v: ((v + OTHER) * v - OTHER / v) ** 2,
    "from the left": lambda v: OTHER + OTHER * v - 2.0**v,
    "matrix @ vector": lambda v: MATRIX @ v,
    "vector @ matrix": lambda v: v @ MATRIX,
    "vector @ vector": lambda v: v @ v,
    "outer @ matrix": lambda v: np.outer(v, v) @ MATRIX,
    "dot": lambda v: np.dot(v, OTHER),
    "inner": lambda v: np.inner(MATRIX, v),
    "vdot": lambda v: np.vdot(v, v),
    "einsum": lambda v: np.einsum("ij,j->i", MATRIX, v),
    "tensordot": lambda v: np.tensordot(MATRIX, v, axes=1),
    "kron": lambda v: np.kron(v, v),
    "cross": lambda v: np.cross(v, OTHER),
    "trace": lambda v: np.trace(np.outer(v, v)),
    "sum": lambda v: np.sum(v**2),
    "sum by axis": lambda v: np.sum(np.outer(v, v), axis=0),
    "method sum": lambda v: (v * v).sum(),
    "mean": lambda v: np.mean(v**3),
    "average": lambda v: np.average(v**2, weights=[1.0, 2.0, 3.0]),
    "prod": lambda v: np.prod(v),
    "cumsum": lambda v: np.cumsum(v**2),
    "cumprod": lambda v: np.cumprod(v),
    "diff": lambda v: np.diff(v**2),
    "var": lambda v: np.var(v),
    "std": lambda v: np.std(v),
    "median": lambda v: np.median(v**2),
    "max": lambda v: np.max(v**2),
    "min": lambda v: np.min(v**2),
    "ptp": lambda v: np.ptp(v**2),
    "sort": lambda v: np.sort(-v),
    "norm": lambda v: np.linalg.norm(v),
    "norm of a matrix": lambda v: np.linalg.norm(np.outer(v, OTHER)),
    "maximum": lambda v: np.maximum(v, 1.0) ** 2,
    "clip": lambda v: np.clip(v, 0.5, 1.5) * v,
    "where": lambda v: np.where(v > 1.0, v * v, 0.0),
    "abs": lambda v: np.abs(v - 1.0),
    "concatenate": lambda v: np.concatenate([v, OTHER, v]) ** 2,
    "stack": lambda v: np.stack([v, v * OTHER]),
    "reshape": lambda v: (np.outer(v, v).reshape(-1) ** 2)[::2],
    "flip and roll": lambda v: np.flip(v) * np.roll(v, 1),
    "convolve": lambda v: np.convolve(v, OTHER),
    "polyval": lambda v: np.polyval(v, 1.7),
    "trapezoid": lambda v: (v[1:] + v[:-1]).sum() / 2,
    "sinc": lambda v: np.sinc(v),
    "vectorize": lambda v: np.vectorize(lambda x: x * x)(v),
    "in place": lambda v: _in_place(v),
}


def _in_place(v):
    v = v.copy()
    v *= 2.0
    v[0] = v[1] * v[2]
    return v


def differences(f, x):
    """The Jacobian of f by central differences of NumPy's own floats."""
    columns = [slope(lambda t, i=i: np.ravel(f(np.concatenate([x[:i], [t], x[i + 1 :]]))), x[i]) for i in range(len(x))]
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("name", ON_VECTORS)
def test_functions_of_arrays(name):
    f = ON_VECTORS[name]
    plain = np.asarray(f(VECTOR))
    expected = differences(f, VECTOR).reshape(*plain.shape, 3)
    for mode in ("forward", "reverse"):
        assert jacobian(f, mode=mode)(VECTOR) == pytest.approx(expected, rel=1e-7, abs=1e-9)
    value, moved = jvp(f, VECTOR, OTHER)
    assert np.asarray(value, dtype=float) == pytest.approx(plain, rel=1e-14)
    assert np.asarray(moved, dtype=float) == pytest.approx(expected @ OTHER, rel=1e-7, abs=1e-9)


def test_second_derivatives_of_arrays():
    found = hessian(lambda v: np.sum(np.log(MATRIX @ v) ** 2))(VECTOR)
    u = MATRIX @ VECTOR
    assert found == pytest.approx(MATRIX.T @ np.diag((2.0 - 2.0 * np.log(u)) / u**2) @ MATRIX, rel=1e-12)


# What NumPy cannot do with objects refuses: nothing turns into floats in silence.


@pytest.mark.parametrize(
    "lose",
    [
        lambda v: v.astype(float),
        lambda v: np.array(list(v), dtype=float),
        lambda v: np.zeros(3).__setitem__(0, v[0]),
        lambda v: np.floor(v),
        lambda v: np.gradient(v),
    ],
    ids=["astype", "dtype", "setitem", "floor", "gradient"],
)
def test_conversions_to_floats_refuse(lose):
    with pytest.raises(GradientLostError, match=r"would lose its gradient .* arrays with dtype=object"):
        lose(array(VECTOR))


@pytest.mark.parametrize(
    "f",
    [
        lambda v: np.linalg.solve(np.outer(v, v), v),
        lambda v: np.linalg.inv(np.outer(v, v)),
        lambda v: np.linalg.det(np.outer(v, v)),
        lambda v: np.add(np.ones(3), v, out=np.zeros(3)),
        lambda v: np.exp(np.array([v[0], 1.0], dtype=object)),
        lambda v: np.logaddexp(v, v),
        lambda v: np.interp(v, VECTOR, VECTOR),
        lambda v: np.exp2(v[0]),
        lambda v: np.add(v, v, out=v[0]),
    ],
    ids=["solve", "inv", "det", "out", "mixed", "logaddexp", "interp", "exp2", "out a Value"],
)
def test_what_numpy_has_for_floats_only_refuses(f):
    with pytest.raises(TypeError):
        f(array(VECTOR))


@pytest.mark.parametrize("name", ["exp2", "deg2rad", "isfinite", "mod", "fmod", "logaddexp"])
def test_a_function_without_a_rule_names_the_remedy(name):
    inputs = [Value(0.5)] * getattr(np, name).nin
    with pytest.raises(
        ArgumentError, match=rf"np\.{name if name != 'mod' else 'remainder'}\(\) of a Value: .* v\.data"
    ):
        getattr(np, name)(*inputs)
