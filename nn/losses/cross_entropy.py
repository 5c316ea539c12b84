"""The cross-entropy of logits, one logit for each class."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.composites import mean
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import logsumexp
from nn.losses.class_numbers import scores_of
from nn.losses.loss import Loss, LossFacts, loss_function
from nn.losses.reductions import by_example


@loss_function(LossFacts(classes=True))
def cross_entropy(prediction: Any, target: Any, *, label_smoothing: float = 0.0, reduction: str = "mean") -> Any:
    """Return -log(softmax(logits)[target]), and its mean over a batch.

    Written as the logsumexp of the differences x_j - x_target, which does not cancel where the right class is
    far ahead: there a loss of 1e-300 comes out as 1e-300, not as 0.

    Args:
        prediction: a list of k logits, or a list of such lists.
        target: the number of the right class, 0 to k - 1, or a list of such numbers.
        label_smoothing: the share, from 0 to 1, of the target that all k classes have alike; the rest is the right
            one's.
        reduction: "mean" over the examples, their "sum", or "none" for one loss an example.

    Raises:
        ShapeError: there are not as many targets as lists of logits.
        DomainError: a target is not a whole number from 0 to k - 1, there are fewer than 2 logits or no examples, or
            `label_smoothing` lies outside [0, 1].

    Source: label smoothing, Szegedy et al. 2016, section 7.

    >>> round(cross_entropy([1.0, 2.0, 3.0], 2), 6)
    0.407606
    """
    share = as_float(label_smoothing, "cross_entropy(label_smoothing)")
    if not 0.0 <= share <= 1.0:
        raise DomainError(
            f"cross_entropy(label_smoothing) takes a number from 0 to 1, got {shortened(label_smoothing)}"
        )

    def loss(logits: Any, wanted: Any) -> Any:
        return _cross_entropy(logits, wanted, share)

    return by_example(loss, prediction, target, "cross_entropy", reduction)


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
        super().__init__(reduction, label_smoothing=label_smoothing)


def _cross_entropy(logits: Any, target: Any, smoothing: float) -> Any:
    xs, wanted = scores_of(logits, target, "cross_entropy", "logits", "binary_cross_entropy_with_logits")
    right = xs[wanted]
    loss = logsumexp([0.0 if j == wanted else x - right for j, x in enumerate(xs)])
    return loss + smoothing * (right - mean(xs)) if smoothing else loss
