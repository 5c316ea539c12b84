"""LayerSeries: what a monitor recorded of each layer, step by step."""

from __future__ import annotations

import math
from typing import Any, Final

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import shortened
from nn.monitoring.activity import Activity
from nn.state.state_dict import check_names

QUANTITIES: Final = {
    "gradient_norm": "gradient norm",
    "weight_norm": "weight norm",
    "update_ratio": "update-to-weight ratio",
    "activation_mean": "mean of activations",
    "activation_spread": "spread of activations",
    "saturated": "share of saturated outputs",
    "dead": "share of dead units",
}
"""What is recorded, and how a plot calls it."""


class LayerSeries:
    """Series by layer and step. `Monitor`, which fills them, says what they mean.

    Args:
        names: the paths of the layers.
    """

    def __init__(self, names: list[str]) -> None:
        self.turn: list[str] = []  # the layers that were called, in that order
        self.steps: list[int] = []
        self.losses: list[float] = []
        self.gradient_norm, self.weight_norm, self.update_ratio = (_series(names) for _ in range(3))
        self.activation_mean, self.activation_spread = _series(names), _series(names)
        self.saturated, self.dead = _series(names), _series(names)
        self._activations: dict[str, str | None] = {}
        self._dead_for: dict[str, list[int]] = {}  # for how many steps in a row each unit has been dead

    def note_activity(self, name: str, activity: Activity) -> None:
        """Note what the outputs of a layer did in the step."""
        self.activation_mean[name].append(activity.mean)
        self.activation_spread[name].append(activity.spread)
        self.saturated[name].append(activity.saturated)
        self._activations[name] = activity.activation
        dead = activity.dead
        self.dead[name].append(sum(dead) / len(dead) if dead else math.nan)
        before = self._dead_for.get(name, [])
        self._dead_for[name] = [
            (before[i] if i < len(before) else 0) + 1 if is_dead else 0 for i, is_dead in enumerate(dead or [])
        ]

    @property
    def layers(self) -> list[str]:
        """The paths of the layers, in the order in which they were first called."""
        return [*self.turn, *(name for name in self.gradient_norm if name not in self.turn)]

    def series(self, quantity: str) -> dict[str, list[float]]:
        """Return one of the attributes by its name, with the layers in order.

        Raises:
            DomainError: nothing of this name is recorded.
        """
        if quantity not in QUANTITIES:
            raise DomainError(f"Monitor records {', '.join(QUANTITIES)}; got {shortened(quantity)}")
        by_layer: dict[str, list[float]] = getattr(self, quantity)
        return {name: by_layer[name] for name in self.layers}

    def as_dict(self) -> dict[str, list[float]]:
        """Return all series by name, such as for `pandas.DataFrame`: `gradient_norm layers.0`; and steps and losses."""
        columns: dict[str, list[float]] = {"step": [float(step) for step in self.steps]}
        if not all(map(math.isnan, self.losses)):
            columns["loss"] = list(self.losses)
        for quantity in QUANTITIES:
            for name, numbers in self.series(quantity).items():
                if not all(map(math.isnan, numbers)):
                    columns[f"{quantity} {name}"] = list(numbers)
        return columns

    def activation_of(self, layer: str) -> str | None:
        """Return the name of the activation that a layer's outputs came from; None where none was seen."""
        return self._activations.get(layer)

    def unit_count(self, layer: str) -> int:
        """Return how many units the layer's outputs had in the last step recorded."""
        return len(self._dead_for.get(layer, []))

    def dead_units(self, layer: str, steps: int) -> list[int]:
        """Return the numbers of the units that were dead in each of the last `steps` steps recorded."""
        return [i for i, count in enumerate(self._dead_for.get(layer, [])) if count >= steps]

    def state_dict(self) -> dict[str, Any]:
        """Return all that was recorded, numbers and strings by name; `nn.Checkpoint` keeps it with the run."""
        return {
            "turn": list(self.turn),
            "steps": list(self.steps),
            "losses": list(self.losses),
            **{name: {layer: list(numbers) for layer, numbers in self.series(name).items()} for name in QUANTITIES},
            "activations": dict(self._activations),
            "dead_for": {layer: list(counts) for layer, counts in self._dead_for.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Replace what was recorded by what `state_dict` returned.

        Raises:
            StateError: the state belongs to a monitor of other layers. Nothing is changed.
        """
        call = "Monitor.load_state_dict(state)"
        check_names(state, tuple(self.state_dict()), call)
        for name in QUANTITIES:
            check_names(state[name], tuple(self.gradient_norm), f"{call}: {name} of layers")
        self.turn[:] = state["turn"]  # what watches the model adds to this very list
        self.steps, self.losses = list(state["steps"]), list(state["losses"])
        for name in QUANTITIES:
            setattr(self, name, {layer: list(state[name][layer]) for layer in self.gradient_norm})
        self._activations = dict(state["activations"])
        self._dead_for = {layer: list(counts) for layer, counts in state["dead_for"].items()}


def _series(names: list[str]) -> dict[str, list[float]]:
    return {name: [] for name in names}
