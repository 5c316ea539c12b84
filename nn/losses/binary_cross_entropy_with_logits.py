"""The binary cross-entropy of logits, the numbers that a sigmoid would make probabilities of."""

from __future__ import annotations

from typing import Any

from autograd_core.rules.table import softplus
from nn.inputs.options import not_negative
from nn.losses.loss import Loss, LossFacts, loss_function
from nn.losses.probabilities import TARGETS, check_target, is_probability, mixed
from nn.losses.reductions import by_output


@loss_function(LossFacts(threshold=0.0, is_target=is_probability, targets=TARGETS), short="bce_with_logits")
def binary_cross_entropy_with_logits(
    prediction: Any, target: Any, *, pos_weight: float = 1.0, reduction: str = "mean"
) -> Any:
    """Return the mean of the binary cross-entropy of sigmoid(z), for logits z: (1 - y) softplus(z) + y softplus(-z).

    Args:
        prediction: logits, any real numbers.
        target: targets between 0 and 1.
        pos_weight: a factor on the second term, above 1 where the positive class is rare.
        reduction: "mean", "sum" or "none".

    Raises:
        DomainError: a target lies outside [0, 1], or `pos_weight` is negative.

    >>> binary_cross_entropy_with_logits([1000.0, -1000.0], [1, 1])
    500.0
    """
    weight = not_negative(pos_weight, "binary_cross_entropy_with_logits(pos_weight)")

    def term(z: Any, y: Any) -> Any:
        check_target(y, "binary_cross_entropy_with_logits")
        if weight == 1.0:
            return mixed(y, lambda: softplus(-z), lambda: softplus(z))
        return mixed(y, lambda: weight * softplus(-z), lambda: softplus(z))

    return by_output(term, prediction, target, "binary_cross_entropy_with_logits", reduction)


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
        super().__init__(reduction, pos_weight=pos_weight)
