"""read(): the Program of a graph that exists; linearized(): its derivative where it was recorded."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from autograd_core.engine.graph import topological_order
from autograd_core.engine.value import Value
from autograd_core.errors import GraphError
from autograd_core.interpreters.symbol import Symbol
from autograd_core.program.form import Input, Origin, Program
from autograd_core.program.linear_map import LinearMap, linearize
from autograd_core.program.recorder import Recorder
from autograd_core.rules.scalars import shortened

_BITS: Final = struct.Struct("d").pack
"""A constant by its bits."""


class Reading(NamedTuple):
    """A Program, and what stands at its places: the nodes that it was read off."""

    program: Program
    numbers: list[Any]
    places: dict[int, int]
    """The place of each Value, by id."""


def read(outputs: Sequence[Any], inputs: Sequence[Value] = (), *, stop: bool = False, name: str = "graph") -> Reading:
    """Return the Program of a graph of Values.

    Args:
        outputs: Values; a float is a constant.
        inputs: Values that are to be its first inputs, in this order; the other leaves follow as captured ones.
        stop: whether the inputs are independent, whatever they were computed from. Otherwise they must be leaves.
        name: what errors call the program.
    """
    roots = [y for y in outputs if isinstance(y, Value)]
    order = topological_order(*roots, stops=inputs if stop else (), operands=True)
    first = {id(x): k for k, x in enumerate(inputs)}
    captured = [v for v in order if v._primitive is None and id(v) not in first]
    nodes = [v for v in order if v._primitive is not None and id(v) not in first]
    places = first | {id(v): k for k, v in enumerate(captured, len(inputs))}
    given = len(inputs) + len(captured)
    operands = [v.operands for v in nodes]
    constants: dict[bytes, int] = {}
    values = array("d")
    for xs in (*operands, outputs):  # constants come before all steps, so they are counted first
        for x in xs:
            if not isinstance(x, Value) and (key := _BITS(x)) not in constants:
                constants[key] = given + len(values)
                values.append(x)
    for k, v in enumerate(nodes, given + len(values)):
        places[id(v)] = k

    offsets, arguments = array("i", [0]), array("i")
    for xs in operands:
        arguments.extend(_placed(xs, places, constants))
        offsets.append(len(arguments))
    origins = tuple(
        [Origin(v._site or "", v._label, v._origin or "") if v._label or v._origin or v._site else None for v in nodes]
    )
    program = Program(
        name,
        (
            *[Input(x.label or f"x{k}") for k, x in enumerate(inputs)],
            *[Input(x.label or f"leaf{k}", x) for k, x in enumerate(captured)],
        ),
        values,
        tuple([v._primitive for v in nodes]),  # type: ignore[misc]  # none of them is a leaf
        offsets,
        arguments,
        tuple(_placed(outputs, places, constants)),
        origins=origins if any(origins) else (),
    )
    return Reading(program, [*inputs, *captured, *values, *nodes], places)


def _placed(xs: Sequence[Any], places: dict[int, int], constants: dict[bytes, int]) -> list[int]:
    return [places[id(x)] if isinstance(x, Value) else constants[_BITS(x)] for x in xs]


def linearized(
    outputs: Sequence[Any], inputs: Sequence[Any], *, stop: bool = False, differentiable: bool = True
) -> LinearMap:
    """Return the derivative of some outputs with respect to some inputs, as the linear map that their graph is.

    Args:
        outputs: Values, Symbols or floats.
        inputs: Values or Symbols, leaves or inner nodes.
        stop: whether the inputs are taken as independent, whatever they were computed from. Otherwise what one
            input does through another one counts too.
        differentiable: whether the slopes are to be Values, which can be differentiated again.

    Raises:
        GraphError: `differentiable`, and a leaf was assigned since the graph was recorded.
    """
    recorders = {x.log for x in (*outputs, *inputs) if isinstance(x, Symbol)}
    if recorders:
        recorder = max(recorders, key=lambda log: log.level)
        assert isinstance(recorder, Recorder)
        program, order = recorder.program(outputs, inputs if stop else ())
        if stop:
            return linearize(program, recorder.symbols(order), range(len(inputs)))
        place = {p: k for k, p in enumerate(order)}
        return linearize(program, recorder.symbols(order), [place.get(recorder.place_of(x, "")) for x in inputs])
    reading = read(outputs, inputs if stop else (), stop=stop)
    sources = range(len(inputs)) if stop else [reading.places.get(id(x)) for x in inputs]
    nodes = reading.numbers[reading.program.given :]
    return LinearMap(reading.program, NewSlopes(nodes) if differentiable else RecordedSlopes(nodes), sources)


class RecordedSlopes:
    """The slopes that nodes recorded."""

    def __init__(self, nodes: list[Value]) -> None:
        self.nodes = nodes

    def __call__(self, step: int, active: Sequence[bool]) -> Sequence[Any]:
        """Return the derivative of a node with respect to each of its operands."""
        return self.nodes[step].slopes


class NewSlopes:
    """The slopes of nodes as Values: the partials of their rows, evaluated on their operands."""

    def __init__(self, nodes: list[Value]) -> None:
        self.nodes = nodes

    def __call__(self, step: int, active: Sequence[bool]) -> Sequence[Any]:
        """Return the derivative of a node with respect to each of its operands that is active."""
        node = self.nodes[step]
        _check_current(node)
        assert node._primitive is not None
        return node._primitive.linearize(node.operands, node, active)


def _check_current(node: Value) -> None:
    """Raise if a leaf has changed so that this node's recorded value or slopes no longer hold."""
    primitive, operands = node.primitive, node.operands
    if primitive is None or not any(isinstance(x, Value) and x.is_leaf for x in operands):
        return
    active = [isinstance(x, Value) for x in operands]
    floats = [x._data if isinstance(x, Value) else x for x in operands]
    value = primitive.evaluate(floats)
    slopes = [d for d in primitive.linearize(floats, value, active) if d is not None]
    if [value, *slopes] == [node._data, *node.local_derivatives]:
        return
    if repr([value, *map(float, slopes)]) != repr([node._data, *node.local_derivatives]):  # nan equals nan here
        raise GraphError(
            f"cannot differentiate {primitive.name}: a leaf among its operands {shortened(operands, 200)} was assigned "
            "after the graph was recorded; compute y again from the new data"
        )
