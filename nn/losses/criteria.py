"""Losses as modules, with PyTorch's names and options."""

from __future__ import annotations

from typing import Any, ClassVar

from nn.losses.by_output import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    half_squared_error,
    hinge,
    huber,
    mse,
)
from nn.losses.likelihoods import cross_entropy, kl_divergence, negative_log_likelihood
from nn.losses.reductions import REDUCTIONS, check_reduction
from nn.module import Module


class Loss(Module):
    """The base of losses as modules: called with (prediction, target). Subclasses name a `function`.

    Args:
        reduction: "mean", "sum" or "none".

    Raises:
        DomainError: there is no such reduction.
    """

    function: ClassVar[Any]
    reductions: ClassVar[tuple[str, ...]] = REDUCTIONS
    reduction: str = "mean"

    def __init__(self, reduction: str = "mean") -> None:
        check_reduction(reduction, type(self).__name__, self.reductions)
        self.reduction = reduction

    def options(self) -> dict[str, Any]:
        """Return what the function is called with beside prediction and target, where it is not its default.

        The function's options, which it takes by name, are attributes of the module.
        """
        function = getattr(type(self), "function", None)  # a subclass may define forward() alone
        defaults = {"reduction": "mean"} | (getattr(function, "__kwdefaults__", None) or {})
        options = {name: getattr(self, name, default) for name, default in defaults.items()}
        return {name: option for name, option in options.items() if option != defaults[name]}

    def forward(self, prediction: Any, target: Any) -> Any:
        """Return the loss of one example or of a batch."""
        return type(self).function(prediction, target, **self.options())

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return ", ".join(f"{name}={option!r}" for name, option in self.options().items())


class MSELoss(Loss):
    """`mse` as a module.

    >>> MSELoss()([1.0, 2.0], [1.0, 4.0])
    2.0
    >>> MSELoss(reduction="none")([1.0, 2.0], [1.0, 4.0])
    [0.0, 4.0]
    """

    function = mse


class HalfSquaredErrorLoss(Loss):
    """`half_squared_error` as a module."""

    function = half_squared_error


class HuberLoss(Loss):
    """`huber` as a module.

    Args:
        reduction: "mean", "sum" or "none".
        delta: where the parabola ends.

    >>> HuberLoss(delta=2.0)(5.0, 0.0)
    8.0
    """

    function = huber

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction)
        huber(0.0, 0.0, delta=delta)  # refuses what is no delta
        self.delta = float(delta)


class BCELoss(Loss):
    """`binary_cross_entropy` as a module."""

    function = binary_cross_entropy


class BCEWithLogitsLoss(Loss):
    """`binary_cross_entropy_with_logits` as a module.

    Args:
        reduction: "mean", "sum" or "none".
        pos_weight: a factor on the loss of the positive class.

    >>> BCEWithLogitsLoss(pos_weight=3.0)(0.0, 1.0) == 3.0 * BCEWithLogitsLoss()(0.0, 1.0)
    True
    """

    function = binary_cross_entropy_with_logits

    def __init__(self, reduction: str = "mean", pos_weight: float = 1.0) -> None:
        super().__init__(reduction)
        binary_cross_entropy_with_logits(0.0, 0.0, pos_weight=pos_weight)  # refuses what is no weight
        self.pos_weight = float(pos_weight)


class CrossEntropyLoss(Loss):
    """`cross_entropy` as a module.

    Args:
        reduction: "mean", "sum" or "none".
        label_smoothing: the share of the target that all classes have alike.

    >>> round(CrossEntropyLoss(label_smoothing=0.1)([1.0, 2.0, 3.0], 2), 6)
    0.507606
    """

    function = cross_entropy

    def __init__(self, reduction: str = "mean", label_smoothing: float = 0.0) -> None:
        super().__init__(reduction)
        cross_entropy([0.0, 0.0], 0, label_smoothing=label_smoothing)  # refuses what is no share
        self.label_smoothing = float(label_smoothing)


class NLLLoss(Loss):
    """`negative_log_likelihood` as a module."""

    function = negative_log_likelihood


class KLDivLoss(Loss):
    """`kl_divergence` as a module, with PyTorch's default: the mean over all outputs, not the divergence itself.

    Args:
        reduction: "mean" over all outputs of all examples, "batchmean" for the divergence, "sum" or "none".
        log_target: whether the targets are logarithms of probabilities.

    >>> from autograd_core import log
    >>> prediction, target = [log(0.5), log(0.5)], [0.25, 0.75]
    >>> KLDivLoss(reduction="batchmean")(prediction, target) == 2.0 * KLDivLoss()(prediction, target)
    True
    """

    function = kl_divergence
    reductions = (*REDUCTIONS, "batchmean")

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(reduction)
        self.log_target = bool(log_target)


class HingeLoss(Loss):
    """`hinge` as a module."""

    function = hinge
