"""The mean squared error."""

from __future__ import annotations

from typing import Any

from autograd_core.rules.table import square
from nn.losses.loss import Loss, loss_function
from nn.losses.reductions import by_output


@loss_function()
def mse_loss(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return the mean squared error, the mean of (p - y)**2 over all outputs and examples.

    For shapes, reductions and errors see the top of `nn.losses.loss`.

    >>> mse_loss([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    return by_output(_squared_error, prediction, target, "mse_loss", reduction)


class MSELoss(Loss):
    """`mse_loss` as a module.

    >>> MSELoss()([1.0, 2.0], [1.0, 4.0])
    2.0
    >>> MSELoss(reduction="none")([1.0, 2.0], [1.0, 4.0])
    [0.0, 4.0]
    """

    function = mse_loss


def _squared_error(p: Any, y: Any) -> Any:
    return square(p - y)
