"""Adam, as torch.optim has it."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError
from autograd_core.rules.scalars import shortened
from nn.optim.optimizer import Group, Optimizer, Parameters, Reached, slope_of


class Adam(Optimizer, name="adam"):
    """Adam: steps of about lr, whatever the size of the gradient.

    With g the gradient plus weight_decay * p, in step t: m = beta1 * m + (1 - beta1) * g,
    v = beta2 * v + (1 - beta2) * g**2, and the parameter moves by
    -lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps).

    Args:
        params: the Values to train, the model, or groups; see `nn.Optimizer`.
        lr: the learning rate.
        betas: how much of the mean of the gradient and of its square is kept.
        eps: keeps the division from 0.
        weight_decay: the weight of the penalty on squares, 1/2 * weight_decay * p**2.
        amsgrad: divide by the largest v that there was instead of the present one.
        maximize: climb instead of descend.

    Raises:
        DomainError: a number is negative or not finite, or a beta is not below 1.

    Source: Kingma and Ba 2015, algorithm 1; amsgrad: Reddi et al. 2018; as torch.optim.Adam writes it.

    >>> p = Value(1.0)
    >>> optimizer = Adam([p], lr=0.1)
    >>> (1e6 * p).backward()
    >>> optimizer.step()
    >>> round(p.data, 9)
    0.9
    """

    switches: ClassVar[tuple[str, ...]] = ("amsgrad", "maximize")
    memory: ClassVar[tuple[str, ...]] = ("_mean", "_square", "_largest", "_steps")

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params, lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize
        )
        self._mean = [0.0] * len(self.parameters)
        self._square = [0.0] * len(self.parameters)
        self._largest = [0.0] * len(self.parameters)
        self._steps = [0] * len(self.parameters)

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """See `Optimizer.checked`."""
        betas = options["betas"]
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise DomainError(
                f"{type(self).__name__}(betas) takes two numbers, such as (0.9, 0.999), got {shortened(betas)}"
            )
        numbers = super().checked({name: option for name, option in options.items() if name != "betas"})
        checked = tuple(self._option(f"betas[{i}]", beta, below=1.0) for i, beta in enumerate(betas))
        return {**options, **numbers, "betas": checked}

    def update(self, reached: Reached, group: Group) -> None:
        """See `Optimizer.update`."""
        decay, up = group["weight_decay"], group["maximize"]
        self.move([(i, parameter, slope_of(parameter, decay, up)) for i, parameter in reached], group)

    def move(self, slopes: list[tuple[int, Value, float]], group: Group) -> None:
        """Take Adam's step, given the number and the slope of each parameter."""
        means, squares, largest, steps = self._mean, self._square, self._largest, self._steps
        lr, (beta1, beta2), eps, amsgrad = group["lr"], group["betas"], group["eps"], group["amsgrad"]
        counted, rate, root = 0, lr, 1.0  # the corrections of the last step that was counted: most are of one
        for i, parameter, g in slopes:
            steps[i] = t = steps[i] + 1
            means[i] = m = means[i] + (1.0 - beta1) * (g - means[i])
            squares[i] = v = beta2 * squares[i] + (1.0 - beta2) * g * g
            if amsgrad:
                largest[i] = v = max(v, largest[i])
            if t != counted:
                counted, rate, root = t, lr / (1.0 - beta1**t), math.sqrt(1.0 - beta2**t)
            denominator = math.sqrt(v) / root + eps
            if denominator != 0.0:  # 0 only where eps is 0 and no gradient has come yet
                parameter.data = parameter.data - rate * m / denominator
