"""confusion_matrix: which classes a model takes for which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn.metrics.classified import classified
from nn.metrics.sklearn_metrics import sklearn_metrics
from nn.training.trainable_model import Model

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
        model: the model; it is switched to evaluation for the call.
        X: n rows of numbers, or n sequences of rows.
        y: n labels, or n rows of labels.
        threshold: above it an output names the positive class; without one as for `accuracy`.
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
    metrics = sklearn_metrics(call)
    known = classified(model, X, y, threshold, loss, call)
    counts: NDArray[Any] = metrics.confusion_matrix(known.labels, known.found, labels=known.classes)
    return counts
