"""Losses that judge the outputs of an example together: how likely they make the right class, or a distribution.

Each takes one example, a list of k outputs, or a batch, a list of such lists. Like those of `by_output` they are
exact and stable, take floats and Values alike, and raise ShapeError, NotAScalarError and DomainError as those do.
"""

from __future__ import annotations

from typing import Any

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError
from autograd_core.rules.composites import mean
from autograd_core.rules.scalars import as_float, number, shortened
from autograd_core.rules.table import exp, log, logsumexp, where
from nn.losses.by_output import typed
from nn.losses.pairs import scalar_of
from nn.losses.reductions import by_example, by_output


@typed
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


@typed
def negative_log_likelihood(prediction: Any, target: Any, *, reduction: str = "mean") -> Any:
    """Return -log_probabilities[target], and its mean over a batch: cross-entropy behind a log-softmax.

    Args:
        prediction: a list of the logarithms of k probabilities, such as `nn.LogSoftmax` gives, or a list of such
            lists.
        target: the number of the right class, 0 to k - 1, or a list of such numbers.
        reduction: "mean" over the examples, their "sum", or "none" for one loss an example.

    Raises:
        ShapeError: there are not as many targets as lists of log-probabilities.
        DomainError: a target is not a whole number from 0 to k - 1, there are fewer than 2 classes or no examples.

    >>> negative_log_likelihood([-0.5, -1.5], 1)
    1.5
    """
    return by_example(_negative_log_likelihood, prediction, target, "negative_log_likelihood", reduction)


@typed
def kl_divergence(prediction: Any, target: Any, *, log_target: bool = False, reduction: str = "batchmean") -> Any:
    """Return the Kullback-Leibler divergence of predictions from targets, and its mean over a batch.

    It is sum y (log(y) - p) over the outputs of an example, for log-probabilities p and probabilities y; where y is
    0, so is the term.

    Args:
        prediction: a list of the logarithms of k probabilities, such as `nn.LogSoftmax` gives, or a list of such
            lists.
        target: probabilities, or their logarithms, in the same shape.
        log_target: whether the targets are logarithms.
        reduction: "batchmean", as above; "mean" over all outputs of all examples, which is smaller by the factor
            k; their "sum"; or "none" for one term an output.

    Raises:
        ShapeError: predictions and targets differ in shape.
        DomainError: a target is no probability, or no logarithm of one; or there are no examples.

    Source: Kullback and Leibler 1951.

    >>> from autograd_core import log
    >>> round(kl_divergence([log(0.5), log(0.5)], [0.25, 0.75]), 6)
    0.130812
    """
    term = _divergence_from_log if log_target else _divergence
    return by_output(term, prediction, target, "kl_divergence", reduction, batchmean=True)


def class_number(target: Any, count: int, call: str) -> int:
    """Return a target as the number of a class, or say why it is none."""
    found = None if isinstance(target, Value) else number(target)
    if found is None or found != found or found not in range(count):
        raise DomainError(
            f"{call} takes targets that are class numbers from 0 to {count - 1}, since there are {count} outputs; "
            f"got {shortened(target)}: number the classes from 0, or give the model more outputs"
        )
    return int(found)


def _cross_entropy(logits: Any, target: Any, smoothing: float) -> Any:
    xs, wanted = _scores(logits, target, "cross_entropy", "logits", "binary_cross_entropy_with_logits")
    right = xs[wanted]
    loss = logsumexp([0.0 if j == wanted else x - right for j, x in enumerate(xs)])
    return loss + smoothing * (right - mean(xs)) if smoothing else loss


def _negative_log_likelihood(log_probabilities: Any, target: Any) -> Any:
    call = "negative_log_likelihood"
    xs, wanted = _scores(log_probabilities, target, call, "log-probabilities", "binary_cross_entropy")
    return -xs[wanted]


def _scores(outputs: Any, target: Any, call: str, what: str, of_one: str) -> tuple[list[Any], int]:
    """The outputs of one example and the place of the right one."""
    if not isinstance(outputs, list) or len(outputs) < 2:
        raise DomainError(
            f"{call}() takes a list of at least 2 {what} for each example, got {shortened(outputs)}; for one "
            f"output that decides between two classes use {of_one}"
        )
    wanted = class_number(target, len(outputs), f"{call}()")
    return [scalar_of(x, call, what) for x in outputs], wanted


def _divergence(p: Any, y: Any) -> Any:
    data = y.data if isinstance(y, Value) else y
    if not 0.0 <= data <= 1.0:
        raise DomainError(
            f"kl_divergence() takes targets that are probabilities, from 0 to 1, got {data}: pass log_target=True for "
            "their logarithms, or softmax of logits"
        )
    if isinstance(y, Value):
        return where(y > 0.0, y * log(y), 0.0) - y * p
    return y * (log(y) - p) if y else 0.0


def _divergence_from_log(p: Any, y: Any) -> Any:
    data = y.data if isinstance(y, Value) else y
    if not data <= 0.0:
        raise DomainError(
            f"kl_divergence(log_target=True) takes the logarithms of probabilities as targets, at most 0, got {data}: "
            "leave log_target out for the probabilities themselves"
        )
    weight = exp(y)
    return weight * (y - p) if data > float("-inf") else 0.0
