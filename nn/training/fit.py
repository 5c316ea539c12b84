"""fit: training by mini-batches, from data to a History."""

from __future__ import annotations

import warnings
from contextlib import closing
from typing import Any

from autograd_core.rules.scalars import counted
from nn.inputs.options import one_of, positive, size_of
from nn.inputs.seeds import Seed, source_of
from nn.losses.fit_loss import resolve_loss
from nn.state.files import PathLike
from nn.training.callbacks import resolve_callbacks
from nn.training.checkpoints import read_checkpoint, restore
from nn.training.fit_arguments import (
    check_batches,
    check_trainable,
    datasets_of,
    resolve_optimizer,
    resolve_schedule,
    with_fitted_targets,
)
from nn.training.fit_plan import FitPlan
from nn.training.history import History
from nn.training.progress import progress_bar
from nn.training.run import Run
from nn.training.trainable_model import Model


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
    check_trainable(model)
    fit_loss, source = resolve_loss(loss), source_of(seed)
    rounds = size_of(epochs, "fit(epochs)")
    size = None if batch_size is None else size_of(batch_size, "fit(batch_size)")
    functions = resolve_callbacks(callbacks)
    saved = None if resume is None else read_checkpoint(resume)
    training, held_out, aside = datasets_of(X, y, validation, source, saved["aside"] if saved else None)
    training, held_out = with_fitted_targets(model, fit_loss, training, held_out)
    size = size or len(training[0])
    check_batches(model, len(training[0]), size)
    largest, largest_norm = (
        None if limit is None else positive(limit, f"fit({name})", " or None")
        for name, limit in (("clip_value", clip_value), ("clip_norm", clip_norm))
    )
    moved_by_step = one_of(schedule_by, ("epoch", "step"), "fit(schedule_by)") == "step"
    moved_by = resolve_optimizer(optimizer, model, lr)
    plan = FitPlan(
        model=model,
        loss=fit_loss,
        optimizer=moved_by,
        schedule=resolve_schedule(schedule, moved_by, moved_by_step),
        schedule_by=schedule_by,
        training=training,
        held_out=held_out,
        aside=aside,
        epochs=rounds,
        batch_size=size,
        shuffle=bool(shuffle),
        source=source,
        clip_value=largest,
        clip_norm=largest_norm,
        callbacks=functions,
    )
    run = Run(plan)
    bar = progress_bar(max(rounds - (saved["epoch"] if saved else 0), 0) * plan.batches, progress)
    with closing(bar):
        run.go(bar, None if saved is None else lambda: restore(run, saved))
    if run.history.interrupted:
        warnings.warn(f"fit() was interrupted after {run.history.epochs} of {counted(rounds, 'epoch')}", stacklevel=2)
    return run.history
