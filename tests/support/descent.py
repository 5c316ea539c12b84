"""A descent that optimisers are compared on: badly scaled slopes, from one starting point."""

from __future__ import annotations

import numpy as np

from autograd_core import Value

STEPS = 50


START = np.array([1.5, -0.7, 0.3])


SCALE = np.array([1.0, 10.0, 0.1])


def slope(p):
    """The gradient of sum(scale * (p - 1)**2 + sin(p))."""
    return 2 * SCALE * (p - 1) + np.cos(p)


def trajectory(make):
    """What an optimiser does on that function, step by step."""
    parameters = [Value(x) for x in START]
    optimizer = make(parameters)
    path = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        losses = [s * (p - 1.0) ** 2 + p.sin() for s, p in zip(SCALE.tolist(), parameters, strict=True)]
        (losses[0] + losses[1] + losses[2]).backward()
        optimizer.step()
        path.append([p.data for p in parameters])
    return np.array(path)
