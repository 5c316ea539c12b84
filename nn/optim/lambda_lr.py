"""LambdaLR: a learning rate that is a function of the epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import shortened
from nn.optim.optimizer import Optimizer
from nn.optim.schedule import Schedule


class LambdaLR(Schedule):
    """The optimiser's rate times a function of the epoch. Its state has the count, not the function.

    Args:
        optimizer: the optimiser.
        lr_lambda: a function from the epoch, from 0, to a factor; or a list of them, one for each parameter group.

    Raises:
        DomainError: this is no function, or a factor is negative or not finite.
        ShapeError: there is not one function for each parameter group.

    >>> from autograd_core import Value
    >>> from nn import SGD
    >>> schedule = LambdaLR(SGD([Value(1.0)], lr=0.8), lambda epoch: 1 / (1 + epoch))
    >>> schedule.lr_at(1)
    0.4
    """

    def __init__(
        self, optimizer: Optimizer, lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]]
    ) -> None:
        super().__init__(optimizer)
        self.lr_lambdas = self._for_each_group("lr_lambda", lr_lambda)
        for function in self.lr_lambdas:
            if not callable(function):
                raise DomainError(f"LambdaLR(lr_lambda) takes a function of the epoch, got {shortened(function)}")
        self._set_rates(0)

    def lr_at(self, epoch: int, group: int = 0) -> float:
        """See `Schedule.lr_at`."""
        return self.base_lrs[group] * self._not_negative("lr_lambda", self.lr_lambdas[group](epoch))
