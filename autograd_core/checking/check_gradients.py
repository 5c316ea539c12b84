"""check_gradients(): the derivatives that the rules give, against central differences of the values."""

from __future__ import annotations

import dataclasses
import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from autograd_core.calculus.functions import checked_function, name_of
from autograd_core.calculus.jacobian import jacobian
from autograd_core.calculus.jvp import jvp
from autograd_core.checking.causes import Entry, likely_cause
from autograd_core.checking.differences import compare
from autograd_core.engine.no_grad import no_grad
from autograd_core.engine.value import Value
from autograd_core.errors import ArgumentError, DomainError, GradientCheckError, NotAScalarError
from autograd_core.interpreters.lifted import Lifted
from autograd_core.nesting.structures import flatten
from autograd_core.rules.scalars import shortened

Numbers = Callable[[list[Any]], list[Any]]

_LISTED: Final = 5


class GradientCheck(NamedTuple):
    """What `check_gradients` looked at.

    >>> print(GradientCheck(compared=6, unresolved=()))
    6 derivatives agree with differences
    """

    compared: int
    """How many derivatives were compared, over all modes and orders."""
    unresolved: tuple[str, ...]
    """Those that differences are not sharp enough to judge, such as 1e-20 beside a value of 1."""

    def __str__(self) -> str:
        text = f"{self.compared - len(self.unresolved)} derivatives agree with differences"
        return text + (f"; {len(self.unresolved)} are too small to be told from rounding" if self.unresolved else "")


def check_gradients(
    f: Callable[..., Any],
    *args: Any,
    modes: Sequence[str] = ("reverse", "forward"),
    order: int = 2,
    rtol: float = 1e-4,
) -> GradientCheck:
    """Compare the derivatives of `f` with central differences, and raise where they do not agree.

    Differences start from the scale of each argument; the step is halved until they are sharp. They are taken of
    the value for the first order, and of the first derivatives for the second.

    Args:
        f: the function to check; its result may be nested.
        args: where to check it: numbers, and lists, tuples, dicts, dataclasses and NumPy arrays of them, nested.
            All of them are differentiated by; bind what is not with a lambda.
        modes: "reverse" for reverse mode, with the recorded graph, and "forward" for forward mode, with dual numbers.
            The second order is checked in each combination of them.
        order: 1 or 2.
        rtol: the relative error that is let pass; the default catches a rule that is off by 0.05 %.

    Returns:
        How many derivatives were compared. Differences cannot judge a derivative that rounding drowns; those are
        listed, and let pass.

    Raises:
        GradientCheckError: a derivative is wrong. The message gives the argument, both numbers and the likely cause.
            It is an AssertionError too.
        DomainError: the value is nan or infinite at `args`.

    >>> from autograd_core import exp, primitive, sin
    >>> print(check_gradients(lambda p: exp(p["a"]) * sin(p["b"]), {"a": 1.0, "b": 2.0}))
    20 derivatives agree with differences
    >>> @primitive(partials=(lambda x, y: 3.0 * x,))
    ... def double_area(x):
    ...     return 2.0 * x * x
    >>> try:
    ...     check_gradients(double_area, 5.0)
    ... except GradientCheckError as error:
    ...     print(error)
    check_gradients(double_area): the derivative by x is wrong (order 1, reverse mode)
      the rules give 15.0, central differences 20.0
      likely cause: a factor: it is 3/4 of what it should be
    """
    name = f"check_gradients({name_of(checked_function('check_gradients', f))})"
    _check_options(name, modes, order, rtol)
    structure, numbers = flatten(args, name)
    if not numbers:
        raise ArgumentError(f"{name} takes the arguments to check it at, and got no number: check_gradients(f, 1.0)")
    point = [float(x.data) if isinstance(x, (Value, Lifted)) else x for x in numbers]
    paths = list(_paths(f, args))
    checks = _Checks(name, paths, rtol)

    def outputs(xs: list[Any]) -> list[Any]:
        return flatten(f(*structure.build(xs)), f"{name}: the result")[1]

    def values(xs: list[Any]) -> list[Any]:
        with no_grad():
            return outputs([Value(x) for x in xs])  # not floats, whose arithmetic is not IEEE's

    if not values(point):
        raise NotAScalarError(f"{name} takes a function that returns numbers; it returned none")
    checks.value(values, point)
    checks.compare(values, point, {f"{mode} mode": _JACOBIANS[mode](outputs) for mode in modes}, 1)
    if order == 2:
        first = {mode: _JACOBIANS[mode](outputs) for mode in modes}
        second = {
            f"{outer} mode over {inner} mode" if outer != inner else f"{inner} mode, twice": _JACOBIANS[outer](
                first[inner]
            )
            for inner in modes
            for outer in modes
        }
        # The first derivatives agree by now: those that cost least do for the differences.
        checks.compare(first["reverse" if "reverse" in modes else "forward"], point, second, 2)
    return GradientCheck(checks.compared, tuple(checks.unresolved))


class _Checks:
    """The comparisons of one call."""

    def __init__(self, name: str, paths: list[str], rtol: float) -> None:
        self.name, self.paths, self.rtol = name, paths, rtol
        self.compared = 0
        self.unresolved: list[str] = []
        self.several = False

    def value(self, outputs: Numbers, point: list[float]) -> None:
        """Raise if the value is no number to take differences of."""
        values = _plain(outputs, point)
        self.several = len(values) > 1
        for i, y in enumerate(values):
            if not math.isfinite(y):
                which = f" in place {i}" if self.several else ""
                raise DomainError(
                    f"{self.name}: the value{which} is {y} at {shortened(point)}; check it where it is finite"
                )
        if repr(values) != repr(_plain(outputs, point)):
            raise GradientCheckError(
                f"{self.name}: the value is not the same twice, {shortened(values)} and then another: the function is "
                "random, or it changes what it works on; fix its seed, or pass its noise as an argument"
            )

    def compare(self, function: Numbers, point: list[float], derived: dict[str, Numbers], order: int) -> None:
        """Compare the derivatives of what `function` returns with those by other means, named, input by input."""
        n = len(point)
        tables = [_plain(derivatives, point) for derivatives in derived.values()]
        rows = len(tables[0]) // n if n else 0
        found: list[list[Entry]] = [[] for _ in tables]
        for j, x in enumerate(point):

            def along(t: float, j: int = j) -> list[float]:
                return _around(function, [*point[:j], t, *point[j + 1 :]], rows) * len(tables)

            expected = [table[i * n + j] for table in tables for i in range(rows)]
            for k, verdict in enumerate(compare(along, x, expected, self.rtol)):
                found[k // rows].append(Entry(k % rows, j, x, expected[k], verdict, along))
        for how, entries in zip(derived, found, strict=True):
            self._judge(entries, f"(order {order}, {how})", order, n)

    def _judge(self, entries: list[Entry], where: str, order: int, n: int) -> None:
        self.compared += len(entries)
        self.unresolved += [f"{self._what(e, order, n)} {where}" for e in entries if e.verdict.agrees is None]
        wrong = [e for e in entries if e.verdict.agrees is False]
        if not wrong:
            return
        worst = max(wrong, key=lambda e: e.error)
        others = [self._what(e, order, n) for e in wrong if e is not worst]
        more = f"\n  also wrong: {', '.join(others[:_LISTED])}" if others else ""
        more += f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
        raise GradientCheckError(
            f"{self.name}: {self._what(worst, order, n)} is wrong {where}\n"
            f"  the rules give {worst.expected!r}, central differences {_digits(worst)}\n"
            f"  likely cause: {likely_cause(worst, entries, self.paths, order)}{more}"
        )

    def _what(self, e: Entry, order: int, n: int) -> str:
        by = [self.paths[e.column]] if order == 1 else [self.paths[e.row % n], self.paths[e.column]]
        output = e.row if order == 1 else e.row // n
        of = f" of result {output}" if self.several else ""
        return f"the {'second ' if order == 2 else ''}derivative{of} by {' and '.join(by)}"


def _digits(e: Entry) -> str:
    """A difference to the digits that it is sure of."""
    slope, error, _ = e.verdict.estimate
    if slope == 0.0 or not error > 0.0:
        return repr(slope)
    digits = math.ceil(math.log10(max(abs(slope) / error, 10.0)))
    return repr(float(f"{slope:.{max(3, min(digits, 12))}g}"))


def _plain(function: Numbers, point: list[float]) -> list[float]:
    """The numbers that a function returns, as floats."""
    return [x.data if isinstance(x, (Value, Lifted)) else x for x in function(list(point))]


def _around(function: Numbers, point: list[float], count: int) -> list[float]:
    """The same, next to where it is checked: nan where the function is not defined."""
    try:
        found = _plain(function, point)
    except (ArithmeticError, ValueError):
        found = []
    return found if len(found) == count else [math.nan] * count


def _reverse(f: Numbers) -> Numbers:
    derived = jacobian(f, mode="reverse")
    return lambda xs: [d for row in derived(xs) for d in row]


def _forward(f: Numbers) -> Numbers:
    def derived(xs: list[Any]) -> list[Any]:
        columns = [jvp(f, xs, [1.0 if i == j else 0.0 for i in range(len(xs))])[1] for j in range(len(xs))]
        return [d for row in zip(*columns, strict=True) for d in row]

    return derived


_JACOBIANS: Final[dict[str, Callable[[Numbers], Numbers]]] = {"reverse": _reverse, "forward": _forward}


def _check_options(name: str, modes: Any, order: Any, rtol: Any) -> None:
    known = isinstance(modes, (list, tuple, set, frozenset)) and all(isinstance(mode, str) for mode in modes)
    if not known or not modes or not _JACOBIANS.keys() >= set(modes):
        raise ArgumentError(
            f'{name} takes modes=("reverse", "forward") or one of them in a tuple, got {shortened(modes)}'
        )
    if type(order) is not int or order not in (1, 2):
        raise ArgumentError(
            f"{name} takes order=1 or order=2, got {shortened(order)}; for higher orders check a gradient"
        )
    if not isinstance(rtol, float) or not 1e-8 <= rtol < 1.0:
        raise ArgumentError(
            f"{name} takes a float from 1e-8 to 1 as rtol, got {shortened(rtol)}; differences are no sharper than that"
        )


def _paths(f: Callable[..., Any], args: tuple[Any, ...]) -> Iterator[str]:
    """How the error calls each number in the arguments: x, p['a'][2]."""
    try:
        parameters = list(inspect.signature(f).bind(*args).arguments.items())
    except (TypeError, ValueError):
        parameters = [(f"argument {i}", x) for i, x in enumerate(args)]
    for name, x in parameters:
        yield from _within(x, name)


def _within(x: Any, path: str) -> Iterator[str]:
    """The paths of the numbers in `x`, in the order in which `flatten` takes them out."""
    if getattr(x, "ndim", 0) > 0 and hasattr(x, "shape"):
        places: list[tuple[int, ...]] = [()]
        for size in x.shape:
            places = [(*place, i) for place in places for i in range(size)]
        yield from (f"{path}[{', '.join(map(str, place))}]" for place in places)
    elif isinstance(x, (list, tuple)):
        for i, part in enumerate(x):
            yield from _within(part, f"{path}[{i}]")
    elif isinstance(x, Mapping):
        for key in x:
            yield from _within(x[key], f"{path}[{key!r}]")
    elif dataclasses.is_dataclass(x) and not isinstance(x, type):
        for field in dataclasses.fields(x):
            yield from _within(getattr(x, field.name), f"{path}.{field.name}")
    elif x is not None:
        yield path
