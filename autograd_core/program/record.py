"""record(): the Program of a function, from one call of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from autograd_core.errors import GraphError
from autograd_core.interpreters.lifted import Lifted
from autograd_core.interpreters.symbol import number_of
from autograd_core.nesting.matching import matching
from autograd_core.nesting.structures import Structure, flatten
from autograd_core.program.form import Program
from autograd_core.program.machines.reference import outputs, run
from autograd_core.program.recorder import Recorder, source_numbers
from autograd_core.rules.scalars import shortened


def record(f: Callable[..., Any], *args: Any, sites: bool = True) -> Program:
    """Return the Program of a function: what it does with the numbers in its arguments.

    The function is called once. Comparisons of these numbers become guards, so that `replay` notices where the function
    would take another branch.

    Args:
        f: a function of numbers, nested as you like, that returns numbers.
        args: where to call it.
        sites: whether each step remembers the line of code that it comes from.

    Raises:
        NotAScalarError: an argument or the result holds something that is no number.
        GraphError: the function reads the `.data` of a number, which would be frozen.

    >>> program = record(lambda x: x * x if x > 0.0 else -x, 3.0)
    >>> replay(program, 5.0)
    25.0
    >>> replay(program, -5.0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    autograd_core.errors.PathError: program <lambda> was recorded where ...
    """
    name = str(getattr(f, "__name__", type(f).__name__))
    structure, numbers = flatten(args, f"record({name}): the arguments")
    recorder = Recorder(name, sites=sites)
    symbols = [recorder.input(number_of(x), path) for x, path in zip(numbers, _names(f, args, structure), strict=True)]
    with recorder.recording():
        result = f(*structure.build(symbols))
    results, ys = flatten(result, f"record({name}): the result")
    if any(isinstance(y, Lifted) for y in ys):
        raise GraphError(
            f"record({name}): the result belongs to a transform outside: {shortened(result)}; record first, and "
            "differentiate the program"
        )
    program, _ = recorder.program(ys, symbols)
    return replace(program, structure=structure, results=results)


def replay(program: Program, *args: Any) -> Any:
    """Return what the recorded function gives at other arguments; what it captured is read anew.

    Raises:
        PathError: the function takes another branch there.
        ShapeError: the arguments are nested otherwise than those that it was recorded with.

    >>> replay(record(lambda p: p[0] * p[1], [2.0, 3.0]), [5.0, 7.0])
    35.0
    """
    numbers = run(program, given_numbers(program, args))
    return program.results.build(outputs(program, numbers))


def given_numbers(program: Program, args: Sequence[Any]) -> list[Any]:
    """Return what a program is given: the numbers in the arguments, then those that it captured, as they are now."""
    numbers = matching(program.structure, tuple(args), f"program {program.name}", "the arguments", "the recording")
    return [*numbers, *source_numbers(program)]


def _names(f: Callable[..., Any], args: Sequence[Any], structure: Structure) -> list[str]:
    """Return a name for each number: that of the argument, with a count where the argument holds several."""
    try:
        parameters = [p.name for p in inspect.signature(f).parameters.values() if p.kind is not p.VAR_KEYWORD]
    except (TypeError, ValueError):
        parameters = []
    names = []
    for k, child in enumerate(structure.children):
        name = parameters[k] if k < len(parameters) and len(parameters) >= len(args) else f"x{k}"
        names += (
            [name] if child.rebuild is None and child.shape is None else [f"{name}[{i}]" for i in range(child.count)]
        )
    return names
