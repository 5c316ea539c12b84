"""Numbers and text in Graphviz's HTML-like markup, so that any text is shown as it was written."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

from autograd_core.drawing import palette

LONGEST = 28
"""How many characters of a line of text are shown."""

MOST_LINES = 3
"""How many lines of a text are shown."""

_LONGEST_TOOLTIP = 500
_MOST_TOOLTIP_LINES = 20

_EDGE_SPACES = re.compile(r"^ +| +$| {2,}")


def figure(x: float) -> str:
    """Return a number as drawings show it: four significant digits.

    >>> figure(-6.0), figure(0.00012345), figure(float("nan"))
    ('-6', '0.0001234', 'nan')
    """
    text = format(x, ".4g")
    return "0" if text == "-0" else text


def count(n: int, thing: str) -> str:
    """Return a number with its noun, in the plural unless it is 1.

    >>> count(1, "node"), count(12345, "node")
    ('1 node', '12,345 nodes')
    """
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def shown(text: str, longest: int = LONGEST) -> list[str]:
    r"""Return the lines of a text as they are shown: long ones shortened, control characters made visible.

    >>> shown("first\nsecond\x1b")
    ['first', 'second␛']
    """
    lines = text.splitlines() or [""]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], "…"]
    return ["".join(map(_visible, shortened(line, longest))) or "\u00a0" for line in lines]


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return the text without its middle if it is too long: of a path, both ends matter."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 2
    return f"{text[: longest - 1 - tail]}…{text[len(text) - tail :]}"


def escaped(text: str) -> str:
    r"""Return text for an HTML-like label: XML's characters as entities, and Graphviz's backslash doubled.

    >>> print(escaped('a<b & "c" \\N'))
    a&lt;b &amp; &quot;c&quot; \\N
    """
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\\", "\\\\")):
        text = text.replace(character, entity)
    return _EDGE_SPACES.sub(lambda spaces: "\u00a0" * len(spaces[0]), text)


def tooltip(lines: Iterable[str]) -> str:
    """Return the text that shows when the pointer rests on something, for a quoted DOT attribute.

    Graphviz decodes entities there, and interprets backslashes twice.
    """
    few = (shortened(line, _LONGEST_TOOLTIP) for line in islice(lines, _MOST_TOOLTIP_LINES))
    written = ("".join(map(_visible, line)).replace("&", "&amp;").replace("\\", "\\" * 4) for line in few)
    return "\\n".join(written)


def font(text: str, *, size: float = 0.0, colour: str = "", bold: bool = False) -> str:
    """Return escaped text in a size, a colour and a weight."""
    attributes = (f' POINT-SIZE="{size:g}"' if size else "") + (f' COLOR="{colour}"' if colour else "")
    content = f"<B>{text}</B>" if bold else text
    return f"<FONT{attributes}>{content}</FONT>" if attributes else content


def number(x: float, background: str, *, size: float = 10.0, attributes: str = "") -> str:
    """Return a table cell that holds a number; one that is not finite stands out from its background."""
    if not math.isfinite(x) and background != palette.ALARM:
        attributes, background = f'{attributes} BGCOLOR="{palette.ALARM}"', palette.ALARM
    return f"<TD{attributes}>{font(figure(x), size=size, colour=palette.ink(background))}</TD>"


def width_of(text: str, size: float) -> int:
    """Return the least width in points for text that holds wide characters, as Chinese has them, else 0.

    Graphviz without font files guesses the width of a character from its bytes, which is too little for those.
    """
    wide = [unicodedata.east_asian_width(character) in "WF" for character in text]
    return math.ceil(size * sum(1.0 if is_wide else 0.58 for is_wide in wide)) if any(wide) else 0


def _visible(character: str) -> str:
    code = ord(character)
    if character == "\t":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)  # Unicode's pictures of control characters
    if code == 0x7F:
        return "\u2421"
    if 0x80 <= code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE:
        return "\ufffd"  # nothing that XML may hold, or nothing to see
    return character
