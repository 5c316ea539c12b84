"""How good a trained model is: accuracy, confusion matrix, R2."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextvars import Context
from typing import TYPE_CHECKING, Any

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, MissingDependencyError, ShapeError
from autograd_core.rules.scalars import as_float, shortened
from autograd_core.rules.table import TABLE
from nn.inputs.dataset import Example, dataset_of
from nn.inputs.nesting import as_list
from nn.losses.fit_loss import resolve_loss
from nn.losses.hits import is_nested
from nn.training.prediction import Model, check_model, evaluation, forward_of, predict

if TYPE_CHECKING:
    from numpy.typing import NDArray


def accuracy(
    model: Model,
    X: Any,  # noqa: N803
    y: Any,
    *,
    threshold: float | None = None,
    loss: object = None,
) -> float:
    """Return the share of examples that the model classifies right.

    With several outputs the largest one names the class, 0, 1, 2 and so on. With one output, those above the
    threshold name the positive class, and the labels are either 0 and 1, or -1 and 1. A row of labels is for a model
    that gives several such answers to an example, as at each step of a sequence; each of them counts alike.

    Args:
        model: the model; it is switched to evaluation for the call.
        X: n rows of numbers, or n sequences of rows, as for `fit`.
        y: n labels, or n rows of labels.
        threshold: 0 for logits and for scores between -1 and 1; 0.5 for probabilities. Without one it is 0.5 for a
            model whose last operation is a sigmoid, and 0 for any other.
        loss: the loss that the model was trained with, as for `fit`, instead of a threshold: it has one.

    Raises:
        ShapeError: there are not as many labels as rows, or for an example not as many as it has answers.
        DomainError: a label names no class; the threshold is nan; the loss has no threshold; or there is neither,
            all outputs lie between 0 and 1, and the model's last operation does not tell what they are.

    >>> from nn import Neuron
    >>> accuracy(Neuron.from_weights([1.0], activation=None), [-2.0, -1.0, 3.0], [0, 1, 1])
    0.6666666666666666
    >>> accuracy(Neuron.from_weights([1.0], activation="sigmoid"), [-2.0, -1.0, 3.0], [0, 1, 1])
    0.6666666666666666
    """
    labels, found, _ = _classified(model, X, y, threshold, loss, "accuracy()")
    return sum(label == answer for label, answer in zip(labels, found, strict=True)) / len(labels)


def confusion_matrix(
    model: Model,
    X: Any,  # noqa: N803
    y: Any,
    *,
    threshold: float | None = None,
    loss: object = None,
) -> NDArray[Any]:
    """Return how many examples of each class the model takes for each class, as scikit-learn counts them.

    Args:
        model: the model, here and below as for `accuracy`.
        X: n rows of numbers, or n sequences of rows.
        y: n labels, or n rows of labels.
        threshold: above it an output names the positive class.
        loss: the loss that the model was trained with, instead of a threshold.

    Returns:
        An array of ints of shape (classes, classes): in row i and column j the number of examples of class i that
        the model takes for class j. The classes are 0, 1, 2 and so on; for one output they are 0, or -1, and 1.

    Raises:
        As `accuracy`.
        MissingDependencyError: scikit-learn is not installed.

    >>> from nn import Neuron
    >>> confusion_matrix(Neuron.from_weights([1.0], activation=None), [-2.0, -1.0, 3.0], [0, 1, 1]).tolist()
    [[1, 0], [1, 1]]
    """
    call = "confusion_matrix()"
    metrics = _sklearn_metrics(call)
    labels, found, classes = _classified(model, X, y, threshold, loss, call)
    counts: NDArray[Any] = metrics.confusion_matrix(labels, found, labels=classes)
    return counts


def r2(model: Model, X: Any, y: Any) -> float:  # noqa: N803
    """Return R2, the share of the variance of y that the model explains: 1 is perfect, 0 is as good as the mean.

    Of several outputs it is the mean of their R2, as in scikit-learn. Where y has sequences of rows, each step counts
    as an example.

    Args:
        model: the model; it is switched to evaluation for the call.
        X: n rows of numbers, or n sequences of rows, as for `fit`; n of at least 2.
        y: n numbers, n rows of numbers for several outputs, or n sequences of rows.

    Raises:
        ShapeError: there are not as many targets as rows, or not as many in a row as the model has outputs.
        DomainError: there is one row, or step, only.
        MissingDependencyError: scikit-learn is not installed.

    >>> from nn import Neuron
    >>> r2(Neuron.from_weights([2.0], activation=None), [0.0, 1.0, 2.0], [0.0, 2.0, 4.0])
    1.0
    """
    metrics = _sklearn_metrics("r2()")
    check_model(model, "r2()")
    examples, given = dataset_of(X, y, "r2()")
    outputs, targets = _by_step(predict(model, examples)), _by_step(given)
    if len(targets) < 2:
        raise DomainError("r2() of one row has no meaning, since one number has no variance; pass at least two rows")
    if len(outputs) != len(targets):
        raise ShapeError(
            f"r2(): the model gives {len(outputs)} rows of outputs for all examples, and y has {len(targets)} rows of "
            "targets; there must be one for each step"
        )
    widths = [sorted({len(row) if isinstance(row, list) else 1 for row in part}) for part in (outputs, targets)]
    if widths[0] != widths[1] or len(widths[0]) > 1:
        numbers = [" or ".join(map(str, part)) for part in widths]
        raise ShapeError(
            f"r2(): the model has {numbers[0]} output{'s' if numbers[0] != '1' else ''}, and each row of y has "
            f"{numbers[1]} targets; there must be one for each output, and as many for each example"
        )
    return float(metrics.r2_score(targets, outputs))


def _by_step(examples: list[Any]) -> list[Any]:
    """What belongs to each example, or to each of its steps."""
    return [step for example in examples for step in (example if is_nested(example) else [example])]


def _classified(
    model: Model,
    X: Any,  # noqa: N803
    y: Any,
    threshold: Any,
    loss: object,
    call: str,
) -> tuple[list[int], list[int], list[int]]:
    """Return the label of each answer, the class that the model gives, and all classes; otherwise as `accuracy`."""
    check_model(model, call)
    limit = _threshold(threshold, loss, call)
    examples, given = dataset_of(X, y, call)
    answers = [
        answer
        for i, pair in enumerate(zip(predict(model, examples), given, strict=True))
        for answer in _answers(*pair, limit is not None, call, f"row {i}")
    ]
    places, outputs, labels = (list(column) for column in zip(*answers, strict=True))
    several = isinstance(outputs[0], list)
    allowed: set[float] = set(range(len(outputs[0]))) if several else {-1.0, 0.0, 1.0}
    for place, label in zip(places, labels, strict=True):
        if isinstance(label, list) or label not in allowed:
            names = f"0 to {len(allowed) - 1}, one for each output" if several else "0 and 1, or -1 and 1"
            remedy = ": pass a threshold to judge each output by itself" if isinstance(label, list) else ""
            raise DomainError(f"{call} takes labels {names}; {place} of y has {shortened(label)}{remedy}")
    if several:
        return [int(label) for label in labels], [x.index(max(x)) for x in outputs], list(range(len(outputs[0])))
    if {-1.0, 0.0} <= set(labels):
        raise DomainError(f"{call} takes labels 0 and 1, or -1 and 1, and y has both 0 and -1")
    if limit is None:
        limit = _threshold_of(model, examples[0], outputs, call)
    negative = -1 if -1.0 in labels else 0
    return [int(label) for label in labels], [1 if x > limit else negative for x in outputs], [negative, 1]


def _answers(output: Any, label: Any, apart: bool, call: str, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Give each answer of the model to an example: where its label stands, the output, and the label.

    An example has one answer, a number or a list with one number for each class; or it has one at each step. If
    outputs are to be judged `apart`, each number in a list is an answer to one of a row of labels.

    Raises:
        ShapeError: there are not as many labels as answers.
    """
    listed = isinstance(output, list)
    if not is_nested(output) and not (listed and (len(output) == 1 or (apart and isinstance(label, list)))):
        yield place, output, label
        return
    labels = label if isinstance(label, list) else [label]
    if len(labels) != len(output):
        got = f"{len(labels)} labels" if isinstance(label, list) else "one label"
        raise ShapeError(f"{call}: for {place} the model gives {len(output)} answers, and y has {got}")
    for i, pair in enumerate(zip(output, labels, strict=True)):
        yield from _answers(*pair, apart, call, f"{place}, answer {i}")


def _threshold(threshold: Any, loss: object, call: str) -> float | None:
    """The threshold that the arguments name, or None if they name none."""
    if threshold is not None and loss is not None:
        raise DomainError(f"{call} takes a threshold or a loss, and got both: a loss has a threshold of its own")
    if threshold is not None:
        limit = as_float(threshold, f"{call[:-2]}(threshold)")
        if math.isnan(limit):
            raise DomainError(f"{call[:-2]}(threshold) takes a number to compare outputs with, got nan")
        return limit
    if loss is None:
        return None
    found = resolve_loss(loss)
    if not found.tells_classes:
        raise DomainError(
            f"{call[:-2]}(loss={shortened(loss)}): this loss does not tell classes apart; pass the threshold above "
            "which an output names the positive class, such as threshold=0.5 for targets 0 and 1"
        )
    return found.threshold


def _threshold_of(model: Model, example: Example, outputs: list[float], call: str) -> float:
    """The threshold that fits a model of one output, judged by its last operation."""
    if not all(0.0 <= output <= 1.0 for output in outputs):
        return 0.0
    with evaluation(model):
        # A new context has no modes: this is recorded, no_grad() or not.
        output = Context().run(forward_of(model, call), [example])[0]
    while isinstance(output := as_list(output), list):
        output = output[0]
    row_of_table = output.primitive if isinstance(output, Value) else None
    if row_of_table is TABLE["sigmoid"]:
        return 0.5
    if row_of_table is TABLE["tanh"]:
        return 0.0
    # A weighted sum by nn. One that somebody wrote may be a probability, such as tanh(x) * 0.5 + 0.5.
    if row_of_table is TABLE["dot"] or (row_of_table is TABLE["add"] and output.origin and len(output.parents) == 2):
        return 0.0
    raise DomainError(
        f"{call}: all outputs lie between 0 and 1, and the model's last operation does not tell whether they are "
        "probabilities: pass threshold=0.5 for probabilities, threshold=0 for logits"
    )


def _sklearn_metrics(call: str) -> Any:
    try:
        from sklearn import metrics
    except ImportError as error:
        raise MissingDependencyError(
            f"{call} needs scikit-learn, which is not installed: pip install 'autograd-core[all]'"
        ) from error
    return metrics
