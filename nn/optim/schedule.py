"""Schedules: how the learning rate moves over a run. Names, arguments and rules are torch.optim.lr_scheduler's.

A schedule belongs to an optimiser. It sets the learning rate of each of its parameter groups when it is made, and
again at each `step()`, which is called once an epoch, or once a step for those that count steps. Of two schedules of
one optimiser the one that moved last decides: they do not multiply, as PyTorch's do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.ieee import power
from autograd_core.rules.scalars import shortened
from nn.inputs.options import not_negative, size_of
from nn.optim.optimizer import Optimizer
from nn.state.dictionaries import StateError, check_names


class Schedule:
    """The base of schedules. A subclass says in `lr_at` what the learning rate is after so many calls of `step()`.

    Args:
        optimizer: the optimiser whose learning rates move.

    Attributes:
        optimizer: the optimiser.
        base_lrs: the learning rate of each parameter group when the schedule was made.
        last_epoch: how often `step()` was called.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = self._checked(optimizer)
        self.base_lrs = self.get_last_lr()
        self.last_epoch = 0

    def lr_at(self, epoch: int, group: int = 0) -> float:
        """Return the learning rate of a parameter group after `epoch` calls of `step()`."""
        raise NotImplementedError(f"{type(self).__name__} defines no lr_at(); a Schedule computes its rate there")

    def step(self) -> None:
        """Count one more epoch, and set the learning rate of each parameter group."""
        self._set_rates(self.last_epoch + 1)

    def get_last_lr(self) -> list[float]:
        """Return the present learning rate of each parameter group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Return what the next calls depend on: the options and the counters. The optimiser has the rate itself."""
        return {"schedule": type(self).__name__, **self._numbers()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` of an equal schedule returned. The optimiser's rate stays as it is.

        Raises:
            StateError: it is the state of another schedule. Nothing is changed then.
        """
        call = f"{type(self).__name__}.load_state_dict(state)"
        present = self._numbers()
        check_names(state, ("schedule", *present), call)
        if state["schedule"] != type(self).__name__:
            raise StateError(
                f"{call} takes the state of another {type(self).__name__}, got that of {shortened(state['schedule'])}"
            )
        for name, value in present.items():
            if not _is_like(state[name], value):
                raise StateError(f"{call} takes a value like {value!r} as {name}, got {shortened(state[name])}")
        for name, value in present.items():
            setattr(self, name, type(value)(state[name]))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value}' for name, value in self._numbers().items())})"

    def _set_rates(self, epoch: int) -> None:
        groups = self.optimizer.param_groups
        rates = [self.lr_at(epoch, i) for i in range(len(groups))]
        self.last_epoch = epoch
        for group, rate in zip(groups, rates, strict=True):
            group["lr"] = rate

    def _numbers(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if _is_like(value, value)}

    def _checked(self, optimizer: Any) -> Optimizer:
        if not isinstance(optimizer, Optimizer):
            raise NotAScalarError(
                f"{type(self).__name__}(optimizer) takes an optimiser, such as nn.SGD(model, lr=0.1), "
                f"got {shortened(optimizer)}"
            )
        return optimizer

    def _for_each_group(self, name: str, given: Any) -> list[Any]:
        """Return an option as a list of one for each parameter group; a single one serves all."""
        count = len(self.optimizer.param_groups)
        if not isinstance(given, (list, tuple)):
            return [given] * count
        if len(given) != count:
            raise ShapeError(
                f"{type(self).__name__}({name}) takes one for each group of parameters, {count} here, got {len(given)}"
            )
        return list(given)

    def _count(self, name: str, n: Any, at_least: int = 1) -> int:
        return size_of(n, f"{type(self).__name__}({name})", at_least)

    def _not_negative(self, name: str, x: Any) -> float:
        return not_negative(x, f"{type(self).__name__}({name})")


class StepLR(Schedule):
    """Multiplies the rate by gamma every `step_size` epochs.

    Args:
        optimizer: the optimiser.
        step_size: how many epochs pass between two changes.
        gamma: the factor.

    Raises:
        DomainError: `step_size` is no int of at least 1, or gamma is negative.

    >>> from autograd_core import Value
    >>> from nn import SGD
    >>> schedule = StepLR(SGD([Value(1.0)], lr=0.8), step_size=2, gamma=0.5)
    >>> [schedule.lr_at(epoch) for epoch in range(5)]
    [0.8, 0.8, 0.4, 0.4, 0.2]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        super().__init__(optimizer)
        self.step_size, self.gamma = self._count("step_size", step_size), self._not_negative("gamma", gamma)

    def lr_at(self, epoch: int, group: int = 0) -> float:
        """See `Schedule.lr_at`."""
        return self.base_lrs[group] * power(self.gamma, epoch // self.step_size)


class CosineAnnealingLR(Schedule):
    """Falls from the optimiser's rate to `eta_min` in `T_max` epochs along a half cosine, and rises again after.

    Args:
        optimizer: the optimiser.
        T_max: how many epochs the way down has.
        eta_min: the lowest rate.

    Raises:
        DomainError: `T_max` is no int of at least 1, or `eta_min` is negative.

    Source: Loshchilov and Hutter 2017, equation 5, without restarts.

    >>> from autograd_core import Value
    >>> from nn import SGD
    >>> schedule = CosineAnnealingLR(SGD([Value(1.0)], lr=0.8), T_max=4)
    >>> [round(schedule.lr_at(epoch), 3) for epoch in range(5)]
    [0.8, 0.683, 0.4, 0.117, 0.0]
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:  # noqa: N803
        super().__init__(optimizer)
        self.T_max, self.eta_min = self._count("T_max", T_max), self._not_negative("eta_min", eta_min)

    def lr_at(self, epoch: int, group: int = 0) -> float:
        """See `Schedule.lr_at`."""
        share = (1.0 + math.cos(math.pi * epoch / self.T_max)) / 2.0
        return self.eta_min + (self.base_lrs[group] - self.eta_min) * share


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
        return self.base_lrs[group] * _between(self.start_factor, self.end_factor, epoch / self.total_iters)


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
            return self.base_lrs[group] * _between(self.start_factor, 1.0, epoch / self.warmup_steps)
        rest = self.total_steps - self.warmup_steps
        return self.base_lrs[group] * _between(1.0, self.end_factor, (epoch - self.warmup_steps) / rest)


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


def _between(start: float, end: float, share: float) -> float:
    return start + (end - start) * min(share, 1.0)


def _is_like(given: Any, value: Any) -> bool:
    """Whether what was given is a string, a number or a list of numbers as a value is."""
    if isinstance(value, list) and isinstance(given, (list, tuple)):
        return len(given) == len(value) and all(isinstance(x, (int, float)) for x in given)
    kind = str if isinstance(value, str) else (int, float)
    return isinstance(value, (str, int, float)) and isinstance(given, kind)
