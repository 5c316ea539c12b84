"""RMSprop, as torch.optim has it."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from nn.optim.optimizer import Group, Optimizer, Parameters, Reached, slope_of


class RMSprop(Optimizer, name="rmsprop"):
    """RMSprop: the gradient divided by the root of its mean square.

    With g the gradient plus weight_decay * p: s = alpha * s + (1 - alpha) * g**2, a = alpha * a + (1 - alpha) * g,
    and the direction is d = g / (sqrt(s) + eps), or centered g / (sqrt(s - a**2) + eps). The parameter moves by
    -lr * d, or with momentum by -lr * b where b = momentum * b + d.

    Args:
        params: the Values to train, the model, or groups; see `nn.Optimizer`.
        lr: the learning rate.
        alpha: how much of the mean square is kept.
        eps: keeps the division from 0.
        weight_decay: the weight of the penalty on squares, 1/2 * weight_decay * p**2.
        momentum: how much of the direction is kept.
        centered: divide by the deviation of the gradient instead of the root of its mean square.
        maximize: climb instead of descend.

    Raises:
        DomainError: a number is negative or not finite, or alpha is not below 1.

    Source: Tieleman and Hinton 2012, lecture 6.5; centered: Graves 2013; as torch.optim.RMSprop writes it.

    >>> from autograd_core import Value
    >>> p = Value(1.0)
    >>> optimizer = RMSprop([p], lr=0.01, alpha=0.75)
    >>> (1e6 * p).backward()
    >>> optimizer.step()
    >>> round(p.data, 9)
    0.98
    """

    switches: ClassVar[tuple[str, ...]] = ("centered", "maximize")
    memory: ClassVar[tuple[str, ...]] = ("_square", "_mean", "_velocity")

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr,
            alpha=alpha,
            eps=eps,
            weight_decay=weight_decay,
            momentum=momentum,
            centered=centered,
            maximize=maximize,
        )
        self._square = [0.0] * len(self.parameters)
        self._mean = [0.0] * len(self.parameters)
        self._velocity = [0.0] * len(self.parameters)

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """See `Optimizer.checked`."""
        options = super().checked(options)
        self._option("alpha", options["alpha"], below=1.0)
        return options

    def update(self, reached: Reached, group: Group) -> None:
        """See `Optimizer.update`."""
        lr, decay, up = group["lr"], group["weight_decay"], group["maximize"]
        alpha, eps, momentum, centered = group["alpha"], group["eps"], group["momentum"], group["centered"]
        for i, parameter in reached:
            g = slope_of(parameter, decay, up)
            self._square[i] = square = alpha * self._square[i] + (1.0 - alpha) * g * g
            if centered:
                self._mean[i] = mean = self._mean[i] + (1.0 - alpha) * (g - self._mean[i])
                square = max(square - mean * mean, 0.0)  # rounding may bring it below 0, where the root is nan
            denominator = math.sqrt(square) + eps
            direction = g / denominator if denominator != 0.0 else 0.0
            if momentum:
                self._velocity[i] = direction = momentum * self._velocity[i] + direction
            parameter.data = parameter.data - lr * direction
