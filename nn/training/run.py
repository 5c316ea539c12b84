"""Run: one call of `fit`, step by step."""

from __future__ import annotations

import copy
import math
import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from autograd_core.engine.value import Value
from autograd_core.errors import AutogradError, GraphError, NotAScalarError
from autograd_core.rules.composites import mean
from autograd_core.rules.scalars import number, shortened
from nn.evaluation import evaluation
from nn.inputs.dataset import Example
from nn.module import Module
from nn.optim.reduce_lr_on_plateau import ReduceLROnPlateau
from nn.training.fit_plan import FitPlan
from nn.training.gradient_norms import gradient_norms
from nn.training.history import History
from nn.training.progress import Bar
from nn.training.trainable_model import forward_of, plain_output


class DivergedError(AutogradError, ArithmeticError):
    """Training met a loss or a gradient that is not finite; `history` has the epochs completed before."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.history)  # a search in several processes sends it to the first


Snapshot = list[list[Any]]
"""The numbers of all parameters, and the untrained state of all modules."""


class Run:
    """One call of `fit`, as its callbacks see it. `nn.fit` makes it.

    Attributes:
        model: what is trained.
        optimizer: what trains it; its `lr` may be assigned.
        schedule: what moves the learning rate, or None.
        history: what was noted of the epochs completed.
        epochs: how many epochs the run is to have.
        epoch: the number of the epoch that it is in, from 1; 0 before the first.
        batches: how many batches an epoch has.
        batch: the number of the batch in the epoch, from 1; 0 before the first.
        steps: how many steps of the optimiser were taken since the run began.
        rows, targets: the batch; a row may be a sequence of rows.
        outputs: what the model returned for each row of the batch: Values, or lists of them.
        loss: the mean loss of the batch, a float.
        stopped: whether `stop()` was called.
        error: what ended the run, or None.
    """

    def __init__(self, plan: FitPlan) -> None:
        self.plan, self.model, self.fit_loss = plan, plan.model, plan.loss
        self.optimizer, self.schedule, self.callbacks = plan.optimizer, plan.schedule, plan.callbacks
        self.training, self.held_out = plan.training, plan.held_out
        self.epochs, self.batches = plan.epochs, plan.batches
        self.history = History()
        self.parameters = self.model.parameters()
        named = self.model.named_modules() if isinstance(self.model, Module) else []
        self.modules = [module for _, module in named]
        self.buffers = [(module, name) for module in self.modules for name in module.buffers]
        self.forward = forward_of(self.model, "fit()")
        self.epoch = self.batch = self.steps = 0
        self.rows: list[Example] = []
        self.targets: list[Any] = []
        self.outputs: list[Any] = []
        self.loss = math.nan
        self.stopped = False
        self.error: BaseException | None = None
        self.python_random = random.getstate()
        self.now = self.before = self.snapshot()  # the model after the last step, and before it

    def stop(self) -> None:
        """End the run after the epoch that it is in."""
        self.stopped = True

    def go(self, bar: Bar, resume: Callable[[], None] | None = None) -> None:
        """Train until all epochs are done or `stop()` is called. An interrupt leaves the last complete step.

        Args:
            bar: what shows how far it has come.
            resume: what brings the run to where another one stood, once the callbacks have started.
        """
        with ExitStack() as stack:
            stack.callback(self._restore_modes, [module.training for module in self.modules])
            for callback in self.callbacks:
                stack.callback(callback.on_end, self)
                callback.on_start(self)
            try:
                if resume is not None:
                    resume()
                while self.epoch < self.epochs and not self.stopped:
                    self.train_epoch(bar)
            except KeyboardInterrupt:
                self.restore(self.now)
                self.history.interrupted = True
            except BaseException as error:
                self.error = error
                raise

    def train_epoch(self, bar: Bar) -> None:
        """Train on each batch once, then measure on the validation data, and note all that in the history."""
        start = time.perf_counter()
        self.epoch += 1
        for module in self.modules:
            module.training = True
        for callback in self.callbacks:
            callback.on_epoch_start(self)
        losses: list[float] = []
        hits: list[float | None] = []
        rows, targets = self.training
        for k, batch in enumerate(self.plan.drawn_batches(), start=1):
            self.batch, self.rows, self.targets = k, [rows[i] for i in batch], [targets[i] for i in batch]
            self.train_step()
            losses += [self.loss] * len(batch)
            hits += map(self.fit_loss.hits, self.outputs, self.targets)
            bar.update(f"epoch {self.epoch}", self.note(math.fsum(losses) / len(losses), _share(hits)))
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
        if self.schedule is not None and self.plan.schedule_by == "epoch":
            self._move_schedule()
        history.seconds.append(time.perf_counter() - start)
        for callback in self.callbacks:
            callback.on_epoch_end(self)

    def train_step(self) -> None:
        """Take one step on the batch."""
        for callback in self.callbacks:
            callback.on_step_start(self)
        self.outputs = []  # the graph of the last batch goes before the next one is made
        self.outputs = self.forward(self.rows)
        loss = self._mean_loss()
        self.loss = loss.data
        if not math.isfinite(loss.data):
            self.restore(self.before)
            self.diverged(f"the loss became {loss.data} in {self.place}")
        for parameter in self.parameters:
            parameter.grad = 0.0
        self.optimizer.zero_grad()
        loss.backward()
        self._check_gradients()
        for callback in self.callbacks:
            callback.on_backward(self)
        self.plan.clip(self.optimizer.parameters)
        self.optimizer.step()
        after = self.snapshot()
        if not all(map(math.isfinite, after[0])):
            self.restore(self.now)
            self.diverged(f"a parameter became infinite in {self.place}")
        self.before, self.now = self.now, after
        self.steps += 1
        if self.schedule is not None and self.plan.schedule_by == "step":
            self.schedule.step()
        for callback in self.callbacks:
            callback.on_step(self)

    def measure(self, rows: list[Example], targets: list[Any]) -> tuple[float, list[float]]:
        """Return the mean loss over a data set, and the accuracy in a list, empty if there is none."""
        with evaluation(self.model):
            outputs = self.forward(rows)
            losses = [self.fit_loss.function(output, y) for output, y in zip(outputs, targets, strict=True)]
        hits = [self.fit_loss.hits(output, y) for output, y in zip(outputs, targets, strict=True)]
        return mean([plain_output(loss, "fit()") for loss in losses]), _share(hits)

    def snapshot(self) -> Snapshot:
        """The model as it is."""
        return [
            [parameter.data for parameter in self.parameters],
            [copy.deepcopy(getattr(module, name)) for module, name in self.buffers],
        ]

    def restore(self, then: Snapshot) -> None:
        """Bring the model back to what it was at a snapshot."""
        for parameter, number_then in zip(self.parameters, then[0], strict=True):
            parameter.data = number_then
        for (module, name), state_then in zip(self.buffers, then[1], strict=True):
            setattr(module, name, copy.deepcopy(state_then))

    @property
    def place(self) -> str:
        """Where the run is, in words."""
        return f"epoch {self.epoch}, batch {self.batch} of {self.batches}"

    def note(self, loss: float, share: list[float]) -> str:
        """What the progress bar says: of this epoch so far, and of the validation data after the last one."""
        parts = [f"loss {loss:.4f}", *(f"accuracy {x:.1%}" for x in share)]
        parts += [f"validation {x:.1%}" for x in self.history.validation_accuracy[-1:]]
        return ", ".join(parts)

    def diverged(self, what: str) -> None:
        """Raise the error that says what is not finite."""
        raise DivergedError(
            f"fit(): {what}. The model has the last parameters for which the loss was finite. Try a smaller learning "
            f"rate (it was {self.optimizer.lr:g}), data of mean 0 and deviation 1, or for binary_cross_entropy the "
            "form with logits; autograd_core.detect_anomaly() around the call names the operation that it came from",
            self.history,
        )

    def _mean_loss(self) -> Value:
        losses = [self.fit_loss.function(*pair) for pair in zip(self.outputs, self.targets, strict=True)]
        for loss in losses:
            if not isinstance(loss, Value) and number(loss) is None:
                raise NotAScalarError(
                    f"fit(): the loss function {self.fit_loss.name} returned {shortened(loss)}; it must return the "
                    f"loss of one example as a Value{': does it lack a return statement?' if loss is None else ''}"
                )
        loss = losses[0] if len(losses) == 1 else mean(losses)
        if not isinstance(loss, Value) or loss.is_leaf:
            raise GraphError(
                f"fit(): the loss of a batch is {shortened(loss)}, which was not computed from the model's parameters; "
                "the loss function must return a Value that depends on the output"
            )
        return loss

    def _check_gradients(self) -> None:
        if not any(parameter.has_grad for parameter in self.optimizer.parameters):
            raise GraphError(
                "fit(): the loss depends on none of the optimiser's parameters; it must be computed from the output, "
                "and the optimiser be made from model.parameters() of the model that is trained"
            )
        for i, parameter in enumerate(self.parameters):
            if not math.isfinite(parameter.grad):
                name = parameter.origin or f"parameter {i}"
                self.diverged(f"the gradient of {name} became {parameter.grad} in {self.place}")

    def _move_schedule(self) -> None:
        if isinstance(self.schedule, ReduceLROnPlateau):
            self.schedule.step((self.history.validation_loss or self.history.loss)[-1])
        elif self.schedule is not None:
            self.schedule.step()

    def _restore_modes(self, modes: list[bool]) -> None:
        for module, mode in zip(self.modules, modes, strict=True):
            module.training = mode


def _share(hits: Sequence[float | None]) -> list[float]:
    """The mean of the hits in a list; an empty list if the loss does not classify."""
    known = [hit for hit in hits if hit is not None]
    return [math.fsum(known) / len(known)] if known else []
