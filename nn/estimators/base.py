"""What MLPClassifier and MLPRegressor share: options, the training, and when it ends."""

from __future__ import annotations

import math
import numbers
import random
import warnings
from typing import TYPE_CHECKING, Any, Final

from autograd_core.errors import DomainError, MissingDependencyError
from autograd_core.rules.scalars import shortened
from nn.data.split import count_of_share
from nn.inputs.options import not_negative
from nn.layers.mlp import MLP
from nn.optim.adam import Adam
from nn.optim.sgd import SGD
from nn.training.early_stopping import EarlyStopping
from nn.training.fit import fit
from nn.training.history import History
from nn.training.predict import predict

try:
    import numpy as np
    from sklearn.base import BaseEstimator
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import train_test_split
    from sklearn.utils import check_random_state
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise MissingDependencyError(
        "nn.MLPClassifier and nn.MLPRegressor need scikit-learn, which is not installed: "
        "pip install 'autograd-core[all]'"
    ) from error

if TYPE_CHECKING:
    from numpy.typing import NDArray


SOLVERS: Final = ("adam", "sgd")
SKLEARN_NAMES: Final = {"logistic": "sigmoid"}
"""Activations that scikit-learn calls otherwise."""
SIZE_OF_A_BATCH: Final = 32


class BaseMLP(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What the two estimators share. Use `MLPClassifier` or `MLPRegressor`."""

    def __init__(
        self,
        hidden_layer_sizes: Any = (16,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate_init: float = 0.01,
        max_iter: int = 100,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: int = 10,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change

    def fit(self, X: Any, y: Any) -> Any:
        """Train on X, of shape (n, features), and y; return the estimator. With warm_start from where it is."""
        again = bool(self.warm_start) and hasattr(self, "model_")
        epochs, patience = _count(self, "max_iter"), _count(self, "n_iter_no_change")
        stopping = EarlyStopping(patience, _not_negative(self, "tol"), restore_best=bool(self.early_stopping))
        X, y = self._checked(X, y, again=again)
        if self.early_stopping:
            count_of_share(self.validation_fraction, len(X), type(self).__name__, "validation_fraction")
        if not again:
            self._begin(X, y)
        validation = None
        if self.early_stopping:
            X, X_aside, y, y_aside = train_test_split(
                X,
                y,
                test_size=self.validation_fraction,
                random_state=self._source.getrandbits(32),
                stratify=self._strata(y),
            )
            validation = X_aside.tolist(), self._targets(y_aside)
        self._train(X, y, epochs=epochs, validation=validation, callbacks=[stopping])
        if stopping.stopped_epoch or self.history_.interrupted:
            return self
        warnings.warn(
            f"{type(self).__name__}: max_iter={self.max_iter} epochs were not enough: the loss still improves by more "
            f"than tol={self.tol}; raise max_iter, or learning_rate_init",
            ConvergenceWarning,
            stacklevel=2,
        )
        return self

    def _partial_fit(self, X: Any, y: Any, classes: Any = None) -> Any:
        """Train for one epoch from where it is."""
        again = hasattr(self, "model_")
        X, y = self._checked(X, y, again=again, classes=classes)
        if not again:
            self._begin(X, y)
        self._train(X, y, epochs=1)
        return self

    @property
    def coefs_(self) -> list[NDArray[np.float64]]:
        """The weights of each layer, of shape (inputs, outputs)."""
        return [np.array([[w.data for w in neuron.w] for neuron in layer.neurons]).T for layer in self.model_.layers]

    @property
    def intercepts_(self) -> list[NDArray[np.float64]]:
        """The biases of each layer."""
        return [np.array([neuron.b.data for neuron in layer.neurons]) for layer in self.model_.layers]

    @property
    def loss_curve_(self) -> list[float]:
        """The loss of each epoch of the last fit."""
        losses: list[float] = self.history_.loss
        return losses

    @property
    def loss_(self) -> float:
        """The loss of the last epoch."""
        return self.loss_curve_[-1]

    def _checked(self, X: Any, y: Any, *, again: bool, classes: Any = None) -> tuple[Any, Any]:
        """The data as arrays, checked."""
        raise NotImplementedError

    def _targets(self, y: Any) -> list[Any]:
        """Targets as `nn.fit` takes them."""
        raise NotImplementedError

    def _outputs(self, y: Any) -> int:
        """How many outputs the network has."""
        raise NotImplementedError

    def _begin(self, X: Any, y: Any) -> None:
        """Make the network and the optimiser."""
        sizes = _hidden_sizes(self)
        activation = SKLEARN_NAMES.get(self.activation, self.activation) if isinstance(self.activation, str) else None
        if activation is None:
            raise DomainError(
                f"{type(self).__name__}(activation) takes a name such as 'relu', got {shortened(self.activation)}"
            )
        self._source = random.Random(int(check_random_state(self.random_state).randint(2**31)))
        init = "xavier" if activation in ("sigmoid", "tanh", "identity") else "he_uniform"
        model = MLP(X.shape[1], [*sizes, self._outputs(y)], activation, init=init, seed=self._source)
        neurons = [neuron for layer in model.layers for neuron in layer.neurons]
        groups: list[dict[str, Any]] = [
            {
                "params": [w for neuron in neurons for w in neuron.w],
                "weight_decay": _not_negative(self, "alpha") / min(self._size(len(X)), len(X)),
            },
            {"params": [neuron.b for neuron in neurons]},
        ]
        rate = _not_negative(self, "learning_rate_init")
        if self.solver not in SOLVERS:
            raise DomainError(
                f"{type(self).__name__}(solver) takes {' or '.join(map(repr, SOLVERS))}, got {shortened(self.solver)}"
            )
        self._optimizer: SGD | Adam
        if self.solver == "adam":
            betas = _not_negative(self, "beta_1", below=1.0), _not_negative(self, "beta_2", below=1.0)
            self._optimizer = Adam(groups, lr=rate, betas=betas, eps=_not_negative(self, "epsilon"))
        else:
            momentum = _not_negative(self, "momentum")
            ahead = bool(self.nesterovs_momentum) and momentum > 0.0
            self._optimizer = SGD(groups, lr=rate, momentum=momentum, nesterov=ahead)
        self.model_ = model
        self.n_layers_, self.n_outputs_ = len(sizes) + 2, self._outputs(y)

    def _train(self, X: Any, y: Any, **options: Any) -> None:
        self.history_: History = fit(
            self.model_,
            X.tolist(),
            self._targets(y),
            loss=self._loss(),
            optimizer=self._optimizer,
            batch_size=self._size(len(X)),
            shuffle=bool(self.shuffle),
            seed=self._source,
            progress=bool(self.verbose),
            **options,
        )
        self.n_iter_ = self.history_.epochs

    def _loss(self) -> str:
        """The loss by name."""
        raise NotImplementedError

    def _strata(self, y: Any) -> Any:
        """What the rows set aside are to be a fair share of, or None."""
        return None

    def _size(self, count: int) -> int:
        if isinstance(self.batch_size, str) and self.batch_size == "auto":
            return min(SIZE_OF_A_BATCH, count)
        return _count(self, "batch_size", "'auto' or ")

    def _predicted(self, X: Any) -> list[Any]:
        """The outputs of the network for each row."""
        check_is_fitted(self, "model_")
        return list(predict(self.model_, validate_data(self, X, dtype=np.float64, reset=False).tolist()))


def _hidden_sizes(estimator: BaseMLP) -> list[int]:
    sizes = estimator.hidden_layer_sizes
    listed = [sizes] if isinstance(sizes, numbers.Integral) else sizes
    name = f"{type(estimator).__name__}(hidden_layer_sizes)"
    if isinstance(listed, str) or not hasattr(listed, "__iter__"):
        raise DomainError(f"{name} takes ints of at least 1, got {shortened(sizes)}: pass (16,) for one layer of 16")
    found = list(listed)
    for size in found:
        if isinstance(size, bool) or not isinstance(size, numbers.Integral) or size < 1:
            raise DomainError(f"{name} takes ints of at least 1, got {shortened(size)}")
    return [int(size) for size in found]


def _count(estimator: BaseMLP, name: str, other: str = "") -> int:
    n = getattr(estimator, name)
    if isinstance(n, bool) or not isinstance(n, numbers.Integral) or n < 1:
        raise DomainError(f"{type(estimator).__name__}({name}) takes {other}an int of at least 1, got {shortened(n)}")
    return int(n)


def _not_negative(estimator: BaseMLP, name: str, *, below: float = math.inf) -> float:
    return not_negative(getattr(estimator, name), f"{type(estimator).__name__}({name})", below=below)
