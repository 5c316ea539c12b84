"""The colours of numbers: each number has a level, and each level has its colours in CSS, for light and dark pages.

The page holds a level for each number, and the style sheet the colours of each level. Light pages have the colours of
drawings. Dark pages have the same two hues, which start from the dark background.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any, Final

from autograd_core.drawing import palette
from autograd_core.drawing.markup import figure

LEVELS: Final = 16
"""How many steps of colour there are on either side of 0."""

ALARM: Final = "a"
"""The level of a number that is not finite."""

_DARK_BLUES: Final = ("#2a2f38", "#24405f", "#235d96", "#2f80cd", "#62adf3")
_DARK_ORANGES: Final = ("#2a2f38", "#523a1e", "#87561c", "#c1781d", "#f59d3a")
_DARK_GREYS: Final = ("#2a2f38", "#3b424d", "#535b69", "#717a8a", "#949dac")
_DARK_ALARM: Final = "#c2258a"
_LIGHT_INK: Final = "#f1f3f6"

_SHARES: Final = (-1.0, -0.25, 0.0, 0.25, 1.0)


class Scale:
    """Levels for the numbers of one graph.

    Args:
        gradients: the final gradients of the Values that are shown one by one.
        norms: for each box, the final norm of its parameters' gradients.
        flows: the norms of what flows between boxes.
    """

    def __init__(self, gradients: Iterable[float], norms: Iterable[float], flows: Iterable[float]) -> None:
        self.largest = _largest(gradients)
        self.largest_norm = _largest(norms)
        self.largest_flow = _largest(flows)
        self.not_finite = False

    def of_gradient(self, gradient: float) -> str:
        """Return the level of a signed number, `m16` to `p16`.

        >>> scale = Scale([4.0, -1.0], [], [])
        >>> scale.of_gradient(-1.0), scale.of_gradient(4.0), scale.of_gradient(math.nan)
        ('m8', 'p16', 'a')
        """
        return self._level("m" if gradient < 0.0 else "p", gradient, self.largest or self.largest_flow)

    def of_norm(self, norm: float) -> str:
        """Return the level of the norm that a box shows, `g0` to `g16`."""
        return self._level("g", norm, self.largest_norm)

    def of_flow(self, contributions: Iterable[float]) -> str:
        """Return the level of what flows between two boxes: it is that of a norm, which has no sign."""
        return self._level("g", math.hypot(*contributions), self.largest_flow)

    def legend(self) -> dict[str, Any]:
        """Return what the legend shows: rows of levels with the number that each stands for."""
        rows: list[dict[str, Any]] = []
        if self.largest > 0.0:
            steps = [[self.of_gradient(share * self.largest), figure(share * self.largest)] for share in _SHARES]
            rows.append({"title": "gradient", "steps": steps})
        if self.largest_norm > 0.0:
            steps = [
                [self.of_norm(share * self.largest_norm), figure(share * self.largest_norm)] for share in (0.0, 1.0)
            ]
            rows.append({"title": "‖gradient‖ of a box", "steps": steps})
        if self.not_finite:
            rows.append({"title": "not finite", "steps": [[ALARM, "nan, inf"]]})
        return {"rows": rows}

    def _level(self, sign: str, x: float, largest: float) -> str:
        if not math.isfinite(x):
            self.not_finite = True
            return ALARM
        level = round(LEVELS * palette.strength(x, largest))
        return f"{sign if level or sign == 'g' else 'p'}{level}"


def style() -> str:
    """Return the CSS rules of all levels: `--fill`, `--frame`, `--ink` for a box, `--line` for an edge.

    >>> style().splitlines()[0]
    '.l-a{--fill:light-dark(#a3006d,#c2258a);--frame:light-dark(#730b54,#d771b3);--ink:#ffffff;--line:#d6409f}'
    """
    return "\n".join(_rules())


def _rules() -> Iterator[str]:
    yield _rule(ALARM, palette.ALARM, _DARK_ALARM, palette.line(math.nan, 1.0))
    for level in range(LEVELS + 1):
        strength = level / LEVELS
        share = strength * strength  # the palette takes its square root
        yield _rule(f"g{level}", palette.norm_fill(share, 1.0), palette.along(_DARK_GREYS, strength), palette.LINE)
        for sign, x, dark in (("m", -share, _DARK_BLUES), ("p", share, _DARK_ORANGES)):
            if level or sign == "p":
                yield _rule(f"{sign}{level}", palette.fill(x, 1.0), palette.along(dark, strength), palette.line(x, 1.0))


def _rule(level: str, light: str, dark: str, line: str) -> str:
    frames = _either(palette.frame(light), palette.mix(dark, "#ffffff", 0.35))
    fills, inks = _either(light, dark), _either(palette.ink(light), _ink_on_dark(dark))
    return f".l-{level}{{--fill:{fills};--frame:{frames};--ink:{inks};--line:{line}}}"


def _either(light: str, dark: str) -> str:
    return light if light == dark else f"light-dark({light},{dark})"


def _ink_on_dark(background: str) -> str:
    return _LIGHT_INK if palette.contrast(_LIGHT_INK, background) >= 7.0 else palette.ink(background)


def _largest(numbers: Iterable[float]) -> float:
    return max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)
