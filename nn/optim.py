"""Optimisers: how parameters move against their gradients. The rules and the arguments are torch.optim's."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd_core.errors import DomainError, GraphError, NotAScalarError
from autograd_core.scalars import number, shortened
from autograd_core.value import Value
from nn.module import Module


class Optimizer:
    """The base of optimisers. A subclass moves one parameter in `update`.

    A parameter that no backward pass has reached since `zero_grad()` stays as it is, and so does what the
    optimiser remembers of it, as in PyTorch.

    Args:
        parameters: the Values to train, such as `model.parameters()`, or the model.
        lr: the learning rate, above or equal to 0.

    Attributes:
        parameters: the Values that are trained.
        lr: the learning rate; it may be assigned between steps.
    """

    def __init__(self, parameters: Iterable[Value] | Module, lr: float) -> None:
        self.parameters = self._checked(parameters)
        self.lr = self._option("lr", lr)

    def step(self) -> None:
        """Move each parameter once."""
        for index, parameter in enumerate(self.parameters):
            if parameter.has_grad:
                self.update(index, parameter)

    def zero_grad(self) -> None:
        """Set the gradient of each parameter to 0."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def update(self, index: int, parameter: Value) -> None:
        """Move one parameter, number `index` of `parameters`, by its gradient."""
        raise NotImplementedError(f"{type(self).__name__} defines no update(); an Optimizer moves a parameter there")

    def __repr__(self) -> str:
        options = ", ".join(
            f"{name}={value}" for name, value in vars(self).items() if name[0] != "_" and name != "parameters"
        )
        return f"{type(self).__name__}({options}; {len(self.parameters)} parameters)"

    def _checked(self, parameters: Iterable[Value] | Module) -> list[Value]:
        call = f"{type(self).__name__}(parameters)"
        if isinstance(parameters, Module):
            parameters = parameters.parameters()
        if isinstance(parameters, Value) or not isinstance(parameters, Iterable):
            raise NotAScalarError(
                f"{call} takes a list of Values, got {shortened(parameters)}: pass model.parameters()"
            )
        checked = list(parameters)
        if not checked:
            raise DomainError(f"{call} got an empty list, so there is nothing to train; pass model.parameters()")
        for i, parameter in enumerate(checked):
            if not isinstance(parameter, Value):
                raise NotAScalarError(f"{call} takes Values, got {shortened(parameter)} at place {i}")
            if not parameter.is_leaf:
                raise GraphError(f"{call} takes leaves, but {parameter!r} at place {i} was computed by {parameter.op}")
        if len({id(parameter) for parameter in checked}) < len(checked):
            raise DomainError(f"{call} got a parameter twice, which would move it twice a step; pass each once")
        return checked

    def _option(self, name: str, value: Any, *, below: float = math.inf) -> float:
        """Return a hyperparameter as a float, at least 0 and below a bound."""
        found = number(value)
        if found is None or not 0.0 <= found < below:
            bound = f"from 0 to below {below:g}" if math.isfinite(below) else "that is finite and not below 0"
            raise DomainError(f"{type(self).__name__}({name}) takes a number {bound}, got {shortened(value)}")
        return found


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum if wanted.

    With g the gradient plus weight_decay * p: the velocity is v = g in the first step, then
    v = momentum * v + (1 - dampening) * g; the parameter moves by -lr * v, or with nesterov by
    -lr * (g + momentum * v).

    Args:
        parameters: the Values to train, or the model.
        lr: the learning rate.
        momentum: how much of the velocity is kept.
        dampening: how much of the gradient is left out of the velocity.
        weight_decay: the weight of the penalty on squares, 1/2 * weight_decay * p**2.
        nesterov: look ahead along the velocity; needs momentum and no dampening.

    Raises:
        DomainError: a number is negative or not finite, or the options do not go together.

    Source: Sutskever et al. 2013, as torch.optim.SGD writes it.

    >>> p = Value(1.0)
    >>> optimizer = SGD([p], lr=0.1)
    >>> (p * p).backward()
    >>> optimizer.step()
    >>> p.data
    0.8
    """

    def __init__(
        self,
        parameters: Iterable[Value] | Module,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(parameters, lr)
        self.momentum = self._option("momentum", momentum)
        self.dampening = self._option("dampening", dampening)
        self.weight_decay = self._option("weight_decay", weight_decay)
        self.nesterov = bool(nesterov)
        if self.nesterov and (self.momentum == 0.0 or self.dampening != 0.0):
            raise DomainError(
                f"SGD(nesterov=True) needs momentum above 0 and dampening 0, got momentum={self.momentum} and "
                f"dampening={self.dampening}: pass momentum=0.9, for instance"
            )
        self._velocity: list[float | None] = [None] * len(self.parameters)

    def update(self, index: int, parameter: Value) -> None:
        """See `Optimizer.update`."""
        g = parameter.grad
        if self.weight_decay:
            g += self.weight_decay * parameter.data
        if self.momentum:
            v = self._velocity[index]
            v = g if v is None else self.momentum * v + (1.0 - self.dampening) * g
            self._velocity[index] = v
            g = g + self.momentum * v if self.nesterov else v
        parameter.data = parameter.data - self.lr * g


class Adam(Optimizer):
    """Adam: steps of about lr, whatever the size of the gradient.

    With g the gradient plus weight_decay * p, in step t: m = beta1 * m + (1 - beta1) * g,
    v = beta2 * v + (1 - beta2) * g**2, and the parameter moves by
    -lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps).

    Args:
        parameters: the Values to train, or the model.
        lr: the learning rate.
        betas: how much of the mean of the gradient and of its square is kept.
        eps: keeps the division from 0.
        weight_decay: the weight of the penalty on squares, 1/2 * weight_decay * p**2.

    Raises:
        DomainError: a number is negative or not finite, or a beta is not below 1.

    Source: Kingma and Ba 2015, algorithm 1, as torch.optim.Adam writes it.

    >>> p = Value(1.0)
    >>> optimizer = Adam([p], lr=0.1)
    >>> (1e6 * p).backward()
    >>> optimizer.step()
    >>> round(p.data, 9)
    0.9
    """

    def __init__(
        self,
        parameters: Iterable[Value] | Module,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise DomainError(f"Adam(betas) takes two numbers, such as (0.9, 0.999), got {shortened(betas)}")
        self.betas = (self._option("betas[0]", betas[0], below=1.0), self._option("betas[1]", betas[1], below=1.0))
        self.eps = self._option("eps", eps)
        self.weight_decay = self._option("weight_decay", weight_decay)
        self._mean = [0.0] * len(self.parameters)
        self._square = [0.0] * len(self.parameters)
        self._steps = [0] * len(self.parameters)

    def update(self, index: int, parameter: Value) -> None:
        """See `Optimizer.update`."""
        beta1, beta2 = self.betas
        g = parameter.grad
        if self.weight_decay:
            g += self.weight_decay * parameter.data
        self._steps[index] = t = self._steps[index] + 1
        self._mean[index] = m = self._mean[index] + (1.0 - beta1) * (g - self._mean[index])
        self._square[index] = v = beta2 * self._square[index] + (1.0 - beta2) * g * g
        denominator = math.sqrt(v) / math.sqrt(1.0 - beta2**t) + self.eps
        if denominator != 0.0:  # 0 only where eps is 0 and no gradient has come yet
            parameter.data = parameter.data - self.lr / (1.0 - beta1**t) * m / denominator


OPTIMIZERS: dict[str, type[SGD | Adam]] = {"sgd": SGD, "adam": Adam}
"""The optimisers that `optimizer="..."` names."""
