"""Optimisers: SGD, RMSprop, Adagrad, and all by name. The rules and the arguments are torch.optim's."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Final

from autograd_core.errors import DomainError
from nn.optim.adam import Adam, AdamW
from nn.optim.optimizer import Group, Optimizer, Parameters, Reached, slope_of


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum if wanted.

    With g the gradient plus weight_decay * p: the velocity is v = g in the first step, then
    v = momentum * v + (1 - dampening) * g; the parameter moves by -lr * v, or with nesterov by
    -lr * (g + momentum * v).

    Args:
        params: the Values to train, the model, or groups; see `nn.Optimizer`.
        lr: the learning rate.
        momentum: how much of the velocity is kept.
        dampening: how much of the gradient is left out of the velocity.
        weight_decay: the weight of the penalty on squares, 1/2 * weight_decay * p**2.
        nesterov: look ahead along the velocity; needs momentum and no dampening.
        maximize: climb instead of descend.

    Raises:
        DomainError: a number is negative or not finite, or the options do not go together.

    Source: Sutskever et al. 2013, as torch.optim.SGD writes it.

    >>> from autograd_core import Value
    >>> p = Value(1.0)
    >>> optimizer = SGD([p], lr=0.1)
    >>> (p * p).backward()
    >>> optimizer.step()
    >>> p.data
    0.8
    """

    switches: ClassVar[tuple[str, ...]] = ("nesterov", "maximize")
    memory: ClassVar[tuple[str, ...]] = ("_velocity",)

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr,
            momentum=momentum,
            dampening=dampening,
            weight_decay=weight_decay,
            nesterov=nesterov,
            maximize=maximize,
        )
        self._velocity: list[float | None] = [None] * len(self.parameters)

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """See `Optimizer.checked`."""
        options = super().checked(options)
        if options["nesterov"] and (options["momentum"] == 0.0 or options["dampening"] != 0.0):
            raise DomainError(
                f"SGD(nesterov=True) needs momentum above 0 and dampening 0, got momentum={options['momentum']} and "
                f"dampening={options['dampening']}: pass momentum=0.9, for instance"
            )
        return options

    def update(self, reached: Reached, group: Group) -> None:
        """See `Optimizer.update`."""
        lr, decay, up = group["lr"], group["weight_decay"], group["maximize"]
        momentum, taken, nesterov = group["momentum"], 1.0 - group["dampening"], group["nesterov"]
        for i, parameter in reached:
            g = slope_of(parameter, decay, up)
            if momentum:
                v = self._velocity[i]
                self._velocity[i] = v = g if v is None else momentum * v + taken * g
                g = g + momentum * v if nesterov else v
            parameter.data = parameter.data - lr * g


class RMSprop(Optimizer):
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


class Adagrad(Optimizer):
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


OPTIMIZERS: Final[dict[str, type[SGD | Adam | AdamW | RMSprop | Adagrad]]] = {
    "sgd": SGD,
    "adam": Adam,
    "adamw": AdamW,
    "rmsprop": RMSprop,
    "adagrad": Adagrad,
}
"""The optimisers that `optimizer="..."` names."""
