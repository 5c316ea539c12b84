"""The lines of arithmetic and the numbers of each step: they are those of steps()."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

import autograd_core as ac
from autograd_core import Value, steps
from autograd_core.stepper import arithmetic, colours
from tests.support.stories import bits, frames, random_graph, told

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("seed", range(10))
def test_the_numbers_are_those_of_steps(seed):
    _, y = random_graph(seed)
    data = told(y)
    every = list(steps(y))
    forward = [step for step in every if step.kind == "forward"]
    backward = [step for step in every if step.kind == "backward"]
    assert [frame["kind"] for frame in data["frames"]] == [
        *("start", *["forward"] * len(forward)),
        *("seed", *["backward"] * len(backward)),
    ]
    for frame, step in zip(frames(data, "forward"), forward, strict=True):
        assert frame["line"].endswith(f"= {arithmetic.number(step.node.data)}")
        assert float(data["nodes"][frame["node"]]["exact"]) == step.node.data
    place = {id(step.node): frame["node"] for frame, step in zip(frames(data, "forward"), forward, strict=True)}
    for frame, step in zip(frames(data, "backward"), backward, strict=True):
        assert (frame["from"], frame["to"]) == (place[id(step.node)], place[id(step.parent)])
        assert bits(float(frame["exact"])) == bits(step.after)
        assert frame["change"].endswith(f": {arithmetic.number(step.before)} → {arithmetic.number(step.after)}")
        numbers = f"{arithmetic.factor(step.local_derivative)} · {arithmetic.factor(step.upstream)}"
        assert frame["line"].endswith(f" = {numbers} = {arithmetic.number(step.contribution)}")
        edge = data["edges"][frame["edge"]]
        assert (edge["head"], edge["tail"]) == (frame["from"], frame["to"])
        assert edge["about"].endswith(f" = {arithmetic.number(step.local_derivative)}")


def test_each_edge_is_passed_once():
    for seed in range(10):
        _, y = random_graph(seed)
        data = told(y)
        passed = [frame["edge"] for frame in frames(data, "backward")]
        assert sorted(passed) == [k for k, edge in enumerate(data["edges"]) if edge.get("flows")]


@pytest.mark.parametrize("seed", range(10))
def test_the_last_step_is_backward(seed):
    _, y = random_graph(seed)
    data = told(y)
    last = {frame["to"]: frame["exact"] for frame in (*frames(data, "seed"), *frames(data, "backward"))}
    y.backward()
    nodes = [step.node for step in steps(y) if step.kind == "forward"]
    y.backward()
    for frame, node in zip(frames(data, "forward"), nodes, strict=True):
        if not node.is_leaf:
            assert bits(float(last[frame["node"]])) == bits(node.grad)
    fresh, z = random_graph(seed)
    z.backward()
    leaves = {repr(v.data): v.grad for v in fresh}
    for i, node in enumerate(data["nodes"]):
        if node.get("what") == "leaf" and i in last:
            assert bits(float(last[i])) == bits(leaves[node["exact"]])


def test_the_arithmetic_of_a_line():
    x, w = Value(2.0), Value(-3.0)
    z = x * w
    L = (z + 1.0) ** 2
    lines = [frame["line"] for frame in told(L)["frames"]]
    assert lines[1:5] == [
        "x = 2.0",
        "w = -3.0",
        "z = x · w = 2.0 · (-3.0) = -6.0",
        "v1 = z + 1.0 = -6.0 + 1.0 = -5.0",
    ]
    assert lines[5:7] == ["L = v1 ** 2.0 = (-5.0) ** 2.0 = 25.0", "∂L/∂L = 1.0"]
    assert "∂L/∂w += ∂z/∂w · ∂L/∂z = 2.0 · (-10.0) = -20.0" in lines


def test_accumulation_is_seen():
    x = Value(3.0)
    y = x * x
    assert [frame["change"] for frame in frames(told(y), "backward")] == ["∂y/∂x: 0.0 → 3.0", "∂y/∂x: 3.0 → 6.0"]


def test_sums_and_dot_products_are_written_out():
    a, b = Value(2.0), Value(-1.5)
    lines = [frame["line"] for frame in told(ac.dot([a, b], [b, 4.0]) + ac.sum([a, b]) + ac.prod([a, b]))["frames"]]
    assert "v1 = a · b + b · 4.0 = 2.0 · (-1.5) + (-1.5) · 4.0 = -9.0" in lines
    assert "v2 = a + b = 2.0 + (-1.5) = 0.5" in lines
    assert "v4 = a · b = 2.0 · (-1.5) = -3.0" in lines
    many = [Value(float(k)) for k in range(1, 30)]
    (line,) = [frame["line"] for frame in told(ac.sum(many))["frames"] if "terms" in frame["line"]]
    assert "many[0] + many[1] + many[2] + many[3] + … + many[28] (29 terms) = 1.0 + 2.0" in line


def test_names():
    a = Value(1.0, "first\nsecond")
    y = -a
    assert "y = -first second = -1.0" in [frame["line"] for frame in told(y)["frames"]]
    assert told(Value(2.0) * 3.0)["title"] == "y"
    y = Value(4.0)
    assert told(y * 3.0)["title"] == "v1"  # y is taken
    x = Value(1.0, "שלום")  # written from right to left: it must not turn the arithmetic around it
    assert told(x * 2.0)["frames"][2]["line"] == "y = \u2068שלום\u2069 · 2.0 = 1.0 · 2.0 = 2.0"


def test_infinity_and_nan_are_shown():
    x = Value(0.0)
    y = ac.log(x) * 0.0
    data = told(y)
    text = json.dumps(data, allow_nan=False)
    assert "-inf" in text
    assert "nan" in text
    assert frames(data, "backward")[-1]["level"] == colours.ALARM
    assert data["legend"]["rows"][-1]["title"] == "not finite"
    root = ElementTree.fromstring(data["svg"])
    assert [part.text for part in root.iter(f"{SVG}text") if "on-alarm" in part.get("class")] == ["inf", "-inf", "nan"]
    assert len([part for part in root.iter(f"{SVG}rect") if "alarm" in part.get("class")]) == 3
