"""The state of a model: its parameters and buffers as plain numbers by name, and how they are put back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from autograd_core.engine.value import Value
from autograd_core.errors import AutogradError
from autograd_core.rules.scalars import number, shortened

Array = Any
"""A float, an int, or nested lists of those, rectangular."""


class StateError(AutogradError, ValueError):
    """A saved state does not fit what it is loaded into, or a file holds none. Nothing was changed."""


class Keys(NamedTuple):
    """The names that did not match when a state was loaded.

    Attributes:
        missing: names that the model has and the state lacks; what they name stayed as it was.
        unexpected: names that the state has and the model lacks; they were left out.
    """

    missing: list[str]
    unexpected: list[str]


@runtime_checkable
class HoldsState(Protocol):
    """What has a state by name, as every `nn.Module` has."""

    def named_modules(self) -> Sequence[tuple[str, Any]]:
        """Return the parts with their dotted paths; see `Module.named_modules`."""

    def own_state(self) -> dict[str, Any]:
        """Return the Values that this part holds itself; see `Module.own_state`."""

    def state_dict(self) -> dict[str, Array]:
        """Return the numbers by name; see `Module.state_dict`."""


class StateEntry(NamedTuple):
    """One name of a state.

    Attributes:
        read: returns the present numbers.
        values: the Values that it stands for, row by row; None for untrained state.
        write: puts untrained state in place; Values are assigned one by one.
    """

    read: Callable[[], Array]
    values: list[Value] | None
    write: Callable[[Array], None]


def state_of(model: HoldsState) -> dict[str, Array]:
    """Return the numbers of all parameters and buffers, by name. See `Module.state_dict`."""
    return {name: entry.read() for name, entry in _entries(model).items()}


def load_state(model: HoldsState, state: Any, strict: bool, call: str) -> Keys:
    """Put numbers in the place of all parameters and buffers. See `Module.load_state_dict`."""
    if not isinstance(state, Mapping):
        raise StateError(f"{call} takes a dict of numbers by name, as state_dict() returns it, got {shortened(state)}")
    entries = _entries(model)
    keys = Keys([name for name in entries if name not in state], [name for name in state if name not in entries])
    wrong: list[str] = []
    if strict and keys.missing:
        wrong.append(f"missing {_listed(keys.missing)}")
    if strict and keys.unexpected:
        wrong.append(f"unexpected {_listed(keys.unexpected)}")
    taken: list[tuple[StateEntry, Array]] = []
    assigned: dict[int, float] = {}
    for name, entry in entries.items():
        if name not in state:
            continue
        present = entry.read()
        array = _as_array(state[name])
        if array is None:
            wrong.append(f"{name} must be numbers, got {shortened(state[name])}")
        elif shape_of(array) != shape_of(present):
            wrong.append(f"{name} must have shape {shape_of(present)}, got {shape_of(array)}")
        elif entry.values is None and not all(map(_same_kind, _flat(array), _flat(present))):
            wrong.append(f"{name} must be whole numbers, got {shortened(array)}")
        else:
            taken.append((entry, array))
            for value, x in zip(entry.values or (), _flat(array), strict=False):
                if not _same(assigned.setdefault(id(value), float(x)), float(x)):
                    wrong.append(f"{name} shares a parameter that has another number under another name")
                    break
    if wrong:
        raise StateError(
            f"{call}: the state does not fit the model: {'; '.join(wrong)}. Make the model as the one that was saved "
            "was made; strict=False leaves out names that one of them lacks"
        )
    for entry, array in taken:
        entry.write(array)
    return keys


def shape_of(array: Array) -> tuple[int, ...]:
    """Return the lengths of nested lists, outermost first; () for a number.

    >>> shape_of([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (2, 3)
    """
    shape: list[int] = []
    while isinstance(array, (list, tuple)):
        shape.append(len(array))
        if not array:
            break
        array = array[0]
    return tuple(shape)


def check_names(state: Any, names: tuple[str, ...], call: str) -> None:
    """Raise StateError unless this is a dict that has these names and no other."""
    if not isinstance(state, Mapping):
        raise StateError(f"{call} takes a dict, as state_dict() returns it, got {shortened(state)}")
    missing, unexpected = [n for n in names if n not in state], [n for n in state if n not in names]
    if missing or unexpected:
        parts = [f"{what} {_listed(n)}" for what, n in (("missing", missing), ("unexpected", unexpected)) if n]
        raise StateError(f"{call} does not fit: {'; '.join(parts)}")


def own_values(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the Values among attributes, single or in nested lists; a part of a ragged list has a name of its own."""
    found: dict[str, Any] = {}
    for name, attribute in attributes.items():
        _collect(name, attribute, found, ())
    return found


def _collect(name: str, part: Any, found: dict[str, Any], above: tuple[int, ...]) -> None:
    if type(part) is Value or _rectangle(part) is not None:
        found[name] = part
    elif isinstance(part, (list, tuple, dict)) and id(part) not in above:
        for key, child in part.items() if isinstance(part, dict) else enumerate(part):
            _collect(f"{name}.{key}", child, found, (*above, id(part)))


def _rectangle(part: Any) -> tuple[int, ...] | None:
    """The shape of nested lists of Values, or None if they are ragged, empty or hold anything else."""
    if type(part) is Value:
        return ()
    if not isinstance(part, (list, tuple)) or not part:
        return None
    first = _rectangle(part[0])
    if first is None or any(_rectangle(child) != first for child in part[1:]):
        return None
    return (len(part), *first)


def entries_by_module(model: HoldsState) -> list[tuple[str, dict[str, StateEntry]]]:
    """Return the path of each module that holds state itself, and what it holds, by name."""
    found: list[tuple[str, dict[str, StateEntry]]] = []
    gathered: list[str] = []
    for path, module in model.named_modules():
        stem = f"{path}." if path else ""
        if any(stem.startswith(above) for above in gathered):
            continue
        if module._gathers:
            gathered.append(stem)
        entries = {name: _entry_of_values(part) for name, part in module.own_state().items()}
        for name in module.buffers:
            if getattr(module, name) is not None:
                entries[name] = _entry_of_buffer(module, name)
        if entries:
            found.append((path, entries))
    return found


def full_name(path: str, name: str) -> str:
    """Return the name in the state of a whole model of what a module at a path calls by a name of its own."""
    return f"{path}.{name}" if path else name


def _entries(model: HoldsState) -> dict[str, StateEntry]:
    return {
        full_name(path, name): entry for path, entries in entries_by_module(model) for name, entry in entries.items()
    }


def _entry_of_values(part: Any) -> StateEntry:
    values: list[Value] = list(_flat(part))

    def write(array: Array) -> None:
        for value, x in zip(values, _flat(array), strict=True):
            value.data = x

    return StateEntry(lambda: _map(part, lambda value: value.data), values, write)


def _entry_of_buffer(module: Any, name: str) -> StateEntry:
    present = getattr(module, name)

    def write(array: Array) -> None:
        kinds = iter([type(x) for x in _flat(present)])
        setattr(module, name, _map(array, lambda x: next(kinds)(x)))

    return StateEntry(lambda: _map(getattr(module, name), lambda x: x), None, write)


def _as_array(given: Any) -> Array | None:
    """Numbers from a list, an array or a tensor; None if they are none, or ragged."""
    if hasattr(given, "tolist"):
        given = given.tolist()
    if not isinstance(given, (list, tuple)):
        whole = isinstance(given, int) and not isinstance(given, bool) and abs(given) < 2**63
        return given if whole else number(given)
    rows = [_as_array(row) for row in given]
    if any(row is None for row in rows) or len({shape_of(row) for row in rows}) > 1:
        return None
    return rows


def _same_kind(x: float, present: float) -> bool:
    return not isinstance(present, int) or float(x).is_integer()


def _same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def _flat(array: Any) -> Iterator[Any]:
    if isinstance(array, (list, tuple)):
        for row in array:
            yield from _flat(row)
    else:
        yield array


def _map(array: Any, function: Callable[[Any], Any]) -> Any:
    if isinstance(array, (list, tuple)):
        return [_map(row, function) for row in array]
    return function(array)


def _listed(names: Iterable[str]) -> str:
    """The names in words, the first ten of them."""
    named = list(names)
    return ", ".join(named[:10]) + (f" and {len(named) - 10} more" if len(named) > 10 else "")
