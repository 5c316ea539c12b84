"""SGD, stochastic gradient descent, as torch.optim has it."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd_core.errors import DomainError
from nn.optim.optimizer import Group, Optimizer, Parameters, Reached, slope_of


class SGD(Optimizer, name="sgd"):
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
