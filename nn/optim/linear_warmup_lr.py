"""LinearWarmupLR: a learning rate that rises along a line, and falls along another."""

from __future__ import annotations

from autograd_core.errors import DomainError
from nn.optim.linear_lr import between
from nn.optim.optimizer import Optimizer
from nn.optim.schedule import Schedule


class LinearWarmupLR(Schedule):
    """Rises along a line to the optimiser's rate, then falls along a line: the usual schedule of a transformer.

    It is meant to be stepped once a batch: `fit(..., schedule_by="step")`.

    Args:
        optimizer: the optimiser, with the rate at the peak.
        warmup_steps: after how many calls of `step()` the peak is reached; 0 starts there.
        total_steps: after how many calls the end is reached.
        start_factor: the share of the rate to start from. With 0 the first step does not move the parameters.
        end_factor: the share of the rate to end with.

    Raises:
        DomainError: a count is no int, the warm-up is longer than the whole, or a factor is negative.

    Source: Vaswani et al. 2017 for the warm-up; the line down as in Devlin et al. 2019.

    >>> from autograd_core import Value
    >>> from nn import SGD
    >>> schedule = LinearWarmupLR(SGD([Value(1.0)], lr=0.8), warmup_steps=2, total_steps=6)
    >>> [round(schedule.lr_at(step), 3) for step in range(8)]
    [0.0, 0.4, 0.8, 0.6, 0.4, 0.2, 0.0, 0.0]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        warmup_steps: int,
        total_steps: int,
        *,
        start_factor: float = 0.0,
        end_factor: float = 0.0,
    ) -> None:
        super().__init__(optimizer)
        self.warmup_steps = self._count("warmup_steps", warmup_steps, at_least=0)
        self.total_steps = self._count("total_steps", total_steps)
        self.start_factor = self._not_negative("start_factor", start_factor)
        self.end_factor = self._not_negative("end_factor", end_factor)
        if self.warmup_steps >= self.total_steps:
            raise DomainError(
                f"LinearWarmupLR(warmup_steps={warmup_steps}, total_steps={total_steps}) has a warm-up that is not "
                "shorter than the whole: total_steps counts the warm-up too"
            )
        self._set_rates(0)

    def lr_at(self, epoch: int, group: int = 0) -> float:
        """See `Schedule.lr_at`; what is counted are steps."""
        if epoch < self.warmup_steps:
            return self.base_lrs[group] * between(self.start_factor, 1.0, epoch / self.warmup_steps)
        rest = self.total_steps - self.warmup_steps
        return self.base_lrs[group] * between(1.0, self.end_factor, (epoch - self.warmup_steps) / rest)
