"""Adam and AdamW, as torch.optim has them."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError
from autograd_core.rules.scalars import shortened
from nn.optim.optimizer import Group, Optimizer, Parameters, Reached, slope_of


class Adam(Optimizer):
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
        self._move([(i, parameter, slope_of(parameter, decay, up)) for i, parameter in reached], group)

    def _move(self, slopes: list[tuple[int, Value, float]], group: Group) -> None:
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


class AdamW(Adam):
    """Adam with decoupled weight decay: it shrinks the parameter and stays out of the gradient's means.

    In each step p = p * (1 - lr * weight_decay), then Adam's step with the bare gradient.

    Args:
        params: the Values to train, the model, or groups; see `nn.Optimizer`.
        lr, betas, eps, amsgrad, maximize: as for `Adam`.
        weight_decay: the share of p that is taken off in a step of lr 1.

    Raises:
        DomainError: a number is negative or not finite, or a beta is not below 1.

    Source: Loshchilov and Hutter 2019, algorithm 2, as torch.optim.AdamW writes it.

    >>> p = Value(1.0)
    >>> optimizer = AdamW([p], lr=0.1, weight_decay=0.5)
    >>> (1e6 * p).backward()
    >>> optimizer.step()
    >>> round(p.data, 9)
    0.85

    Weights that decay, and biases that do not:

    >>> from nn import MLP
    >>> named = MLP(2, [4, 1]).named_parameters()
    >>> weights = [p for name, p in named if not name.endswith(".b")]
    >>> biases = [p for name, p in named if name.endswith(".b")]
    >>> optimizer = AdamW([{"params": weights}, {"params": biases, "weight_decay": 0.0}], lr=0.1)
    >>> [(len(group["params"]), group["weight_decay"]) for group in optimizer.param_groups]
    [(12, 0.01), (5, 0.0)]
    """

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    def update(self, reached: Reached, group: Group) -> None:
        """See `Optimizer.update`."""
        slopes = [(i, parameter, slope_of(parameter, 0.0, group["maximize"])) for i, parameter in reached]
        kept = 1.0 - group["lr"] * group["weight_decay"]
        for _, parameter in reached:
            parameter.data = parameter.data * kept
        self._move(slopes, group)
