"""Callbacks: objects that `fit` calls while it runs, to watch a run or to end it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import shortened
from nn.training.history import History

if TYPE_CHECKING:
    from nn.training.run import Run


BOOLEANS: Final = ("bool", "bool_")
"""The types of True: Python's, and NumPy's, which a comparison of its numbers gives."""


class Callback:
    """The base of callbacks. A subclass defines those of the methods below that it wants.

    Each of them is called with the run, an `nn.training.run.Run`, whose attributes say how far it has come: `model`,
    `optimizer`, `schedule`, `history`, `epochs`, `epoch`, `batches`, `batch`, `steps`, `rows`, `targets`, `outputs`,
    `loss`, `error`; `run.stop()` ends it after the epoch. In each step the order is:

    1. `on_step_start(run)`: `run.rows` and `run.targets` are the batch; the model has not been called with it.
    2. `on_backward(run)`: `run.outputs` and `run.loss` are there, and the parameters' `.grad`, before clipping.
    3. `on_step(run)`: the optimiser has moved the parameters; their `.grad` is what it saw, after clipping.

    In each epoch: `on_epoch_start(run)`, the steps, then `on_epoch_end(run)`, when the history has the epoch's
    entries and the schedule has moved. In each run: `on_start(run)`, the epochs, then `on_end(run)`, which is called
    in any case, after an interrupt and after an error too; the error is `run.error`, else None.

    A plain function of (epoch, history) serves as a callback too: it is called after each epoch, and one that
    returns True ends the run.

    >>> from nn import MLP, fit
    >>> class Printer(Callback):
    ...     def on_epoch_end(self, run):
    ...         print(f"epoch {run.epoch} of {run.epochs}, {run.steps} steps")
    >>> history = fit(MLP(1, [1], seed=0), [0, 1], [0, 1], loss="mse", epochs=2, callbacks=[Printer()], progress=False)
    epoch 1 of 2, 1 steps
    epoch 2 of 2, 2 steps
    """

    last: ClassVar[bool] = False  # whether it is called after the others, such as a checkpoint, which saves their state

    def on_start(self, run: Run) -> None:
        """The run begins; all arguments have been checked, nothing has been trained."""

    def on_epoch_start(self, run: Run) -> None:
        """An epoch begins: number `run.epoch`, from 1."""

    def on_step_start(self, run: Run) -> None:
        """A step begins: `run.rows` and `run.targets` are its batch, number `run.batch` of `run.batches`."""

    def on_backward(self, run: Run) -> None:
        """The gradients of the batch are there, finite, before clipping."""

    def on_step(self, run: Run) -> None:
        """The parameters have moved; it was step `run.steps`, from 1."""

    def on_epoch_end(self, run: Run) -> None:
        """The epoch is complete, and the last entries of `run.history` are its own."""

    def on_end(self, run: Run) -> None:
        """The run is over: complete, stopped, interrupted, or ended by `run.error`."""

    def state_dict(self) -> dict[str, Any]:
        """Return what a resumed run must know: numbers, strings, None, and lists and dicts of those, by name."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` returned. It is called after `on_start`, when a run is resumed."""


class FunctionCallback(Callback):
    """A function of (epoch, history) as a callback."""

    def __init__(self, function: Callable[[int, History], object]) -> None:
        self.function = function

    def on_epoch_end(self, run: Run) -> None:
        """See `Callback`."""
        found = self.function(run.epoch, run.history)
        if type(found).__name__ in BOOLEANS and found:
            run.stop()


def resolve_callbacks(callbacks: Any) -> list[Callback]:
    """Return what `fit(callbacks)` was given as a list of callbacks, in the order in which they are called.

    Raises:
        DomainError: an element is neither a callback nor a function.
    """
    if callbacks is None:
        return []
    given = list(callbacks) if isinstance(callbacks, Iterable) else [callbacks]
    for callback in given:
        if isinstance(callback, type) or not (callable(callback) or isinstance(callback, Callback)):
            remedy = ": make one first, with brackets" if isinstance(callback, type) else ""
            raise DomainError(
                f"fit(callbacks) takes nn.Callback objects and functions of (epoch, history), got "
                f"{shortened(callback)}{remedy}"
            )
    made = [callback if isinstance(callback, Callback) else FunctionCallback(callback) for callback in given]
    return sorted(made, key=lambda callback: callback.last)
