"""MLPClassifier and MLPRegressor: networks of scalars with scikit-learn's interface.

They stand in pipelines, grid searches and cross-validation. Options have the names that scikit-learn's own
estimators of these names give them; the defaults are smaller, for an engine that computes number by number.
"""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.composites import softmax
from autograd_core.rules.table import sigmoid
from nn.estimators.base import BaseMLP  # first: it says what is missing

# isort: split
import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data


class MLPClassifier(ClassifierMixin, BaseMLP):  # type: ignore[misc]
    """A multilayer perceptron that tells two or more classes apart, with scikit-learn's interface.

    Two classes are trained with the binary cross-entropy of one logit, more with the cross-entropy of one logit
    each. Labels are of any kind that scikit-learn takes. Training ends after `max_iter` epochs, or once the loss has
    not improved by `tol` for `n_iter_no_change` epochs.

    Args:
        hidden_layer_sizes: how many neurons each hidden layer has; a bare int for one layer.
        activation: that of the hidden layers: "relu", "tanh", "logistic" (also "sigmoid"), "identity", or another
            name that `nn.MLP` takes.
        solver: "adam" or "sgd".
        alpha: the weight of the penalty on squares, alpha / 2 times the sum of the squares of all weights, divided by
            the size of a batch. Biases have none, as in scikit-learn.
        batch_size: how many rows a step takes; "auto" is 32, or all where there are fewer.
        learning_rate_init: the learning rate.
        max_iter: the most epochs.
        shuffle: whether each epoch takes the rows in a new order.
        random_state: an int, a `numpy.random.RandomState` or None: governs weights, order and what is set aside.
        tol: see above.
        verbose: whether to show a progress bar.
        warm_start: whether `fit` goes on from where the estimator is.
        momentum, nesterovs_momentum: for "sgd".
        early_stopping: whether to set aside `validation_fraction` of the rows and to judge the end by the loss on
            them; the weights are then those of the best epoch.
        validation_fraction: see there.
        beta_1, beta_2, epsilon: for "adam".
        n_iter_no_change: see above.

    Attributes:
        model_: the network, an `nn.MLP`: its graph can be drawn and explained.
        history_: the `nn.History` of the last fit.
        classes_: the labels, sorted.
        coefs_, intercepts_: weights, of shape (inputs, outputs), and biases of each layer.
        loss_, loss_curve_: the loss of the last epoch, and of each.
        n_iter_, n_features_in_, n_layers_, n_outputs_: epochs, inputs, layers with that of the inputs, outputs.

    Raises:
        ValueError: (by fit) the data have no meaning, as scikit-learn says it.
        DomainError: (by fit) there is one class only, or an option has no meaning.
        MissingDependencyError: (by the import) scikit-learn is not installed.

    >>> from nn import MLPClassifier
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["same", "other", "other", "same"]
    >>> clf = MLPClassifier((8,), "tanh", learning_rate_init=0.1, max_iter=200, random_state=0).fit(X, y)
    >>> [str(label) for label in clf.predict(X)]
    ['same', 'other', 'other', 'same']
    >>> clf.model_
    MLP(2 -> 8 -> 1; 33 parameters)
      layers.0: Layer(2 -> 8, tanh; 24 parameters)
      layers.1: Layer(8 -> 1, linear; 9 parameters)
    """

    def predict(self, X: Any) -> Any:
        """Return the label of each row of X, an array of shape (n,)."""
        columns = np.argmax(self.predict_proba(X), axis=1)
        return self.classes_[columns]

    def predict_proba(self, X: Any) -> Any:
        """Return the probability of each class for each row of X, of shape (n, classes), in the order of classes_."""
        logits = self._predicted(X)
        if len(self.classes_) == 2:
            return np.array([[sigmoid(-z), sigmoid(z)] for z in logits])
        return np.array([softmax(row) for row in logits])

    def predict_log_proba(self, X: Any) -> Any:
        """Return the logarithms of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Any:
        """Train for one epoch on X and y from where it is, and return the estimator.

        Args:
            X: n rows.
            y: n labels; it may lack classes.
            classes: all labels; needed at the first call unless y has them all.
        """
        named = None if classes is None else np.unique(np.asarray(classes))
        if named is not None and hasattr(self, "classes_") and not np.array_equal(named, self.classes_):
            raise DomainError(
                f"MLPClassifier.partial_fit(classes) were {self.classes_.tolist()} before, and now are "
                f"{named.tolist()}: make a new estimator for other classes"
            )
        return self._partial_fit(X, y, named)

    def _checked(self, X: Any, y: Any, *, again: bool, classes: Any = None) -> tuple[Any, Any]:
        X, y = validate_data(self, X, y, dtype=np.float64, reset=not again)
        check_classification_targets(y)
        found = np.unique(y)
        if not again:
            self.classes_ = found if classes is None else classes
        strange = np.setdiff1d(found, self.classes_)
        if len(strange):
            raise DomainError(
                f"{type(self).__name__}: y has the class {strange[0]!r}, and the classes were {self.classes_.tolist()}"
            )
        if len(self.classes_) < 2:
            raise DomainError(
                f"{type(self).__name__}: y has one class only, {found.tolist()}; there must be at least two"
            )
        return X, y

    def _targets(self, y: Any) -> list[Any]:
        targets: list[Any] = np.searchsorted(self.classes_, y).tolist()
        return targets

    def _outputs(self, y: Any) -> int:
        return 1 if len(self.classes_) == 2 else len(self.classes_)

    def _loss(self) -> str:
        return "binary_cross_entropy_with_logits" if len(self.classes_) == 2 else "cross_entropy"

    def _strata(self, y: Any) -> Any:
        return y


class MLPRegressor(RegressorMixin, BaseMLP):  # type: ignore[misc]
    """A multilayer perceptron that predicts numbers, with scikit-learn's interface.

    It is trained with one half of the squared error, as scikit-learn's. Standardise inputs and targets before, as
    for any network.

    Args:
        As for `MLPClassifier`.

    Attributes:
        As for `MLPClassifier`, but for classes_.

    Raises:
        As `MLPClassifier`.

    >>> from nn import MLPRegressor
    >>> X, y = [[-1.0], [-0.5], [0.0], [0.5], [1.0]], [1.0, 0.25, 0.0, 0.25, 1.0]
    >>> reg = MLPRegressor((8,), "tanh", learning_rate_init=0.1, random_state=0).fit(X, y)
    >>> reg.score(X, y) > 0.9
    True
    """

    def predict(self, X: Any) -> Any:
        """Return the prediction for each row of X: of shape (n,), or (n, outputs) where y had several columns."""
        return np.array(self._predicted(X))

    def partial_fit(self, X: Any, y: Any) -> Any:
        """Train for one epoch on X and y from where it is, and return the estimator."""
        return self._partial_fit(X, y)

    def _checked(self, X: Any, y: Any, *, again: bool, classes: Any = None) -> tuple[Any, Any]:
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, reset=not again)
        if again and self._outputs(y) != self.n_outputs_:
            raise DomainError(
                f"{type(self).__name__}: y has {self._outputs(y)} columns, and had {self.n_outputs_} before"
            )
        return X, y

    def _targets(self, y: Any) -> list[Any]:
        targets: list[Any] = np.asarray(y, dtype=np.float64).tolist()
        return targets

    def _outputs(self, y: Any) -> int:
        return 1 if y.ndim == 1 else int(y.shape[1])

    def _loss(self) -> str:
        return "half_squared_error_loss"

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
