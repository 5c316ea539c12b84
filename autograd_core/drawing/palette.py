"""The colours of a drawing: blue for negative gradients, orange for positive, stronger for larger.

Blue and orange stay apart in every common form of colour blindness, and a number stands beside each colour.
Each fill has a text colour that reads well on it. Lines and arrows lie on the page itself, so they are of medium
brightness: they show on a white page and on a dark one.
"""

from __future__ import annotations

import math
from typing import Final

_BLUES: Final = ("#f7f7f5", "#d9e8f5", "#accfed", "#7ab2e2", "#4d94d3")
_ORANGES: Final = ("#f7f7f5", "#fde5c8", "#fbc88f", "#f5a452", "#e6821e")
_GREYS: Final = ("#f7f7f5", "#e4e6ea", "#cdd1d9", "#b5bac5", "#9aa1ae")

_BLUE_LINE: Final = "#3f87cf"
_ORANGE_LINE: Final = "#d9760f"
_ALARM_LINE: Final = "#d6409f"

PAPER: Final = "#ffffff"
LINE: Final = "#8b929e"
FRAME: Final = "#9aa1ad"
QUIET: Final = "#e9ebef"
MUTED: Final = "#5d6470"
INK: Final = "#1b1f27"
ALARM: Final = "#a3006d"  # neither blue nor orange: a number that is not finite


def strength(gradient: float, largest: float) -> float:
    """Return how strongly a gradient is coloured, from 0 to 1: the square root of its share of the largest.

    A square root keeps small gradients in sight: one percent of the largest still has a tenth of its colour.

    >>> strength(-1.0, 4.0)
    0.5
    """
    if not math.isfinite(gradient):
        return 1.0
    if largest <= 0.0:
        return 0.0
    return math.sqrt(min(abs(gradient) / largest, 1.0))


def fill(gradient: float, largest: float) -> str:
    """Return the fill of a box with this gradient."""
    if not math.isfinite(gradient):
        return ALARM
    return along(_BLUES if gradient < 0.0 else _ORANGES, strength(gradient, largest))


def norm_fill(norm: float, largest: float) -> str:
    """Return the fill of a box that holds many gradients, by their norm: the larger, the darker a grey."""
    return along(_GREYS, strength(norm, largest)) if math.isfinite(norm) else ALARM


def line(gradient: float, largest: float) -> str:
    """Return the colour of an edge that passes this gradient back."""
    if not math.isfinite(gradient):
        return _ALARM_LINE
    return along((LINE, _BLUE_LINE if gradient < 0.0 else _ORANGE_LINE), min(1.0, 2.0 * strength(gradient, largest)))


def frame(background: str) -> str:
    """Return the colour of the frame around a fill: darker than it, and never fainter than a frame on paper."""
    return mix(background, INK, 0.35) if background != PAPER else FRAME


def ink(background: str) -> str:
    """Return the text colour that reads best on a fill."""
    if contrast(INK, background) >= 7.0:
        return INK
    return max(("#000000", PAPER), key=lambda colour: contrast(colour, background))


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21. Source: WCAG 2, success criterion 1.4.3.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]


def mix(a: str, b: str, share: float) -> str:
    """Return a colour between `a`, at share 0, and `b`, at share 1."""
    mixed = [x + (y - x) * share for x, y in zip(_channels(a), _channels(b), strict=True)]
    return "#" + "".join(f"{round(255.0 * c):02x}" for c in mixed)


def along(stops: tuple[str, ...], position: float) -> str:
    """Return the colour at `position`, from 0 to 1, along evenly spaced stops."""
    scaled = position * (len(stops) - 1)
    index = min(int(scaled), len(stops) - 2)
    return mix(stops[index], stops[index + 1], scaled - index)
