"""What a loss asks of its targets, and how its outputs are read as classes: one row a loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial, update_wrapper
from typing import Any, Final

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, ShapeError
from autograd_core.rules.scalars import shortened
from nn.inputs.nesting import as_list
from nn.losses.by_output import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    half_squared_error,
    hinge,
    huber,
    mse,
)
from nn.losses.criteria import Loss
from nn.losses.likelihoods import class_number, cross_entropy, kl_divergence, negative_log_likelihood


@dataclass(frozen=True)
class Objective:
    """One loss as `fit` sees it.

    Attributes:
        function: called with the output and the target of one example.
        threshold: an output above it counts as the positive class; None where outputs are no classes.
        is_target: whether a number may be a target; None for any number.
        targets: what the targets are, in words, with the remedy.
        classes: whether a target is the number of a class, one of as many as there are outputs.
        shaped: whether there must be one target for each output.
        threshold_of_targets: a target above it is of the positive class.
        options: the options that it is called with, in words; a run that is resumed must have the same.
    """

    function: Callable[[Any, Any], Any]
    threshold: float | None = None
    is_target: Callable[[float], bool] | None = None
    targets: str = ""
    classes: bool = False
    shaped: bool = True
    threshold_of_targets: float = 0.5
    options: str = ""

    def fitted(self, targets: list[Any], outputs: list[Any], name: str, call: str) -> list[Any]:
        """Return the targets in the shape of the outputs: a number becomes a list where the output is a list of one.

        Args:
            targets: what `fit` was given.
            outputs: what the model returns, or something of the same shape, for each.
            name: what errors call the targets.
            call: the call that errors name.

        Raises:
            ShapeError, DomainError: a target does not fit; the error names the row, or the example and the step.
        """
        if not self.classes and not self.shaped:
            return targets
        return [
            self._fitted_steps(target, output, f"example {i}", name, call)
            if is_nested(output)
            else self._fitted_one(target, output, f"row {i} of {name}", call)
            for i, (target, output) in enumerate(zip(targets, outputs, strict=True))
        ]

    def _fitted_steps(self, target: Any, output: list[Any], place: str, name: str, call: str) -> list[Any]:
        """The targets of a model that returns a list of outputs at each step."""
        targets = target if isinstance(target, list) else [target]
        if len(targets) != len(output):
            got = f"{len(targets)} targets" if isinstance(target, list) else "one target"
            remedy = "" if isinstance(target, list) else "; to answer once, return the last output, such as outputs[-1]"
            raise ShapeError(
                f"{call}: for {place} the model returns outputs at {len(output)} step{'s' if len(output) > 1 else ''}, "
                f"and {name} has {got}; {self.name} takes one for each step{remedy}"
            )
        places = [f"{place}, step {j}" for j in range(len(output))]
        return [
            self._fitted_steps(y, outputs, step, name, call)
            if is_nested(outputs)
            else self._fitted_one(y, outputs, f"{step} of {name}", call)
            for y, outputs, step in zip(targets, output, places, strict=True)
        ]

    def _fitted_one(self, target: Any, output: Any, place: str, call: str) -> Any:
        """The target of a number, or of a list of numbers."""
        width = len(output) if isinstance(output, list) else 0
        if self.classes:
            if not width:
                raise ShapeError(
                    f"{call}: {self.name} takes one output for each class, and the model has one output; give it as "
                    "many outputs as there are classes, or use binary_cross_entropy_with_logits for two"
                )
            class_number(target, width, f"{call}: for {place}, {self.name}")
            return target
        numbers = target if isinstance(target, list) else [target]
        if len(numbers) != max(width, 1):
            raise ShapeError(
                f"{call}: the model has {max(width, 1)} output{'s' if width > 1 else ''}, and {place} "
                f"has {len(numbers)} target{'s' if len(numbers) != 1 else ''}; {self.name} takes one for each output"
            )
        if isinstance(numbers[0], list):
            raise ShapeError(
                f"{call}: the model returns {max(width, 1)} number{'s' if width > 1 else ''}, and {place} has "
                f"{shortened(target)}; {self.name} takes targets in the shape of the outputs"
            )
        if self.is_target is not None and not all(map(self.is_target, numbers)):
            raise DomainError(f"{call}: {self.name} takes targets {self.targets}; {place} has {shortened(target)}")
        return numbers if width else numbers[0]

    def hits(self, output: Any, target: Any) -> float | None:
        """Return 1.0 for an example that is classified right, 0.0 for another; None where there are no classes.

        Of an example with several answers it is the share that is right.
        """
        if self.classes:
            return hit_class(output, target)
        return None if self.threshold is None else hit_sign(output, target, self.threshold, self.threshold_of_targets)

    @property
    def name(self) -> str:
        """How errors name the loss."""
        return getattr(self.function, "__name__", "the loss")


def is_nested(output: Any) -> bool:
    """Return whether an output is a list of lists, such as a model returns that answers at each step of a sequence."""
    outputs = as_list(output)
    return isinstance(outputs, list) and bool(outputs) and isinstance(as_list(outputs[0]), list)


def hit_class(outputs: Any, target: Any) -> float:
    """Return 1.0 if the largest output is that of the target class; of equal ones the first counts.

    Of outputs at several steps it is the share of the steps.
    """
    if is_nested(outputs):
        return _mean(map(hit_class, as_list(outputs), target))
    numbers = [output.data if isinstance(output, Value) else output for output in as_list(outputs)]
    return 1.0 if numbers.index(max(numbers)) == target else 0.0


def hit_sign(output: Any, target: Any, threshold: float, threshold_of_targets: float) -> float:
    """Return the share of outputs that lie on the same side of their threshold as their targets."""
    if is_nested(output):
        pairs = zip(as_list(output), target, strict=True)
        return _mean(hit_sign(*pair, threshold, threshold_of_targets) for pair in pairs)
    output = as_list(output)
    outputs = output if isinstance(output, list) else [output]
    targets = target if isinstance(target, list) else [target]
    numbers = [o.data if isinstance(o, Value) else o for o in outputs]
    hits = [(o > threshold) == (t > threshold_of_targets) for o, t in zip(numbers, targets, strict=True)]
    return float(sum(hits)) / len(hits)


def _mean(shares: Iterable[float]) -> float:
    listed = list(shares)
    return math.fsum(listed) / len(listed)


def _between_0_and_1(y: float) -> bool:
    return 0.0 <= y <= 1.0


_PROBABILITY: Final = "from 0 to 1 (turn labels -1 and 1 into 0 and 1 with (y + 1) / 2)"

OBJECTIVES: Final[dict[str, Objective]] = {
    "mse": Objective(mse),
    "half_squared_error": Objective(half_squared_error),
    "huber": Objective(huber),
    "binary_cross_entropy": Objective(binary_cross_entropy, 0.5, _between_0_and_1, _PROBABILITY),
    "binary_cross_entropy_with_logits": Objective(
        binary_cross_entropy_with_logits, 0.0, _between_0_and_1, _PROBABILITY
    ),
    "cross_entropy": Objective(cross_entropy, classes=True),
    "negative_log_likelihood": Objective(negative_log_likelihood, classes=True),
    "kl_divergence": Objective(
        kl_divergence, None, _between_0_and_1, "that are probabilities, from 0 to 1 (take softmax of logits)"
    ),
    "hinge": Objective(
        hinge,
        0.0,
        lambda y: y in (-1.0, 1.0),
        "1 and -1 (turn labels 0 and 1 into -1 and 1 with 2 * y - 1)",
        threshold_of_targets=0.0,
    ),
}
"""The losses that `loss="..."` names."""

_SHORT: Final = {
    "bce": "binary_cross_entropy",
    "bce_with_logits": "binary_cross_entropy_with_logits",
    "nll": "negative_log_likelihood",
    "kl_div": "kl_divergence",
}


def resolve_loss(loss: object) -> Objective:
    """Return the row of a loss given by name, as a function or as a module; a row of its own for any other function.

    A loss given as a module keeps its options.

    Raises:
        DomainError: no loss has this name, it cannot be called, or it does not give one number an example.

    >>> resolve_loss("hinge").function.__name__
    'hinge'
    """
    if isinstance(loss, str):
        name = _SHORT.get(loss, loss)
        if name in OBJECTIVES:
            return OBJECTIVES[name]
    if isinstance(loss, type) and issubclass(loss, Loss):
        loss = loss()
    if isinstance(loss, Loss):
        return _of_module(loss)
    for row in OBJECTIVES.values():
        if row.function is loss:
            return row
    if isinstance(loss, str) or not callable(loss):
        raise DomainError(
            f"loss takes a name or a function of (output, target), got {shortened(loss)}; "
            f"the names are {', '.join([*OBJECTIVES, *_SHORT])}"
        )
    return Objective(loss, shaped=False)


def _of_module(loss: Loss) -> Objective:
    """The row of a module's function, called with the module's options."""
    if loss.reduction in ("none", "sum"):
        raise DomainError(
            f"loss={loss!r} does not give the mean that a batch is trained by: leave reduction at "
            f'"{type(loss).reduction}"; for the sum over a batch of n examples multiply the learning rate by n'
        )
    function: Any = getattr(type(loss), "function", None)  # a subclass may define forward() alone
    row = next((row for row in OBJECTIVES.values() if row.function is function), None)
    if row is None:
        return Objective(loss, shaped=False)
    options = loss.options()
    if options.get("log_target"):
        row = replace(row, is_target=_at_most_0, targets="that are logarithms of probabilities, at most 0")
    if not options:
        return row
    called = update_wrapper(partial(function, **options), function)
    return replace(row, function=called, options=loss.extra_repr())


def _at_most_0(y: float) -> bool:
    return y <= 0.0
