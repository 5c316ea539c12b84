"""Matching: numbers that belong to other numbers, as a direction belongs to a point, in the same order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd_core.errors import ShapeError
from autograd_core.nesting.structures import Structure, Where, flatten, written
from autograd_core.rules.scalars import counted, shortened


def matching(structure: Structure, other: Any, call: str, name: str, owner: str) -> list[Any]:
    """Return the numbers in `other`, in the order of `structure`.

    A list will do for a tuple or an array, and a flat list of all numbers for any structure. Dicts match by their
    keys, in any order.

    Args:
        structure: how the numbers are nested that those in `other` belong to.
        other: the numbers, one for each.
        call: how errors begin, such as `jvp(f)`.
        name: what errors call `other`, such as `v`.
        owner: what errors call that which has the structure, such as `x`.

    Raises:
        ShapeError: `other` has more numbers or fewer, or other keys.

    >>> structure, _ = flatten({"a": 1.0, "b": [2.0, 3.0]}, "x")
    >>> matching(structure, {"b": (20.0, 30.0), "a": 10.0}, "jvp(f)", "v", "x")
    [10.0, 20.0, 30.0]
    """
    start = f"{call}: {name}"

    def match(structure: Structure, other: Any, place: Where) -> list[Any]:
        if structure.keys is not None and isinstance(other, Mapping):
            if set(structure.keys) != set(other):
                at = written(place).removeprefix(start)
                raise ShapeError(
                    f"{start}{at} has the keys {shortened(list(other))}, {owner}{at} has {shortened(structure.keys)}; "
                    "give one entry for each key"
                )
            parts = [(key, other[key]) for key in structure.keys]
        elif structure.children and isinstance(other, (list, tuple)) and len(other) == len(structure.children):
            parts = list(enumerate(other))
        else:
            _, found = flatten(other, place)
            if len(found) == structure.count:
                return found
            at = written(place).removeprefix(start)
            raise ShapeError(
                f"{start}{at} has {counted(len(found), 'number')}, {owner}{at} has {structure.count}; "
                f"give one for each, nested in the same way; got {shortened(other)}"
            )
        children = zip(structure.children, parts, strict=True)
        return [x for child, (key, part) in children for x in match(child, part, (place, "[{!r}]", key))]

    return match(structure, other, start)
