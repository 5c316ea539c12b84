"""The Kullback-Leibler divergence between a predicted distribution and a given one."""

from __future__ import annotations

from typing import Any, Final

from autograd_core.errors import DomainError
from autograd_core.interpreters.symbol import number_of
from autograd_core.rules.table import exp, log, where
from nn.losses.loss import Loss, LossFacts, loss_function
from nn.losses.probabilities import is_probability
from nn.losses.reductions import REDUCTIONS, by_output

_OF_PROBABILITIES: Final = LossFacts(
    is_target=is_probability, targets="that are probabilities, from 0 to 1 (take softmax of logits)"
)
_OF_LOGARITHMS: Final = LossFacts(
    is_target=lambda y: y <= 0.0, targets="that are logarithms of probabilities, at most 0"
)


@loss_function(_OF_PROBABILITIES)
def kl_div(prediction: Any, target: Any, *, log_target: bool = False, reduction: str = "mean") -> Any:
    """Return the terms y (log(y) - p) of the Kullback-Leibler divergence, and by default their mean over all outputs.

    p are log-probabilities and y probabilities; where y is 0, so is the term. The divergence itself is the sum over
    the outputs of an example: reduction="batchmean" gives its mean over a batch. The default is PyTorch's, and is
    smaller by the number of outputs.

    Args:
        prediction: a list of the logarithms of k probabilities, such as `nn.LogSoftmax` gives, or a list of such
            lists.
        target: probabilities, or their logarithms, in the same shape.
        log_target: whether the targets are logarithms.
        reduction: "mean" over all outputs of all examples, "batchmean" for the divergence, "sum", or "none" for one
            term an output.

    Raises:
        ShapeError: predictions and targets differ in shape.
        DomainError: a target is no probability, or no logarithm of one; or there are no examples.

    Source: Kullback and Leibler 1951.

    >>> from autograd_core import log
    >>> round(kl_div([log(0.5), log(0.5)], [0.25, 0.75], reduction="batchmean"), 6)
    0.130812
    """
    term = _term_of_log if log_target else _term
    return by_output(term, prediction, target, "kl_div", reduction, batchmean=True)


class KLDivLoss(Loss):
    """`kl_div` as a module.

    Args:
        reduction: "mean" over all outputs of all examples, "batchmean" for the divergence, "sum" or "none".
        log_target: whether the targets are logarithms of probabilities.

    >>> from autograd_core import log
    >>> prediction, target = [log(0.5), log(0.5)], [0.25, 0.75]
    >>> KLDivLoss(reduction="batchmean")(prediction, target) == 2.0 * KLDivLoss()(prediction, target)
    True
    """

    function = kl_div
    reductions = (*REDUCTIONS, "batchmean")

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(reduction, log_target=log_target)

    @property
    def facts(self) -> LossFacts | None:
        """See `Loss.facts`."""
        return _OF_LOGARITHMS if getattr(self, "log_target", False) else super().facts


def _term(p: Any, y: Any) -> Any:
    if not 0.0 <= y <= 1.0:
        raise DomainError(
            f"kl_div() takes targets that are probabilities, from 0 to 1, got {number_of(y)}: pass "
            "log_target=True for their logarithms, or softmax of logits"
        )
    if type(y) is float:
        return y * (log(y) - p) if y else 0.0
    return where(y > 0.0, y * log(y), 0.0) - y * p


def _term_of_log(p: Any, y: Any) -> Any:
    if not y <= 0.0:
        raise DomainError(
            "kl_div(log_target=True) takes the logarithms of probabilities as targets, at most 0, got "
            f"{number_of(y)}: leave log_target out for the probabilities themselves"
        )
    return exp(y) * (y - p) if y > float("-inf") else 0.0
