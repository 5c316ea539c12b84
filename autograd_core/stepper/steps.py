"""steps(): a computation as it happens, one node forward and one product of the chain rule backward at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from autograd_core.engine import chain_rule
from autograd_core.engine.graph import topological_order
from autograd_core.engine.value import Value
from autograd_core.errors import NotAScalarError
from autograd_core.rules.scalars import complaint


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a computation.

    Forward, `node` is computed. Backward, `contribution` = `local_derivative` * `upstream` is added to the gradient of
    `parent`, which grows from `before` to `after`. In this pass every gradient starts from 0.
    """

    kind: Literal["forward", "backward"]
    node: Value
    parent: Value | None = None
    local_derivative: float = 0.0
    upstream: float = 0.0
    before: float = 0.0
    after: float = 0.0

    @property
    def contribution(self) -> float:
        """What the edge passes back: local_derivative * upstream."""
        return self.local_derivative * self.upstream


def steps(y: Value) -> Iterator[Step]:
    """Yield the whole computation of `y` as steps: forward each node, backward each product of the chain rule.

    When the first backward step is asked for, `y.backward()` is called: gradients are then as that call leaves them,
    and those of leaves have its result added.

    Args:
        y: what to differentiate.

    Raises:
        NotAScalarError: `y` is not a Value.

    >>> x = Value(3.0)
    >>> for step in steps(x * x):
    ...     print(step.kind, step.node.data, step.before, step.after)
    forward 3.0 0.0 0.0
    forward 9.0 0.0 0.0
    backward 9.0 0.0 3.0
    backward 9.0 3.0 6.0
    >>> x.grad
    6.0
    """
    if not isinstance(y, Value):
        raise NotAScalarError(f"steps(y) takes a Value, {complaint(y)}")
    return _steps(y)


def _steps(y: Value) -> Iterator[Step]:
    for node in topological_order(y):
        yield Step("forward", node)
    backward: list[Step] = []

    def record(
        node: Value, parent: Value, local_derivative: float, upstream: float, before: float, after: float
    ) -> None:
        backward.append(Step("backward", node, parent, local_derivative, upstream, before, after))

    chain_rule.backward(y, record)
    yield from backward
