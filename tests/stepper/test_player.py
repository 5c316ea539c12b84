"""What the player shows, without a browser: its numbers are those of steps(), and it changes nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
import random
import re
import struct
import sys
from fnmatch import fnmatch
from html import escape, unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

import autograd_core as ac
import nn
from autograd_core import Value, player, steps
from autograd_core.drawing import palette, rendering
from autograd_core.errors import ArgumentError, DomainError, MissingDependencyError, NotAScalarError
from autograd_core.stepper import arithmetic, colours
from autograd_core.stepper import player as player_file
from autograd_core.stepper import quiet_pass as record
from autograd_core.stepper.page import embedded
from autograd_core.stepper.player_page import player_module, player_page, player_style
from autograd_core.stepper.steps import Step
from autograd_core.stepper.story import story
from autograd_core.stepper.units import Units

PACKAGE = Path(ac.__file__).parent / "stepper"
SVG = "{http://www.w3.org/2000/svg}"


def told(y: Value, most: int = 500, *, collapse: bool = False) -> dict:
    """The story of y, with the names that the caller's variables give."""
    return story(y, sys._getframe(1), most, collapse)


def frames(data: dict, kind: str) -> list[dict]:
    return [frame for frame in data["frames"] if frame["kind"] == kind]


def bits(x: float) -> bytes:
    return struct.pack("<d", x)


def random_graph(seed: int) -> tuple[list[Value], Value]:
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-2.0, 2.0)) for _ in range(4)]
    nodes = list(leaves)
    for _ in range(14):
        a, b = rng.choice(nodes), rng.choice(nodes)
        nodes.append(
            rng.choice([a * b, a + b, a - 0.5 * b, ac.tanh(a), ac.maximum(a, b), a**2, ac.dot([a, b], [b, a])])
        )
    return leaves, ac.sum(nodes[-5:])


def batch_loss(sizes: list[int]) -> tuple[nn.MLP, Value]:
    model = nn.MLP(2, sizes, activation="tanh", seed=1)
    points = [([0.5, -1.0], 1.0), ([1.5, 0.25], 0.0), ([-0.75, 2.0], 1.0)]
    return model, ac.mean([(model(x) - y) ** 2 for x, y in points])


# Numbers.


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


# Nothing is changed.


def test_gradients_stay_as_they_were():
    leaves, y = random_graph(3)
    nodes = [step.node for step in steps(y) if step.kind == "forward"]
    for v in nodes:
        v.grad = 0.0
    told(y)
    assert all(v.grad == 0.0 and not v.has_grad for v in nodes)
    y.backward()
    leaves[0].grad = 7.5
    held = [(v.grad, v.has_grad) for v in nodes]
    told(y)
    assert [(v.grad, v.has_grad) for v in nodes] == held


def test_a_graph_that_was_run_backward_shows_the_same():
    _, y = random_graph(4)
    before = told(y)
    y.backward()
    y.backward()
    assert told(y) == before


def test_an_interrupt_on_the_way_changes_nothing(monkeypatch):
    def interrupted(y):
        y.backward()
        raise KeyboardInterrupt

    x = Value(0.5)
    y = ac.sqrt(x) + x
    x.grad = 2.0
    monkeypatch.setattr(record, "steps", interrupted)
    with pytest.raises(KeyboardInterrupt):
        told(y)
    assert x.grad == 2.0
    assert not y.has_grad


def test_no_mode_takes_it_for_a_pass_of_the_caller(recwarn):
    with ac.gradient_warnings(), ac.detect_anomaly():
        x = Value(1.0)
        (x * x).backward()
        x.data = 3.0
        told(x * x)
        assert not recwarn.list
        with pytest.warns(ac.errors.StaleGradientWarning, match="computed at x = 1.0, which is 3.0 now"):
            assert x.grad == 2.0
        zero = Value(0.0)
        data = told(ac.sqrt(zero))
    assert data["frames"][-1]["grad"] == "inf"  # it is there to be seen


def test_a_leaf_has_steps_too():
    x = Value(5.0)
    data = told(x)
    assert [frame["kind"] for frame in data["frames"]] == ["start", "forward", "seed"]
    assert data["frames"][-1]["line"] == "∂x/∂x = 1.0"
    assert data["frames"][-1]["grad"] == "1"


def test_what_no_gradient_flows_to_stands_still():
    x, flag = Value(2.0), Value(1.0)
    data = told(ac.where(flag, x * x, 0.0))
    (still,) = [node for node in data["nodes"] if node["kind"] == "still"]
    assert still["name"] == "flag"
    assert "no gradient flows here" in [edge["about"] for edge in data["edges"]]
    assert "dashed" in data["svg"]


# Boxes.


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


# The drawing.


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


def test_text_reads_on_every_colour():
    for level, inks, fills in re.findall(r"\.l-(\w+)\{--fill:([^;]*);.*?--ink:([^;]*);", player_style()):
        for dark in (False, True):
            a, b = (re.findall(r"#\w{6}", text)[-1 if dark else 0] for text in (inks, fills))
            assert palette.contrast(a, b) >= 4.5, (level, dark)


def test_every_level_has_a_colour():
    scale = colours.Scale([1.0], [1.0], [1.0])
    numbers = [math.nan, math.inf, *(k / 1000.0 - 1.0 for k in range(2001))]
    levels = {scale.of_gradient(x) for x in numbers} | {scale.of_norm(abs(x)) for x in numbers}
    assert levels == set(re.findall(r"\.l-(\w+)\{", player_style()))
    assert scale.of_gradient(-1e-12) == scale.of_gradient(0.0)


# The page.


def test_the_page_needs_nothing_and_may_ask_for_nothing(tmp_path):
    x = Value(2.0)
    text = player(x * x).save(tmp_path / "steps.html").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\s\"'<>)\\]+", text)) == {"http://www.w3.org/2000/svg"}
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for kind, source in (("script", r'<script type="module">(.*?)</script>'), ("style", r"<style>(.*?)</style>")):
        (found,) = re.findall(source, text, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not re.search(r"<[^>]* (on\w+|style)=", text.split("<script")[0])


def test_a_label_cannot_leave_its_place(tmp_path):
    label = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>"
    x = Value(2.0, label)
    text = player(x * 3.0).save(tmp_path / "steps.html").read_text(encoding="utf-8")
    assert text.count("<script") == text.count("</script>") == 2
    assert "<img" not in text
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)
    assert "alert(1)" in json.loads(data)["nodes"][0]["name"]
    assert "<title>Every step of &lt;/script&gt;" in player_page(story(Value(1.0, "</script>"), None, 500, False))
    assert embedded("<&>") == '"\\u003c\\u0026\\u003e"'
    strange = player(Value(1.0, "\ud800\u2028\x00 \u202e")).save(tmp_path / "strange.html").read_text(encoding="utf-8")
    assert "every step of" in strange.lower()


def test_one_module_holds_all_parts():
    for part in ("dom.js", "camera.js", "stage.js", "panel.js", "player.js"):
        assert (PACKAGE / part).read_text(encoding="utf-8") in player_module()
    assert player_module().count("export default") == 1
    assert "innerHTML" not in player_module()
    assert "eval(" not in player_module()


def test_what_the_browser_needs_is_installed():
    """The wheel holds every file beside the Python modules."""
    pyproject = (PACKAGE.parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    (patterns,) = re.findall(r"^autograd_core = (\[.*\])$", pyproject, flags=re.MULTILINE)
    others = [file.name for file in PACKAGE.iterdir() if file.is_file() and file.suffix != ".py"]
    assert len(others) >= 6
    for name in others:
        assert any(fnmatch(f"stepper/{name}", pattern) for pattern in json.loads(patterns)), name


# The call.


def test_a_player_saves_a_page_and_returns_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    x = Value(2.0)
    y = x * x
    shown = player(y)
    assert not os.listdir(tmp_path)
    assert repr(shown) == "<player of y, 2 nodes, 2 products of the chain rule>"
    assert shown.save() == Path("steps.html")
    assert Path("steps.html").stat().st_size > 10_000
    assert shown.save("other.html") == shown.save(path=Path("other.html")) == Path("other.html")
    assert "∂y/∂x" in Path("other.html").read_text(encoding="utf-8")
    assert sorted(os.listdir(tmp_path)) == ["other.html", "steps.html"]


def test_a_player_shows_what_was_when_it_was_made(tmp_path):
    x = Value(2.0)
    shown = player(x * x)
    before = shown.save(tmp_path / "steps.html").read_text(encoding="utf-8")
    x.data = 5.0
    assert shown.save(tmp_path / "steps.html").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("wrong", [3.0, "y", None, [Value(1.0)], Step])
def test_refuses_what_is_no_value(wrong):
    with pytest.raises(NotAScalarError, match=r"player\(y\) takes a Value, got"):
        player(wrong)


def test_refuses_bad_options(tmp_path):
    x = Value(1.0)
    for wrong in (3, None, b"steps.html"):
        with pytest.raises(ArgumentError, match=r"save\(path\) takes the path of a file, got"):
            player(x).save(wrong)
    for wrong in (0, -1, 2.5, True, "many"):
        with pytest.raises(DomainError, match=r"player\(max_nodes=...\) takes an int of at least 1, got"):
            player(x, max_nodes=wrong)
    with pytest.raises(FileNotFoundError):
        player(x).save(tmp_path / "nowhere" / "steps.html")
    assert not os.listdir(tmp_path)


def test_a_count_may_be_an_integer_of_numpy():
    np = pytest.importorskip("numpy")
    x = Value(1.0)
    assert player(x * x, max_nodes=np.int64(1))._data == player(x * x, max_nodes=1)._data


def test_without_graphviz_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(rendering.shutil, "which", lambda name: None)
    monkeypatch.setattr(rendering, "wheel_program", lambda: None)
    with pytest.raises(MissingDependencyError, match="pip install 'autograd-core"):
        player(Value(1.0))


# In a notebook.


@pytest.fixture
def notebook(monkeypatch):
    monkeypatch.setattr(player_file, "in_notebook", lambda: True)


def in_frame(html: str) -> str:
    """The page within a frame."""
    return unescape(html.partition('srcdoc="')[2].partition('"')[0])


def test_the_widget_holds_the_same(tmp_path, notebook):
    pytest.importorskip("anywidget", reason="anywidget is not installed; pip install 'autograd-core[all]'")
    x = Value(2.0)
    y = x * x
    shown = player(y)
    widget = shown.widget
    assert widget is shown.widget
    assert widget.data == told(y)
    assert widget._esm == player_module()
    assert widget._css == player_style()
    assert repr(widget) == repr(shown) == "<player of y, 2 nodes, 2 products of the chain rule>"
    widget.step = 3
    assert widget.step == 3
    widget.step = 99
    assert widget.step == len(widget.data["frames"]) - 1
    widget.step = -4
    assert widget.step == 0
    data = shown._repr_mimebundle_()[0]
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    html = data["text/html"]  # for a reader without a kernel
    assert "<iframe" in html.partition(escape(repr(widget)))[2]
    assert in_frame(html) == shown.save(tmp_path / "steps.html").read_text(encoding="utf-8")


def without_anywidget(monkeypatch):
    monkeypatch.delitem(sys.modules, "autograd_core.stepper.player_widget", raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)


def test_without_anywidget_the_widget_names_the_remedy(monkeypatch):
    without_anywidget(monkeypatch)
    with pytest.raises(MissingDependencyError, match=r"pip install 'autograd-core\[all\]'"):
        player(Value(1.0)).widget  # noqa: B018


def test_where_no_widget_can_run_the_page_is_shown(monkeypatch, tmp_path):
    x = Value(2.0)
    shown = player(x * x)
    page = shown.save(tmp_path / "steps.html").read_text(encoding="utf-8")
    outside = shown._repr_mimebundle_()
    assert shown._widget is None
    assert outside["text/plain"] == repr(shown)
    assert in_frame(outside["text/html"]) == page
    monkeypatch.setattr(player_file, "in_notebook", lambda: True)
    without_anywidget(monkeypatch)
    assert shown._repr_mimebundle_() == outside
