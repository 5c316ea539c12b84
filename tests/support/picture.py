"""Reading a drawing back: its nodes, edges and texts, as Graphviz laid them out."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

SVG = "{http://www.w3.org/2000/svg}"


@dataclass
class Node:
    name: str
    texts: list[str]
    fill: str

    @property
    def is_constant(self) -> bool:
        return "_" in self.name and not self.name.endswith("_more")

    @property
    def is_stub(self) -> bool:
        return self.name.endswith("_more")

    @property
    def is_value(self) -> bool:
        return "data" in self.texts

    def shown(self, word: str) -> str | None:
        """The number beside a word such as data."""
        return self.texts[self.texts.index(word) + 1] if word in self.texts else None


@dataclass
class Edge:
    tail: Node
    head: Node
    slot: str
    texts: list[str]
    style: str
    colour: str
    width: float


@dataclass
class Picture:
    nodes: list[Node]
    edges: list[Edge]
    legend: list[str] = field(default_factory=list)

    @property
    def values(self) -> list[Node]:
        return [node for node in self.nodes if node.is_value]

    @property
    def boxes(self) -> list[Node]:
        return [node for node in self.nodes if not (node.is_value or node.is_constant or node.is_stub)]

    def named(self, name: str) -> Node:
        (found,) = [node for node in self.nodes if name in node.texts and not node.is_constant]
        return found

    def into(self, head: Node) -> list[Edge]:
        """The edges into a node, by slot."""
        return sorted((edge for edge in self.edges if edge.head is head), key=lambda edge: edge.slot)


def read(drawing) -> Picture:
    """The nodes and edges of a drawing, from Graphviz's own JSON."""
    found = json.loads(drawing.pipe(format="json0", quiet=True))
    nodes = [Node(item["name"], *_label(item["label"])) for item in found.get("objects", [])]
    edges = []
    for item in found.get("edges", []):
        texts = _label(item["label"])[0] if item.get("label") else []
        edges.append(
            Edge(
                nodes[item["tail"]],
                nodes[item["head"]],
                item["headport"].split(":")[0],
                texts,
                item.get("style", ""),
                item["color"],
                float(item.get("penwidth", 1.0)),
            )
        )
    return Picture(nodes, edges, _label(found["label"])[0] if found.get("label") else [])


def _label(label: str) -> tuple[list[str], str]:
    table = ET.fromstring(label)
    return [text for text in table.itertext() if text], table.get("BGCOLOR", "")


def svg_texts(drawing) -> list[str]:
    """What stands in the SVG picture, read by an XML parser; Graphviz writes some spaces as no-break spaces."""
    root = ET.fromstring(drawing.pipe(format="svg", quiet=True))
    return [(text.text or "").replace("\u00a0", " ") for text in root.iter(SVG + "text")]
