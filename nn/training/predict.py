"""predict: the outputs of a trained model as floats. Nothing is recorded for gradients."""

from __future__ import annotations

from typing import Any

from nn.evaluation import evaluation
from nn.inputs.dataset import examples_of
from nn.training.trainable_model import Model, check_model, forward_of, plain_output


def predict(model: Model, X: Any) -> list[Any]:  # noqa: N803
    """Return the model's output for each example, as floats.

    Args:
        model: the model; it is switched to evaluation for the call.
        X: n rows of numbers, or n sequences of rows, as for `fit`.

    Returns:
        n floats, or n lists of floats where the model has several outputs; n lists of those where it has them at each
        step of a sequence.

    Raises:
        NotAScalarError, ShapeError, DomainError: X has no finite numbers in rows, or does not fit the model.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], seed=0)
    >>> predictions = predict(model, [[0.0, 1.0], [1.0, 0.0]])
    >>> predictions == [model([0.0, 1.0]).data, model([1.0, 0.0]).data]
    True
    """
    check_model(model, "predict()")
    examples = examples_of(X, "X", "predict()")
    with evaluation(model):
        return [plain_output(output, "predict()") for output in forward_of(model, "predict()")(examples)]
