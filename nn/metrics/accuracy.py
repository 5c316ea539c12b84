"""accuracy: the share of examples that a model classifies right."""

from __future__ import annotations

from typing import Any

from nn.metrics.classified import classified
from nn.training.trainable_model import Model


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
    known = classified(model, X, y, threshold, loss, "accuracy()")
    return sum(label == found for label, found in zip(known.labels, known.found, strict=True)) / len(known.labels)
