"""Schedule: how the learning rate moves over a run. Names, arguments and rules are torch.optim.lr_scheduler's.

A schedule belongs to an optimiser. It sets the learning rate of each of its parameter groups when it is made, and
again at each `step()`, which is called once an epoch, or once a step for those that count steps. Of two schedules of
one optimiser the one that moved last decides: they do not multiply, as PyTorch's do.
"""

from __future__ import annotations

from typing import Any

from autograd_core.errors import NotAScalarError, ShapeError
from autograd_core.rules.scalars import shortened
from nn.inputs.options import not_negative, size_of
from nn.optim.optimizer import Optimizer
from nn.state.state_dict import StateError, check_names


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
        """Return what the next calls depend on: the options and the counters. The optimiser keeps the rate itself."""
        return {"schedule": type(self).__name__, **self._numbers()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` of a schedule of the same kind returned. The optimiser's rate does not change.

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


def _is_like(given: Any, value: Any) -> bool:
    """Whether what was given is a string, a number or a list of numbers as a value is."""
    if isinstance(value, list) and isinstance(given, (list, tuple)):
        return len(given) == len(value) and all(isinstance(x, (int, float)) for x in given)
    kind = str if isinstance(value, str) else (int, float)
    return isinstance(value, (str, int, float)) and isinstance(given, kind)
