"""Networks in which gradients vanish or explode, and what mends them: built, trained and measured in one place."""

from __future__ import annotations

import math
import random
from typing import Final

from sklearn.datasets import make_moons

import nn

WIDTH: Final = 6
DEPTH: Final = 10

# XOR.

CORNERS: Final = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
CLAIMED_LOSS: Final = 0.000234
"""What document 003 prints as its final loss on XOR."""


def normal(deviation: float) -> nn.Initialiser:
    """Weights that are `deviation` times a normal number, whatever the layer's width."""
    return lambda nout, nin, source: [[source.gauss(0.0, deviation) for _ in range(nin)] for _ in range(nout)]


def xor_run(seed: int, *, deviation: float, lr: float, rounds: int = 2000) -> tuple[nn.History, nn.Monitor]:
    """2-4-1 with sigmoids, half the mean squared error, gradient descent on all four rows at once."""
    net = nn.MLP(2, [4, 1], "sigmoid", output_activation="sigmoid", init=normal(deviation), seed=seed)
    monitor = nn.Monitor(net, every=100)
    how = {"loss": "half_squared_error", "optimizer": "sgd", "lr": lr, "batch_size": None, "epochs": rounds}
    return nn.fit(net, *CORNERS, **how, callbacks=[monitor], progress=False), monitor


# Vanishing.


def moons() -> tuple[list[list[float]], list[int]]:
    """16 points of two moons, standardised, and which moon each belongs to."""
    X, y = make_moons(16, noise=0.1, random_state=0)
    return ((X - X.mean(0)) / X.std(0)).tolist(), y.tolist()


def deep_net(kind: str, seed: int) -> nn.Sequential:
    """Ten linear layers 2-6-...-6-1: "sigmoid", and three that mend it: "relu and he", "residual", "batch norm"."""
    source = random.Random(seed)

    def linear(nin: int, nout: int) -> nn.Linear:
        return nn.Linear(nin, nout, init="he" if kind == "relu and he" else "xavier", seed=source)

    parts: list[nn.Module] = []
    if kind == "residual":
        parts = [linear(2, WIDTH), nn.Sigmoid()]
        while len(parts) < 2 + (DEPTH - 2) // 2:
            parts.append(nn.Residual(linear(WIDTH, WIDTH), nn.Sigmoid(), linear(WIDTH, WIDTH)))
    else:
        for depth in range(DEPTH - 1):
            parts.append(linear(WIDTH if depth else 2, WIDTH))
            if kind == "batch norm":
                parts.append(nn.BatchNorm(WIDTH))
            parts.append(nn.ReLU() if kind == "relu and he" else nn.Sigmoid())
    return nn.Sequential(*parts, nn.Linear(WIDTH, 1, init="xavier", seed=source))


def learn(model: nn.Sequential, epochs: int = 100) -> tuple[nn.History, nn.Monitor]:
    """Train on the moons with Adam, all points at once."""
    monitor = nn.Monitor(model)
    how = {"loss": "bce_with_logits", "optimizer": "adam", "lr": 0.01, "batch_size": None, "epochs": epochs}
    return nn.fit(model, *moons(), **how, callbacks=[monitor], progress=False), monitor


def linear_norms(model: nn.Sequential, monitor: nn.Monitor, step: int) -> list[float]:
    """The gradient norm of each linear layer, from the input on."""
    names = [path for path, part in model.named_modules() if isinstance(part, nn.Linear)]
    return [monitor.gradient_norm[name][step] for name in names]


# Exploding.


def slopes() -> tuple[list[list[float]], list[float]]:
    """16 points of the plane, and sin(x1) + x2 / 2 at each."""
    source = random.Random(0)
    points = [[source.gauss(0.0, 1.0), source.gauss(0.0, 1.0)] for _ in range(16)]
    return points, [math.sin(a) + b / 2 for a, b in points]


def leaky_net(scale: float, seed: int) -> nn.Sequential:
    """Ten linear layers 2-6-...-6-1 with leaky_relu, whose weights start at `scale` times He's."""
    source = random.Random(seed)

    def init(nout: int, nin: int, source: nn.Source) -> list[list[float]]:
        return [[source.gauss(0.0, scale * math.sqrt(2 / nin)) for _ in range(nin)] for _ in range(nout)]

    parts: list[nn.Module] = []
    for depth in range(DEPTH - 1):
        parts += [nn.Linear(WIDTH if depth else 2, WIDTH, init=init, seed=source), nn.LeakyReLU(0.1)]
    return nn.Sequential(*parts, nn.Linear(WIDTH, 1, init=init, seed=source))


def descend(model: nn.Sequential, lr: float, clip: float | None = None, steps: int = 60) -> nn.Monitor:
    """Gradient descent in a loop of its own, all points at once, until the loss is no longer finite."""
    points, heights = slopes()
    optimizer = nn.SGD(model.parameters(), lr=lr)
    monitor = nn.Monitor(model)
    for _ in range(steps):
        loss = nn.mse_loss(model(points), heights)
        optimizer.zero_grad()
        loss.backward()
        if clip is not None:
            nn.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        monitor.record(loss)
        if not math.isfinite(loss.data):
            break
    return monitor
