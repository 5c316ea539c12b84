"""Structures: how numbers are nested in an argument or a result, in lists, dicts, dataclasses, arrays and so on.

`flatten` takes the numbers out, and `Structure.build` puts other numbers in their places.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, Final

from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import complaint, number

Rebuild = Callable[[list[Any]], Any]


class Structure:
    """How numbers are nested: a tree whose leaves, called blocks, are each one number or one array of numbers.

    Attributes:
        children: the structures within a list, tuple, dict or dataclass.
        keys: the keys of a dict, in the order of its children.
        shape: the shape of an array; None if this is not an array.
        count: how many numbers there are within.
    """

    def __init__(
        self,
        rebuild: Rebuild | None,
        children: Sequence[Structure] = (),
        shape: tuple[int, ...] | None = None,
        keys: Sequence[Any] | None = None,
    ) -> None:
        self.rebuild = rebuild  # None for a block
        self.children = children
        self.shape = shape
        self.keys = keys
        if rebuild is None:
            self.count = 1 if shape is None else prod(shape)
        else:
            self.count = sum(child.count for child in children)

    def build(self, numbers: Sequence[Any]) -> Any:
        """Return lists, dicts and so on of this structure that hold `numbers`, in the order of `flatten`."""
        rest = iter(numbers)

        def fill(block: Structure) -> Any:
            if block.shape is None:
                return next(rest)
            return array_of([next(rest) for _ in range(block.count)], block.shape)

        return self.build_blocks(fill)

    def build_blocks(self, fill: Callable[[Structure], Any]) -> Any:
        """Return lists, dicts and so on of this structure that hold `fill(block)` for each block, called in order."""
        if self.rebuild is None:
            return fill(self)
        return self.rebuild([child.build_blocks(fill) for child in self.children])

    def build_table(self, rows: Sequence[Sequence[Any]], columns: Structure) -> Any:
        """Return a table of numbers in this structure, with the structure `columns` nested in each of its blocks.

        Where the block of the rows or the block of the columns is an array, both give one array, whose shape is the
        shape of the rows and then that of the columns.

        Args:
            rows: one row for each number of this structure, one column for each number of `columns`.
            columns: the structure of a row.
        """
        start = 0

        def rows_of(block: Structure) -> Any:
            nonlocal start
            part, start = rows[start : start + block.count], start + block.count
            if block.shape is None:
                return columns.build(part[0])
            column = 0

            def block_of(inner: Structure) -> Any:
                nonlocal column
                first, column = column, column + inner.count
                numbers = [x for row in part for x in row[first:column]]
                return array_of(numbers, (*(block.shape or ()), *(inner.shape or ())))

            return columns.build_blocks(block_of)

        return self.build_blocks(rows_of)


_NUMBER: Final = Structure(None)

Where = str | tuple[Any, str, Any]
"""A place in a structure, for errors: its name, or the place around it with the format and the key of the step inwards.

It becomes a string only when an error is raised: most numbers never need theirs.
"""


def flatten(x: Any, place: Where) -> tuple[Structure, list[Any]]:
    """Return the structure of `x` and the numbers in it: floats, Values and lifted numbers.

    Lists, tuples, dicts, dataclasses and NumPy arrays may be nested. A None holds no number and comes back as None.

    Args:
        x: what to take apart.
        place: what errors call it, such as `grad(f): argument 0`.

    Raises:
        NotAScalarError: something in `x` is no number; the message says where.
        DomainError: `x` is nested too deeply, or holds itself.

    >>> structure, numbers = flatten({"a": 1.0, "b": [2.0, 3.0]}, "x")
    >>> numbers
    [1.0, 2.0, 3.0]
    >>> structure.build([10 * x for x in numbers])
    {'a': 10.0, 'b': [20.0, 30.0]}
    """
    numbers: list[Any] = []
    try:
        return _flatten(x, place, numbers), numbers
    except RecursionError:
        raise DomainError(f"{written(place)} is nested too deeply, or holds itself") from None


def _flatten(x: Any, where: Where, numbers: list[Any]) -> Structure:
    if type(x) is float or is_operand(x):
        numbers.append(x)
        return _NUMBER
    if getattr(x, "ndim", 0) > 0 and hasattr(x, "dtype") and hasattr(x, "reshape"):
        return _flatten_array(x, where, numbers)
    if is_object_array(x):  # an array without dimensions around one Value
        return _flatten(x.item(), where, numbers)
    found = number(x)
    if found is not None:
        numbers.append(found)
        return _NUMBER
    if x is None:
        return Structure(lambda children: None)
    if isinstance(x, (list, tuple)):
        parts = [_flatten(part, (where, "[{}]", i), numbers) for i, part in enumerate(x)]
        return Structure(_sequence_like(x), parts)
    if isinstance(x, Mapping):
        keys = list(x)
        parts = [_flatten(x[key], (where, "[{!r}]", key), numbers) for key in keys]
        return Structure(_mapping_like(x, keys), parts, keys=keys)
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        names = [field.name for field in dataclasses.fields(x)]
        parts = [_flatten(getattr(x, name), (where, ".{}", name), numbers) for name in names]
        return Structure(_dataclass_like(x, names), parts)
    raise NotAScalarError(
        f"{written(where)} must be a number, or a list, tuple, dict, dataclass or array of numbers; {complaint(x)}"
    )


def _flatten_array(x: Any, where: Where, numbers: list[Any]) -> Structure:
    for i, element in enumerate(x.reshape(-1).tolist()):
        found = element if is_operand(element) else number(element)
        if found is None:
            raise NotAScalarError(
                f"{written(where)}: element {i} of an array of shape {x.shape} must be a number; {complaint(element)}"
            )
        numbers.append(found)
    return Structure(None, shape=tuple(x.shape))


def written(where: Where) -> str:
    """Return how errors write a place."""
    steps: list[str] = []
    while not isinstance(where, str):
        where, form, key = where
        steps.append(form.format(key))
    return where + "".join(reversed(steps))


def is_nothing(x: Any) -> bool:
    """Return whether `x` is the float 0, so that its term of a sum can be left out: 0 times inf would add nan."""
    return type(x) is float and x == 0.0


def is_object_array(x: Any) -> bool:
    """Return whether `x` is a NumPy array of objects, which may be Values. This works without importing NumPy."""
    return str(getattr(x, "dtype", "")) == "object" and hasattr(x, "ndim")


def array_of(numbers: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Return a NumPy array of dtype float if all numbers are floats, else of dtype object."""
    import numpy as np  # arrays are only built for callers who use NumPy

    if all(type(x) is float for x in numbers):
        return np.array(numbers, dtype=float).reshape(shape)
    array = np.empty(len(numbers), dtype=object)
    for i, x in enumerate(numbers):
        array[i] = x
    return array.reshape(shape)


def _sequence_like(x: Any) -> Rebuild:
    if hasattr(x, "_fields"):  # a named tuple
        return lambda children: type(x)._make(children)
    if type(x) in (list, tuple):
        return type(x)
    return tuple if isinstance(x, tuple) else list


def _mapping_like(x: Mapping[Any, Any], keys: list[Any]) -> Rebuild:
    def rebuild(children: list[Any]) -> Any:
        found = dict(zip(keys, children, strict=True))
        if type(x) is dict or not isinstance(x, dict):
            return found
        other = copy.copy(x)  # an ordered one, or one with a default
        for key, child in found.items():
            other[key] = child  # the method update() of a Counter adds up
        return other

    return rebuild


def _dataclass_like(x: Any, names: list[str]) -> Rebuild:
    def rebuild(children: list[Any]) -> Any:
        other = copy.copy(x)
        for name, child in zip(names, children, strict=True):
            object.__setattr__(other, name, child)  # it may be frozen
        return other

    return rebuild
