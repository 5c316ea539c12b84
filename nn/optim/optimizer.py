"""Optimizer: what every optimiser does, whatever its rule. Each rule has a file of its own, named as its class."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, GraphError, NotAScalarError
from autograd_core.rules.scalars import counted, number, shortened
from nn.inputs.options import not_negative
from nn.module import Module
from nn.state.state_dict import StateError, check_names

Parameters = Iterable[Value] | Module | Iterable[Mapping[str, Any]]
"""What an optimiser trains: Values, the model that has them, or dicts of some of them and options of their own."""

Group = dict[str, Any]
"""Parameters that have the same options: "params", a list of Values, and the options by name."""

Reached = list[tuple[int, Value]]
"""Parameters that a gradient has reached, each with its number among all parameters."""


OPTIMIZERS: Final[dict[str, type[Optimizer]]] = {}
"""The optimisers that `optimizer="..."` names. Each adds itself when its file is imported."""


class Optimizer:
    """The base of optimisers. A subclass moves parameters in `update`, and names its options.

    A parameter that no backward pass has reached since `zero_grad()` does not move, and its memory does not change, as
    in PyTorch.

    Args:
        params: the Values to train, such as `model.parameters()`, or the model. Or a list of dicts, one a group: the
            Values or a module as "params", and any options that differ for them.
        lr: the learning rate, at least 0.
        options: all other options, by name: numbers from 0 on, or switches.

    Attributes:
        param_groups: one dict a group, with "params" and all options; these may be assigned between steps.
        parameters: the Values of all groups.
        switches: the names of the options that are on or off.
        memory: the names of the attributes that the optimiser keeps from step to step, each a list with one number for
            each parameter.

    A subclass that is given a name, as in `class Adam(Optimizer, name="adam")`, is known to `fit(optimizer="adam")`.

    >>> class SignDescent(Optimizer):
    ...     def update(self, reached, group):
    ...         for _, parameter in reached:
    ...             parameter.data -= math.copysign(group["lr"], parameter.grad)
    >>> p, q = Value(1.0), Value(1.0)
    >>> optimizer = SignDescent([{"params": [p]}, {"params": [q], "lr": 0.25}], lr=0.5)
    >>> (3 * p - 2 * q).backward()
    >>> optimizer.step()
    >>> p.data, q.data
    (0.5, 1.25)
    """

    switches: ClassVar[tuple[str, ...]] = ()
    memory: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, name: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        if name:
            OPTIMIZERS[name] = cls

    def __init__(self, params: Parameters, lr: float, **options: Any) -> None:
        call = f"{type(self).__name__}(params)"
        self.param_groups = self._groups(params, self.checked({"lr": lr, **options}), call)
        self.parameters: list[Value] = [parameter for group in self.param_groups for parameter in group["params"]]
        if not self.parameters:
            raise DomainError(f"{call} got an empty list, so there is nothing to train; pass model.parameters()")
        if len({id(parameter) for parameter in self.parameters}) < len(self.parameters):
            raise DomainError(f"{call} got a parameter twice, which would move it twice a step; pass each once")

    @property
    def lr(self) -> float:
        """The learning rate of the first group. Assigning it sets that of all groups."""
        rate: float = self.param_groups[0]["lr"]
        return rate

    @lr.setter
    def lr(self, rate: float) -> None:
        checked = self._option("lr", rate)
        for group in self.param_groups:
            group["lr"] = checked

    def step(self) -> None:
        """Move each parameter once."""
        start = 0
        for group in self.param_groups:
            parameters = group["params"]
            self.update([(i, p) for i, p in enumerate(parameters, start) if p.has_grad], group)
            start += len(parameters)

    def zero_grad(self) -> None:
        """Set the gradient of each parameter to 0."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def update(self, reached: Reached, group: Group) -> None:
        """Move the parameters of a group that a gradient has reached, each given with its number in `parameters`."""
        raise NotImplementedError(f"{type(self).__name__} defines no update(); an Optimizer moves parameters there")

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options of a group as they are kept, or raise DomainError."""
        return {name: bool(x) if name in self.switches else self._option(name, x) for name, x in options.items()}

    def state_dict(self) -> dict[str, Any]:
        """Return what the next steps depend on besides the parameters: the options, and the memory for each parameter.

        >>> from nn import SGD
        >>> p = Value(1.0)
        >>> optimizer = SGD([p], lr=0.1, momentum=0.9)
        >>> (3.0 * p).backward()
        >>> optimizer.step()
        >>> optimizer.state_dict()["memory"]
        {'velocity': [3.0]}
        """
        return {
            "optimizer": type(self).__name__,
            "param_groups": [{**group, "params": len(group["params"])} for group in self.param_groups],
            "memory": {name.lstrip("_"): list(getattr(self, name)) for name in self.memory},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` of an optimiser of the same kind returned, with its options, such as lr.

        Raises:
            StateError: it is the state of another optimiser, or of one with other groups. Nothing is changed then.
        """
        call = f"{type(self).__name__}.load_state_dict(state)"
        check_names(state, ("optimizer", "param_groups", "memory"), call)
        if state["optimizer"] != type(self).__name__:
            raise StateError(
                f"{call} takes the state of another {type(self).__name__}, got that of {shortened(state['optimizer'])}"
            )
        options = self._options_from(state["param_groups"], call)
        check_names(state["memory"], tuple(name.lstrip("_") for name in self.memory), f"{call}, the memory,")
        for name, numbers in state["memory"].items():
            if not isinstance(numbers, (list, tuple)) or len(numbers) != len(self.parameters):
                raise StateError(
                    f"{call} takes a list of one {name} for each of {counted(len(self.parameters), 'parameter')}, got "
                    f"{shortened(numbers) if not isinstance(numbers, (list, tuple)) else len(numbers)}"
                )
            for i, remembered in enumerate(numbers):
                if remembered is not None and number(remembered) is None:
                    raise StateError(f"{call} takes numbers; the {name} of parameter {i} is {shortened(remembered)}")
        for group, taken in zip(self.param_groups, options, strict=True):
            group.update(taken)
        for name in self.memory:
            setattr(self, name, list(state["memory"][name.lstrip("_")]))

    def __repr__(self) -> str:
        groups = [
            ", ".join(f"{name}={option}" for name, option in group.items() if name != "params")
            + f"; {counted(len(group['params']), 'parameter')}"
            for group in self.param_groups
        ]
        return f"{type(self).__name__}({' | '.join(groups)})"

    def _options_from(self, saved: Any, call: str) -> list[dict[str, Any]]:
        """The options of each group, as a state has them."""
        present = self.param_groups
        if not isinstance(saved, (list, tuple)) or len(saved) != len(present):
            found = len(saved) if isinstance(saved, (list, tuple)) else shortened(saved)
            raise StateError(f"{call} takes options for each group of parameters, {len(present)} here, got {found}")
        options: list[dict[str, Any]] = []
        for i, (group, taken) in enumerate(zip(present, saved, strict=True)):
            check_names(taken, tuple(group), f"{call}, group {i},")
            if taken["params"] != len(group["params"]):
                raise StateError(
                    f"{call}: group {i} has {counted(len(group['params']), 'parameter')}, got the state of "
                    f"{shortened(taken['params'])}"
                )
            options.append({n: _like(group[n], x, n, call) for n, x in taken.items() if n != "params"})
        return options

    def _groups(self, params: Any, defaults: dict[str, Any], call: str) -> list[Group]:
        listed = isinstance(params, Iterable) and not isinstance(params, (Module, set, frozenset))
        given = list(params) if listed else params
        if not listed or not given or not all(isinstance(part, Mapping) for part in given):
            return [{"params": self._values(given, call), **defaults}]
        groups: list[Group] = []
        for i, part in enumerate(given):
            place = f"{call}, group {i},"
            if "params" not in part:
                raise DomainError(f"{place} takes its Values as params, got {', '.join(map(str, part)) or 'none'}")
            own = {name: option for name, option in part.items() if name != "params"}
            for name in own:
                if name not in defaults:
                    raise DomainError(f"{place} takes the options {', '.join(defaults)}, got {shortened(name)}")
            try:
                options = self.checked({**defaults, **own})
            except DomainError as error:
                error.add_note(f"It was group {i} of {len(given)}.")
                raise
            groups.append({"params": self._values(part["params"], place), **options})
        return groups

    def _values(self, params: Any, call: str) -> list[Value]:
        if isinstance(params, Module):
            params = params.parameters()
        if isinstance(params, (Value, set, frozenset)) or not isinstance(params, Iterable):
            raise NotAScalarError(f"{call} takes a list of Values, got {shortened(params)}: pass model.parameters()")
        values = list(params)
        for i, parameter in enumerate(values):
            if not isinstance(parameter, Value):
                raise NotAScalarError(f"{call} takes Values, got {shortened(parameter)} at place {i}")
            if not parameter.is_leaf:
                raise GraphError(f"{call} takes leaves, but {parameter!r} at place {i} was computed by {parameter.op}")
        return values

    def _option(self, name: str, value: Any, *, below: float = math.inf) -> float:
        """Return a hyperparameter as a float, at least 0 and below a bound."""
        return not_negative(value, f"{type(self).__name__}({name})", below=below)


def slope_of(parameter: Value, weight_decay: float, maximize: bool) -> float:
    """Return the gradient that a step descends by."""
    g = -parameter.grad if maximize else parameter.grad
    return g + weight_decay * parameter.data if weight_decay else g


def _like(present: Any, value: Any, name: str, call: str) -> Any:
    """The value of an option, of the type that the present one has: a file knows no tuples."""
    if isinstance(present, tuple) and isinstance(value, (list, tuple)) and len(value) == len(present):
        return tuple(_like(a, b, name, call) for a, b in zip(present, value, strict=True))
    found = number(value)
    if isinstance(present, tuple) or found is None or not math.isfinite(found):
        raise StateError(f"{call} takes a number as {name}, like {present}, got {shortened(value)}")
    return type(present)(value)
