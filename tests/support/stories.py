"""Graphs, and what the player tells of them."""

from __future__ import annotations

import random
import struct
import sys

import autograd_core as ac
import nn
from autograd_core import Value
from autograd_core.stepper.story import story


def told(y: Value, most: int = 500, *, collapse: bool = False) -> dict:
    """The story of y, with the names that the caller's variables give."""
    return story(y, sys._getframe(1), most, collapse)


def frames(data: dict, kind: str) -> list[dict]:
    return [frame for frame in data["frames"] if frame["kind"] == kind]


def bits(x: float) -> bytes:
    return struct.pack("<d", x)


def random_graph(seed: int) -> tuple[list[Value], Value]:
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-2.0, 2.0)) for _ in range(4)]
    nodes = list(leaves)
    for _ in range(14):
        a, b = rng.choice(nodes), rng.choice(nodes)
        nodes.append(
            rng.choice([a * b, a + b, a - 0.5 * b, ac.tanh(a), ac.maximum(a, b), a**2, ac.dot([a, b], [b, a])])
        )
    return leaves, ac.sum(nodes[-5:])


def batch_loss(sizes: list[int]) -> tuple[nn.MLP, Value]:
    model = nn.MLP(2, sizes, activation="tanh", seed=1)
    points = [([0.5, -1.0], 1.0), ([1.5, 0.25], 0.0), ([-0.75, 2.0], 1.0)]
    return model, ac.mean([(model(x) - y) ** 2 for x, y in points])
