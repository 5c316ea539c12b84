"""Sequences of one length and of several, their targets, and a model that reads them."""

from __future__ import annotations

import random

import nn

DATA = random.Random(3)


EVEN = [[[DATA.gauss(0, 1), DATA.gauss(0, 1)] for _ in range(4)] for _ in range(9)]


RAGGED = [sequence[: 1 + i % 4] for i, sequence in enumerate(EVEN)]


SUMS = [sum(a for a, _ in sequence) for sequence in RAGGED]


TAGS = [[int(a > b) for a, b in sequence] for sequence in RAGGED]


PAIRS = [[[int(a > b), int(a > 0)] for a, b in sequence] for sequence in RAGGED]


QUIET = {"progress": False, "seed": 0}


class Reader(nn.Module):
    """A recurrent network that answers once, or at each step."""

    def __init__(self, outputs=1, *, each=False, net=None):
        self.net = net or nn.GRU(2, 3, seed=0)
        self.head = nn.Linear(3, outputs, seed=1)
        self.each = each

    def forward(self, sequence):
        outputs, _ = self.net(sequence)
        return self.head(outputs if self.each else outputs[-1])


def numbers(model):
    return [p.data for p in model.parameters()]
