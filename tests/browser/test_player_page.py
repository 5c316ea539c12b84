"""The page of a player on any screen: its sizes, its colours, other senses, large graphs."""

from __future__ import annotations

import re

import pytest

import autograd_core as ac
import nn
from autograd_core import Value
from tests.support.screen import last, line, node, scale, small, step


def test_a_label_is_text_whatever_it_says(opened):
    label = "<script>alert(1)</script>"
    x = Value(2.0, label)
    y = x * Value(3.0, '</script><img src=x onerror="alert(2)">') + Value(1.0, "'\"&amp;\\u003c")
    page = opened(y)
    page.keyboard.press("ArrowRight")
    assert line(page) == f"{label} = 2.0"
    assert page.locator(".panel h2").inner_text() == label
    texts = page.locator(".node text").all_text_contents()
    assert label in texts
    assert "'\"&amp;\\u003c" in texts
    page.keyboard.press("End")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2


@pytest.mark.parametrize(
    ("width", "height"), [(320, 568), (360, 640), (390, 844), (844, 390), (768, 1024), (1280, 800)]
)
def test_fits_the_screen(opened, width, height):
    page = opened(small(), width=width, height=height, has_touch=min(width, height) < 500)
    page.locator(".slider").fill("17")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for button in page.locator(".buttons button").all():
        box = button.bounding_box()
        assert box["width"] >= (44 if width > 320 else 40)
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    page.locator(".node").first.dispatch_event("click")  # then the panel has a button to let go of it
    for target in page.locator("button:visible, select, .slider").all():
        assert min(target.bounding_box()[side] for side in ("width", "height")) >= 40
    assert page.locator(".stage").bounding_box()["height"] >= 200
    slider, count = (page.locator(f".{name}").bounding_box() for name in ("slider", "count"))
    assert slider["width"] >= 90
    assert slider["y"] <= count["y"] <= slider["y"] + slider["height"]
    assert slider["y"] + slider["height"] <= height
    boxes = [page.locator(f".{name}").bounding_box() for name in ("stage-box", "arithmetic")]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"] + 1
    long = page.evaluate(
        """[...document.querySelectorAll(".node text")].filter((text) => {
          const inner = text.getBBox(), card = text.parentNode.querySelector(".fill").getBBox();
          return inner.width && (inner.x < card.x - 0.5 || inner.x + inner.width > card.x + card.width + 0.5);
        }).map((text) => text.textContent)"""
    )
    assert long == []


def test_touch(opened):
    page = opened(small(), width=390, height=844, has_touch=True, is_mobile=True)
    page.locator(".buttons .step").tap()
    assert step(page) == 1
    node(page, "w").tap()
    assert page.locator(".panel h2").inner_text() == "w"


def test_two_fingers_magnify(opened):
    page = opened(small(), reduced_motion="reduce")
    before = scale(page)
    page.evaluate(
        """() => {
          const svg = document.querySelector(".stage > svg");
          const box = svg.getBoundingClientRect();
          svg.setPointerCapture = () => {};
          const at = (kind, id, x) => svg.dispatchEvent(new PointerEvent(kind, {
            pointerId: id, clientX: box.x + x, clientY: box.y + 100, bubbles: true, pointerType: "touch",
          }));
          at("pointerdown", 1, 200);
          at("pointerdown", 2, 300);
          at("pointermove", 1, 150);
          at("pointermove", 2, 350);
          at("pointerup", 1, 150);
          at("pointerup", 2, 350);
        }"""
    )
    assert scale(page) == pytest.approx(2.0 * before, rel=0.02)


def luminance(colour: str) -> float:
    red, green, blue = (float(part) / 255 for part in re.findall(r"[\d.]+", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(opened, scheme):
    page = opened(small(), color_scheme=scheme, reduced_motion="reduce")  # or colours are still on their way
    page.keyboard.press("End")
    style = "(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    background, ink = page.evaluate(style, page.locator(".autograd-player").element_handle())
    assert (luminance(background) > 0.9) == (scheme == "light")
    assert abs(luminance(background) - luminance(ink)) > 0.7
    card = page.evaluate("getComputedStyle(document.querySelector('.node:not(.constant) .fill')).fill")
    text = page.evaluate("getComputedStyle(document.querySelector('.node:not(.constant) .grad')).fill")
    assert abs(luminance(card) - luminance(text)) > 0.3


def test_a_screen_reader_is_told(opened):
    page = opened(small())
    said = page.locator(".arithmetic")
    assert said.get_attribute("aria-live") == "polite"
    assert said.get_attribute("aria-atomic") == "true"
    for button in page.get_by_role("button").all():
        assert button.get_attribute("aria-label") or button.inner_text()
    tree = page.locator(".autograd-player").aria_snapshot()
    for words in (
        'region "Steps of L"',
        'slider "Step"',
        'combobox "Speed"',
        'button "Play (space)"',
        "w, not yet computed",
    ):
        assert words in tree, tree
    page.keyboard.press("End")
    tree = page.locator(".autograd-player").aria_snapshot()
    assert re.search(r'button "w, value -0.6, gradient -?[\d.]+"', tree)
    page.keyboard.press(" ")
    assert said.get_attribute("aria-live") == "off"


def test_reduced_motion_is_honoured(opened):
    for motion, moves in (("no-preference", True), ("reduce", False)):
        page = opened(small(), reduced_motion=motion)
        page.keyboard.press("End")
        name = page.evaluate("getComputedStyle(document.querySelector('.edge.at-work .wire')).animationName")
        assert (name != "none") == moves


# Large graphs.


def test_smooth_at_five_hundred_nodes(opened):
    """A step, in a browser without a graphics card on a machine that others use too: the bounds are wide."""
    v = Value(0.5, "x")
    for k in range(125):
        v = ac.tanh(v * 0.9 + Value(0.01 * k))
    page = opened(v, options={"max_nodes": 700})
    assert page.locator(".node:not(.constant)").count() == 501
    worked, drawn = page.evaluate(
        """async () => {
          const slider = document.querySelector(".slider"), worked = [], drawn = [];
          const middle = (times) => times.sort((a, b) => a - b)[times.length >> 1];
          for (let k = 495; k < 515; k++) {
            const start = performance.now();
            slider.value = k;
            slider.dispatchEvent(new Event("input"));
            worked.push(performance.now() - start);
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            drawn.push(performance.now() - start);
          }
          return [middle(worked), middle(drawn)];
        }"""
    )
    assert worked < 20.0  # milliseconds; 1.5 where it was measured
    assert drawn < 400.0  # 20 to 40 there


def test_beyond_the_limit_it_says_so_and_layers_are_boxes(opened):
    model = nn.MLP(2, [16, 16, 1], activation="tanh", seed=1)
    y = ac.mean([(model(x) - t) ** 2 for x, t in [([0.5, 1.0], 1.0), ([1.0, -0.5], 0.0)]])
    y.label = "loss"
    page = opened(y)
    assert "nodes are more than 500: one box is a neuron or a layer" in page.locator(".notice").inner_text()
    assert page.locator(".node.box").count() == 3
    page.keyboard.press("End")
    node(page, "layers.1").click()
    y.backward()
    norm = sum(p.grad**2 for name, p in model.named_parameters() if name.startswith("layers.1.")) ** 0.5
    assert float(page.locator(".panel dd small").inner_text()) == pytest.approx(norm, rel=1e-12)
    assert page.locator(".panel table tr").count() == 9
    assert "products" in page.locator(".panel li").first.inner_text()


def test_a_leaf(opened):
    page = opened(Value(3.0, "x"))
    page.keyboard.press("End")
    assert line(page) == "∂x/∂x = 1.0"
    assert page.locator(".panel dd").all_inner_texts() == ["3.0", "1.0"]
    assert step(page) == last(page) == 2


def test_the_policy_lets_nothing_out(browser, tmp_path):
    """Not even a script that somebody put into the page."""
    page = browser.new_page()
    page.goto(ac.player(small()).save(tmp_path / "steps.html").as_uri())
    broken = page.evaluate(
        """async () => {
          const broken = [];
          document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
          await fetch("https://example.com/").catch(() => {});
          for (const [tag, name] of [["img", "src"], ["script", "src"], ["link", "href"], ["iframe", "src"]]) {
            const element = document.createElement(tag);
            element.rel = "stylesheet";
            element[name] = "https://example.com/";
            document.body.append(element);
          }
          const script = document.createElement("script");
          script.textContent = "document.title = 'taken'";
          document.body.append(script);
          await new Promise((done) => setTimeout(done, 100));
          return broken;
        }"""
    )
    assert set(broken) >= {"connect-src", "img-src", "script-src-elem", "style-src-elem", "frame-src"}
    assert page.title() == "Every step of L"
    page.close()
