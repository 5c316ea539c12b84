"""The binary cross-entropy of probabilities."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError
from autograd_core.interpreters.symbol import number_of
from autograd_core.rules.table import log, log1p
from nn.losses.loss import Loss, LossFacts, loss_function
from nn.losses.probabilities import TARGETS, check_target, is_probability, mixed
from nn.losses.reductions import by_output


@loss_function(LossFacts(threshold=0.5, is_target=is_probability, targets=TARGETS), short="bce")
def binary_cross_entropy(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return the mean of -y log(p) - (1 - y) log(1 - p), for probabilities p.

    Where the probability comes out of a sigmoid, `binary_cross_entropy_with_logits` of its input is the better
    choice: a sigmoid rounds to 1 from 37 on, and its logarithm is then infinite.

    Args:
        prediction: probabilities.
        target: targets between 0 and 1.
        reduction: "mean", "sum" or "none".

    Raises:
        DomainError: a probability or a target lies outside [0, 1].

    >>> round(binary_cross_entropy([0.9, 0.2], [1, 0]), 4)
    0.1643
    """
    return by_output(_term, prediction, target, "binary_cross_entropy", reduction)


class BCELoss(Loss):
    """`binary_cross_entropy` as a module."""

    function = binary_cross_entropy


def _term(p: Any, y: Any) -> Any:
    if p < 0.0 or p > 1.0:
        raise DomainError(
            f"binary_cross_entropy() takes probabilities from 0 to 1, got {number_of(p)}: end the "
            "model with a sigmoid, or use binary_cross_entropy_with_logits"
        )
    check_target(y, "binary_cross_entropy")
    return mixed(y, lambda: -log(p), lambda: -log1p(-p))
