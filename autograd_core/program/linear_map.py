"""LinearMap: the derivative of a Program at one point, and the two sweeps of the chain rule over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import Any

from autograd_core.program.form import Program
from autograd_core.rules.gates import FlowGate, joined, passed
from autograd_core.rules.rows import Primitive

Slopes = Callable[[int, Sequence[bool]], Sequence[Any]]
"""Called with a step, and which of its operands count: the derivative towards each, None where nothing flows."""

Through = Callable[[Primitive, int, Any, Any, FlowGate | None, object], tuple[Any, FlowGate | None]]
"""Called as `autograd_core.rules.gates.passed` is: what an adjoint becomes along one edge, and its gate there."""

Edge = tuple[int, int, Any]
"""Which operand, its place, and the derivative of a step's result with respect to it."""


class LinearMap:
    """The linear map that a Program is next to one point: from changes at some places to changes of its outputs.

    Args:
        program: the computation.
        slopes: asked for the derivatives of a step when a sweep first comes to it.
        sources: the places to differentiate by, None for one that is not in the program; by default the inputs. One
            may be computed from another: then what the first does through the second counts too.

    Source of the sweeps: Griewank and Walther 2008, chapter 3.
    """

    def __init__(self, program: Program, slopes: Slopes, sources: Sequence[int | None] | None = None) -> None:
        self.program = program
        self.sources = range(len(program.inputs)) if sources is None else sources
        self._slopes = slopes
        self._edges: dict[int, list[Edge]] = {}
        self._moves = moves = [False] * program.size  # whether a number depends on a source
        for place in self.sources:
            if place is not None:
                moves[place] = True
        given, offsets, arguments = program.given, program.offsets, program.arguments
        self._steps: list[int] = []  # those that depend on a source
        start = 0
        for step in range(len(program.primitives)):
            end = offsets[step + 1]
            for p in arguments[start:end]:
                if moves[p]:
                    moves[given + step] = True
                    self._steps.append(step)
                    break
            start = end

    def edges(self, step: int) -> list[Edge]:
        """Return the operands of a step that depend on a source, each with the slope towards it."""
        found = self._edges.get(step)
        if found is None:
            moves, places = self._moves, self.program.operands(step)
            slopes = self._slopes(step, [moves[p] for p in places])
            found = [(k, p, slopes[k]) for k, p in enumerate(places) if moves[p] and slopes[k] is not None]
            self._edges[step] = found
        return found

    def pull(self, cotangents: Sequence[Any], through: Through = passed) -> list[Any]:
        """Return the gradient, one for each source, of the sum of the outputs times `cotangents`: reverse mode.

        Args:
            cotangents: one for each output. None leaves its output out, where 0.0 times a slope that is inf would give
                nan.
            through: what takes an adjoint along an edge: by default the chain rule, which multiplies it by the slope.
        """
        adjoints = self.adjoints(cotangents, through, set(self.sources))
        return [0.0 if p is None or adjoints[p] is None else adjoints[p] for p in self.sources]

    def adjoints(
        self, cotangents: Sequence[Any], through: Through = passed, wanted: Set[int | None] | None = None
    ) -> list[Any]:
        """Return the same for all places: None for one that no output depends on, or that is not `wanted`."""
        program = self.program
        given, primitives = program.given, program.primitives
        adjoints: list[Any] = [None] * program.size
        gates: dict[int, FlowGate] = {}
        for place, cotangent in zip(program.outputs, cotangents, strict=True):
            if cotangent is not None and self._moves[place]:
                adjoints[place] = cotangent if adjoints[place] is None else adjoints[place] + cotangent
        for step in reversed(self._steps):
            adjoint = adjoints[given + step]
            if adjoint is None:
                continue
            if wanted is not None and given + step not in wanted:
                adjoints[given + step] = None  # it may be large: a number of paths can have thousands of digits
            gate = gates.get(given + step)
            primitive = primitives[step]
            plain = gate is None and through is passed and not primitive.selects
            for k, place, slope in self.edges(step):
                if plain:
                    term, opened = primitive.pull(slope, adjoint), None
                else:
                    term, opened = through(primitive, k, slope, adjoint, gate, step)
                before = adjoints[place]
                if before is None:
                    adjoints[place] = term
                else:
                    adjoints[place] = before + term
                    opened = joined(gates.pop(place, None), opened)
                if opened is not None:
                    gates[place] = opened
        return adjoints

    def push(self, tangents: Sequence[Any]) -> list[Any]:
        """Return the derivative of each output as the sources move along `tangents`: forward mode.

        A tangent of None is that of a source that does not move. The sources must be independent of one another.
        """
        program = self.program
        given, primitives = program.given, program.primitives
        moved: list[Any] = [None] * program.size
        gates: dict[int, FlowGate | None] = {}
        for place, tangent in zip(self.sources, tangents, strict=True):
            if place is not None:
                moved[place] = tangent
        for step in self._steps:
            total: Any = None
            whole: FlowGate | None = None
            for k, place, slope in self.edges(step):
                if moved[place] is not None:
                    term, gate = passed(primitives[step], k, slope, moved[place], gates.get(place), step)
                    total, whole = (term, gate) if total is None else (total + term, joined(whole, gate))
            moved[given + step] = total
            if whole is not None:
                gates[given + step] = whole
        return [0.0 if moved[place] is None else moved[place] for place in program.outputs]

    def pattern(self) -> list[int]:
        """Return for each output the sources that it may depend on, as the bits of an integer."""
        masks = [0] * self.program.size
        for bit, place in enumerate(self.sources):
            if place is not None:
                masks[place] |= 1 << bit
        for step in self._steps:
            mask = 0
            for _, place, _ in self.edges(step):
                mask |= masks[place]
            masks[self.program.given + step] |= mask
        return [masks[place] for place in self.program.outputs]


def linearize(program: Program, numbers: Sequence[Any], sources: Sequence[int | None] | None = None) -> LinearMap:
    """Return the derivative of a Program where its places hold `numbers`: floats, or objects of any interpreter."""
    return LinearMap(program, SlopesAt(program, numbers), sources)


class SlopesAt:
    """The partials of the rows of a Program, evaluated on the numbers at its places."""

    def __init__(self, program: Program, numbers: Sequence[Any]) -> None:
        self.program, self.numbers = program, numbers

    def __call__(self, step: int, active: Sequence[bool]) -> Sequence[Any]:
        """Return the derivative of a step's result with respect to each of its operands that is active."""
        program, numbers = self.program, self.numbers
        operands = [numbers[p] for p in program.operands(step)]
        return program.primitives[step].linearize(operands, numbers[program.given + step], active)
