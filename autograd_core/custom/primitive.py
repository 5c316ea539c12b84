"""primitive(): a function of your own, with partials that you give, as a row like those of the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from autograd_core.custom.declaration import check_latex, checked_partials, signature_of
from autograd_core.custom.joint import Joint, Output
from autograd_core.errors import (
    ArgumentError,
    AutogradError,
    DomainError,
    GradientLostError,
    NotAScalarError,
    ShapeError,
)
from autograd_core.rules.rows import Partial, Primitive
from autograd_core.rules.scalars import complaint, number, shortened

Row: TypeAlias = "Sequence[Partial | None]"
Partials: TypeAlias = "Partial | Row | Sequence[Row]"

_AN_EXAMPLE: Final = "@primitive(partials=(lambda x, y, result: ..., lambda x, y, result: ...))"


def primitive(
    *functions: Any,
    partials: Partials | None = None,
    outputs: int = 1,
    name: str = "",
    symbol: str = "",
    latex: str = "",
) -> Callable[[Callable[..., Any]], Any]:
    r"""Make a function of floats differentiable: a decorator that takes its partial derivatives.

    The function may compute its value by any means: `math`, SciPy, a loop, a lookup. It is called with floats only.
    It then takes Values, works in every transform, and is drawn and explained under its own name.

    Args:
        functions: none; the function stands below the decorator.
        partials: one function for each argument, called with all arguments and the result. Write them with
            + - * / ** and the functions of this package, and every derivative of higher order is right too. Written
            with `math` or NumPy they do for first derivatives; a higher one raises. None stands for an argument
            that no gradient flows to. For a function of any number of arguments, or where the partials have much
            in common: one function that returns all of them.
        outputs: how many numbers the function returns, in a tuple. If several, give a tuple of partials for each
            output; their last argument is the tuple of results.
        name: what to call it in errors, drawings and formulas; the function's own name if left out.
        symbol: how a drawing shows it.
        latex: a format string with the arguments as {0}, {1}, ...: r"\operatorname{{clip}}({0}, {1})". Braces that
            LaTeX is to see are doubled.

    Raises:
        ArgumentError: the number of partials is not that of the arguments, or a partial takes another number.
        DomainError: on the call, the function or a partial raised an ArithmeticError or a ValueError. Arithmetic is
            IEEE here: return math.inf or math.nan where there is no finite value.
        NotAScalarError: on the call, the function or a partial returned something that is no number.
        GradientLostError: on a derivative of higher order, a partial called `math` or otherwise lost it.

    >>> import math
    >>> from autograd_core import cos, derivative, grad, sin
    >>> @primitive(partials=(lambda r, t, y: cos(t), lambda r, t, y: -r * sin(t)))
    ... def across(r, t):
    ...     return r * math.cos(t)
    >>> across(2.0, 0.0), grad(across)(2.0, 0.0)
    (2.0, 1.0)
    >>> derivative(lambda t: across(2.0, t), 4)(0.0)
    2.0

    Several outputs, whose partials share one function:

    >>> @primitive(outputs=2, partials=lambda a, b, results: [[b, a], [1.0, -1.0]])
    ... def product_and_difference(a, b):
    ...     return a * b, a - b
    >>> from autograd_core import jacobian
    >>> jacobian(lambda p: product_and_difference(*p))([2.0, 3.0])
    ([3.0, 2.0], [1.0, -1.0])
    """
    if functions or partials is None:
        raise ArgumentError(f"primitive() takes the partials of the function below it: write {_AN_EXAMPLE}")
    if type(outputs) is not int or outputs < 1:
        raise ArgumentError(f"primitive(outputs) takes the number of outputs, an int of at least 1, got {outputs!r}")

    def decorate(function: Callable[..., Any]) -> Any:
        if not callable(function):
            raise ArgumentError(f"primitive(...) stands above a function, got {shortened(function)}")
        rule = Rule(function, partials, outputs, name or getattr(function, "__name__", "a function"), symbol, latex)
        made = rule.made
        for attribute in ("__module__", "__qualname__", "__doc__"):
            setattr(made, attribute, getattr(function, attribute, None))
        made.__wrapped__, made.__signature__ = function, rule.signature
        return made

    return decorate


class UserRow(Output):
    """The row of a user's function, or of one of its outputs. A pickle holds the function's name in its module."""

    joint: Rule

    def __reduce__(self) -> Any:
        return self.__qualname__ if self.joint.made is self else (_row_of, (self.joint.made, self.place))


def _row_of(made: SeveralOutputs, place: int) -> Primitive:
    return made.rows[place]


class Rule(Joint):
    """A user's function with its partials; `made` is what takes the function's place."""

    row_type = UserRow

    def __init__(
        self, function: Callable[..., Any], partials: Partials, outputs: int, name: str, symbol: str, latex: str
    ) -> None:
        self.function = function
        self.signature, self.parameters, arity = signature_of(function, name)
        self.partials = checked_partials(partials, outputs, arity, name, self.parameters)
        check_latex(latex, arity or 1, name)
        super().__init__(name, outputs, arity, symbol=symbol, latex=latex)
        self.rows = [super(Rule, self).row(k) for k in range(outputs)]
        for row in self.rows:
            row.__signature__ = self.signature
        self.made: Any = self.rows[0] if outputs == 1 else SeveralOutputs(self)

    def row(self, place: int) -> Output:
        """See `Joint.row`."""
        return self.rows[place]

    def evaluate(self, operands: Sequence[float]) -> Sequence[float]:
        """See `Joint.evaluate`."""
        try:
            result = self.function(*operands)
        except (ArithmeticError, ValueError) as error:
            raise self._failure(self._call(operands), error) from error
        if len(self.rows) == 1:
            return [_as_number(result, self._call(operands))]
        if not isinstance(result, (tuple, list)) or len(result) != len(self.rows):
            got = f"{len(result)} numbers" if isinstance(result, (tuple, list)) else shortened(result)
            raise ShapeError(
                f"{self._call(operands)} must return a tuple of outputs={len(self.rows)} numbers, got {got}"
            )
        return [_as_number(x, self._call(operands)) for x in result]

    def linearize(self, output: int, operands: Sequence[Any], results: Sequence[Any], active: Sequence[bool]) -> Any:
        """See `Joint.linearize`."""
        last = tuple(results) if len(self.rows) > 1 else results[0]
        if callable(self.partials):
            found = self._all_partials(self._called(self.partials, "the partials of {}", operands, last), operands)
            return [
                self._checked(d, i, operands) if a else None
                for i, (d, a) in enumerate(zip(found[output], active, strict=True))
            ]
        row = self.partials[output]
        return [
            self._checked(self._called(partial, self._of(i), operands, last), i, operands)
            if partial is not None and wanted
            else None
            for i, (partial, wanted) in enumerate(zip(row, active, strict=True))
        ]

    def _called(self, partial: Partial, what: str, operands: Sequence[Any], last: Any) -> Any:
        try:
            return partial(*operands, last)
        except TypeError as error:
            if all(type(x) is float for x in operands):
                raise
            raise GradientLostError(
                f"{what.format(self.name)} cannot be differentiated again: called with Values in the place of floats, "
                f"it raised {type(error).__name__} ({error}). Write it with the functions of autograd_core, not with "
                "those of math or SciPy, or with primitives of your own; as it is, it does for first derivatives, by "
                "backward(), grad() and jvp()"
            ) from error
        except AutogradError:
            raise
        except (ArithmeticError, ValueError) as error:
            raise self._failure(f"{what.format(self._call(operands))}", error) from error

    def _all_partials(self, found: Any, operands: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """What one function for all partials returned, as a list of lists."""
        shape = (len(self.rows), len(operands))
        rows = found if shape[0] > 1 else [found]
        if shape == (1, 1) and not isinstance(found, (list, tuple)):
            rows = [[found]]  # one number for one argument
        for row in [rows, *rows] if isinstance(rows, (list, tuple)) else [rows]:
            wanted = shape[0] if row is rows else shape[1]
            if not isinstance(row, (list, tuple)) or len(row) != wanted:
                got = len(row) if isinstance(row, (list, tuple)) else shortened(row)
                each = "" if shape[0] == 1 else f"{shape[0]} lists, one for each output, of "
                raise ShapeError(
                    f"the function for the partials of {self.name} must return {each}{shape[1]} numbers, one for each "
                    f"argument; got {got}{'' if row is rows else ' in one of them'}"
                )
        checked: Sequence[Sequence[Any]] = rows
        return checked

    def _checked(self, d: Any, i: int, operands: Sequence[Any]) -> Any:
        """A partial's result: a number as a float, what is differentiable as it is."""
        if hasattr(d, "__apply_primitive__") and not all(type(x) is float for x in operands):
            return d
        return _as_number(d, self._of(i).format(self._call(operands)))

    def _failure(self, what: str, error: Exception) -> DomainError:
        return DomainError(
            f"{what} raised {type(error).__name__}: {error}. Arithmetic is IEEE here: return math.inf or math.nan "
            "where there is no finite value"
        )

    def _call(self, operands: Sequence[Any]) -> str:
        return f"{self.name}({', '.join(str(getattr(x, 'data', x)) for x in operands)})"

    def _of(self, i: int) -> str:
        """How errors name a partial; the function's name, or the call, goes into the braces."""
        named = self.parameters[i] if i < len(self.parameters) else f"argument {i}"
        return f"the partial of {{}} with respect to {named}"


class SeveralOutputs:
    """A user's function that returns a tuple of numbers. It is called like the function.

    Attributes:
        rows: a row for each output.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.rows: tuple[Primitive, ...] = tuple(rule.rows)
        self.__name__ = self.__qualname__ = rule.name

    def __call__(self, *operands: Any, **named: Any) -> tuple[Any, ...]:
        """Return the outputs."""
        operands = self.rows[0].bound(operands, named)
        self.rule.forget()
        return tuple(row.apply(operands) for row in self.rows)

    def __reduce__(self) -> str:
        return str(self.__qualname__)

    def __repr__(self) -> str:
        return f"<primitive {self.rule.name} with {len(self.rows)} outputs>"


def _as_number(x: Any, what: str) -> float:
    """What a user's function returned for floats, as a float."""
    found = number(x)
    if found is not None:
        return found
    if hasattr(x, "__apply_primitive__"):
        raise NotAScalarError(
            f"{what} closes over a Value, and returned {shortened(x)} where all arguments are floats: "
            "make that Value an argument, with a partial of its own"
        )
    raise NotAScalarError(f"{what} must return one number, {complaint(x)}")
