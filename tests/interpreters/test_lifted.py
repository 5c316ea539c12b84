"""What is lifted: its own arithmetic against the table's, and what does not move against what moves by 0."""

from __future__ import annotations

import math
import operator
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value, derivative, detach, grad, hessian, hvp, jvp, no_grad, taylor
from autograd_core.errors import GraphError, NotAScalarError
from autograd_core.interpreters.dual import Dual
from autograd_core.interpreters.lifted import Lifted
from autograd_core.interpreters.series import Series
from autograd_core.rules.table import TABLE

OPERATORS = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
}
numbers = st.sampled_from([0.0, -0.0, 1.0, -2.5, 1e-300, 1e300, math.inf, math.nan]) | st.floats(-9.0, 9.0)
tangents = st.none() | numbers


def same(x, y):
    return repr(x) == repr(y)  # nan is nan, and 0.0 is not -0.0


@given(st.sampled_from(sorted(OPERATORS)), numbers, tangents, numbers, tangents)
def test_the_operators_of_dual_numbers_are_the_rows_of_the_table(name, a, da, b, db):
    row, operate = TABLE[name], OPERATORS[name]
    x, y = Dual(1, a, da), Dual(1, b, db)
    for pair in ((x, y), (x, b), (a, y)):
        by_table = Lifted.__apply_primitive__(next(p for p in pair if type(p) is Dual), row, pair)
        primal, tangent = operate(*pair).parts()
        assert same(primal, by_table.primal)
        assert tangent == by_table.tangent or same(tangent, by_table.tangent)
    if b == int(b if math.isfinite(b) else 0.0):
        assert same(operate(x, int(b)), operate(x, float(int(b))))
        assert same(operate(int(b), x), operate(float(int(b)), x))


@given(st.sampled_from(["negative", "exp", "sqrt", "abs", "sign", "is_zero"]), numbers, tangents)
def test_rows_of_one_operand_take_the_same_way(name, a, da):
    x = Dual(1, a, da)
    assert same(TABLE[name].apply((x,)), Lifted.__apply_primitive__(x, TABLE[name], (x,)))


def test_what_does_not_move_adds_nothing_where_a_slope_is_infinite():
    """0 times inf would be nan."""

    def f(p):
        return [ac.sqrt(p[0]) + p[1], p[1] * ac.sqrt(p[0])]

    assert jvp(f, [0.0, 1.0], [0.0, 1.0])[1] == [1.0, 0.0]
    assert jvp(f, [0.0, 1.0], [1.0, 0.0])[1] == [math.inf, math.inf]
    assert ac.divergence(f)([0.0, 1.0]) == math.inf
    assert ac.divergence(lambda p: [p[0], p[1] * ac.sqrt(p[0])])([0.0, 1.0]) == 1.0
    assert ac.laplacian(lambda p: p[1] ** 2 * (1.0 - ac.sqrt(p[0])) if p[0] > 0 else p[1] ** 2)([0.0, 1.0]) == 2.0
    assert ac.vjp(f, [0.0, 1.0])[1]([0.0, 0.0]) == [0.0, 0.0]
    assert math.isnan(jvp(lambda x: ac.sqrt(x * x), 0.0, 1.0)[1])  # this does move, by 0 at first


@pytest.mark.parametrize("power", [0.5, 1.5, 2.5, -0.5])
def test_a_series_at_an_edge_is_the_nested_derivatives(power):
    slope = f = lambda x: x**power
    for n in range(1, 5):
        slope = grad(slope)
        assert derivative(f, n)(0.0) == slope(0.0)


def test_what_was_computed_is_lifted_still():
    """A method of the result works in every mode, though the result may be a constant."""

    def f(x):
        constant = ac.where(x > 0, 1.0, x)
        return ac.where(constant > 0.0, ac.maximum(constant, 0.5), x).exp() * TABLE["greater"].apply((x, 0.0)).exp() * x

    assert grad(f)(2.0) == jvp(f, 2.0, 1.0)[1] == derivative(f)(2.0) == pytest.approx(math.e**2)


def test_within_no_grad_nothing_moves_in_any_mode():
    def f(x):
        with no_grad():
            c = x * 10.0 + ac.exp(x - x) * (1.0 - x / x)
        return c * x * x

    assert f(2.0) == 80.0
    assert grad(f)(2.0) == derivative(f)(2.0) == jvp(f, 2.0, 1.0)[1] == 80.0
    assert hessian(f)(2.0) == derivative(f, 2)(2.0) == hvp(f, 2.0, 1.0) == grad(derivative(f))(2.0) == 40.0
    assert taylor(f, 2.0, 3) == [80.0, 80.0, 20.0, 0.0]


@pytest.mark.parametrize("slope", [grad, derivative, lambda f: lambda x: jvp(f, x, 1.0)[1], lambda f: ac.jacobian(f)])
def test_a_transform_called_within_no_grad_gives_constants(slope):
    def f(x):
        with no_grad():
            inner = slope(lambda y: y * y * x)(3.0)
        return inner * x

    assert f(2.0) == 24.0
    assert grad(f)(2.0) == jvp(f, 2.0, 1.0)[1] == derivative(f)(2.0) == 12.0
    w = Value(2.0)
    with no_grad():
        value, moved = jvp(lambda y: y * w, 3.0, 1.0)
        assert value.parents == moved.parents == ()
        assert grad(lambda y: y * w)(3.0).parents == ()


def test_a_number_that_outlives_its_transform_is_noticed():
    """It would count as a constant, and the derivative would be wrong in silence."""
    kept = []

    def f(x):
        jvp(lambda y: kept.append(y * x) or y, 2.0, 1.0)
        return kept[-1]

    for wrong in (
        derivative(f),
        lambda x: jvp(f, x, 1.0),
        ac.divergence(lambda p: [f(p[0])]),
        ac.laplacian(lambda p: f(p[0])),
    ):
        with pytest.raises(GraphError, match=r"from within another transform, which is over: .*return the number"):
            wrong([3.0] if wrong.__name__ in ("divergence(<lambda>)", "laplacian(<lambda>)") else 3.0)


@pytest.mark.parametrize("leak", [derivative, lambda f: derivative(f, 2), lambda f: lambda x: jvp(f, x, 1.0)])
def test_a_number_kept_from_an_earlier_transform_is_noticed(leak):
    kept = []
    leak(lambda y: kept.append(y) or y)(5.0)

    def f(x):
        return x * kept[0]

    for transform in (grad, derivative, ac.value_and_grad, ac.jacobian, hessian, lambda f: lambda x: jvp(f, x, 1.0)):
        with pytest.raises(GraphError, match=r"from within another transform, which is over: .*return the number"):
            transform(f)(2.0)
        assert transform(lambda x: grad(lambda y: x * y)(2.0))(3.0) is not None  # one that is not over


def test_gradients_of_a_graph_are_not_for_forward_mode():
    for f in (lambda x: ac.gradients(x * x, [Value(1.0)]), lambda x: ac.gradients(Value(1.0), [x])):
        with pytest.raises(NotAScalarError, match=r"forward mode keeps no graph: .* use grad\(f\)"):
            jvp(f, 2.0, 1.0)


def test_copies_and_pickles():
    for x in (Dual(3, 2.0, 1.0), Dual(3, 2.0, None), Series(3, [2.0, 1.0, None])):
        again = pickle.loads(pickle.dumps(x))
        assert (type(again), again.level, list(again.parts())) == (type(x), 3, list(x.parts()))
    assert detach(Dual(3, 2.0, 1.0)) == 2.0


def test_a_constant_0_of_either_sign_within_one_series():
    """The partial of a row takes atan2 of both: they must not be taken for one another."""

    @ac.primitive(partials=lambda x, y: ac.atan2(0.0, x) + ac.atan2(-0.0, x))
    def flat(x):
        return 1.0

    assert taylor(flat, -2.0, 2) == [1.0, 0.0, 0.0]


def test_factorials_beyond_the_range_of_floats():
    """The coefficient of order 200 of the sine, 1 / 200!, is less than the smallest float."""
    assert derivative(ac.sin, 171)(0.0) == pytest.approx(-1.0, rel=1e-12)
    assert derivative(ac.exp, 200)(1.0) == pytest.approx(math.e, rel=1e-12)
    assert derivative(lambda x: ac.sin(0.3 * x), 150)(1.0) == pytest.approx(-(0.3**150) * math.sin(0.3), rel=1e-12)
    assert derivative(lambda x: 1 / (1 - x), 200)(0.0) == math.inf
    assert derivative(lambda x: ac.sin(0.01 * x), 181)(0.0) == 0.0
