"""check_gradients: wrong rules are caught and named, right ones pass wherever they are checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import check_gradients, primitive
from autograd_core.checking.differences import compare
from autograd_core.errors import ArgumentError, DomainError, GradientCheckError, NotAScalarError
from autograd_core.rules.table import TABLE
from tests.support.domains import DOMAINS

KINKED = {
    "relu",
    "leaky_relu",
    "elu",
    "abs",
    "sign",
    "greater",
    "is_zero",
    "maximum",
    "minimum",
    "where",
    "clip",
    "peak",
    "detached",
}
SMOOTH = sorted(set(TABLE) - KINKED)


def scaled(factor, partial):
    return lambda *operands: factor * partial(*operands)


def with_partials(row, partials):
    """A row with other partials, as a user would write it."""
    function = row.value if row.arity != 1 else lambda x: row.value(x)
    if row.arity == 2:
        return primitive(partials=tuple(partials), name=row.name)(lambda a, b: function(a, b))
    return primitive(partials=tuple(partials), name=row.name)(function)


# Right rules pass.


def test_what_does_not_move_is_soon_settled():
    """In a matrix that is mostly 0, differences of every column would be taken down to the last bit of its argument."""
    calls = []

    def f(p):
        calls.append(1)
        return [ac.sin(x) + 1.0 for x in p]

    assert check_gradients(f, [0.5, 1.5, 2.5], modes=("reverse",), order=1).unresolved == ()
    assert len(calls) < 200
    with pytest.raises(GradientCheckError, match=r"derivative of result 0 by p\[1\] is wrong"):
        check_gradients(lambda p: [p[0] + 1e-3 * ac.detach(p[1]), p[1]], [0.5, 1e-9], order=1)


@pytest.mark.parametrize("name", SMOOTH)
def test_right_rules_pass_over_their_whole_domain(name):
    """First derivatives against differences at random points, where samples reach all scales: no false alarm."""
    row = TABLE[name]
    sharp = 0
    for operands in DOMAINS[name].samples(f"{name}, checked", 40):
        value = row.evaluate(operands)
        slopes = row.linearize(operands, value, [True] * len(operands))
        for i, slope in enumerate(slopes):
            if slope is None or not (math.isfinite(value) and math.isfinite(slope)):
                continue

            def along(t, i=i, operands=operands):
                return [row.evaluate([*operands[:i], t, *operands[i + 1 :]])]

            (verdict,) = compare(along, operands[i], [slope], 1e-4)
            assert verdict.agrees is not False, (operands, i, slope, verdict)
            if verdict.agrees and abs(slope) > 1e-300:
                sharp += 1
                (wrong,) = compare(along, operands[i], [1.0005 * slope], 1e-4)
                assert not wrong.agrees, (operands, i, slope, wrong)
    assert sharp >= 10


EVERYDAY = {
    "acosh": (1.1, 5.0), "log": (0.1, 5.0), "log2": (0.1, 5.0), "log10": (0.1, 5.0), "sqrt": (0.1, 5.0),
    "log1p": (-0.9, 5.0), "asin": (-0.9, 0.9), "acos": (-0.9, 0.9), "atanh": (-0.9, 0.9), "lgamma": (0.2, 9.0),
    "power": (0.3, 2.0), "polygamma": (0.5, 5.0), "reciprocal": (0.2, 3.0), "divide": (0.3, 3.0), "cbrt": (0.1, 5.0),
}  # fmt: skip


@pytest.mark.parametrize("name", SMOOTH)
def test_right_rules_pass_in_every_mode_and_order(name):
    row, rng = TABLE[name], Random(name)
    low, high = EVERYDAY.get(name, (-1.5, 1.5))
    for _ in range(1 if row.arity == 0 else 2):
        xs = [rng.uniform(low, high) for _ in range(row.arity or 2)]
        if name == "polygamma":
            check_gradients(lambda x: ac.polygamma(1.0, x), xs[1])
        elif row.arity:
            found = check_gradients(row, *xs)
            assert found.compared == 2 * row.arity + 4 * row.arity**2
        else:
            check_gradients(lambda xs: row.apply(tuple(xs)), xs)


@settings(max_examples=8, deadline=None)
@given(st.floats(-3, 3), st.floats(0.1, 3), st.floats(-2, 2))
def test_right_programs_pass(a, b, c):
    check_gradients(lambda a, b, c: ac.sin(a * b) / (1.0 + ac.exp(c)) + ac.log(b) ** 3 - ac.tanh(a * c) * b, a, b, c)


@dataclass
class Spring:
    stiffness: float
    rest: tuple[float, float]


def test_arguments_and_results_may_be_nested():
    def forces(spring, at, noise):
        return {"force": spring.stiffness * (at["x"] - spring.rest[0]), "other": [spring.rest[1] * noise[0, 1] ** 2]}

    found = check_gradients(forces, Spring(2.0, (0.5, 3.0)), {"x": 2.0}, np.array([[1.0, 2.0]]))
    assert found.compared == 2 * 2 * 6 + 4 * 2 * 36
    assert str(found) == f"{found.compared} derivatives agree with differences"


def test_what_rounding_drowns_is_listed():
    found = check_gradients(lambda x: 1e30 + x, 1.0, order=1)
    assert found.unresolved == (
        "the derivative by x (order 1, reverse mode)",
        "the derivative by x (order 1, forward mode)",
    )
    assert "2 are too small" in str(found)


@pytest.mark.parametrize("x", [1e-200, 1e-30, 1e-3, 1.0, 1e5, 1e150])
def test_steps_follow_the_scale(x):
    check_gradients(lambda x: x * x, x)
    check_gradients(lambda x: ac.log(x) + 1.0 / x, x, order=1)


# Wrong rules fail.


@pytest.mark.parametrize("name", ["exp", "tanh", "sin", "sqrt", "erf", "log", "atan", "sigmoid"])
@pytest.mark.parametrize("factor", [1.0005, 0.9995, 2.0, -1.0, 0.0])
def test_a_wrong_rule_is_caught(name, factor):
    row = TABLE[name]
    wrong = with_partials(row, [scaled(factor, row.partials[0])])
    for modes in (("reverse",), ("forward",)):
        with pytest.raises(GradientCheckError, match="by x is wrong"):
            check_gradients(wrong, 0.8, modes=modes, order=1)


@pytest.mark.parametrize(("a", "b"), [(0.7, 1.3), (300.0, 2e-3)])
@pytest.mark.parametrize("which", [0, 1])
def test_one_partial_of_two_off_by_half_a_per_mille(a, b, which):
    row = TABLE["divide"]
    partials = [scaled(1.0005 if i == which else 1.0, d) for i, d in enumerate(row.partials)]
    with pytest.raises(GradientCheckError, match=rf"by {'ab'[which]} is wrong(.|\n)*off by \+0.05 %"):
        check_gradients(with_partials(row, partials), a, b)


def cause(f, *args, **options):
    with pytest.raises(GradientCheckError) as caught:
        check_gradients(f, *args, **options)
    assert isinstance(caught.value, AssertionError)
    return str(caught.value)


def test_the_message_has_the_argument_and_both_numbers():
    @primitive(partials=(lambda x, y: 3.0 * x,))
    def twice_square(x):
        return 2.0 * x * x

    assert cause(lambda p, q: q * twice_square(p["a"][1]), {"a": [0.0, 5.0]}, 2.0).splitlines() == [
        "check_gradients(<lambda>): the derivative by p['a'][1] is wrong (order 1, reverse mode)",
        "  the rules give 30.0, central differences 40.0",
        "  likely cause: a factor: it is 3/4 of what it should be",
    ]


def test_causes():
    def rule(value, *partials):
        return primitive(partials=partials, name="rule")(value)

    sign = rule(lambda x: math.cos(x), lambda x, y: ac.sin(x))
    assert "a sign" in cause(sign, 1.0)
    double = rule(lambda x: x * x, lambda x, y: 4.0 * x)
    assert "a factor: it is 2 times what it should be" in cause(double, 3.0)
    swapped = rule(lambda a, b: a * b * b, lambda a, b, y: 2.0 * a * b, lambda a, b, y: b * b)
    assert "swapped: this is the derivative by b" in cause(swapped, 2.0, 3.0)
    ignores = rule(lambda a, b: a * b, lambda a, b, y: b, None)
    assert "ignores this argument" in cause(ignores, 2.0, 3.0)
    assert "ignores this argument" in cause(lambda x: x.data * x.data, ac.Value(2.0))
    still = rule(lambda x: 7.0, lambda x, y: 1.0)
    assert "does not move" in cause(still, 2.0)
    other = rule(lambda x: math.exp(x), lambda x, y: x * x)
    assert "the formula of a partial" in cause(other, 1.7)
    born_nan = rule(lambda x: x * x, lambda x, y: ac.log(-x * x))
    assert "overflows where its value does not" in cause(born_nan, 2.0)


def test_a_transposed_jacobian():
    @primitive(outputs=2, partials=lambda a, b, results: [[1.0, 5.0], [3.0, 2.0 * b]])
    def rule(a, b):
        return a + 3.0 * b, 5.0 * a + b * b

    message = cause(rule, 1.0, 2.0)
    assert "the derivative of result" in message
    assert "transposed: this is the derivative of result" in message


def test_a_kink_is_called_one():
    message = cause(ac.relu, 0.0, order=1)
    assert "a kink: the slope is 0 to the left of 0.0 and 1 to the right" in message
    assert "a kink" in cause(lambda x: ac.maximum(x, 2.0 * x - 3.0), 3.0 + 1e-15, order=1)
    check_gradients(ac.relu, -1e-9)
    check_gradients(ac.abs, 1e-5)
    check_gradients(ac.abs, 0.0, order=1)  # the subgradient 0 is the central difference


def test_only_the_second_order_is_wrong():
    @primitive(partials=(lambda x, y: ac.detach(3.0 * x * x) if isinstance(x, ac.Value) else 3.0 * x * x,))
    def cube(x):
        return x**3

    check_gradients(cube, 2.0, order=1, modes=("reverse",))
    message = cause(cube, 2.0, modes=("reverse",))
    assert "the second derivative by x and x is wrong (order 2, reverse mode, twice)" in message
    assert "the rules give 0.0, central differences 12.0" in message


def test_a_random_function_is_no_function():
    rng = Random(0)
    assert "not the same twice" in cause(lambda x: x * rng.random(), 2.0)


def test_noise_of_a_solver_is_no_false_alarm():
    def root(a):
        x = 1.0
        for _ in range(4):  # stops at about 7 digits
            x = 0.5 * (x + a / x)
        return x

    check_gradients(root, 2.0)
    check_gradients(lambda x: x + 1e-11 * ac.sin(1e9 * x), 1.0, order=1, rtol=0.05)


def test_bad_calls():
    with pytest.raises(DomainError, match=r"the value is inf at \[0.0\]"):
        check_gradients(lambda x: 1.0 / x, 0.0)
    with pytest.raises(ArgumentError, match="modes"):
        check_gradients(ac.sin, 1.0, modes=("backward",))
    with pytest.raises(ArgumentError, match="modes"):
        check_gradients(ac.sin, 1.0, modes="reverse")
    with pytest.raises(ArgumentError, match="order=1 or order=2, got 3"):
        check_gradients(ac.sin, 1.0, order=3)
    with pytest.raises(ArgumentError, match="rtol"):
        check_gradients(ac.sin, 1.0, rtol=1e-12)
    with pytest.raises(ArgumentError, match=r"takes a function, got float"):
        check_gradients(1.0, 1.0)
    with pytest.raises(NotAScalarError, match="result"):
        check_gradients(lambda x: "x", 1.0)
    with pytest.raises(NotAScalarError):
        check_gradients(ac.sin, "x")


def test_differences_leave_the_domain_and_come_back():
    check_gradients(lambda x: ac.sqrt(x) * ac.log(x), 1e-6)

    @primitive(partials=(lambda x, y: 0.5 / y,))
    def root(x):
        return math.sqrt(x)  # raises below 0, where the first steps reach

    check_gradients(root, 1e-3)


def test_nothing_to_compare_is_no_success():
    with pytest.raises(NotAScalarError, match="takes a function that returns numbers; it returned none"):
        check_gradients(lambda x: None, 1.0)
    with pytest.raises(ArgumentError, match="got no number"):
        check_gradients(lambda: 1.0)
