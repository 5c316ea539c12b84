"""Graphviz's SVG, rewritten for the player: what steps change has a class, and CSS gives the colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Final
from xml.etree import ElementTree

from autograd_core.drawing import palette

_NS: Final = "{http://www.w3.org/2000/svg}"
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_INDENT: Final = 8.0  # between a card's right side and its numbers, in points: what `cards` leaves there


def opened(picture: bytes) -> str:
    """Return the SVG of a player's graph.

    Nodes and edges are groups with `data-id`: the name of the node, or the edge's `id`. A node's group holds a
    rectangle, its `fill`, and its texts. The last four are two words, each with its number: `data`, and `grad`, which
    is left empty. An edge's group holds its `wire`, a broad invisible line to point at, its `tip` and its `chip`.
    """
    root = ElementTree.fromstring(picture)
    graph = root.find(f"{_NS}g")
    assert graph is not None
    width, height = _numbers(root.get("viewBox", ""))[2:]
    move = re.search(r"translate\(([^)]*)\)", graph.get("transform", ""))
    nodes, edges = [], []
    for group in graph.iterfind(f"{_NS}g"):
        kind, *state = group.get("class", "").split()
        parts = list(_parts(group))
        if kind == "node":
            name = group.findtext(f"{_NS}title", "")
            classes = ["node", *state, *_kind_of(name)]
            has_data = not {"box", "constant", "more"} & set(classes)
            has_grad = _texts(parts)[-2:-1] in (["grad"], ["‖grad‖"]) and "still" not in classes
            nodes.append(_group(name, classes, _node(parts, has_data, has_grad)))
        else:
            dashed = any(part.get("stroke-dasharray") for part in parts)
            edges.append(_group(group.get("id", ""), ["edge", *(["dashed"] if dashed else [])], _edge(parts)))
    camera = f'<g class="camera"><g transform="translate({move[1] if move else "0 0"})">'
    inner = f'<g class="edges">{"".join(edges)}</g><g class="nodes">{"".join(nodes)}</g>'
    size = f'data-width="{width:g}" data-height="{height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{camera}{inner}</g></g></svg>'


def _parts(group: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Yield the shapes and texts of a group, at any depth."""
    for part in group.iter():
        if part.tag in (f"{_NS}path", f"{_NS}polygon", f"{_NS}text", f"{_NS}polyline"):
            yield part


def _texts(parts: list[ElementTree.Element]) -> list[str]:
    return [part.text or "" for part in parts if part.tag == f"{_NS}text"]


def _kind_of(name: str) -> list[str]:
    return ["more"] if name.endswith("_more") else ["constant"] if "_" in name else []


def _group(name: str, classes: list[str], inner: str) -> str:
    return f'<g class="{" ".join(classes)}" data-id="{escape(name)}">{inner}</g>'


def _node(parts: list[ElementTree.Element], has_data: bool, has_grad: bool) -> str:
    texts = [part for part in parts if part.tag == f"{_NS}text"]
    rows = (["grad", "word grad-word"] if has_grad else []) + (["data", "word"] if has_data else [])
    roles = dict(zip(map(id, reversed(texts)), rows, strict=False))
    written = []
    right, top, bottom, alarm = 0.0, 0.0, 0.0, False
    for part in parts:
        fill = part.get("fill", "none")
        if part.tag == f"{_NS}text":
            role = roles.get(id(part), "")
            end = f"{right - _INDENT:g}" if role in ("data", "grad") else ""
            written.append(_text(part, f"{role} on-alarm" if alarm else role, end, empty=role == "grad"))
            alarm = False
        elif part.tag == f"{_NS}path" and fill != "none":
            x, y, width, height = _bounds(part.get("d", ""))
            right, top, bottom = x + width, y, y + height
            written.append(_rectangle("fill", x, y, width, height))
        elif fill == palette.ALARM:
            written.append(_rectangle("alarm", *_bounds(part.get("points", ""))))
            alarm = True
        elif part.tag != f"{_NS}path":
            across = _bounds(part.get("points", ""))[0]
            written.append(f'<path class="rule" d="M{across:g} {top + 0.5:g}V{bottom - 0.5:g}"/>')
    return "".join(written)


def _edge(parts: list[ElementTree.Element]) -> str:
    lines: list[str] = []
    tips: list[str] = []
    chip: list[str] = []
    middle = ""
    for part in parts:
        fill = part.get("fill", "none")
        if part.tag == f"{_NS}text":
            alarm = " on-alarm" if chip and "alarm" in chip[0] else ""
            chip.append(_text(part, f"chip-text{alarm}", middle))
        elif part.tag == f"{_NS}polygon":
            tips.append(f'<polygon class="tip" points="{escape(part.get("points", ""))}"/>')
        elif fill != "none":
            x, y, width, height = _bounds(part.get("d", ""))
            middle = f"{x + width / 2.0:g}"
            chip.append(_rectangle("chip alarm" if fill == palette.ALARM else "chip", x, y, width, height))
        elif not lines:
            d = escape(part.get("d", ""))
            lines = [f'<path class="wire" d="{d}"/>', f'<path class="hit" d="{d}"/>']
    return "".join([*lines, *tips, *chip])


def _rectangle(role: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{role}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'


def _text(part: ElementTree.Element, role: str, x: str = "", *, empty: bool = False) -> str:
    """Return a text. `x` overrides its place, for which Graphviz does not know the browser's font."""
    weight = ' font-weight="700"' if part.get("font-weight") else ""
    place = f'x="{x or part.get("x")}" y="{part.get("y")}" font-size="{float(part.get("font-size", "10")):g}"{weight}'
    return f'<text class="{role.strip()}" {place}>{"" if empty else escape(part.text or "")}</text>'


def _numbers(text: str) -> list[float]:
    return [float(x) for x in _NUMBER.findall(text)]


def _bounds(path: str) -> tuple[float, float, float, float]:
    """Return where a path or polygon lies: left, top, width and height."""
    numbers = _numbers(path)
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
