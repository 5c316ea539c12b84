"""How many times the function its gradient costs, in elementary operations: at most five.

    python benchmarks/cheap_gradient.py

The workloads of workloads.py: a training step of micrograd's demo, one of a character-level GPT, and a deep irregular
graph. Operations are counted by costs.py, not timed, so the figures are the same on every machine. The
function alone is counted, then the function with its gradient.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import autograd_core as ac
from autograd_core import Value
from autograd_core.engine.modes import SWEEPS, enter, leave

sys.path.insert(0, str(Path(__file__).parent))
import workloads
from costs import Cost, operations


class Passes:
    """A mode that counts each backward pass, over the nodes that it went through."""

    def __init__(self) -> None:
        self.costs: list[Cost] = []

    def recorded(self, node: Value) -> None:
        """Look at no node by itself."""

    def watcher(self) -> None:
        """Watch no product by itself."""

    def swept(self, order: list[Value], leaves: list[Value], held: list[Any]) -> None:
        self.costs.append(operations(order))


def mixed() -> None:
    program = workloads.Mixed()
    program([Value(x) for x in program.x0], ac.tanh).backward()


PROGRAMS: dict[str, Callable[[], Any]] = {
    "moons: an MLP 2-16-16-1 on 100 points": lambda: workloads.MoonsStep(Value)(),
    "GPT: one document of a small transformer": lambda: workloads.GptStep(Value)(),
    "mixed: 20,000 operations, a quarter of them tanh": mixed,
}


def measure(name: str) -> Cost:
    passes = Passes()
    entry = enter(passes, SWEEPS)
    try:
        PROGRAMS[name]()
    finally:
        leave(entry)
    (cost,) = passes.costs
    return cost


if __name__ == "__main__":
    for name in PROGRAMS:
        cost = measure(name)
        print(f"{name:50} {cost.function:9,} operations, {cost.gradient:9,} with the gradient: {cost.ratio:.2f} times")
