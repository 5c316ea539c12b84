"""fit: training by mini-batches, from data to a History."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from autograd_core.errors import AutogradError, DomainError, GraphError, NotAScalarError, ShapeError
from autograd_core.functions import mean
from autograd_core.recording import modes, no_grad
from autograd_core.scalars import number, shortened
from autograd_core.value import Value
from nn.data import Row, check_same_length, rows_of, targets_of
from nn.history import History
from nn.init import Seed, Source, source_of
from nn.module import Module
from nn.monitoring import gradient_norms
from nn.objective import Objective, resolve_loss
from nn.optim import OPTIMIZERS, Optimizer
from nn.prediction import Model, check_model, evaluation, plain_output
from nn.progress import Bar, progress_bar

Callback = Callable[[int, History], object]
Dataset = tuple[list[Row], list[Any]]


class DivergedError(AutogradError, ArithmeticError):
    """Training met a loss or a gradient that is not finite; `history` has the epochs completed before."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


def fit(
    model: Model,
    X: Any,  # noqa: N803
    y: Any,
    *,
    loss: object,
    optimizer: object = "adam",
    lr: float | None = None,
    epochs: int = 20,
    batch_size: int | None = 32,
    validation: object = None,
    shuffle: bool = True,
    seed: Seed = None,
    progress: bool = True,
    callbacks: Iterable[Callback] = (),
) -> History:
    """Train a model: in each epoch once over all rows, batch by batch, and one step of the optimiser a batch.

    The loss of a batch is the mean over its examples, as one graph. All arguments are checked before the
    first step; if one is wrong, the model is as it was.

    Args:
        model: an nn.Module, or anything that is called with one row and has `parameters()`.
        X: n rows of numbers: lists, a NumPy array or a pandas frame; n bare numbers are n rows of one.
        y: n targets: numbers, or rows of numbers for a model of several outputs.
        loss: "mse", "half_squared_error", "binary_cross_entropy" ("bce"), "binary_cross_entropy_with_logits"
            ("bce_with_logits"), "cross_entropy", "hinge", their functions or modules, or a function of (output,
            target) that returns the loss of one example as a Value.
        optimizer: "adam", "sgd", an optimiser such as `nn.SGD(model.parameters(), lr=0.1)`, or a function that
            makes one from a list of parameters.
        lr: the learning rate, for an optimiser given by name or as a function; without it, its own default.
        epochs: how many times to go over the data.
        batch_size: how many rows a batch has; the last one may have fewer. None takes all rows as one batch.
        validation: data to measure on, not to train on: a pair (X, y), or the share of rows to set aside, such
            as 0.2, drawn at random.
        shuffle: whether each epoch takes the rows in a new order.
        seed: an int for the same order each time; None draws from Python's `random` module.
        progress: whether to show a progress bar on stderr.
        callbacks: functions of (epoch, history), called after each epoch, which counts from 1. One that returns
            True ends the run.

    Returns:
        A History. On an interrupt from the keyboard it warns, and returns the History so far; the model has the
        parameters of the last complete step.

    Raises:
        NotAScalarError, ShapeError, DomainError: the data or an argument has no meaning; the message names the
            row and column, or the argument.
        GraphError: the loss does not depend on the parameters, or the call is inside `no_grad()`.
        DivergedError: the loss or a gradient is not finite any more. The model then has the last parameters for
            which the loss was finite, and the error bears the History so far.

    >>> from nn import MLP, predict
    >>> model = MLP(2, [4, 1], activation="tanh", seed=0)
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> history = fit(model, X, y, loss="bce_with_logits", lr=0.1, epochs=60, seed=0, progress=False)
    >>> [round(logit) > 0 for logit in predict(model, X)]
    [False, True, True, False]
    """
    call = "fit()"
    check_model(model, call)
    if any(isinstance(mode, no_grad) for mode in modes()):
        raise GraphError("fit() was called inside no_grad(), where nothing is recorded to train by: call it outside")
    model.parameters()  # a model that keeps a computed Value as a parameter says so before it is called
    objective, source = resolve_loss(loss), source_of(seed)
    rounds = _count(epochs, "epochs")
    size = None if batch_size is None else _count(batch_size, "batch_size")
    functions = _callbacks(callbacks)
    training, held_out = _datasets(X, y, validation, source)
    with evaluation(model):
        output = plain_output(model(training[0][0]), call)
    objective.check(training[1], output, "y", call)
    if held_out is not None:
        objective.check(held_out[1], output, "the validation y", call)
    run = _Run(model, objective, _optimizer(optimizer, model, lr), training, held_out)
    count = len(training[0])
    size = size or count
    bar = progress_bar(rounds * math.ceil(count / size), progress)
    modules = [module for _, module in model.named_modules()] if isinstance(model, Module) else []
    before = [module.training for module in modules]
    try:
        for epoch in range(1, rounds + 1):
            for module in modules:
                module.training = True
            order = list(range(count))
            if shuffle:
                source.shuffle(order)
            run.epoch(epoch, [order[i : i + size] for i in range(0, count, size)], bar)
            answers = [function(epoch, run.history) for function in functions]
            if any(answer is True for answer in answers):
                break
    except KeyboardInterrupt:
        run.restore(run.now)
        run.history.interrupted = True
        warnings.warn(f"fit() was interrupted after {run.history.epochs} of {rounds} epochs", stacklevel=2)
    finally:
        bar.close()
        for module, mode in zip(modules, before, strict=True):
            module.training = mode
    return run.history


class _Run:
    """One call of fit: the state of its loop."""

    def __init__(
        self, model: Model, objective: Objective, optimizer: Optimizer, training: Dataset, held_out: Dataset | None
    ) -> None:
        self.model, self.objective, self.optimizer = model, objective, optimizer
        self.training, self.held_out = training, held_out
        self.history = History()
        self.parameters = model.parameters()
        self.now = self.before = self.snapshot()  # the parameters after the last step, and before it

    def snapshot(self) -> list[float]:
        return [parameter.data for parameter in self.parameters]

    def restore(self, data: list[float]) -> None:
        for parameter, number_then in zip(self.parameters, data, strict=True):
            parameter.data = number_then

    def epoch(self, epoch: int, batches: list[list[int]], bar: Bar) -> None:
        """Train on each batch once, then measure on the validation data, and note all that in the history."""
        start = time.perf_counter()
        losses: list[float] = []
        hits: list[float | None] = []
        for k, batch in enumerate(batches, start=1):
            loss, hits_of_batch = self.step(batch, f"epoch {epoch}, batch {k} of {len(batches)}")
            losses += [loss] * len(batch)
            hits += hits_of_batch
            bar.update(f"epoch {epoch}", self.note(math.fsum(losses) / len(losses), _share(hits)))
        history = self.history
        history.loss.append(math.fsum(losses) / len(losses))
        history.accuracy += _share(hits)
        if self.held_out is not None:
            loss, share = self.measure(*self.held_out)
            history.validation_loss.append(loss)
            history.validation_accuracy += share
        if isinstance(self.model, Module):
            for name, norm in gradient_norms(self.model).items():
                history.gradient_norms.setdefault(name, []).append(norm)
        history.seconds.append(time.perf_counter() - start)

    def step(self, batch: list[int], place: str) -> tuple[float, list[float | None]]:
        """Take one step, and return the batch's loss and which of its examples were classified right."""
        rows, targets = self.training
        outputs = [self.model(rows[i]) for i in batch]
        losses = [self.objective.function(output, targets[i]) for output, i in zip(outputs, batch, strict=True)]
        if any(loss is None for loss in losses):
            raise NotAScalarError(
                f"fit(): the loss function {self.objective.name} returned None; it must return the loss of one example "
                "as a Value: does it lack a return statement?"
            )
        loss = losses[0] if len(losses) == 1 else mean(losses)
        if not isinstance(loss, Value) or loss.is_leaf:
            raise GraphError(
                f"fit(): the loss of a batch is {shortened(loss)}, which was not computed from the model's parameters; "
                "the loss function must return a Value that depends on the output"
            )
        if not math.isfinite(loss.data):
            self.restore(self.before)
            self.diverged(f"the loss became {loss.data} in {place}")
        for parameter in self.parameters:
            parameter.grad = 0.0
        self.optimizer.zero_grad()
        loss.backward()
        if not any(parameter.has_grad for parameter in self.optimizer.parameters):
            raise GraphError(
                "fit(): the loss depends on none of the optimiser's parameters; it must be computed from the output, "
                "and the optimiser be made from model.parameters() of the model that is trained"
            )
        for i, parameter in enumerate(self.parameters):
            if not math.isfinite(parameter.grad):
                name = parameter.origin or f"parameter {i}"
                self.diverged(f"the gradient of {name} became {parameter.grad} in {place}")
        self.optimizer.step()
        after = self.snapshot()
        if not all(map(math.isfinite, after)):
            self.restore(self.now)
            self.diverged(f"a parameter became infinite in {place}")
        self.before, self.now = self.now, after
        return loss.data, [self.objective.hits(output, targets[i]) for output, i in zip(outputs, batch, strict=True)]

    def measure(self, rows: list[Row], targets: list[Any]) -> tuple[float, list[float]]:
        """Return the mean loss over a data set, and the accuracy in a list, empty if there is none."""
        with evaluation(self.model):
            outputs = [self.model(row) for row in rows]
            losses = [self.objective.function(output, y) for output, y in zip(outputs, targets, strict=True)]
        hits = [self.objective.hits(output, y) for output, y in zip(outputs, targets, strict=True)]
        return mean([plain_output(loss, "fit()") for loss in losses]), _share(hits)

    def note(self, loss: float, share: list[float]) -> str:
        """What the progress bar says: of this epoch so far, and of the validation data after the last one."""
        parts = [f"loss {loss:.4f}", *(f"accuracy {x:.1%}" for x in share)]
        parts += [f"validation {x:.1%}" for x in self.history.validation_accuracy[-1:]]
        return ", ".join(parts)

    def diverged(self, what: str) -> None:
        raise DivergedError(
            f"fit(): {what}. The model has the last parameters for which the loss was finite. Try a smaller learning "
            f"rate (it was {self.optimizer.lr:g}), data of mean 0 and deviation 1, or for binary_cross_entropy the "
            "form with logits; autograd_core.detect_anomaly() around the call names the operation that it came from",
            self.history,
        )


def _share(hits: list[float | None]) -> list[float]:
    """The mean of hits in a list, empty if the loss is none of classification."""
    known = [hit for hit in hits if hit is not None]
    return [math.fsum(known) / len(known)] if known else []


# Arguments.


def _datasets(X: Any, y: Any, validation: Any, source: Source) -> tuple[Dataset, Dataset | None]:  # noqa: N803
    """The data to train on and the data to measure on."""
    rows, targets = _dataset(X, y, ("X", "y"))
    if validation is None:
        return (rows, targets), None
    if isinstance(validation, (tuple, list)) and len(validation) == 2:
        held_out = _dataset(validation[0], validation[1], ("the validation X", "the validation y"))
        if len(held_out[0][0]) != len(rows[0]):
            raise ShapeError(
                f"fit(): the rows of the validation X have {len(held_out[0][0])} numbers, and those of X {len(rows[0])}"
            )
        return (rows, targets), held_out
    share = None if isinstance(validation, (tuple, list)) else number(validation)
    if share is None or not 0.0 < share < 1.0:
        raise DomainError(
            f"fit(validation) takes a pair (X, y) or a share of the rows between 0 and 1, got {shortened(validation)}"
        )
    count = round(share * len(rows))
    if not 0 < count < len(rows):
        raise DomainError(
            f"fit(validation={share:g}) would set aside {count} of {len(rows)} rows; both parts need at least one"
        )
    order = list(range(len(rows)))
    source.shuffle(order)
    aside, rest = sorted(order[:count]), sorted(order[count:])
    kept, held_out = (([rows[i] for i in part], [targets[i] for i in part]) for part in (rest, aside))
    return kept, held_out


def _dataset(X: Any, y: Any, names: tuple[str, str]) -> Dataset:  # noqa: N803
    rows, targets = rows_of(X, names[0], "fit()"), targets_of(y, names[1], "fit()")
    check_same_length(rows, targets, names, "fit()")
    return rows, targets


def _optimizer(optimizer: Any, model: Model, lr: float | None) -> Optimizer:
    """The optimiser that was given, or one made for the model."""
    if isinstance(optimizer, str) and optimizer in OPTIMIZERS:
        optimizer = OPTIMIZERS[optimizer]
    if isinstance(optimizer, Optimizer):
        if lr is not None:
            raise DomainError(
                f"fit(lr={lr}) goes with an optimiser that fit makes; {optimizer!r} has a learning rate of its own"
            )
        return optimizer
    if isinstance(optimizer, str) or not callable(optimizer):
        raise DomainError(
            f"fit(optimizer) takes a name ({', '.join(OPTIMIZERS)}), an optimiser such as "
            f"nn.SGD(model.parameters(), lr=0.1), or a function that makes one, got {shortened(optimizer)}"
        )
    made = optimizer(model.parameters()) if lr is None else optimizer(model.parameters(), lr=lr)
    if not isinstance(made, Optimizer):
        raise DomainError(f"fit(optimizer): the function must return an nn.Optimizer, got {shortened(made)}")
    return made


def _count(n: Any, name: str) -> int:
    if isinstance(n, (str, float, bool)) or not hasattr(type(n), "__index__") or n.__index__() < 1:
        raise DomainError(f"fit({name}) takes an int of at least 1, got {shortened(n)}")
    return int(n.__index__())


def _callbacks(callbacks: Any) -> list[Callback]:
    functions = list(callbacks) if isinstance(callbacks, Iterable) else [callbacks]
    for function in functions:
        if not callable(function):
            raise DomainError(f"fit(callbacks) takes functions of (epoch, history), got {shortened(function)}")
    return functions
