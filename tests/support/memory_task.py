"""A task that needs memory over 20 steps: the sum of two marked numbers, of which the first comes in the first step.

Source of the task: Hochreiter and Schmidhuber 1997, section 5.4, the adding problem.
"""

from __future__ import annotations

import math
import random
from typing import Any

import nn
from autograd_core import Value

STEPS = 20
LEARNED = 0.1
"""Who leaves less than this share of the variance has learned the task."""
FAILED = 0.5
"""Who leaves more than this has not: the second number alone, which needs no long memory, would bring it to half."""
OPTIONS: dict[str, dict[str, float]] = {"RNN": {}, "LSTM": {"forget_bias": 5.0}, "GRU": {"update_bias": 4.0}}
"""The recurrent networks, and how they start: both gates that keep a state start almost open."""

Sequence = list[list[float]]


def example(source: random.Random) -> tuple[Sequence, float]:
    """Twenty pairs (number, mark) and the sum of the two numbers that are marked: the first, and one other."""
    second = source.randrange(1, STEPS)
    pairs = [[source.uniform(-1.0, 1.0), float(step in (0, second))] for step in range(STEPS)]
    return pairs, pairs[0][0] + pairs[second][0]


class Adder(nn.Module):
    """A recurrent network, and a linear map from its last output to one number."""

    def __init__(self, kind: str, units: int, source: random.Random) -> None:
        self.net = getattr(nn, kind)(2, units, **OPTIONS[kind], seed=source)
        self.head = nn.Linear(units, 1, seed=source)

    def forward(self, sequence: Any) -> Any:
        outputs, _ = self.net(sequence)
        return self.head(outputs[-1])


def train(model: Adder, source: random.Random, *, lr: float, steps: int, batch: int = 10) -> None:
    """Take steps of Adam, each on fresh sequences, with gradients clipped to norm 1."""
    X, y = zip(*(example(source) for _ in range(steps * batch)), strict=True)
    nn.fit(model, X, y, loss="mse", lr=lr, epochs=1, batch_size=batch, shuffle=False, clip_norm=1.0, progress=False)


def error_left(model: Adder, source: random.Random, count: int = 200) -> float:
    """The mean squared error on fresh sequences, by the variance of the sum: 1 for who answers 0 every time."""
    X, y = zip(*(example(source) for _ in range(count)), strict=True)
    answers = nn.predict(model, X)
    return math.fsum((a - b) ** 2 for a, b in zip(answers, y, strict=True)) / count / (2.0 / 3.0)


def gradient_by_step(model: Adder, source: random.Random, count: int = 10) -> list[float]:
    """The norm of the gradient of the loss by the inputs of each step, as a mean over some sequences."""
    norms = [0.0] * STEPS
    for _ in range(count):
        pairs, y = example(source)
        inputs = [[Value(number) for number in pair] for pair in pairs]
        nn.mse_loss(model(inputs), y).backward()
        for step, pair in enumerate(inputs):
            norms[step] += math.hypot(*(v.grad for v in pair)) / count
    return norms
