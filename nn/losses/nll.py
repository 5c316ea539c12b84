"""The negative log-likelihood: the cross-entropy behind a log-softmax."""

from __future__ import annotations

from typing import Any

from nn.losses.class_numbers import scores_of
from nn.losses.loss import Loss, LossFacts, loss_function
from nn.losses.reductions import by_example


@loss_function(LossFacts(classes=True))
def nll_loss(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return -log_probabilities[target], and its mean over a batch: cross-entropy behind a log-softmax.

    Args:
        prediction: a list of the logarithms of k probabilities, such as `nn.LogSoftmax` gives, or a list of such
            lists.
        target: the number of the right class, 0 to k - 1, or a list of such numbers.
        reduction: "mean" over the examples, their "sum", or "none" for one loss an example.

    Raises:
        ShapeError: there are not as many targets as lists of log-probabilities.
        DomainError: a target is not a whole number from 0 to k - 1, there are fewer than 2 classes or no examples.

    >>> nll_loss([-0.5, -1.5], 1)
    1.5
    """
    return by_example(_nll, prediction, target, "nll_loss", reduction)


class NLLLoss(Loss):
    """`nll_loss` as a module."""

    function = nll_loss


def _nll(log_probabilities: Any, target: Any) -> Any:
    xs, wanted = scores_of(log_probabilities, target, "nll_loss", "log-probabilities", "binary_cross_entropy")
    return -xs[wanted]
