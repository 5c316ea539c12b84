"""What primitive refuses of a user's own functions."""

from __future__ import annotations

import pytest

from autograd_core import Value, primitive
from autograd_core.errors import (
    ArgumentError,
    DomainError,
    NotAScalarError,
    ShapeError,
)


def message(error, call, *args):
    with pytest.raises(error) as caught:
        call(*args)
    return str(caught.value)


def test_errors_of_the_function():
    @primitive(partials=(lambda a, b, y: 1.0 / b, lambda a, b, y: -y / b))
    def ratio(a, b):
        return a / b

    text = message(DomainError, ratio, Value(1.0), 0.0)
    assert text.startswith("ratio(1.0, 0.0) raised ZeroDivisionError")
    assert "return math.inf or math.nan" in text

    @primitive(partials=(lambda x, y: 1.0 / (x - 2.0),))
    def partial_fails(x):
        return x

    text = message(DomainError, partial_fails, Value(2.0))
    assert text.startswith("the partial of partial_fails(2.0) with respect to x raised ZeroDivisionError")
    assert partial_fails(2.0) == 2.0  # no derivative, no partial


@pytest.mark.parametrize(
    ("result", "said"), [(None, "got None"), ("1.0", "the string '1.0'"), ([1.0], "got list"), (1j, "complex")]
)
def test_results_that_are_no_number(result, said):
    value = primitive(partials=(lambda x, y: 1.0,), name="rule")(lambda x: result)
    text = message(NotAScalarError, value, 2.0)
    assert text.startswith("rule(2.0) must return one number, ")
    assert said in text
    partial = primitive(partials=(lambda x, y: result,), name="rule")(lambda x: x)
    text = message(NotAScalarError, partial, Value(2.0))
    assert text.startswith("the partial of rule(2.0) with respect to x must return one number, ")
    assert said in text
    if result != [1.0]:
        both = primitive(partials=lambda x, y: result, name="rule")(lambda x: x)
        assert said in message(NotAScalarError, both, Value(2.0))


def test_a_value_from_outside():
    w = Value(3.0)
    rule = primitive(partials=(lambda x, y: w,), name="rule")(lambda x: x * w)
    text = message(NotAScalarError, rule, Value(2.0))
    assert "closes over a Value" in text
    assert "make that Value an argument" in text
    rule = primitive(partials=(lambda x, y: w * 1.0,), name="rule")(lambda x: x * 3.0)
    assert "closes over a Value" in message(NotAScalarError, rule, Value(2.0))


def test_wrong_numbers_of_partials_and_outputs():
    two = lambda a, b: a * b  # noqa: E731
    one = lambda a, b, y: b  # noqa: E731
    text = message(ArgumentError, primitive(partials=(one,), name="rule"), two)
    assert "rule takes 2 arguments (a, b) and was given 1 partial; give one for each, or None" in text
    text = message(ArgumentError, primitive(partials=(one, lambda a, b: a), name="rule"), two)
    assert (
        "the partial of rule with respect to b is called with all 2 arguments and the result, and takes (a, b)" in text
    )
    text = message(ArgumentError, primitive(partials=lambda a, b: a, name="rule"), two)
    assert "the function for the partials of rule" in text
    assert "any number of arguments" in message(ArgumentError, primitive(partials=(one,)), lambda *xs: 0.0)
    assert "one for each argument" in message(ArgumentError, primitive(partials=(one, 2.0)), two)
    assert "for each output" in message(ArgumentError, primitive(partials=(one, one), outputs=3), two)
    wrong = primitive(outputs=2, partials=lambda a, b, r: [[1.0, 1.0]] * 2, name="rule")(lambda a, b: a)
    assert "must return a tuple of outputs=2 numbers, got 1.0" in message(ShapeError, wrong, 1.0, 2.0)
    wrong = primitive(outputs=2, partials=lambda a, b, r: [1.0, 1.0], name="rule")(lambda a, b: (a, b))
    assert "2 lists, one for each output, of 2 numbers" in message(ShapeError, wrong, Value(1.0), 2.0)
    wrong = primitive(partials=lambda a, b, y: [1.0], name="rule")(two)
    assert "must return 2 numbers, one for each argument; got 1" in message(ShapeError, wrong, Value(1.0), 2.0)


def test_bad_declarations():
    assert "write @primitive(partials=" in message(ArgumentError, primitive, lambda x: x)
    assert "write @primitive(partials=" in message(ArgumentError, primitive)
    with pytest.raises(ArgumentError, match="outputs"):
        primitive(partials=(None,), outputs=0)
    declare = primitive(partials=(lambda x, y: 1.0,))
    assert "stands above a function" in message(ArgumentError, declare, 3.0)
    assert "numbers by position" in message(ArgumentError, declare, lambda *, x: x)
    assert "numbers by position" in message(ArgumentError, declare, lambda: 1.0)
    for latex in ("e^{0", r"\operatorname{f}({0})", "{1}"):
        text = message(ArgumentError, primitive(partials=(lambda x, y: 1.0,), latex=latex), lambda x: x)
        assert "braces of LaTeX doubled" in text
