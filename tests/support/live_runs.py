"""Short training runs for nn.live, and a clock for them."""

from __future__ import annotations

import nn
from nn import live

XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])


def trained(epochs=4, how=None, **options):
    model = nn.MLP(2, [4, 1], activation="tanh", seed=0)
    view = live(model, *XOR, resolution=5, **options)
    history = nn.fit(
        model,
        *XOR,
        loss="bce_with_logits",
        epochs=epochs,
        seed=0,
        progress=False,
        **{"callbacks": [view], **(how or {})},
    )
    return model, view, history


class Clock:
    """Time that passes only when it is told to."""

    def __init__(self):
        self.now = 0.0

    def perf_counter(self):
        return self.now
