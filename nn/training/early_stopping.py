"""EarlyStopping: ends a run when a quantity of the history stops getting better."""

from __future__ import annotations

import math
from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import shortened
from nn.inputs.options import not_negative, size_of
from nn.state.state_dict import check_names
from nn.training.callbacks import Callback
from nn.training.run import Run, Snapshot

_COLUMNS = ("loss", "validation_loss", "accuracy", "validation_accuracy")


class EarlyStopping(Callback):
    """Ends a run after `patience` epochs in a row without a new best one.

    Args:
        patience: how many epochs in a row may be no better before the run ends.
        min_delta: by how much an epoch must be better to count.
        restore_best: whether the model gets the parameters and running statistics of the best epoch back at the end
            of the run, whether it was stopped, completed or interrupted.
        monitor: the column of the history that is watched: "loss", "validation_loss", "accuracy" or
            "validation_accuracy". Without it, the validation loss where there are validation data, else the loss.

    Attributes:
        best: the best number so far.
        best_epoch: its epoch, from 1; 0 before the first.
        stopped_epoch: the epoch after which it ended the run; 0 if it did not.

    Raises:
        DomainError: an argument has no meaning; or the run has no such column, before its first step.

    >>> from nn import Linear, fit
    >>> stopping = EarlyStopping(patience=3, min_delta=1e-3)
    >>> history = fit(
    ...     Linear(1, 1, seed=0), [0, 1], [0, 1], loss="mse", lr=0.1, epochs=500, seed=0, callbacks=[stopping],
    ...     progress=False,
    ... )
    >>> history.epochs == stopping.stopped_epoch == stopping.best_epoch + 3 < 500
    True
    """

    def __init__(
        self, patience: int = 5, min_delta: float = 0.0, restore_best: bool = True, *, monitor: str | None = None
    ) -> None:
        self.patience = size_of(patience, "EarlyStopping(patience)")
        delta = not_negative(min_delta, "EarlyStopping(min_delta)")
        if monitor is not None and monitor not in _COLUMNS:
            raise DomainError(f"EarlyStopping(monitor) takes {', '.join(_COLUMNS)} or None, got {shortened(monitor)}")
        self.min_delta, self.restore_best, self.monitor = delta, bool(restore_best), monitor
        self.best, self.best_epoch, self.stopped_epoch = math.nan, 0, 0
        self._bad_epochs = 0
        self._kept: Snapshot | None = None

    def on_start(self, run: Run) -> None:
        """See `Callback`."""
        self.best, self.best_epoch, self.stopped_epoch, self._bad_epochs, self._kept = math.nan, 0, 0, 0, None
        column = self._column(run)
        if column.startswith("validation") and run.held_out is None:
            raise DomainError(f"EarlyStopping(monitor={column!r}) needs validation data: pass fit(validation=...)")
        if column.endswith("accuracy") and not run.fit_loss.tells_classes:
            raise DomainError(
                f"EarlyStopping(monitor={column!r}) needs a loss that tells classes apart, and {run.fit_loss.name} "
                "does not"
            )

    def on_epoch_end(self, run: Run) -> None:
        """See `Callback`."""
        column = self._column(run)
        latest: float = getattr(run.history, column)[-1]
        sign = 1.0 if column.endswith("accuracy") else -1.0
        better = sign * latest > sign * self.best + self.min_delta
        if not self.best_epoch or better or (math.isnan(self.best) and not math.isnan(latest)):
            self.best, self.best_epoch, self._bad_epochs = latest, run.epoch, 0
            self._kept = run.snapshot() if self.restore_best else None
            return
        self._bad_epochs += 1
        if self._bad_epochs >= self.patience:
            self.stopped_epoch = run.epoch
            run.stop()

    def on_end(self, run: Run) -> None:
        """See `Callback`."""
        if self._kept is not None and run.error is None:
            run.restore(self._kept)

    def state_dict(self) -> dict[str, Any]:
        """See `Callback`."""
        return {
            "best": self.best,
            "best_epoch": self.best_epoch,
            "stopped_epoch": self.stopped_epoch,
            "bad_epochs": self._bad_epochs,
            "kept": self._kept,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """See `Callback`."""
        check_names(state, tuple(self.state_dict()), "EarlyStopping.load_state_dict(state)")
        self.best, self.best_epoch, self.stopped_epoch = state["best"], state["best_epoch"], state["stopped_epoch"]
        self._bad_epochs, self._kept = state["bad_epochs"], state["kept"]

    def _column(self, run: Run) -> str:
        return self.monitor or ("loss" if run.held_out is None else "validation_loss")
