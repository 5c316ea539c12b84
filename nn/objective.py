"""What a loss asks of its targets, and how its outputs are read as classes: one row a loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from autograd_core.errors import DomainError, ShapeError
from autograd_core.scalars import shortened
from autograd_core.value import Value
from nn.losses import (
    Loss,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    class_number,
    cross_entropy,
    half_squared_error,
    hinge,
    mse,
)


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
    """

    function: Callable[[Any, Any], Any]
    threshold: float | None = None
    is_target: Callable[[float], bool] | None = None
    targets: str = ""
    classes: bool = False
    shaped: bool = True

    def check(self, targets: list[Any], output: Any, name: str, call: str) -> None:
        """Raise unless each target fits an output like `output`: the error names the row."""
        width = len(output) if isinstance(output, list) else 0
        loss = self.name
        if self.classes:
            if not width:
                raise ShapeError(
                    f"{call}: {loss} takes one output for each class, and the model has one output; give it as many "
                    "outputs as there are classes, or use binary_cross_entropy_with_logits for two"
                )
            for i, target in enumerate(targets):
                class_number(target, width, f"{call}: for row {i} of {name}, {loss}")
            return
        for i, target in enumerate(targets):
            numbers = target if isinstance(target, list) else [target]
            if self.shaped and len(numbers) != max(width, 1):
                raise ShapeError(
                    f"{call}: the model has {max(width, 1)} output{'s' if width > 1 else ''}, and row {i} of {name} "
                    f"has {len(numbers)} target{'s' if len(numbers) != 1 else ''}; {loss} takes one for each output"
                )
            if self.is_target is not None and not all(map(self.is_target, numbers)):
                raise DomainError(
                    f"{call}: {loss} takes targets {self.targets}; row {i} of {name} has {shortened(target)}"
                )

    def hits(self, output: Any, target: Any) -> float | None:
        """Return 1.0 for an example that is classified right, 0.0 for another; None where there are no classes."""
        if self.classes:
            return hit_class(output, target)
        return None if self.threshold is None else hit_sign(output, target, self.threshold, self.threshold_of_targets)

    @property
    def name(self) -> str:
        """How errors name the loss."""
        return getattr(self.function, "__name__", "the loss")

    @property
    def threshold_of_targets(self) -> float:
        """A target above it is of the positive class."""
        return 0.0 if self.function is hinge else 0.5


def hit_class(outputs: list[Any], target: float) -> float:
    """Return 1.0 if the largest output is that of the target class; of equal ones the first counts."""
    numbers = [output.data if isinstance(output, Value) else output for output in outputs]
    return 1.0 if numbers.index(max(numbers)) == target else 0.0


def hit_sign(output: Any, target: Any, threshold: float, threshold_of_targets: float) -> float:
    """Return the share of outputs that lie on the same side of their threshold as their targets."""
    outputs = output if isinstance(output, list) else [output]
    targets = target if isinstance(target, list) else [target]
    numbers = [o.data if isinstance(o, Value) else o for o in outputs]
    hits = [(o > threshold) == (t > threshold_of_targets) for o, t in zip(numbers, targets, strict=True)]
    return float(sum(hits)) / len(hits)


def _between_0_and_1(y: float) -> bool:
    return 0.0 <= y <= 1.0


_PROBABILITY: Final = "from 0 to 1 (turn labels -1 and 1 into 0 and 1 with (y + 1) / 2)"

OBJECTIVES: Final[dict[str, Objective]] = {
    "mse": Objective(mse),
    "half_squared_error": Objective(half_squared_error),
    "binary_cross_entropy": Objective(binary_cross_entropy, 0.5, _between_0_and_1, _PROBABILITY),
    "binary_cross_entropy_with_logits": Objective(
        binary_cross_entropy_with_logits, 0.0, _between_0_and_1, _PROBABILITY
    ),
    "cross_entropy": Objective(cross_entropy, classes=True),
    "hinge": Objective(
        hinge, 0.0, lambda y: y in (-1.0, 1.0), "1 and -1 (turn labels 0 and 1 into -1 and 1 with 2 * y - 1)"
    ),
}
"""The losses that `loss="..."` names."""

_SHORT: Final = {"bce": "binary_cross_entropy", "bce_with_logits": "binary_cross_entropy_with_logits"}


def resolve_loss(loss: object) -> Objective:
    """Return the row of a loss given by name, as a function or as a module; a row of its own for any other function.

    Raises:
        DomainError: no loss has this name, or it cannot be called.

    >>> resolve_loss("hinge").function.__name__
    'hinge'
    """
    if isinstance(loss, str):
        name = _SHORT.get(loss, loss)
        if name in OBJECTIVES:
            return OBJECTIVES[name]
    if isinstance(loss, type) and issubclass(loss, Loss):
        loss = loss()
    function = type(loss).function if isinstance(loss, Loss) else loss
    for row in OBJECTIVES.values():
        if row.function is function:
            return row
    if isinstance(loss, str) or not callable(loss):
        raise DomainError(
            f"loss takes a name or a function of (output, target), got {shortened(loss)}; "
            f"the names are {', '.join([*OBJECTIVES, *_SHORT])}"
        )
    return Objective(loss, shaped=False)
