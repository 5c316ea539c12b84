"""LinearLR: a learning rate that moves along a line."""

from __future__ import annotations

from nn.optim.optimizer import Optimizer
from nn.optim.schedule import Schedule


class LinearLR(Schedule):
    """Moves from `start_factor` to `end_factor` times the optimiser's rate in `total_iters` epochs, and stays there.

    Args:
        optimizer: the optimiser.
        start_factor, end_factor: the shares of its rate at the start and from the end on.
        total_iters: how many epochs lie between.

    Raises:
        DomainError: `total_iters` is no int of at least 1, or a factor is negative.

    >>> from autograd_core import Value
    >>> from nn import SGD
    >>> schedule = LinearLR(SGD([Value(1.0)], lr=0.8), start_factor=0.5, total_iters=2)
    >>> [round(schedule.lr_at(epoch), 3) for epoch in range(4)]
    [0.4, 0.6, 0.8, 0.8]
    """

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1.0 / 3.0, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        super().__init__(optimizer)
        self.start_factor = self._not_negative("start_factor", start_factor)
        self.end_factor = self._not_negative("end_factor", end_factor)
        self.total_iters = self._count("total_iters", total_iters)
        self._set_rates(0)

    def lr_at(self, epoch: int, group: int = 0) -> float:
        """See `Schedule.lr_at`."""
        return self.base_lrs[group] * between(self.start_factor, self.end_factor, epoch / self.total_iters)


def between(start: float, end: float, share: float) -> float:
    """Return what lies at a share of the way from start to end; from a share of 1 on it is the end."""
    return start + (end - start) * min(share, 1.0)
