"""Random functions from n numbers to m numbers, written with operators and primitives, for any interpreter.

No step grows faster than its operands, so that a long program stays in the range of floats.
"""

from __future__ import annotations

from random import Random
from typing import Any

import autograd_core as ac
from autograd_core.rules.kinds import Pairing
from autograd_core.rules.table import TABLE


def random_function(seed: int, inputs: int, outputs: int, length: int = 25, reach: int = 10**6):
    """A function whose every step reads two earlier numbers, at most `reach` back, so that a small one is sparse."""
    rng = Random(seed)
    steps = []
    for _ in range(length):
        steps.append((rng.randrange(10), rng.random(), rng.random(), rng.uniform(0.5, 1.5)))
    chosen = [rng.random() for _ in range(outputs)]

    def function(xs: Any) -> list[Any]:
        tape = list(xs)
        for kind, i, j, c in steps:
            window = tape[-reach:]
            tape.append(_step(kind, window[int(i * len(window))], window[int(j * len(window))], c))
        made = tape[inputs:]
        return [made[int(u * len(made))] for u in chosen]

    function.__name__ = f"random_function_{seed}"
    return function


def _step(kind: int, a: Any, b: Any, c: float) -> Any:
    if kind == 0:
        return a * ac.tanh(b)
    if kind == 1:
        return a - c * b
    if kind == 2:
        return a / (1.0 + b * b)
    if kind == 3:
        return ac.sin(a) * c
    if kind == 4:
        return ac.tanh(a + b)
    if kind == 5:
        return ac.logsumexp([a, b, c])
    if kind == 6:
        return ac.hypot(a, 1.0 + ac.square(b))
    if kind == 7:
        return ac.where(a > b, a * c, ac.exp(-ac.square(a)))
    if kind == 8:
        return ac.dot([ac.tanh(a), b, c], [b, c, ac.cos(a)])
    return (1.5 + ac.sigmoid(a)) ** ac.tanh(b)


def function_of_rows(seed: int, length: int = 12):
    """A function of three numbers that may use any row of the table, take branches, and differentiate on the way."""
    rng = Random(seed)
    rows = [
        row for row in TABLE.values() if row.example or row.name in ("add", "subtract", "multiply", "divide", "power")
    ]
    steps = [(rng.choice(rows), [rng.random() for _ in range(4)], rng.choice("rrrrrrbgd")) for _ in range(length)]

    def function(x: Any, y: Any, z: Any) -> Any:
        tape = [x, y, z]
        for row, picks, kind in steps:
            operands = [_kept_in(ac.tanh(tape[int(u * len(tape))]), row.name) for u in picks]
            result = _applied(row, operands)
            if kind == "b" and operands[0] > operands[1]:
                result = result * 2.0
            elif kind == "g":
                result = ac.grad(lambda u, row=row, rest=operands[1:]: _applied(row, [u, *rest]))(operands[0])
            elif kind == "d":
                result = ac.derivative(lambda u, row=row, rest=operands[1:]: _applied(row, [u, *rest]))(operands[0])
            tape.append(ac.tanh(result))
        return ac.sum(tape[3:])

    function.__name__ = f"function_of_rows_{seed}"
    return function


def _kept_in(x: Any, name: str) -> Any:
    """The same number within what a row takes: most take a number from -1 to 1."""
    return 1.5 + x if name in ("acosh", "log", "log2", "log10", "sqrt", "power", "divide", "reciprocal") else 0.9 * x


def _applied(row: Any, operands: list[Any]) -> Any:
    if row.name == "polygamma":
        return row(1.0, 1.5 + operands[0])
    if row.name in ("lgamma", "cbrt"):
        return row(1.5 + operands[0])
    if isinstance(row, Pairing):
        return row(operands[:2], operands[2:])
    if row.arity == 0:
        return row(operands)
    return row.apply(tuple(operands[: row.arity]))
