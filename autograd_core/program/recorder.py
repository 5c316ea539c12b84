"""Recorder: what writes a Program down while a function runs."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from autograd_core.engine.mode import Mode
from autograd_core.engine.modes import READS, enter, is_off, is_recording, leave
from autograd_core.engine.no_grad import enable_grad
from autograd_core.engine.value import Node, Value
from autograd_core.engine.vertex import is_younger, leaves_so_far
from autograd_core.errors import GraphError
from autograd_core.interpreters.symbol import FROZEN, Symbol, number_of
from autograd_core.program.form import Guard, Input, Origin, Program
from autograd_core.rules.rows import Primitive
from autograd_core.rules.scalars import as_constant, number
from autograd_core.rules.table import detached
from autograd_core.users_code import caller, line_of

_levels: Final = count(1)
_INPUT: Final = -1
_CONSTANT: Final = -2


class Recorder(Mode):
    """Writes down what is done with its Symbols, and with Values meanwhile.

    Everything gets a place in the order in which it comes, inputs and constants too; `program` sorts them.

    Args:
        name: what errors call the program.
        sites: whether each step remembers its line. Guards do in any case.
        strict: whether to refuse that a number is read by `.data`, which would freeze it. A solver within an equation
            has to read it.
    """

    records = True

    def __init__(self, name: str, *, sites: bool = True, strict: bool = True) -> None:
        self.name, self.sites, self.strict = name, sites, strict
        self.level = next(_levels)
        self.open = False
        self.rows: list[Primitive | Input | None] = []  # a step, an input, or None for a constant
        self.operands: list[Sequence[int]] = []
        self.numbers: list[float] = []
        self.guards: list[tuple[int, str, int, int, bool, str]] = []
        self.lines: dict[int, str] = {}
        self._constants: dict[bytes, int] = {}
        self._places: dict[int, int] = {}  # of Values and of outer Symbols, by id
        self._kept: list[Any] = []  # so that an id stays that of one object
        self._since = 0.0

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record for as long as this lasts, also within `no_grad()`."""
        self._since = leaves_so_far()
        self.open = True
        entry, reads = enter(self), enter(self, READS)
        try:
            with enable_grad():
                yield
        finally:
            leave(reads)
            leave(entry)
            self.open = False

    def input(self, x: float, name: str, source: Any = None) -> Symbol:
        """Return a new input."""
        return self._symbol(self._append(Input(name, source), (), x))

    def apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
        """Append a step; within `no_grad()` its result is a constant for every derivative."""
        places = [self.place_of(x, primitive.name) for x in operands]
        numbers = self.numbers
        place = self._append(primitive, places, primitive.evaluate([numbers[p] for p in places]))
        if is_off() and primitive is not detached:
            place = self._append(detached, [place], numbers[place])
        return self._symbol(place)

    def note(self, relation: str, left: Any, right: Any, outcome: bool) -> None:
        """Note that a comparison had this outcome."""
        if not self.open or (number(right) is None and not isinstance(right, (Value, Symbol))):
            return  # an int beyond the floats, or no number at all
        places = self.place_of(left, relation), self.place_of(right, relation)
        self.guards.append((len(self.rows), relation, *places, outcome, line_of(caller())))

    def place_of(self, x: Any, call: str) -> int:
        """Return where a number stands; what comes from outside becomes a captured input."""
        if isinstance(x, Symbol):
            if x.log is self:
                return x.place
            x.check_open()
            return self._captured(x, x.number)
        if not isinstance(x, Value):
            return self.constant(as_constant(x, call))
        place = self._places.get(id(x))
        if place is not None:
            return place
        if x._primitive is None and is_younger(x, self._since):
            return self.constant(x._data)  # the function made it for itself
        return self._captured(x, x._data)

    def constant(self, x: float) -> int:
        """Return the place of a constant: one for each pattern of bits."""
        key = struct.pack("d", x)
        place = self._constants.get(key)
        if place is None:
            place = self._constants[key] = self._append(None, (), x)
        return place

    # What the recorder is told as a mode: operations between Values, and their comparisons.

    def recorded(self, node: Node) -> None:
        """See `Mode.recorded`."""
        primitive = node._primitive
        assert primitive is not None
        places = [self.place_of(x, primitive.name) for x in node.operands]
        place = self._append(primitive, places, node._data)
        if is_off():
            place = self._append(detached, [place], node._data)
        self._places[id(node)] = place
        self._kept.append(node)

    def compared(self, relation: str, left: Any, right: Any, outcome: bool) -> None:
        """See `Mode.compared`."""
        self.note(relation, left, right, outcome)

    def data_read(self, v: Any) -> None:
        """See `Mode.data_read`: the number of a Value from outside, or of a result, would be frozen."""
        if self.strict and (v._primitive is not None or not is_younger(v, self._since) or id(v) in self._places):
            raise GraphError(FROZEN)

    def knows(self, v: Value) -> bool:
        """Return whether this is an input, a captured Value or the result of a step."""
        return id(v) in self._places

    # What was recorded.

    def program(self, outputs: Sequence[Any], inputs: Sequence[Any]) -> tuple[Program, list[int]]:
        """Return what leads from the inputs to the outputs, and for each of its places the place in this recording.

        Args:
            outputs: Symbols, Values and floats.
            inputs: Symbols of this recording, or Values that it has seen: where the program begins. They are
                independent, whatever they were computed from.
        """
        starts = [self.place_of(x, self.name) for x in inputs]
        ends = [self.place_of(y, self.name) for y in outputs]
        beginning = set(starts)
        needed = self._needed(
            [*ends, *(p for g in self.guards for p in g[2:4])] if self._is_whole(starts) else ends, beginning
        )
        captured = [p for p in needed if p not in beginning and isinstance(self.rows[p], Input)]
        constants = [p for p in needed if p not in beginning and self.rows[p] is None]
        steps = [p for p in needed if p not in beginning and isinstance(self.rows[p], Primitive)]
        order = [*starts, *captured, *constants, *steps]
        place = {p: k for k, p in enumerate(order)}
        offsets, arguments = array("i", [0]), array("i")
        for p in steps:
            arguments.extend([place[q] for q in self.operands[p]])
            offsets.append(len(arguments))
        done = len(starts) + len(captured) + len(constants)
        guards: list[Guard] = []
        if self._is_whole(starts):
            passed = 0
            for at, relation, left, right, outcome, line in self.guards:
                while passed < len(steps) and steps[passed] < at:
                    passed += 1
                guards.append(Guard(passed, relation, place[left], place[right], outcome, line))
        lines = [self.lines.get(p, "") for p in steps]
        program = Program(
            self.name,
            (
                *[self._as_input(p, f"x{k}") for k, p in enumerate(starts)],
                *[Input(self.rows[p].name, self._source(p)) for p in captured],  # type: ignore[union-attr]
            ),
            array("d", [self.numbers[p] for p in constants]),
            tuple([self.rows[p] for p in steps]),  # type: ignore[misc]
            offsets,
            arguments,
            tuple([place[p] for p in ends]),
            tuple(guards),
            tuple([Origin(line) if line else None for line in lines]) if any(lines) else (),
        )
        assert done == program.given
        return program, order

    def symbols(self, places: Sequence[int]) -> list[Any]:
        """Return what stands at these places: Symbols, and floats for constants."""
        return [self.numbers[p] if self.rows[p] is None else self._symbol(p) for p in places]

    def _is_whole(self, starts: Sequence[int]) -> bool:
        """Whether a program begins where the recording does: then its guards are among what it needs."""
        return all(isinstance(self.rows[p], Input) for p in starts)

    def _needed(self, ends: Sequence[int], beginning: set[int]) -> list[int]:
        """All places that the ends rest on, in order."""
        found = set()
        waiting = list(ends)
        while waiting:
            p = waiting.pop()
            if p not in found:
                found.add(p)
                if p not in beginning:
                    waiting.extend(self.operands[p])
        return sorted(found)

    def _as_input(self, place: int, name: str) -> Input:
        row = self.rows[place]
        return Input(row.name if isinstance(row, Input) else name)

    def _source(self, place: int) -> Any:
        row = self.rows[place]
        assert isinstance(row, Input)
        return self._symbol(place) if row.source is None else row.source

    def _symbol(self, place: int) -> Symbol:
        return Symbol(self, place, self.numbers[place])

    def _captured(self, x: Any, data: float) -> int:
        place = self._places.get(id(x))
        if place is None:
            name = getattr(x, "label", "") or f"captured{len(self._kept)}"
            place = self._places[id(x)] = self._append(Input(name, x), (), data)
            self._kept.append(x)
        return place

    def _append(self, row: Primitive | Input | None, operands: Sequence[int], x: float) -> int:
        place = len(self.rows)
        self.rows.append(row)
        self.operands.append(operands)
        self.numbers.append(x)
        if self.sites and isinstance(row, Primitive):
            self.lines[place] = line_of(caller())
        return place


def source_numbers(program: Program) -> list[Any]:
    """Return what the captured inputs of a program are now; for another recording, what they stand for."""
    return list(program.captured) if is_recording() else [number_of(x) for x in program.captured]
