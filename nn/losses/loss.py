"""What all losses share: their type, what a loss says about itself to `fit`, and the base of losses as modules.

A loss measures how far predictions are from targets, and takes numbers and Values alike. Each has a file of its own
with its function and its module, named as PyTorch names them. `@loss_function(...)` above the function makes it known
to `fit(loss="...")`.

What all loss functions take, where a docstring does not say otherwise: `prediction` is a number or Value, a list of
them (tuples and arrays count), or a list of such lists; `target` has the same shape, and may hold Values too;
`reduction` is "mean" over all outputs, their "sum", or "none" for one loss an output, in the shape of the prediction.
The result is a Value if a prediction or a target is one, else a float. All raise ShapeError where the shapes differ,
NotAScalarError where something is no number, and DomainError where there is nothing to compare. All are stable for
numbers of any size: nothing overflows, nothing cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, Protocol, TypeAlias, overload

from autograd_core.engine.value import Value
from nn.losses.reductions import REDUCTIONS, check_reduction
from nn.module import Module

Floats: TypeAlias = float | Sequence[float] | Sequence[Sequence[float]]
Values: TypeAlias = Value | Sequence[Value] | Sequence[Sequence[Value]]


class LossFunction(Protocol):
    """The type of a loss: floats in, a float out; predictions that are Values in, a Value out; with "none", lists."""

    __name__: str

    @overload
    def __call__(self, prediction: Any, target: Any, *, reduction: Literal["none"], **options: Any) -> Any: ...
    @overload
    def __call__(self, prediction: Floats, target: Floats, *, reduction: str = ..., **options: Any) -> float: ...
    @overload
    def __call__(
        self, prediction: Values, target: Floats | Values, *, reduction: str = ..., **options: Any
    ) -> Value: ...
    @overload
    def __call__(self, prediction: Any, target: Any, *, reduction: str = ..., **options: Any) -> Any: ...


@dataclass(frozen=True)
class LossFacts:
    """What `fit` and the metrics must know of a loss to check targets and to count right answers.

    Attributes:
        threshold: an output above it counts as the positive class; None where outputs are no classes.
        target_threshold: a target above it is of the positive class.
        classes: whether a target is the number of a class, one of as many as there are outputs.
        is_target: whether a number may be a target; None for any number.
        targets: what the targets are, in words, with the remedy.
    """

    threshold: float | None = None
    target_threshold: float = 0.5
    classes: bool = False
    is_target: Callable[[float], bool] | None = None
    targets: str = ""


@dataclass(frozen=True)
class DeclaredLoss:
    """A loss that `fit` knows by name: its function, and what it says about itself."""

    function: LossFunction
    facts: LossFacts


LOSSES: Final[dict[str, DeclaredLoss]] = {}
"""The losses by the names of their functions. Each adds itself when its file is imported."""

SHORT_NAMES: Final[dict[str, str]] = {}
"""The function that a short name stands for: "bce" for binary_cross_entropy."""


def loss_function(facts: LossFacts | None = None, *, short: str = "") -> Callable[[Any], LossFunction]:
    """Return a decorator that makes a loss known by the name of its function, and returns the function itself.

    Args:
        facts: what `fit` must know of it; by default, that targets and outputs are any numbers.
        short: another name, that of the module without "Loss"; by default the function's own name without "_loss".
    """

    def declare(function: Any) -> LossFunction:
        name: str = function.__name__
        declared: LossFunction = function
        LOSSES[name] = DeclaredLoss(declared, facts or LossFacts())
        other = short or name.removesuffix("_loss")
        if other != name:
            SHORT_NAMES[other] = name
        return declared

    return declare


def declared_loss(function: object) -> DeclaredLoss | None:
    """Return what a loss's function says about itself, or None if it was not declared by `loss_function`."""
    found = LOSSES.get(getattr(function, "__name__", ""))
    return found if found is not None and found.function is function else None


class Loss(Module):
    """The base of losses as modules: called with (prediction, target). Subclasses name a `function`.

    Args:
        reduction: "mean", "sum" or "none".
        options: what else the function takes by name. They become attributes of the module.

    Raises:
        DomainError: there is no such reduction, or an option has no meaning.
    """

    function: ClassVar[Any]
    reductions: ClassVar[tuple[str, ...]] = REDUCTIONS
    reduction: str = "mean"

    def __init__(self, reduction: str = "mean", **options: Any) -> None:
        check_reduction(reduction, type(self).__name__, self.reductions)
        self.reduction = reduction
        if options:
            declared, defaults = declared_loss(type(self).function), self._defaults()
            sample = ([0.0, 0.0], 0) if declared is not None and declared.facts.classes else (0.0, 0.0)
            type(self).function(*sample, **options)  # the function refuses what has no meaning
            for name, option in options.items():
                setattr(self, name, type(defaults[name])(option))

    @property
    def facts(self) -> LossFacts | None:
        """What the loss says about itself; None for a user's own loss, which was not declared by `loss_function`."""
        declared = declared_loss(getattr(type(self), "function", None))  # a subclass may define forward() alone
        return None if declared is None else declared.facts

    def options(self) -> dict[str, Any]:
        """Return what the function is called with beside prediction and target, where it is not its default."""
        defaults = self._defaults()
        options = {name: getattr(self, name, default) for name, default in defaults.items()}
        return {name: option for name, option in options.items() if option != defaults[name]}

    def forward(self, prediction: Any, target: Any) -> Any:
        """Return the loss of one example or of a batch."""
        return type(self).function(prediction, target, **self.options())

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return ", ".join(f"{name}={option!r}" for name, option in self.options().items())

    def _defaults(self) -> dict[str, Any]:
        """The options of the function, each with its default."""
        function = getattr(type(self), "function", None)
        return {"reduction": "mean"} | (getattr(function, "__kwdefaults__", None) or {})
