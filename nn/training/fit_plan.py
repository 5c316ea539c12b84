"""FitPlan: one call of fit, its arguments checked."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autograd_core.engine.value import Value
from nn.data.batches import numbers_of_batches
from nn.inputs.dataset import Dataset
from nn.inputs.seeds import Source
from nn.losses.fit_loss import FitLoss
from nn.optim.clip import clip_grad_norm_, clip_grad_value_
from nn.optim.optimizer import Optimizer
from nn.optim.schedule import Schedule
from nn.training.trainable_model import Model

if TYPE_CHECKING:
    from nn.training.callbacks import Callback


@dataclass(frozen=True, kw_only=True)
class FitPlan:
    """What is trained, by what, on which data, and what is done beside the optimiser's step.

    Attributes:
        model: what is trained.
        loss: what it is trained by.
        optimizer: what moves the parameters.
        schedule: what moves the learning rate, or None.
        schedule_by: whether it does so once an "epoch" or once a "step".
        training: examples and targets to train on.
        held_out: examples and targets to measure on, or None.
        aside: the numbers of the examples that were set aside for that, from those that `fit` was given.
        epochs: how many times to go over the data.
        batch_size: how many examples a batch has.
        shuffle: whether each epoch takes the examples in a new order.
        source: what draws the order.
        clip_value: the largest gradient, or None.
        clip_norm: the largest norm of all gradients, or None.
        callbacks: what is called while it runs, in this order.
    """

    model: Model
    loss: FitLoss
    optimizer: Optimizer
    schedule: Schedule | None
    schedule_by: str
    training: Dataset
    held_out: Dataset | None
    aside: list[int]
    epochs: int
    batch_size: int
    shuffle: bool
    source: Source
    clip_value: float | None
    clip_norm: float | None
    callbacks: Sequence[Callback]

    @property
    def batches(self) -> int:
        """How many batches an epoch has."""
        return math.ceil(len(self.training[0]) / self.batch_size)

    def drawn_batches(self) -> list[list[int]]:
        """Return the numbers of the examples of each batch of an epoch."""
        return numbers_of_batches(len(self.training[0]), self.batch_size, self.source if self.shuffle else None)

    def clip(self, parameters: list[Value]) -> None:
        """Make gradients smaller where they are too large, first each by itself, then all together."""
        if self.clip_value is not None:
            clip_grad_value_(parameters, self.clip_value)
        if self.clip_norm is not None:
            clip_grad_norm_(parameters, self.clip_norm)

    def settings(self) -> dict[str, Any]:
        """Return what a run that goes on with another one must have in common with it."""
        options = self.loss.options
        return {
            "data": self._fingerprint,
            "loss": f"{self.loss.name}({options})" if options else self.loss.name,
            "batch_size": self.batch_size,
            "shuffle": self.shuffle,
            "clip_value": self.clip_value,
            "clip_norm": self.clip_norm,
            "schedule_by": self.schedule_by,
        }

    @cached_property
    def _fingerprint(self) -> str:
        """What tells the data of one run from those of another."""
        return hashlib.sha256(repr((self.training, self.held_out)).encode()).hexdigest()
