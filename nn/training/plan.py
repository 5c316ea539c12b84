"""Plan: how a run of `fit` goes through its data."""

from __future__ import annotations

from dataclasses import dataclass

from autograd_core.engine.value import Value
from nn.data.batches import numbers_of_batches
from nn.inputs.seeds import Source
from nn.optim.clip import clip_grad_norm_, clip_grad_value_


@dataclass(frozen=True)
class Plan:
    """How the examples are taken, and what is done beside the optimiser's step.

    Attributes:
        batch_size: how many examples a batch has.
        shuffle: whether each epoch takes the examples in a new order.
        source: what draws the order.
        clip_value: the largest gradient, or None.
        clip_norm: the largest norm of all gradients, or None.
        schedule_by: whether the schedule moves once an "epoch" or once a "step".
    """

    batch_size: int
    shuffle: bool
    source: Source
    clip_value: float | None = None
    clip_norm: float | None = None
    schedule_by: str = "epoch"

    def batches(self, count: int) -> list[list[int]]:
        """Return the numbers of the examples of each batch of an epoch over `count` of them."""
        return numbers_of_batches(count, self.batch_size, self.source if self.shuffle else None)

    def clip(self, parameters: list[Value]) -> None:
        """Make gradients smaller where they are too large, first each by itself, then all together."""
        if self.clip_value is not None:
            clip_grad_value_(parameters, self.clip_value)
        if self.clip_norm is not None:
            clip_grad_norm_(parameters, self.clip_norm)
