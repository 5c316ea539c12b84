"""The player's drawing."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from autograd_core import Value
from tests.support.stories import random_graph, told

SVG = "{http://www.w3.org/2000/svg}"


def test_cards_leave_room_for_gradients():
    _, y = random_graph(5)
    data = told(y)
    root = ElementTree.fromstring(data["svg"])
    groups = {group.get("data-id"): group for group in root.iter(f"{SVG}g") if group.get("data-id")}
    for i, node in enumerate(data["nodes"][:-1]):
        grad = groups[f"n{i}"].find(f"{SVG}text[@class='grad']")
        assert (grad is None) == (node["kind"] == "still")
        if grad is not None:
            card = groups[f"n{i}"].find(f"{SVG}rect[@class='fill']")
            assert float(grad.get("x")) == pytest.approx(float(card.get("x")) + float(card.get("width")) - 8.0, abs=0.1)
            assert not grad.text
    assert sum("edge" in group.get("class").split() for group in groups.values()) == len(data["edges"])


def test_the_picture_brings_no_colours_scripts_or_links():
    x = Value(1.0, '<a href="javascript:1">')
    svg = told(x * 2.0)["svg"]
    root = ElementTree.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "g", "rect", "path", "polygon", "text"}
    names = {name for element in root.iter() for name in element.keys()}  # noqa: SIM118 (these are attributes)
    assert not {name for name in names if name.startswith("on") or "href" in name or name in ("style", "fill")}
    assert any('href="javascript' in (text.text or "") for text in root.iter(f"{SVG}text"))
