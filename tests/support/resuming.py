"""Runs to interrupt and to resume: data, models, and half a run in a file."""

from __future__ import annotations

import random

import nn
from nn.inputs.by_example import ByExample

DATA = random.Random(5)


POINTS = [[DATA.gauss(0, 1), DATA.gauss(0, 1)] for _ in range(23)]


LABELS = [int(a * b > 0) for a, b in POINTS]


class Noise(ByExample):
    """Adds noise in training, from a source of its own or from Python's."""

    def __init__(self, source):
        self.source = source

    def forward(self, x):
        return [element + self.source.gauss(0.0, 0.1) for element in x] if self.training else x


def plain():
    return nn.MLP(2, [4, 1], activation="tanh", seed=1)


def rich(*noise):
    return nn.Sequential(
        nn.Linear(2, 5, seed=1),
        nn.BatchNorm(5),
        nn.Tanh(),
        nn.Dropout(0.2, seed=2),
        *noise,
        nn.Linear(5, 1, seed=3),
    )


def exact(model, optimizer, history):
    """All that a run leaves, as text that differs if a bit does."""
    columns = history.as_dict()
    del columns["seconds"]
    return repr((model.state_dict(), optimizer.state_dict(), columns))


def half_a_run(tmp_path, make, make_optimizer, after, epochs=6, seed=lambda: 7, **options):
    """Return what an uninterrupted run leaves, and what one leaves that was resumed after some epochs."""

    def train(model, rounds, **more):
        optimizer = make_optimizer(model)
        made = {name: option() if name == "callbacks" else option for name, option in options.items()}
        made["callbacks"] = [*made.get("callbacks", []), *more.pop("callbacks", [])]
        history = nn.fit(
            model, POINTS, LABELS, **{"loss": "bce_with_logits", "batch_size": 7, "progress": False, **made, **more},
            optimizer=optimizer, epochs=rounds, seed=seed(),
        )  # fmt: skip
        return model, optimizer, history

    path = tmp_path / "run.safetensors"
    random.seed(11)
    whole = train(make(), epochs)
    random.seed(11)
    train(make(), after, callbacks=[nn.Checkpoint(path)])
    random.seed(99)
    other = make()
    for parameter in other.parameters():
        parameter.data = 0.125
    resumed = train(other, epochs, resume=path)
    return whole, resumed
