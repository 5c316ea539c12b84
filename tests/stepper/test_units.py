"""Boxes in the player, and nodes that are not shown: every product is told once."""

from __future__ import annotations

import math
import re

import pytest

import autograd_core as ac
import nn
from autograd_core import Value, steps
from autograd_core.stepper.units import Units
from tests.support.stories import batch_loss, bits, frames, told


def counted(data: dict) -> int:
    """How many products the frames tell, by their own words."""
    counts = [re.match(r"([\d,]+) product", frame["term"]) for frame in frames(data, "backward")]
    return sum(int(found[1].replace(",", "")) if found else 1 for found in counts)


@pytest.mark.parametrize(("sizes", "most"), [([3, 1], 20), ([3, 1], 60), ([8, 8, 1], 100), ([8, 8, 1], 5), ([3, 1], 1)])
def test_every_product_is_told_once(sizes, most):
    _, y = batch_loss(sizes)
    data = told(y, most)
    record = [step for step in steps(y) if step.kind == "backward"]
    assert "more than" in data["notice"]
    number = sum(step.kind == "forward" for step in steps(y))
    assert data["notice"].startswith(f"{number:,} nodes {'and ' if number <= most else 'are more than '}")
    assert counted(data) == len(record)
    assert len(data["frames"]) < len(record)


def test_a_box_ends_with_the_norm_of_its_gradients():
    model, y = batch_loss([3, 1])
    data = told(y, collapse=True)
    shown = {}
    for frame in frames(data, "backward"):
        if data["nodes"][frame["to"]]["kind"] == "box" and "exact" in frame:
            shown[data["nodes"][frame["to"]]["name"]] = float(frame["exact"])
    y.backward()
    for path in ("layers.0.neurons.0", "layers.0.neurons.2", "layers.1.neurons.0"):
        norm = math.hypot(*(p.grad for name, p in model.named_parameters() if name.startswith(path)))
        assert shown[path] == pytest.approx(norm, rel=1e-14)
    assert len(shown) == 4


def test_values_beside_boxes_end_with_their_gradient():
    _, y = batch_loss([8, 8, 1])
    x = Value(0.3)
    z = y * x + x
    data = told(z, 60)
    last = {frame["to"]: frame["exact"] for frame in frames(data, "backward") if "exact" in frame}
    z.backward()
    (place,) = [i for i, node in enumerate(data["nodes"]) if node["name"] == "x"]
    assert bits(float(last[place])) == bits(x.grad)


def test_what_flows_from_a_box_to_a_value_is_summed():
    model = nn.MLP(2, [3, 1], activation="tanh", seed=2)
    x = Value(0.7)
    y = model([x, 0.5]) * x
    data = told(y, collapse=True)
    (place,) = [i for i, node in enumerate(data["nodes"]) if node["name"] == "x"]
    arriving = [frame for frame in frames(data, "backward") if frame["to"] == place]
    assert [frame["line"].split(" = ")[0] for frame in arriving[1:]] == [
        f"∂y/∂x += 1 product from layers.0.neurons.{k}" for k in (2, 1, 0)
    ]
    assert [frame["before"] for frame in arriving] == ["0.0", *(frame["after"] for frame in arriving[:-1])]
    y.backward()
    assert bits(float(arriving[-1]["exact"])) == bits(x.grad)


def test_boxes_that_run_in_a_circle():
    """A cell that is used again and again is one box; its states begin at 0, which is no reason to lose them."""
    cell = nn.RNN(2, 3, seed=1)
    outputs, _ = cell([[0.1, -0.2], [0.0, 0.3], [0.5, 0.5]])
    y = ac.sum(outputs[-1])
    data = told(y, collapse=True)
    assert any(node["kind"] == "box" for node in data["nodes"])
    assert counted(data) == sum(step.kind == "backward" for step in steps(y))


def test_a_parent_of_value_0_is_a_parent():
    model, y = batch_loss([3, 1])
    x = Value(0.0)
    z = ac.sum([p * x for p in model.parameters()]) + y
    data = told(z, collapse=True)
    (place,) = [i for i, node in enumerate(data["nodes"]) if node["name"] == "x"]
    last = {frame["to"]: frame["exact"] for frame in frames(data, "backward") if "exact" in frame}
    z.backward()
    assert bits(float(last[place])) == bits(x.grad)


def test_what_is_left_out_is_told_as_one():
    v = x = Value(0.5)
    for _ in range(400):
        v = ac.sin(v) * 1.01
    data = told(v, 30)
    assert len([node for node in data["nodes"] if node["kind"] == "value"]) == 30
    assert "771 nodes far from the result are not shown" in data["notice"]
    assert counted(data) == 800
    assert data["nodes"][-1] == {"name": "nodes not shown", "what": "771 nodes", "kind": "rest"}
    lines = [frame["line"] for frame in data["frames"]]
    assert lines[1] == "nodes not shown: 771 nodes computed"
    assert lines[-1].startswith("inside nodes not shown: 770 products")
    assert x.grad == 0.0


def test_one_of_a_kind_is_no_plural():
    assert told(Value(1.0) + 1.0, 1)["notice"].startswith("2 nodes are more than 1: 1 node far from the result is not")
    x = Value(1.0)
    assert Units(x, [x], 1, False).notice() == ""
    assert told(Value(1.0, "x"), 1, collapse=True)["size"] == "1 node, 0 products of the chain rule"


def test_a_box_lists_its_largest_parameters():
    model, y = batch_loss([8, 8, 1])
    data = told(y, 60)
    box = next(node for node in data["nodes"] if node["kind"] == "box" and node["name"].startswith("layers.1"))
    y.backward()
    inside = [abs(p.grad) for name, p in model.named_parameters() if name.startswith(f"{box['name']}.")]
    grads = sorted(inside, reverse=True)
    assert box["what"].endswith(f", {len(grads)} parameters")
    assert [abs(float(row[2])) for row in box["parameters"]] == pytest.approx(grads[:8], rel=1e-3)
