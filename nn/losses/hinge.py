"""The hinge loss of scores, as of a support vector machine."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import shortened
from autograd_core.rules.table import relu
from nn.losses.loss import Loss, LossFacts, loss_function
from nn.losses.reductions import by_output


def _is_label(y: float) -> bool:
    return y in (-1.0, 1.0)


@loss_function(
    LossFacts(
        threshold=0.0,
        target_threshold=0.0,
        is_target=_is_label,
        targets="1 and -1 (turn labels 0 and 1 into -1 and 1 with 2 * y - 1)",
    )
)
def hinge_loss(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return the mean of max(0, 1 - y s), for scores s and labels y of 1 or -1.

    Args:
        prediction: scores, any real numbers.
        target: labels 1 or -1. Where a label is a Value, any number will do: so the loss can be differentiated by it.
        reduction: "mean", "sum" or "none".

    Raises:
        DomainError: a label that is a plain number is neither 1 nor -1.

    >>> hinge_loss([0.5, 2.0], [1, -1])
    1.75
    """
    return by_output(_term, prediction, target, "hinge_loss", reduction)


class HingeLoss(Loss):
    """`hinge_loss` as a module."""

    function = hinge_loss


def _term(s: Any, y: Any) -> Any:
    if type(y) is not float:
        return relu(1.0 - y * s)
    if y != 1.0 and y != -1.0:
        raise DomainError(
            f"hinge_loss() takes labels 1 and -1, got {shortened(y)}: turn labels 0 and 1 into -1 and 1 with 2 * y - 1"
        )
    return relu(1.0 - s if y > 0.0 else 1.0 + s)
