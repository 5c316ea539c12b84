"""Adagrad, as torch.optim has it."""

from __future__ import annotations

import math
from typing import ClassVar

from nn.optim.optimizer import Group, Optimizer, Parameters, Reached, slope_of


class Adagrad(Optimizer, name="adagrad"):
    """Adagrad: the gradient divided by the root of the sum of all its squares so far.

    With g the gradient plus weight_decay * p, in step t: s = s + g**2, and the parameter moves by
    -lr / (1 + (t - 1) * lr_decay) * g / (sqrt(s) + eps).

    Args:
        params: the Values to train, the model, or groups; see `nn.Optimizer`.
        lr: the learning rate.
        lr_decay: how fast the learning rate falls by itself.
        weight_decay: the weight of the penalty on squares, 1/2 * weight_decay * p**2.
        initial_accumulator_value: where the sum of squares starts.
        eps: keeps the division from 0.
        maximize: climb instead of descend.

    Raises:
        DomainError: a number is negative or not finite.

    Source: Duchi, Hazan and Singer 2011, as torch.optim.Adagrad writes it.

    >>> from autograd_core import Value
    >>> p = Value(1.0)
    >>> optimizer = Adagrad([p], lr=0.1)
    >>> (1e6 * p).backward()
    >>> optimizer.step()
    >>> round(p.data, 9)
    0.9
    """

    switches: ClassVar[tuple[str, ...]] = ("maximize",)
    memory: ClassVar[tuple[str, ...]] = ("_sum", "_steps")

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
            maximize=maximize,
        )
        self._sum = [group["initial_accumulator_value"] for group in self.param_groups for _ in group["params"]]
        self._steps = [0] * len(self.parameters)

    def update(self, reached: Reached, group: Group) -> None:
        """See `Optimizer.update`."""
        lr, decay, up = group["lr"], group["weight_decay"], group["maximize"]
        lr_decay, eps = group["lr_decay"], group["eps"]
        for i, parameter in reached:
            g = slope_of(parameter, decay, up)
            self._sum[i] = total = self._sum[i] + g * g
            rate = lr / (1.0 + self._steps[i] * lr_decay)
            self._steps[i] += 1
            denominator = math.sqrt(total) + eps
            if denominator != 0.0:
                parameter.data = parameter.data - rate * g / denominator
