"""The boxes of a drawing as HTML-like tables: a card for a Value, one for a collapsed box, chips, the legend."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from autograd_core.drawing import palette
from autograd_core.drawing.markup import count, escaped, font, number, shown, width_of

_NAME_SIZE: Final = 11.0
_SIZE: Final = 10.0
_SMALL: Final = 9.0

_SYMBOL_SIZES: Final = {"*": 20.0, "**": 20.0}  # symbols that are small in their font

_MOST_SLOTS: Final = 12

Rows = list[tuple[str, float]]
"""What a card lists: a word and a number each."""


def card(name: str, symbol: str, rows: Rows, *, fill: str, side: str, slot_count: int = 1, thick: bool = False) -> str:
    """Return a Value's table: its operation, and beside, above or below it its name and its numbers.

    Args:
        name: its name; "" if it has none.
        symbol: its operation's; "" for a leaf.
        rows: its data, and its gradient if it has one.
        fill: the background.
        side: the side where edges come in, "w", "e", "n" or "s": the operation stands there.
        slot_count: how many slots its operands have; see `slots`.
        thick: whether the frame is thick, as that of the result is.
    """
    lines = [[f'<TD COLSPAN="2"{_wide(name, _NAME_SIZE)}>{_title(name, fill)}</TD>']] if name else []
    lines += [_row(word, x, fill) for word, x in rows]
    lines[0] = _with_margins(lines[0], len(lines))
    if symbol:
        cell = _operation(symbol, slot_count, fill, side)
        if side in ("w", "e"):
            cells = [f'<TD ROWSPAN="{len(lines)}" CELLPADDING="0">{cell}</TD>', "<VR/>"]
            lines[0] = [*cells, *lines[0]] if side == "w" else [*lines[0], *reversed(cells)]
        else:
            line = [f'<TD COLSPAN="4" CELLPADDING="0">{cell}</TD>']
            lines = [line, ["<HR/>"], *lines] if side == "n" else [*lines, ["<HR/>"], line]
    return _table(lines, fill=fill, frame=palette.frame(fill), border=2 if thick else 1)


def box(name: str, values: int, parameters: int, norm: float | None, *, fill: str) -> str:
    """Return the table of a box that holds many Values."""
    ink = palette.ink(fill)
    words = [count(values, "node")] + ([count(parameters, "parameter")] if parameters else [])
    lines = [[f'<TD COLSPAN="2"{_wide(name, _NAME_SIZE)}>{_title(name, fill)}</TD>']]
    lines += [[f'<TD COLSPAN="2">{font(word, size=_SMALL, colour=ink)}</TD>'] for word in words]
    if norm is not None:
        lines.append(_row("‖grad‖", norm, fill))
    lines[0] = _with_margins(lines[0], len(lines))
    return _table(lines, fill=fill, frame=palette.frame(fill), border=2)


def chip(x: float, colour: str) -> str:
    """Return the table of a local derivative on its edge."""
    fill = palette.PAPER if math.isfinite(x) else palette.ALARM
    return _table([[number(x, fill, size=_SMALL)]], fill=fill, frame=colour, border=1, padding=1)


def constant(x: float) -> str:
    """Return the table of a constant operand."""
    fill = palette.QUIET if math.isfinite(x) else palette.ALARM
    return _table([[number(x, fill)]], fill=fill, frame=fill, border=0)


def more() -> str:
    """Return the table that marks where the graph goes on outside the picture."""
    text = font("···", size=_SIZE, colour=palette.MUTED)
    return _table([[f"<TD>{text}</TD>"]], fill=palette.QUIET, frame=palette.QUIET, border=0, padding=1)


def scale(title: str, steps: Iterable[tuple[float, str]]) -> str:
    """Return a legend's row of colours, each with the number that it stands for."""
    cells = "".join(number(x, fill, size=_SMALL, attributes=f' BGCOLOR="{fill}" WIDTH="34"') for x, fill in steps)
    return f'<TR><TD ALIGN="LEFT">{font(title, size=_SMALL, colour=palette.MUTED)}</TD>{cells}</TR>'


def note(text: str, *, bold: bool = False) -> str:
    """Return a legend's line of text."""
    colour = palette.INK if bold else palette.MUTED
    return font(escaped(text), size=_SMALL, colour=colour, bold=bold)


def legend(scales: Sequence[str], notes: Iterable[str]) -> str:
    """Return the legend's table, its scales one below the other and then its notes."""
    lines = [[f'<TD ALIGN="LEFT">{text}</TD>'] for text in notes]
    if scales:
        inner = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="1" CELLPADDING="2">{"".join(scales)}</TABLE>'
        lines.insert(0, [f'<TD ALIGN="LEFT" CELLPADDING="0">{inner}</TD>'])
    lines[0] = _with_margins(lines[0], len(lines))
    return _table(lines, fill=palette.PAPER, frame=palette.QUIET, border=1)


def slots(operands: Sequence[Any]) -> tuple[list[int], int]:
    """Return the slot at which each operand's edge ends, and how many slots there are along the side.

    Each of up to a dozen operands has a slot of its own, in order: a - b and b - a look different, wherever a and
    b are placed. Beside one constant, the other operand takes the middle of three, which keeps chains straight.
    """
    if len(operands) > _MOST_SLOTS:
        return [0] * len(operands), 1
    variable = [i for i, x in enumerate(operands) if not isinstance(x, float)]
    if len(operands) == 2 and len(variable) == 1:
        return ([1, 2] if variable == [0] else [0, 1]), 3
    return list(range(len(operands))), len(operands)


def port(slot: int) -> str:
    """Return the name of a slot in DOT text."""
    return f"p{slot}"


def _operation(symbol: str, slot_count: int, fill: str, side: str) -> str:
    """Return the table of an operation, with thin cells for edges to end at along its outer side."""
    size = _SYMBOL_SIZES.get(symbol, 15.0 if len(symbol) == 1 else 11.0)
    text = font(escaped(symbol), size=size, colour=palette.ink(fill), bold=True)
    padding = 0 if len(symbol) == 1 else 3
    if side in ("w", "e"):
        thin = [f'<TD PORT="{port(i)}" WIDTH="1" HEIGHT="8"></TD>' for i in range(slot_count)]
        cell = f'<TD ROWSPAN="{slot_count}" CELLPADDING="{padding}"{_wide(symbol, size, 28)}>{text}</TD>'
        lines = [[thin[0], cell] if side == "w" else [cell, thin[0]], *([one] for one in thin[1:])]
    else:
        thin = [f'<TD PORT="{port(i)}" WIDTH="8" HEIGHT="1"></TD>' for i in range(slot_count)]
        cell = f'<TD COLSPAN="{slot_count}" CELLPADDING="{padding}"{_wide(symbol, size, 28)}>{text}</TD>'
        lines = [thin, [cell]] if side == "n" else [[cell], thin]
    body = "".join(f"<TR>{''.join(line)}</TR>" for line in lines)
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{body}</TABLE>'


def _title(name: str, fill: str) -> str:
    lines = [escaped(line) for line in shown(name)]
    return font("<BR/>".join(lines), size=_NAME_SIZE, colour=palette.ink(fill), bold=True)


def _row(word: str, x: float, fill: str) -> list[str]:
    label = font(word, size=_SMALL, colour=palette.ink(fill))
    return [f'<TD ALIGN="LEFT">{label}</TD>', number(x, fill, attributes=' ALIGN="RIGHT"')]


def _with_margins(line: list[str], rows: int) -> list[str]:
    """Return a first line with an empty column on either side of all lines: text keeps clear of the round corners."""
    margin = f'<TD ROWSPAN="{rows}" WIDTH="5" CELLPADDING="0"></TD>'
    return [margin, *line, margin]


def _wide(text: str, size: float, least: int = 0) -> str:
    least = max(least, *(width_of(line, size) for line in shown(text)))
    return f' WIDTH="{least}"' if least else ""


def _table(lines: list[list[str]], *, fill: str, frame: str, border: int, padding: int = 2) -> str:
    body = "".join("".join(line) if line == ["<HR/>"] else f"<TR>{''.join(line)}</TR>" for line in lines)
    return (
        f'<<TABLE BORDER="{border}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{padding}" STYLE="ROUNDED" '
        f'BGCOLOR="{fill}" COLOR="{frame}">{body}</TABLE>>'
    )
