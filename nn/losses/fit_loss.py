"""Where a loss meets `fit`: a name, a function or a module becomes a loss that checks targets and counts hits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, update_wrapper
from typing import Any

from autograd_core.errors import DomainError, ShapeError
from autograd_core.rules.scalars import counted, shortened
from nn.losses.class_numbers import class_number
from nn.losses.hits import hit_class, hit_sign, is_nested
from nn.losses.loss import LOSSES, SHORT_NAMES, DeclaredLoss, Loss, LossFacts, declared_loss


@dataclass(frozen=True)
class FitLoss:
    """One loss as `fit` sees it.

    Attributes:
        function: called with the output and the target of one example.
        facts: what the loss says about itself; None for one of the user's own, which takes targets of any kind.
        options: the options that it is called with, in words; a run that is resumed must have the same.
    """

    function: Callable[[Any, Any], Any]
    facts: LossFacts | None = None
    options: str = ""

    @property
    def name(self) -> str:
        """How errors name the loss."""
        return getattr(self.function, "__name__", "the loss")

    @property
    def threshold(self) -> float | None:
        """The number above which an output counts as the positive class; None where outputs are no classes."""
        return None if self.facts is None else self.facts.threshold

    @property
    def tells_classes(self) -> bool:
        """Whether outputs name classes, so that they can be counted as right or wrong."""
        return self.facts is not None and (self.facts.classes or self.facts.threshold is not None)

    def hits(self, output: Any, target: Any) -> float | None:
        """Return 1.0 for an example that is classified right, 0.0 for another; None where there are no classes.

        Of an example with several answers it is the share that is right.
        """
        facts = self.facts
        if facts is None:
            return None
        if facts.classes:
            return hit_class(output, target)
        return None if facts.threshold is None else hit_sign(output, target, facts.threshold, facts.target_threshold)

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
        facts = self.facts
        if facts is None:
            return targets
        return [
            self._fitted_steps(facts, target, output, f"example {i}", name, call)
            if is_nested(output)
            else self._fitted_one(facts, target, output, f"row {i} of {name}", call)
            for i, (target, output) in enumerate(zip(targets, outputs, strict=True))
        ]

    def _fitted_steps(
        self, facts: LossFacts, target: Any, output: list[Any], place: str, name: str, call: str
    ) -> list[Any]:
        """The targets of a model that returns a list of outputs at each step."""
        targets = target if isinstance(target, list) else [target]
        if len(targets) != len(output):
            got = counted(len(targets), "target") if isinstance(target, list) else "one target"
            remedy = "" if isinstance(target, list) else "; to answer once, return the last output, such as outputs[-1]"
            raise ShapeError(
                f"{call}: for {place} the model returns outputs at {counted(len(output), 'step')}, and "
                f"{name} has {got}; {self.name} takes one for each step{remedy}"
            )
        places = [f"{place}, step {j}" for j in range(len(output))]
        return [
            self._fitted_steps(facts, y, outputs, step, name, call)
            if is_nested(outputs)
            else self._fitted_one(facts, y, outputs, f"{step} of {name}", call)
            for y, outputs, step in zip(targets, output, places, strict=True)
        ]

    def _fitted_one(self, facts: LossFacts, target: Any, output: Any, place: str, call: str) -> Any:
        """The target of a number, or of a list of numbers."""
        width = len(output) if isinstance(output, list) else 0
        if facts.classes:
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
                f"{call}: the model has {counted(max(width, 1), 'output')}, and {place} has "
                f"{counted(len(numbers), 'target')}; {self.name} takes one for each output"
            )
        if isinstance(numbers[0], list):
            raise ShapeError(
                f"{call}: the model returns {counted(max(width, 1), 'number')}, and {place} has "
                f"{shortened(target)}; {self.name} takes targets in the shape of the outputs"
            )
        if facts.is_target is not None and not all(map(facts.is_target, numbers)):
            raise DomainError(f"{call}: {self.name} takes targets {facts.targets}; {place} has {shortened(target)}")
        return numbers if width else numbers[0]


def resolve_loss(loss: object) -> FitLoss:
    """Return a loss given by name, as a function or as a module in the form that `fit` works with.

    A loss given as a module keeps its options.

    Raises:
        DomainError: no loss has this name, it cannot be called, or it does not give one number an example.

    >>> resolve_loss("hinge").function.__name__
    'hinge_loss'
    """
    if isinstance(loss, str) and (name := SHORT_NAMES.get(loss, loss)) in LOSSES:
        return _of_declared(LOSSES[name])
    if isinstance(loss, type) and issubclass(loss, Loss):
        loss = loss()
    if isinstance(loss, Loss):
        return _of_module(loss)
    declared = declared_loss(loss)
    if declared is not None:
        return _of_declared(declared)
    if isinstance(loss, str) or not callable(loss):
        raise DomainError(
            f"loss takes a name or a function of (output, target), got {shortened(loss)}; "
            f"the names are {', '.join([*LOSSES, *SHORT_NAMES])}"
        )
    return FitLoss(loss)


def _of_declared(declared: DeclaredLoss) -> FitLoss:
    return FitLoss(declared.function, declared.facts)


def _of_module(loss: Loss) -> FitLoss:
    """The module's function, called with the module's options."""
    if loss.reduction in ("none", "sum"):
        raise DomainError(
            f"loss={loss!r} does not give the mean that a batch is trained by: leave reduction at "
            f'"{type(loss).reduction}"; for the sum over a batch of n examples multiply the learning rate by n'
        )
    facts, options = loss.facts, loss.options()
    if facts is None:
        return FitLoss(loss)
    function: Any = type(loss).function
    if not options:
        return FitLoss(function, facts)
    return FitLoss(update_wrapper(partial(function, **options), function), facts, loss.extra_repr())
