"""Diagnosis: what a monitor's numbers show to be wrong, as a kind of trouble with its layer, cause and remedy."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Final

from nn.monitoring.layer_series import LayerSeries

WINDOW: Final = 10
"""How many of the last steps recorded are judged."""

VANISHING: Final = 1e-3
"""A gradient is said to vanish where its norm is below this share of a later layer's."""

EXPLODING: Final = 1e3
"""It is said to explode where its norm is above this multiple of a later layer's,"""

TOO_LARGE: Final = 100.0
"""or above this multiple of the norm of the layer's own weights."""

LARGE_STEP: Final = 0.5
"""A step is large if it changes a layer by more than this share of its norm,"""

SMALL_STEP: Final = 1e-4
"""and small if it changes every layer by less than this."""

LEARNED: Final = 0.1
"""Small steps are as they should be once the loss has come down to this share of what it was at first."""

MOSTLY: Final = 0.5
"""A layer counts as saturated from this share of its outputs on."""

FLAT: Final = 0.02
"""Up to this spread, where outputs range over 1 or 2, a layer gives much the same for every example."""


@dataclass(frozen=True)
class Flag:
    """One thing that is wrong.

    Attributes:
        kind: "exploding", "vanishing", "dead", "large steps" or "plateau".
        layers: the paths of the layers concerned, the worst first.
        message: what is wrong, why, and what helps.
    """

    kind: str
    layers: list[str]
    message: str


def diagnose(monitor: LayerSeries) -> list[Flag]:
    """Return the flags of a monitor, the gravest first; none where nothing was recorded."""
    if not monitor.steps:
        return []
    exploding, plateau = _exploding(monitor), _plateau(monitor)
    vanishing = _vanishing(monitor, "now")
    if exploding is not None:
        vanishing = plateau = None  # small gradients and small steps are what an explosion leaves behind
    elif vanishing is None and plateau is not None:
        vanishing = _vanishing(monitor, "at first")  # what brought it there: on the plateau all gradients are small
    found = [exploding, vanishing, _dead(monitor), _large_steps(monitor), plateau]
    return [flag for flag in found if flag is not None]


def _exploding(monitor: LayerSeries) -> Flag | None:
    gradients, weights = _judged(monitor, "gradient_norm", _largest), _judged(monitor, "weight_norm", min)
    names = list(gradients)
    wild: dict[str, tuple[float, str]] = {}
    for i, name in enumerate(names):
        norm = gradients[name]
        later = [gradients[other] for other in names[i + 1 :]]
        if not math.isfinite(norm):
            wild[name] = math.inf, f"the gradient of {name} is no longer finite, so the model must start anew"
        elif later and norm > EXPLODING * min(later) and norm > 1.0:
            other = min(names[i + 1 :], key=lambda name: gradients[name])
            wild[name] = (
                norm,
                (
                    f"the gradient of {name} ({norm:.2g}) is {_times(norm, gradients[other])} that of {other} "
                    f"({gradients[other]:.2g}): it grows on its way back"
                ),
            )
        elif norm > TOO_LARGE * max(weights[name], 1.0):  # weights may start at 0
            wild[name] = (
                norm,
                (
                    f"the gradient of {name} ({norm:.2g}) is {_times(norm, weights[name])} its weights "
                    f"({weights[name]:.2g})"
                ),
            )
    if not wild:
        return None
    worst = sorted(wild, key=lambda name: -wild[name][0])
    return Flag(
        "exploding",
        worst,
        f"Exploding gradient in {_listed(worst)}: {wild[worst[0]][1]}. Clip it before each step with "
        "nn.clip_grad_norm_(model.parameters(), 1.0), take a smaller learning rate, and start from smaller weights: "
        'init="xavier" for tanh and sigmoid, init="he" for relu. Inputs and targets should have a deviation of '
        "about 1.",
    )


def _vanishing(monitor: LayerSeries, when: str) -> Flag | None:
    gradients = _judged(monitor, "gradient_norm", when=when)
    names = list(gradients)
    small: dict[str, str] = {}
    for i, name in enumerate(names[:-1]):
        largest = max(names[i + 1 :], key=lambda name: gradients[name])
        if 0.0 < gradients[name] < VANISHING * gradients[largest]:
            small[name] = largest
    if not small:
        return None
    worst = sorted(small, key=lambda name: gradients[name])
    name, largest = worst[0], small[worst[0]]
    verb = "is" if when == "now" else "was"
    return Flag(
        "vanishing",
        worst,
        f"Vanishing gradient in {_listed(worst)}: that of {name} ({gradients[name]:.2g}) {verb} "
        f"{_times(gradients[largest], gradients[name])} smaller than that of {largest} ({gradients[largest]:.2g})"
        f"{'' if when == 'now' else ' in the first steps'}, so that it hardly learns. "
        f"{_why_it_vanishes(monitor, name, when)}",
    )


def _why_it_vanishes(monitor: LayerSeries, name: str, when: str) -> str:
    """The cause, judged by the layers behind `name`, and the remedy."""
    behind = monitor.layers[monitor.layers.index(name) :]
    activations = [monitor.activation_of(layer) for layer in behind]
    saturated = _judged(monitor, "saturated", when=when)
    flat = max(behind, key=lambda layer: saturated.get(layer, -1.0))
    blocks = "put nn.Residual around blocks of layers, or nn.BatchNorm between them"
    if saturated.get(flat, 0.0) >= MOSTLY:
        return (
            f"{saturated[flat]:.0%} of the outputs of {flat} are saturated, where the slope is close to 0: start from "
            f'smaller weights (init="xavier") and standardise the inputs, or {blocks}.'
        )
    if "sigmoid" in activations:
        return (
            "A sigmoid passes at most a quarter of a gradient, and so does each one behind it: use relu with "
            f'init="he", or {blocks}.'
        )
    return f'Start from larger weights: init="xavier" for tanh, init="he" for relu; or {blocks}.'


def _dead(monitor: LayerSeries) -> Flag | None:
    window = min(WINDOW, len(monitor.steps))
    units = {name: monitor.dead_units(name, window) for name in monitor.layers}
    worst = sorted((name for name in units if units[name]), key=lambda name: -monitor.dead[name][-1])
    if not worst:
        return None
    counts = [f"{len(units[name])} of {monitor.unit_count(name)} in {name}" for name in worst]
    first = worst[0]
    which = _listed([str(unit) for unit in units[first]])
    activations = " and ".join(dict.fromkeys(str(monitor.activation_of(name)) for name in worst))
    return Flag(
        "dead",
        worst,
        f"Dead units: {_listed(counts)} passed no gradient in any example of the last {window} "
        f"step{'s' if window > 1 else ''} (in {first} unit{'s' if len(units[first]) > 1 else ''} {which}). Their "
        f"{activations} stays on its flat side, so that the weights into them do not learn. Use "
        'activation="leaky_relu", a smaller learning rate, or init="he" and a new start.',
    )


def _large_steps(monitor: LayerSeries) -> Flag | None:
    ratios = _judged(monitor, "update_ratio")
    large = sorted((name for name in ratios if ratios[name] > LARGE_STEP), key=lambda name: -ratios[name])
    if not large or len(monitor.steps) < 2:
        return None
    return Flag(
        "large steps",
        large,
        f"Large steps in {_listed(large)}: one step changes {large[0]} by {ratios[large[0]]:.2g} times the norm of its "
        "weights, where 0.001 is usual. Take a smaller learning rate, or clip the gradient with "
        "nn.clip_grad_norm_(model.parameters(), 1.0).",
    )


def _plateau(monitor: LayerSeries) -> Flag | None:
    ratios = _judged(monitor, "update_ratio")
    if not ratios or max(ratios.values()) >= SMALL_STEP or len(monitor.steps) < WINDOW:
        return None  # the first steps may be small on purpose
    first, last = monitor.losses[0], monitor.losses[-1]
    if last <= LEARNED * first:
        return None
    slow = sorted(ratios, key=lambda name: ratios[name])
    known = not (math.isnan(first) or math.isnan(last))
    loss = f"and the loss is {last:.3g}, {first:.3g} at first" if known else "so if the loss is high it will stay so"
    spreads = _judged(monitor, "activation_spread")
    alike = [name for name in spreads if spreads[name] <= FLAT and monitor.activation_of(name) is not None]
    cause = (
        f"The outputs of {alike[0]} differ from example to example by {spreads[alike[0]]:.2g} only, so that all "
        'examples look alike to what follows: start from larger weights (init="xavier", or larger still), and take '
        if alike
        else "Take "
    )
    return Flag(
        "plateau",
        slow,
        f"Plateau: no layer moves by more than {max(ratios.values()):.2g} of its weights a step, where 0.001 is usual, "
        f"{loss}. {cause}a larger learning rate.",
    )


def _judged(
    monitor: LayerSeries, quantity: str, by: Callable[[list[float]], float] = median, when: str = "now"
) -> dict[str, float]:
    """Each layer's median, or another number, over the last steps or the first ones; only for layers that have any."""
    found: dict[str, float] = {}
    for name, numbers in monitor.series(quantity).items():
        judged = numbers[-WINDOW:] if when == "now" else numbers[:WINDOW]
        if all(map(math.isnan, numbers)):
            continue
        known = judged if by is _largest else [x for x in judged if not math.isnan(x)]
        if known:
            found[name] = by(known)
    return found


def _largest(numbers: list[float]) -> float:
    """The largest number; a nan counts as infinite."""
    return max(math.inf if math.isnan(x) else x for x in numbers)


def _times(large: float, small: float) -> str:
    ratio = large / small if small else math.inf
    return f"{ratio:.2g} times" if ratio < 1e6 else f"{ratio:.1e} times"


def _listed(names: list[str], most: int = 4) -> str:
    """Names with commas, a few of many."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
