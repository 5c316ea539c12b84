"""r2: the share of the variance of the targets that a model explains."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError, ShapeError
from autograd_core.rules.scalars import counted
from nn.inputs.dataset import dataset_of
from nn.losses.hits import is_nested
from nn.metrics.sklearn_metrics import sklearn_metrics
from nn.training.predict import predict
from nn.training.trainable_model import Model, check_model


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
    metrics = sklearn_metrics("r2()")
    check_model(model, "r2()")
    examples, given = dataset_of(X, y, "r2()")
    outputs, targets = _by_step(predict(model, examples)), _by_step(given)
    if len(targets) < 2:
        raise DomainError("r2() of one row has no meaning, since one number has no variance; pass at least two rows")
    if len(outputs) != len(targets):
        raise ShapeError(
            f"r2(): the model gives {counted(len(outputs), 'row')} of outputs for all examples, and y has "
            f"{counted(len(targets), 'row')} of targets; there must be one for each step"
        )
    widths = [sorted({len(row) if isinstance(row, list) else 1 for row in part}) for part in (outputs, targets)]
    if widths[0] != widths[1] or len(widths[0]) > 1:
        numbers = [" or ".join(map(str, part)) for part in widths]
        raise ShapeError(
            f"r2(): the model has {numbers[0]} output{'s' if numbers[0] != '1' else ''}, and each row of y has "
            f"{numbers[1]} target{'s' if numbers[1] != '1' else ''}; there must be one for each output, and as many "
            "for each example"
        )
    return float(metrics.r2_score(targets, outputs))


def _by_step(examples: list[Any]) -> list[Any]:
    """What belongs to each example, or to each of its steps."""
    return [step for example in examples for step in (example if is_nested(example) else [example])]
