"""Random functions from n numbers to m numbers, written with operators and primitives, for any interpreter.

No step grows faster than its operands, so that a long program stays in the range of floats.
"""

from __future__ import annotations

from random import Random
from typing import Any

import autograd_core as ac


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
