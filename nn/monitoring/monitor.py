"""Monitor: what happens in each layer of a model while it is trained, step by step."""

from __future__ import annotations

import math
import weakref
from collections.abc import Sized
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from autograd_core.errors import DomainError, GraphError
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import as_float, shortened
from nn.inputs.options import size_of
from nn.module import Module
from nn.monitoring.activity import Activity
from nn.monitoring.diagnosis import Flag, diagnose
from nn.monitoring.layer_series import QUANTITIES, LayerSeries
from nn.monitoring.monitor_plots import draw_curves, draw_heat_map
from nn.monitoring.observing import Observer, forget, observe, watched_of
from nn.training.callbacks import Callback
from nn.training.gradient_norms import layers_of

if TYPE_CHECKING:
    from nn.training.run import Run

CALL: Final = "Monitor.record()"


class Monitor(LayerSeries, Callback):
    """Records by layer and step how large gradients, weights, updates and activations are, and says what is wrong.

    A layer is a module that holds parameters itself, such as a `Layer` or a `Linear`, or one without parts, such as
    a `Tanh`; the model is looked through once, when the monitor is made. The model itself is not changed.

    As a callback of `fit` it records after each step. In a loop of your own, call `record()` after `backward()` and
    the optimiser's `step()`, before the gradients are set to 0. What was computed in evaluation or inside
    `no_grad()` does not count as activation. `nn.Checkpoint` keeps what was recorded: in a run that is resumed, a
    monitor of the same layers goes on from there.

    Args:
        model: an nn.Module with parameters.
        every: record in each step whose number is a multiple of this.

    Attributes:
        layers: the paths of the layers, in the order in which they were first called.
        steps: the numbers of the steps recorded, from 1.
        losses: the loss at each of them; nan where `record` was not told.
        gradient_norm: by layer, a list with an entry a step: the Euclidean norm of the gradient of all parameters
            of the layer, as the optimiser saw it. Where a layer has none, here and below, the entry is nan.
        weight_norm: the Euclidean norm of the layer's parameters, after the step.
        update_ratio: the norm of what the step changed, divided by the norm of the parameters before. About 0.001
            is usual.
        activation_mean: the mean of the layer's outputs over units and examples.
        activation_spread: how far a unit's outputs differ from example to example: the standard deviation, as a
            root mean square over the units; nan for fewer than two examples.
        saturated: the share of outputs on a flat part of a sigmoid or tanh: at most 6% of the largest slope.
        dead: the share of units that passed no gradient in any example of the step, such as a relu that was 0.

    Raises:
        NotAScalarError: this is no nn.Module.
        DomainError: the model has no parameters, or `every` is not an int of at least 1.

    >>> from nn import MLP, fit
    >>> model = MLP(1, [4, 1], activation="tanh", seed=0)
    >>> monitor = Monitor(model)
    >>> history = fit(model, [0, 1], [0, 1], loss="mse", lr=0.01, epochs=3, callbacks=[monitor], progress=False)
    >>> monitor
    Monitor(2 layers, 3 steps)
    >>> monitor.layers
    ['layers.0', 'layers.1']
    >>> [len(norms) for norms in monitor.gradient_norm.values()]
    [3, 3]
    >>> print(monitor.report())
    3 steps, 2 layers: nothing to report.
    """

    def __init__(self, model: Module, *, every: int = 1) -> None:
        self._parameters = layers_of(model, "Monitor()")
        if not self._parameters:
            raise DomainError(f"Monitor() takes a model with parameters, and {shortened(model)} has none")
        self.model, self.every = model, size_of(every, "Monitor(every)")
        self._activities = {name: Activity() for name, _ in watched_of(model, self._parameters)}
        self._before = self._snapshot()
        self._calls = 0
        super().__init__(list(dict.fromkeys([*self._activities, *self._parameters])))
        self._watch()

    def record(self, loss: Any = None) -> None:
        """Record the state of each layer. Call it after `backward()` and the optimiser's `step()`.

        Args:
            loss: the loss of the step, a Value or a number; with it the report can tell whether it still is high.

        Raises:
            GraphError: no gradient is there.
            NotAScalarError: the loss is no number.
        """
        number = math.nan if loss is None else as_float(loss.data if is_operand(loss) else loss, CALL)
        if not any(parameter.has_grad for layer in self._parameters.values() for parameter in layer):
            raise GraphError(
                "Monitor.record(): no parameter has a gradient; call it after backward() and step(), before zero_grad()"
            )
        self._calls += 1
        if self._calls % self.every:
            if (self._calls + 1) % self.every == 0:
                self._before = self._snapshot()
            self._clear()
            return
        now = self._snapshot()
        for name in self.gradient_norm:
            self._note_parameters(name, now.get(name, []))
            self.note_activity(name, self._activities.get(name) or Activity())
        self.steps.append(self._calls)
        self.losses.append(number)
        self._before = now
        self._clear()

    def on_start(self, run: Run) -> None:
        """See `Callback`."""
        self._before = self._snapshot()
        self._clear()

    def on_step(self, run: Run) -> None:
        """See `Callback`."""
        self.record(run.loss)

    def state_dict(self) -> dict[str, Any]:
        """See `LayerSeries.state_dict`."""
        return {"calls": self._calls, **super().state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """See `LayerSeries.load_state_dict`. The model must be where it was when the last step was recorded."""
        super().load_state_dict(state)
        self._calls, self._before = state["calls"], self._snapshot()
        self._clear()

    def flags(self) -> list[Flag]:
        """Return what is wrong: each flag has a `kind`, the `layers` and a `message` with a remedy.

        The kinds are "exploding", "vanishing", "dead", "large steps" and "plateau". They are judged by the medians
        over the last 10 steps recorded.
        """
        return diagnose(self)

    def report(self) -> str:
        """Return in words what is wrong, the layer and a remedy; or that nothing is."""
        head = f"{_counted(self.steps, 'step')}, {_counted(self.layers, 'layer')}:"
        flags = self.flags()
        if not flags:
            return f"{head} nothing to report."
        return "\n".join([head, *(f"- {flag.message}" for flag in flags)])

    def plot(self, *quantities: str) -> Any:
        """Return a matplotlib Figure: a panel for each quantity, a curve for each layer.

        Args:
            quantities: names such as "gradient_norm"; without any all that were recorded.

        Raises:
            DomainError: nothing of such a name is recorded, or no step was.
            MissingDependencyError: matplotlib is not installed.
        """
        self._check_steps("plot")
        shown = {
            QUANTITIES[name]: {layer: numbers for layer, numbers in series.items() if not all(map(math.isnan, numbers))}
            for name, series in ((name, self.series(name)) for name in quantities or QUANTITIES)
        }
        drawn = {title: series for title, series in shown.items() if series or quantities}
        return draw_curves(self.steps, drawn, self.layers)

    def heat_map(self, quantity: str = "gradient_norm") -> Any:
        """Return a matplotlib Figure: a quantity by layer and step, as colours; the first layer is at the top.

        Args:
            quantity: a name such as "gradient_norm".

        Raises:
            As `plot`.
        """
        series = self.series(quantity)
        self._check_steps("heat_map")
        known = {layer: numbers for layer, numbers in series.items() if not all(map(math.isnan, numbers))}
        return draw_heat_map(self.steps, QUANTITIES[quantity], known or series)

    def close(self) -> None:
        """Stop observing the model; what was recorded stays."""
        self._end()

    def __enter__(self) -> Monitor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Monitor({_counted(self.layers, 'layer')}, {_counted(self.steps, 'step')})"

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_end": self._end.alive}

    def __setstate__(self, state: dict[str, Any]) -> None:
        watching = state.pop("_end")
        self.__dict__.update(state)
        self._watch()  # a copy looks at its own copy of the model
        if not watching:
            self.close()

    def _watch(self) -> None:
        """Observe the outputs of the layers until `close()`, or until this monitor is garbage."""
        observers: list[tuple[int, Observer]] = []
        for name, module in watched_of(self.model, self._parameters):
            if name in self._activities:
                observer = _observer(module, name, self._activities[name], self.turn)
                observe(module, observer)
                observers.append((id(module), observer))
        self._end = weakref.finalize(self, _forget_all, observers)

    def _snapshot(self) -> dict[str, list[float]]:
        return {name: [parameter.data for parameter in layer] for name, layer in self._parameters.items()}

    def _note_parameters(self, name: str, after: list[float]) -> None:
        """Note the sizes of a layer's gradient, parameters and step; nan for a layer without parameters."""
        gradient = weight = ratio = math.nan
        if name in self._parameters:
            before = self._before[name]
            gradient = math.hypot(*(parameter.grad for parameter in self._parameters[name]))
            change, size = math.dist(after, before), math.hypot(*before)
            ratio = change / size if size else (math.inf if change else 0.0)
            weight = math.hypot(*after)
        self.gradient_norm[name].append(gradient)
        self.weight_norm[name].append(weight)
        self.update_ratio[name].append(ratio)

    def _check_steps(self, method: str) -> None:
        if not self.steps:
            raise DomainError(
                f"Monitor.{method}(): no step was recorded; pass the monitor to fit(callbacks=[...]), or call record() "
                "after each step"
            )

    def _clear(self) -> None:
        for activity in self._activities.values():
            activity.clear()


def _counted(things: Sized, name: str) -> str:
    return f"{len(things)} {name}{'s' if len(things) != 1 else ''}"


def _observer(module: Module, name: str, activity: Activity, turn: list[str]) -> Observer:
    def see(output: Any) -> None:
        if module.training:
            if name not in turn:
                turn.append(name)
            activity(output)

    return see


def _forget_all(observers: list[tuple[int, Observer]]) -> None:
    for place, observer in observers:
        forget(place, observer)
