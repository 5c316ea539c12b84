"""One half of the squared error, whose derivative is the error itself."""

from __future__ import annotations

from typing import Any

from autograd_core.rules.table import square
from autograd_core.rules.table import sum as total
from nn.losses.loss import Loss, loss_function
from nn.losses.pairs import pairs_of
from nn.losses.reductions import by_example


@loss_function()
def half_squared_error_loss(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return one half of the squared error of an example, 1/2 sum (p - y)**2 over its outputs.

    Its derivative by p is p - y. A list of numbers is one example with several outputs; over a batch, a list of
    lists, it is the mean over the examples, their "sum", or with "none" one loss an example. For shapes and errors
    see the top of `nn.losses.loss`.

    >>> half_squared_error_loss([1.0, 2.0], [2.0, 4.0])
    2.5
    """
    return by_example(_half_squared_error, prediction, target, "half_squared_error_loss", reduction)


class HalfSquaredErrorLoss(Loss):
    """`half_squared_error_loss` as a module."""

    function = half_squared_error_loss


def _half_squared_error(outputs: Any, targets: Any) -> Any:
    terms = [square(p - y) for p, y in pairs_of(outputs, targets, "half_squared_error_loss")]
    return 0.5 * (terms[0] if len(terms) == 1 else total(terms))
