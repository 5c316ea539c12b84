"""The Huber loss: a parabola near the target, straight lines beyond."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import clip
from nn.losses.loss import Loss, loss_function
from nn.losses.reductions import by_output


@loss_function()
def huber_loss(prediction: Any, target: Any, *, delta: float = 1.0, reduction: str = "mean") -> Any:
    """Return the mean of 1/2 (p - y)**2 where |p - y| is at most delta, and of delta (|p - y| - delta/2) beyond.

    A target that is far off pulls with the force delta, and no more. For shapes, reductions and errors see the top
    of `nn.losses.loss`.

    Args:
        prediction: any real numbers.
        target: any real numbers.
        delta: where the parabola ends.
        reduction: "mean", "sum" or "none".

    Raises:
        DomainError: delta is not positive.

    Source: Huber 1964.

    >>> huber_loss([1.0, 5.0], [0.5, 2.0])
    1.3125
    """
    bend = as_float(delta, "huber_loss(delta)")
    if not bend > 0.0:
        raise DomainError(f"huber_loss(delta) takes a positive number, got {shortened(delta)}")

    def term(p: Any, y: Any) -> Any:
        error = p - y
        pull = clip(error, -bend, bend)  # the slope of the loss
        return pull * (error - 0.5 * pull)

    return by_output(term, prediction, target, "huber_loss", reduction)


class HuberLoss(Loss):
    """`huber_loss` as a module.

    Args:
        reduction: "mean", "sum" or "none".
        delta: where the parabola ends.

    >>> HuberLoss(delta=2.0)(5.0, 0.0)
    8.0
    """

    function = huber_loss

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction, delta=delta)
