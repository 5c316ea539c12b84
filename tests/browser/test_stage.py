"""The graph in a real browser: nodes and edges tell what they are, and the camera follows."""

from __future__ import annotations

import io
import math
import re

import pytest
from matplotlib.image import imread

import autograd_core as ac
from autograd_core import Value, log, steps
from autograd_core.stepper.arithmetic import number
from tests.support.screen import last, line, node, scale, small, step, until


def test_a_node_that_is_selected_tells_all(opened):
    page = opened(small())
    page.keyboard.press("End")
    node(page, "w").click()
    panel = page.locator(".panel")
    assert panel.locator("h2").inner_text() == "w"
    assert panel.locator("li").count() == 2
    assert "2 of 2 contributions" in panel.locator("h3").inner_text()
    y = small()
    products = [s for s in steps(y) if s.parent is not None and s.parent.label == "w"]
    for row, s in zip(panel.locator("li").all(), products, strict=True):
        assert row.inner_text().endswith(f" = {number(s.contribution)}")
    panel.locator("li button").first.click()  # goes to the step, and w stays selected
    assert "∂L/∂w +=" in line(page)
    assert step(page) < last(page)
    assert "1 of 2 contributions" in panel.locator("h3").inner_text()
    assert panel.locator("li").nth(1).inner_text().split("\n")[-1] == f"at step {last(page) - 1}"
    page.keyboard.press("ArrowRight")
    assert panel.locator("h2").inner_text() == "w"
    page.keyboard.press("Escape")
    assert panel.locator("h2").inner_text() != "w"
    node(page, "x").click()
    assert panel.locator("h2").inner_text() == "x"
    panel.get_by_role("button", name="Follow the steps").click()
    assert panel.locator("h2").inner_text() != "x"


def test_a_node_is_selected_by_keyboard(opened):
    page = opened(small())
    node(page, "b").focus()
    page.keyboard.press("Enter")
    assert page.locator(".panel h2").inner_text() == "b"
    assert page.locator(".panel dd").all_inner_texts() == ["none yet", "none yet"]
    page.keyboard.press("End")
    (grad,) = [s.after for s in steps(small()) if s.parent is not None and s.parent.label == "b"]
    assert page.locator(".panel dd").last.inner_text().split("\n") == [number(grad), repr(grad)]


def test_the_graph_is_one_stop_and_arrows_walk_through_it(opened):
    page = opened(small())
    assert page.locator("svg [tabindex='0']").count() == 1
    page.locator("svg [tabindex='0']").focus()
    walked = set()
    for _ in range(40):
        walked.add(page.evaluate("document.activeElement.dataset.id"))
        page.keyboard.press("ArrowDown")
    every = set(page.evaluate("[...document.querySelectorAll('svg [tabindex]')].map((e) => e.dataset.id)"))
    assert walked == every
    assert step(page) == 0  # up and down walk; they do not step
    page.keyboard.press("ArrowUp")
    assert page.locator("svg [tabindex='0']").count() == 1


def test_an_edge_tells_its_local_derivative(opened):
    page = opened(small())
    tip = page.locator(".tooltip")
    assert tip.is_hidden()
    edge = page.locator(".edge[aria-label='∂v1/∂w = 2.0']")
    assert edge.locator(".chip").is_hidden()  # v1 is not computed yet
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert line(page).startswith("v1 = w · x")
    edge.locator(".chip").hover()
    assert tip.inner_text() == "∂v1/∂w = 2.0"
    page.keyboard.press("End")
    node(page, "b").hover()
    assert tip.is_hidden()
    edge.focus()
    passed = next(s for s in reversed(list(steps(small()))) if s.parent is not None and s.parent.label == "w")
    assert tip.inner_text().split("\n") == [
        "∂v1/∂w = 2.0",
        f"passed back: 2.0 · ({number(passed.upstream)}) = {number(passed.contribution)}",
    ]
    assert edge.get_attribute("aria-describedby") == tip.get_attribute("id")
    constant = page.locator(".edge[aria-label='a constant']").first
    constant.focus()
    assert tip.inner_text() == "a constant"


def test_colours_tell_sign_and_size(opened):
    page = opened(small())
    page.keyboard.press("End")
    levels = {}
    y = small()
    for v in [s.node for s in steps(y) if s.kind == "forward"]:
        if v.label in ("w", "x", "b", "z"):
            (level,) = re.findall(r"l-(\w+)", node(page, v.label).get_attribute("class"))
            levels[v.label] = level
    grads = {s.parent.label: s.after for s in steps(y) if s.parent is not None}
    for name, level in levels.items():
        assert level[0] == ("m" if grads[name] < 0 else "p"), name
    legend = page.locator(".legend").get_attribute("aria-label")
    assert "Blue is negative, orange is positive" in legend
    fills = [
        page.evaluate("(e) => getComputedStyle(e).backgroundColor", swatch.element_handle())
        for swatch in page.locator(".legend .swatch").all()
    ]
    assert len(set(fills)) == 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_that_are_not_finite_can_be_read(opened, scheme):
    x = Value(0.0, "x")
    page = opened(log(x) * Value(math.nan, "n"), color_scheme=scheme, reduced_motion="reduce")
    page.keyboard.press("End")
    for alarm, text in ((".node .alarm", ".node .on-alarm"), (".edge .chip.alarm", ".edge .on-alarm")):
        fills = [page.locator(selector).first.evaluate("e => getComputedStyle(e).fill") for selector in (alarm, text)]
        assert fills == [{"light": "rgb(163, 0, 109)", "dark": "rgb(194, 37, 138)"}[scheme], "rgb(255, 255, 255)"]


def test_a_line_parts_an_operation_from_its_numbers(opened):
    page = opened(small())
    rules = page.locator(".node .rule")
    assert rules.count() == sum(not step.node.is_leaf for step in steps(small()) if step.kind == "forward")
    picture = imread(io.BytesIO(page.screenshot()))
    for rule in rules.all():
        box = rule.evaluate("e => e.getBoundingClientRect().toJSON()")
        across, down = box["x"], round(box["y"] + box["height"] / 2)
        darkest = min(picture[down, round(across) + k, :3].sum() for k in (-1, 0, 1))
        assert darkest < picture[down, round(across) + 4, :3].sum() - 0.1


def test_where_the_system_chooses_colours_legend_and_slider_keep_theirs(opened):
    page = opened(small(), forced_colors="active")
    background = "e => getComputedStyle(e).backgroundColor"
    assert len({swatch.evaluate(background) for swatch in page.locator(".legend .swatch").all()}) == 5
    assert page.locator(".slider").evaluate("e => getComputedStyle(e).forcedColorAdjust") == "none"


# The camera.


def test_zoom_and_pan(opened):
    page = opened(small(), reduced_motion="reduce")
    whole = scale(page)
    page.get_by_role("button", name="Zoom in").click()
    assert scale(page) == pytest.approx(1.4 * whole, rel=1e-3)
    page.keyboard.press("-")
    assert scale(page) == pytest.approx(whole, rel=1e-3)
    page.keyboard.press("+")
    page.keyboard.press("0")
    assert scale(page) == pytest.approx(whole, rel=1e-3)
    box = page.locator(".stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 30
    before = node(page, "w").bounding_box()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=5)
    page.mouse.up()
    after = node(page, "w").bounding_box()
    assert after["x"] - before["x"] == pytest.approx(60, abs=2)
    assert after["y"] - before["y"] == pytest.approx(40, abs=2)
    page.mouse.wheel(0, -300)
    until(page, lambda: scale(page) > 1.3 * whole)


def test_what_is_at_work_stays_in_sight(opened):
    v = Value(0.5, "x")
    for _ in range(30):
        v = ac.sin(v) * 1.01
    page = opened(v, width=390, height=844, reduced_motion="reduce")
    stage = page.locator(".stage").bounding_box()
    for k in range(0, last(page), 7):
        page.locator(".slider").fill(str(k + 1))
        box = page.locator(".node.at-work").bounding_box()
        assert stage["x"] <= box["x"]
        assert box["x"] + box["width"] <= stage["x"] + stage["width"] + 1
