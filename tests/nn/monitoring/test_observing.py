"""A monitor leaves no trace in the model that it looks at."""

from __future__ import annotations

import copy
import gc
import pickle

import numpy as np

import nn
from nn.module import OBSERVERS

X = np.random.default_rng(0).normal(size=(7, 3))

Y = X.sum(axis=1)


def step(model, optimizer, rows=X, targets=Y):
    """One step on all rows; the loss."""
    loss = nn.mse_loss([model(row) for row in rows.tolist()], targets.tolist())
    model.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


class TestTheModelIsLeftAlone:
    def test_copies_of_a_watched_model_are_not_watched(self):
        model = nn.MLP(3, [4, 1], seed=0)
        monitor = nn.Monitor(model)
        for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
            other([9.0, 9.0, 9.0])
        assert all(not activity.units for activity in monitor._activities.values())

    def test_the_end(self):
        model = nn.MLP(3, [4, 1], seed=0)
        gc.collect()
        before = len(OBSERVERS)
        with nn.Monitor(model) as monitor:
            assert len(OBSERVERS) == before + 2
            other = nn.Monitor(model)
            assert len(OBSERVERS) == before + 2
            step(model, nn.SGD(model.parameters(), lr=0.1))
            monitor.record()
        other.record()
        assert other.activation_mean == monitor.activation_mean
        assert len(OBSERVERS) == before + 2
        del other
        gc.collect()
        assert len(OBSERVERS) == before
        assert monitor.steps == [1]
        monitor.close()
