from __future__ import annotations

import math
import struct
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value
from autograd_core.engine.value import apply
from autograd_core.errors import ArgumentError, GraphError, NotAScalarError
from autograd_core.rules.table import TABLE

anything = st.floats(allow_nan=True, allow_infinity=True)


def bits(x: float) -> bytes:
    return b"nan" if math.isnan(x) else struct.pack("<d", x)


def facts(node: Value) -> tuple:
    """All that a node records, with floats as bits."""
    operands = tuple(id(x) if isinstance(x, Value) else bits(x) for x in node.operands)
    slopes = tuple(bits(d) for d in node.local_derivatives)
    return node.primitive, bits(node.data), operands, tuple(id(p) for p in node.parents), slopes


# The operators are written out in Value for speed: they must record what the table says, to the bit.

OPERATORS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
}


@pytest.mark.parametrize("name", OPERATORS)
@given(anything, anything)
def test_operators_record_what_the_table_says(name, a, b):
    row, operator = TABLE[name], OPERATORS[name]
    u, v = Value(a), Value(b)
    for left, right in [(u, v), (u, b), (a, v), (u, u)]:
        assert facts(operator(left, right)) == facts(apply(row, (left, right)))


@given(anything)
def test_negation_and_abs_record_what_the_table_says(a):
    u = Value(a)
    assert facts(-u) == facts(apply(TABLE["negative"], (u,)))
    assert facts(abs(u)) == facts(apply(TABLE["abs"], (u,)))
    assert +u is u


@given(st.lists(st.tuples(anything, anything, st.sampled_from(["VV", "Vc", "cV"])), min_size=1, max_size=6))
def test_dot_and_unary_rows_record_what_the_table_says(entries):
    xs = [Value(a) if kind[0] == "V" else a for a, _, kind in entries]
    ys = [Value(b) if kind[1] == "V" else b for _, b, kind in entries]
    assert facts(ac.dot(xs, ys)) == facts(apply(TABLE["dot"], (*xs, *ys)))
    for row in (TABLE["tanh"], TABLE["relu"], TABLE["is_zero"]):
        u = Value(entries[0][0])
        assert facts(row(u)) == facts(apply(row, (u,)))


@pytest.mark.parametrize("number", [2, True, np.float64(2), np.float32(2), np.int64(2), Fraction(2), Decimal(2)])
def test_numbers_of_any_kind_on_either_side(number):
    x, c = Value(3.0), float(number)
    pairs = [
        (x + number, 3 + c),
        (number + x, c + 3),
        (x - number, 3 - c),
        (number - x, c - 3),
        (x * number, 3 * c),
        (number * x, c * 3),
        (x / number, 3 / c),
        (number / x, c / 3),
        (x**number, 3**c),
        (number**x, c**3),
    ]
    for y, expected in pairs:
        assert isinstance(y, Value)
        assert y.data == pytest.approx(expected, rel=1e-15)
        assert y.parents == (x,)
    assert (x > number) is (c < 3)
    assert (number > x) is (c > 3)


def test_arrays_of_values():
    v = np.array([Value(1.0), Value(2.0)])
    y = (np.array([3.0, 4.0]) * v + v**2).sum()
    y.backward()
    assert [x.grad for x in v] == [5.0, 8.0]
    assert (Value(2.0) * np.array([1.0, 2.0]))[1].data == 4.0
    assert (np.array([1.0, 2.0]) * Value(2.0))[1].data == 4.0
    assert np.exp(v)[1].data == math.exp(2.0)
    assert np.arcsin(Value(0.5)).data == math.asin(0.5)
    assert np.arctan2(Value(1.0), Value(2.0)).data == math.atan2(1.0, 2.0)


def test_a_constant_is_an_operand_and_no_parent():
    x = Value(3.0)
    y = 2.0 - x
    assert y.operands == (2.0, x)
    assert y.operands[1] is x
    assert y.parents == (x,)
    assert y.local_derivatives == (-1.0,)
    assert (x**2).operands == (x, 2.0)


def test_sequences_of_one_and_two_keep_their_operands():
    x = Value(3.0)
    assert ac.sum([x]).operands == (x,)
    assert ac.dot([x], [2.0]).operands == (x, 2.0)
    assert ac.dot([x], [2.0]).local_derivatives == (2.0,)
    assert ac.sum([x, x]).parents == (x, x)


def test_names_of_micrograd():
    x, y = Value(2.0), Value(3.0)
    z = x * y
    assert z._prev == z.parents == (x, y)
    assert z._op == z.op == "*"
    assert (x.op, x.parents, x.local_derivatives) == ("", (), ())
    assert z.tanh().op == "tanh"


# Data, gradient, label.


def test_only_leaves_take_data():
    x = Value(2.0)
    y = x * x
    x.data = 3
    assert x.data == 3.0
    assert y.data == 4.0
    with pytest.raises(GraphError, match=r"cannot assign \.data .* computed by multiply"):
        y.data = 1.0
    assert y.data == 4.0
    x.data -= 0.5
    assert x.data == 2.5


def test_a_gradient_is_zero_until_a_pass_reaches_it():
    x, unrelated = Value(2.0), Value(1.0)
    y = x * 0.0
    assert (x.grad, x.has_grad) == (0.0, False)
    y.backward()
    assert (x.grad, x.has_grad) == (0.0, True)
    assert not unrelated.has_grad
    x.grad = 0.0
    assert not x.has_grad
    x.grad = 2
    assert (x.grad, x.has_grad) == (2.0, True)


@pytest.mark.parametrize("bad", ["a", "1.0", None, [1], (1.0,), {}, 1j, 10**400, object(), np.array([1.0]), b"1"])
def test_what_is_not_a_number_is_refused(bad):
    with pytest.raises(NotAScalarError, match=r"Value\(\) takes one real number .*got"):
        Value(bad)
    x = Value(1.0)
    with pytest.raises(NotAScalarError, match=r"Value\.data takes one real number"):
        x.data = bad
    with pytest.raises(NotAScalarError, match=r"Value\.grad (takes one real|is a) number"):
        x.grad = bad
    assert (x.data, x.grad) == (1.0, 0.0)
    with pytest.raises(TypeError):
        Value(bad, "label") * 2


def test_the_remedy_is_named():
    x = Value(1.0)
    with pytest.raises(NotAScalarError, match=r"pass v\.data"):
        Value(x)
    with pytest.raises(NotAScalarError, match=r"\[Value\(x\) for x in data\]"):
        Value([1, 2])
    with pytest.raises(NotAScalarError, match="real and imaginary parts"):
        Value(1j)
    with pytest.raises(NotAScalarError, match="complex"):
        Value(np.complex64(1j))


def test_labels_are_strings():
    x = Value(1.0, "w")
    x.label = "v"
    assert repr(x) == "Value(data=1.0, grad=0.0, label='v')"
    with pytest.raises(ArgumentError, match="label"):
        Value(1.0, 3)
    with pytest.raises(ArgumentError, match="label"):
        x.label = None
    with pytest.raises(ArgumentError, match="origin"):
        x.origin = 3
    assert x.label == "v"
    assert type(Value(1.0, np.array(["a"])[0]).label) is str


@pytest.mark.parametrize("other", ["a", None, [1.0], object(), 1j, 10**400])
def test_operators_refuse_strangers(other):
    x = Value(1.0) * 2
    known = other is None or isinstance(other, (str, complex, int, list))
    expected = "a Value . takes a number or a Value, got|a Value .. takes" if known else "'Value'"
    for operate in (lambda: x + other, lambda: other - x, lambda: x**other, lambda: x * other, lambda: other / x):
        with pytest.raises(TypeError, match=expected):
            operate()
    if not isinstance(other, int):
        with pytest.raises(TypeError):
            assert x < other
    assert x != other
    assert (x == other) is False


@pytest.mark.parametrize("name", ["Mine", "Node", "Value"])
def test_no_subclasses(name):
    with pytest.raises(TypeError, match="cannot subclass Value"):
        type(name, (Value,), {})


def test_a_computed_value_is_called_value():
    assert type(Value(1.0) * 2).__name__ == "Value"


@pytest.mark.parametrize("name", ["data", "grad", "label", "origin", "op", "parents"])
def test_attributes_cannot_be_deleted(name):
    for v in (Value(1.0), Value(1.0) * 2):
        with pytest.raises(AttributeError):
            delattr(v, name)
        assert v.data in (1.0, 2.0)


def test_ints_beyond_floats_compare():
    huge = 10**400
    assert Value(1.0) < huge
    assert huge > Value(1.0)
    assert Value(1.0) != huge
    assert Value(math.inf) > huge


def test_calls_with_wrong_arguments_name_the_function():
    x = Value(1.0)
    for call, text in [
        (lambda: ac.exp(), r"exp\(\) is called as exp\(x\): missing a required argument: 'x'"),
        (lambda: ac.maximum([1, 2]), r"maximum\(\) is called as maximum\(a, b\)"),
        (lambda: ac.sum(1, 2), r"sum\(\) is called as sum\(xs\): too many"),
        (lambda: ac.elu(x, beta=1), r"elu\(\) is called as elu\(x, alpha=1.0\): got an unexpected keyword"),
        (lambda: ac.where(x > 0, x), r"where\(\) is called as where\(condition, a, b\)"),
        (lambda: x.hypot(), r"hypot\(\) is called as hypot\(a, b\)"),
        (lambda: ac.dot([x]), r"dot\(\) is called as dot\(xs, ys\)"),
    ]:
        with pytest.raises(ArgumentError, match=text):
            call()
    for sequence in ({1.0: x}, {x}, "ab", 3.0):
        with pytest.raises(NotAScalarError, match=r"sum\(\) takes a sequence"):
            ac.sum(sequence)
    for function in (ac.softmax, ac.log_softmax, ac.mean):
        with pytest.raises(NotAScalarError, match=rf"{function.__name__}\(\) takes numbers and Values, got the string"):
            function([x, "a"])
    for call in (lambda: ac.maximum(1.0, None), lambda: ac.maximum(x, None), lambda: ac.maximum(None, x)):
        with pytest.raises(NotAScalarError, match=r"maximum\(\) takes numbers and Values, got None"):
            call()
    with pytest.raises(NotAScalarError, match=r"\[exp\(x\) for x in data\]"):
        ac.exp([1.0, 2.0])


def test_arguments_have_the_names_that_the_documentation_gives():
    x = Value(-2.0)
    assert ac.elu(x, alpha=0.5).data == x.elu(alpha=0.5).data == ac.elu(-2.0, 0.5)
    assert ac.leaky_relu(x, slope=0.5).data == -1.0
    assert ac.clip(x, low=-1, high=1).data == -1.0
    assert ac.clip(-2.0, high=1.0, low=-1.0) == -1.0
    assert ac.atan2(y=1.0, x=2.0) == math.atan2(1.0, 2.0)


def test_only_public_rows_are_methods():
    assert not hasattr(Value, "gaussian")
    assert not hasattr(Value, "is_zero")
