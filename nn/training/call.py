"""fit: training by mini-batches, from data to a History."""

from __future__ import annotations

import warnings
from contextlib import closing
from inspect import signature
from typing import Any

from autograd_core.engine.modes import modes
from autograd_core.engine.no_grad import no_grad
from autograd_core.errors import DomainError, GraphError, ShapeError
from autograd_core.rules.scalars import shortened
from nn.data.split import count_of_share, drawn
from nn.inputs.dataset import Dataset, dataset_of, steps_of, width_of
from nn.inputs.module_inputs import where
from nn.inputs.options import one_of, positive, size_of
from nn.inputs.seeds import Seed, Source, source_of
from nn.losses.fit_loss import FitLoss, resolve_loss
from nn.module import Module
from nn.optim.optimizer import OPTIMIZERS, Optimizer
from nn.optim.reduce_lr_on_plateau import ReduceLROnPlateau
from nn.optim.schedule import Schedule
from nn.state.files import PathLike
from nn.training.callbacks import resolve_callbacks
from nn.training.checkpoints import read_checkpoint
from nn.training.history import History
from nn.training.plan import Plan
from nn.training.prediction import Model, check_model, sample_outputs
from nn.training.progress import progress_bar
from nn.training.run import Run


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
    callbacks: object = (),
    schedule: object = None,
    schedule_by: str = "epoch",
    clip_norm: float | None = None,
    clip_value: float | None = None,
    resume: PathLike | None = None,
) -> History:
    """Train a model: in each epoch once over all examples, batch by batch, and one step of the optimiser a batch.

    The loss of a batch is the mean over its examples, as one graph. All arguments are checked before the
    first step; if one is wrong, the model is as it was.

    An example is a row of numbers, or a sequence: a list of rows, one for each step, as `nn.LSTM` and
    `nn.CausalSelfAttention` take it. All rows have one length; sequences may differ in how many steps they have. Of a
    model that answers at each step, the loss of an example is the mean over its steps.

    Args:
        model: an nn.Module, or anything that is called with one example and has `parameters()`.
        X: n rows of numbers: lists, a NumPy array or a pandas frame; n bare numbers are n rows of one. Or n sequences:
            nested lists, an array of shape (n, steps, width), or a list of arrays of shape (steps, width). Sequences of
            bare numbers that differ in length are written with rows of one, such as [[3], [1]].
        y: n targets: numbers, or rows of numbers for a model of several outputs. For a model that answers at each
            step: n rows with a class number or a number for each step, or n sequences of rows.
        loss: the name of a loss's function, "mse_loss", "half_squared_error_loss", "huber_loss",
            "binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy", "nll_loss", "kl_div" or
            "hinge_loss"; that of its module without Loss, such as "mse", "bce", "bce_with_logits" or "nll"; the
            function or the module itself; or a function of (output, target) that returns the loss of one example as
            a Value.
        optimizer: "adam", "adamw", "rmsprop", "adagrad", "sgd", an optimiser such as
            `nn.SGD(model.parameters(), lr=0.1)`, or a function that makes one from a list of parameters.
        lr: the learning rate, for an optimiser given by name or as a function; without it, its own default.
        epochs: how many times to go over the data.
        batch_size: how many examples a batch has; the last one may have fewer. None takes all as one batch.
        validation: data to measure on, not to train on: a pair (X, y), or the share of the examples to set
            aside, such as 0.2, drawn at random.
        shuffle: whether each epoch takes the examples in a new order.
        seed: an int for the same order each time; None draws from Python's `random` module.
        progress: whether to show a progress bar on stderr.
        callbacks: `nn.Callback` objects, and functions of (epoch, history), called after each epoch, which counts
            from 1; one that returns True ends the run.
        schedule: how the learning rate moves: a schedule of the optimiser that was given, or a function that makes
            one from an optimiser, such as `lambda optimizer: nn.StepLR(optimizer, 10)`. `nn.ReduceLROnPlateau`
            watches the validation loss where there are validation data, else the loss.
        schedule_by: "epoch" or "step", after each of which the schedule moves.
        clip_norm: the largest norm that the optimiser's gradients may have together, as `nn.clip_grad_norm_` has it.
        clip_value: the largest gradient that a parameter may have; it comes before `clip_norm`.
        resume: a file of `nn.Checkpoint`: go on with its run, of the same model, data and arguments, until `epochs`
            epochs are done in all. The result is bit for bit that of a run that was not interrupted.

    Returns:
        A History. On an interrupt from the keyboard it warns, and returns the History so far; the model has the
        parameters of the last complete step.

    Raises:
        NotAScalarError, ShapeError, DomainError: the data or an argument has no meaning; the message names the
            row and column, of a sequence the example and step too, or the argument.
        GraphError: the loss does not depend on the parameters, or the call is inside `no_grad()`.
        DivergedError: the loss or a gradient is not finite any more. The model then has the last parameters for
            which the loss was finite, and the error bears the History so far.
        StateError: the file to resume from is truncated or foreign, or of another run. Nothing is changed then.

    >>> from nn import MLP, predict
    >>> model = MLP(2, [4, 1], activation="tanh", seed=0)
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> history = fit(model, X, y, loss="bce_with_logits", lr=0.1, epochs=60, seed=0, progress=False)
    >>> [round(logit) > 0 for logit in predict(model, X)]
    [False, True, True, False]

    >>> from nn import RNN, Linear, Module
    >>> class Tagger(Module):
    ...     def __init__(self):
    ...         self.rnn, self.head = RNN(1, 4, seed=0), Linear(4, 2, seed=1)
    ...
    ...     def forward(self, sequence):
    ...         outputs, last = self.rnn(sequence)
    ...         return self.head(outputs)
    >>> X = [[[0.3], [-0.2], [0.8]], [[-0.5], [-0.1]]]
    >>> y = [[1, 0, 1], [0, 0]]
    >>> tagger = Tagger()
    >>> history = fit(tagger, X, y, loss="cross_entropy", lr=0.1, epochs=30, progress=False)
    >>> history.accuracy[-1]
    1.0
    """
    call = "fit()"
    check_model(model, call)
    if any(isinstance(mode, no_grad) for mode in modes()):
        raise GraphError("fit() was called inside no_grad(), where nothing is recorded to train by: call it outside")
    model.parameters()  # a model that keeps a computed Value as a parameter says so before it is called
    fit_loss, source = resolve_loss(loss), source_of(seed)
    rounds = size_of(epochs, "fit(epochs)")
    size = None if batch_size is None else size_of(batch_size, "fit(batch_size)")
    functions = resolve_callbacks(callbacks)
    saved = None if resume is None else read_checkpoint(resume)
    training, held_out, aside = _datasets(X, y, validation, source, saved["aside"] if saved else None)
    outputs: dict[int, Any] = {}
    training = _fitted(model, fit_loss, training, outputs, "y")
    if held_out is not None:
        held_out = _fitted(model, fit_loss, held_out, outputs, "the validation y")
    size = size or len(training[0])
    _check_last_batch(model, len(training[0]), size)
    plan = Plan(
        size,
        bool(shuffle),
        source,
        None if clip_value is None else positive(clip_value, "fit(clip_value)", " or None"),
        None if clip_norm is None else positive(clip_norm, "fit(clip_norm)", " or None"),
        one_of(schedule_by, ("epoch", "step"), "fit(schedule_by)"),
    )
    moved_by = _optimizer(optimizer, model, lr)
    run = Run(
        model,
        fit_loss,
        moved_by,
        training,
        held_out,
        epochs=rounds,
        plan=plan,
        schedule=_schedule(schedule, moved_by, plan),
        callbacks=functions,
        aside=aside,
    )
    done = saved["epoch"] if saved else 0
    bar = progress_bar(max(rounds - done, 0) * run.batches, progress)
    with closing(bar):
        run.go(bar, saved)
    if run.history.interrupted:
        warnings.warn(f"fit() was interrupted after {run.history.epochs} of {rounds} epochs", stacklevel=2)
    return run.history


# Arguments.


def _datasets(
    X: Any,  # noqa: N803
    y: Any,
    validation: Any,
    source: Source,
    aside: list[int] | None,
) -> tuple[Dataset, Dataset | None, list[int]]:
    """The data to train on, the data to measure on, and the numbers of the examples set aside for that."""
    examples, targets = dataset_of(X, y, "fit()")
    if validation is None:
        return (examples, targets), None, []
    if isinstance(validation, (tuple, list)) and len(validation) == 2:
        held_out = dataset_of(validation[0], validation[1], "fit()", ("the validation X", "the validation y"))
        first, ours = held_out[0][0], examples[0]
        if bool(steps_of(first)) != bool(steps_of(ours)):
            kinds = ["sequences" if steps_of(example) else "rows" for example in (first, ours)]
            raise ShapeError(f"fit(): the validation X has {kinds[0]}, and X has {kinds[1]}; both must be of one kind")
        if width_of(first) != width_of(ours):
            raise ShapeError(
                f"fit(): the rows of the validation X have {width_of(first)} numbers, and those of X {width_of(ours)}"
            )
        return (examples, targets), held_out, []
    count = count_of_share(validation, len(examples), "fit", "validation", "a pair (X, y) or ")
    if not aside or len(aside) != count or max(aside) >= len(examples):
        aside = drawn(count, len(examples), source)
    chosen = set(aside)
    rest = [i for i in range(len(examples)) if i not in chosen]
    kept, held_out = (([examples[i] for i in part], [targets[i] for i in part]) for part in (rest, aside))
    return kept, held_out, aside


def _fitted(model: Model, fit_loss: FitLoss, data: Dataset, outputs: dict[int, Any], name: str) -> Dataset:
    """The data with targets in the shape of the model's outputs, of which those by number of steps are known."""
    examples, targets = data
    return examples, fit_loss.fitted(targets, sample_outputs(model, examples, outputs, "fit()"), name, "fit()")


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


def _schedule(schedule: Any, optimizer: Optimizer, plan: Plan) -> Schedule | None:
    """The schedule that was given, or one made for the optimiser."""
    if schedule is None:
        return None
    if isinstance(schedule, type) and issubclass(schedule, Schedule):
        needed = [name for name, option in signature(schedule).parameters.items() if option.default is option.empty]
        if len(needed) > 1:
            raise DomainError(
                f"fit(schedule): {schedule.__name__} needs {', '.join(needed[1:])} too: pass a function, "
                f"lambda optimizer: nn.{schedule.__name__}(optimizer, ...)"
            )
    made = schedule if isinstance(schedule, Schedule) or not callable(schedule) else schedule(optimizer)
    if not isinstance(made, Schedule):
        raise DomainError(
            "fit(schedule) takes a schedule, such as nn.StepLR(optimizer, 10), or a function that makes one from an "
            f"optimiser, got {shortened(made)}"
        )
    if made.optimizer is not optimizer:
        raise DomainError(
            f"fit(schedule): {made!r} moves the rate of another optimiser than the one that trains; pass both, "
            "fit(optimizer=optimizer, schedule=nn.StepLR(optimizer, 10)), or a function that makes the schedule"
        )
    if isinstance(made, ReduceLROnPlateau) and plan.schedule_by == "step":
        raise DomainError("fit(schedule_by='step'): nn.ReduceLROnPlateau watches a loss that is there after an epoch")
    return made


def _check_last_batch(model: Model, count: int, size: int) -> None:
    """Raise if a batch has one example only, of which a module that takes whole batches knows no spread."""
    if not isinstance(model, Module) or not (count == 1 or size == 1 or count % size == 1):
        return
    for _, module in model.named_modules():
        if module.needs_batch:
            raise DomainError(
                f"fit(batch_size={size}) makes a batch of 1 of {count} examples, and {where(module)} needs at least 2 "
                "in training: choose another batch_size, or None for all as one batch"
            )
