"""The module that a notebook runs, with a model as anywidget gives it one."""

from __future__ import annotations

import base64

import pytest

from autograd_core import Value
from autograd_core.stepper.player_page import player_module, player_style
from autograd_core.stepper.story import story

MODEL = """async ([source, style, data, step]) => {
  const { default: widget } = await import(`data:text/javascript;base64,${source}`);
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  const held = { data, step }, listeners = {};
  const model = {
    saved: 0,
    get: (name) => held[name],
    set: (name, value) => { held[name] = value; },
    save_changes() { this.saved++; },
    on: (event, listener) => { (listeners[event] ||= new Set()).add(listener); },
    off: (event, listener) => { listeners[event]?.delete(listener); },
    assign(name, value) { held[name] = value; for (const listener of listeners[`change:${name}`] || []) listener(); },
    listening: () => Object.values(listeners).reduce((sum, set) => sum + set.size, 0),
  };
  const el = document.createElement("div");
  document.body.append(el);
  const stop = widget.render({ model, el });
  (window.widgets ||= []).push({ model, el, stop });
}"""


def product() -> Value:
    x, w = Value(2.0, "x"), Value(-3.0, "w")
    return x * w + x


@pytest.fixture
def notebook(fresh, tmp_path):
    """A page with an input, as a notebook has cells, and a function that shows a widget in it."""
    file = tmp_path / "notebook.html"
    file.write_text("<!DOCTYPE html><title>Notebook</title><link rel='icon' href='data:,'><input id='cell'>")
    page = fresh(file)

    def show(y: Value, step: int = 0) -> None:
        source = base64.b64encode(player_module().encode()).decode()
        page.evaluate(MODEL, [source, player_style(), story(y, None, 500, False), step])

    return page, show


def test_the_widget_shows_and_steps(notebook):
    page, show = notebook
    show(product())
    page.get_by_role("button", name="Step (→)").click()
    assert page.locator(".arithmetic .line").inner_text() == "x = 2.0"
    assert page.evaluate("[widgets[0].model.get('step'), widgets[0].model.saved]") == [1, 1]
    page.keyboard.press("End")
    assert page.locator(".change").inner_text() == "∂y/∂w: 0.0 → 2.0"
    assert page.locator(".autograd-player").bounding_box()["height"] < 900


def test_python_sets_the_step(notebook):
    page, show = notebook
    show(product(), step=2)
    assert page.locator(".arithmetic .line").inner_text() == "w = -3.0"
    page.evaluate("widgets[0].model.assign('step', 3)")
    assert page.locator(".arithmetic .line").inner_text().endswith("= -6.0")


def test_keys_stay_with_the_widget_that_has_the_focus(notebook):
    page, show = notebook
    show(product())
    show(product() * 2.0)
    heard = "window.heard = 0; document.addEventListener('keydown', () => { window.heard++; })"
    page.evaluate(f"() => {{ {heard} }}")
    page.locator("#cell").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("[widgets[0].model.get('step'), widgets[1].model.get('step'), heard]") == [0, 0, 1]
    page.locator(".autograd-player").nth(1).get_by_role("button", name="Step (→)").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("[widgets[0].model.get('step'), widgets[1].model.get('step'), heard]") == [0, 2, 1]


def test_a_widget_that_is_closed_stops(notebook):
    page, show = notebook
    show(product())
    page.locator(".speed").select_option("20")
    page.locator(".play").click()
    page.evaluate("() => { widgets[0].stop(); }")
    held = page.evaluate("widgets[0].model.get('step')")
    page.wait_for_timeout(250)
    assert page.evaluate("[widgets[0].model.get('step'), widgets[0].model.listening()]") == [held, 0]


def test_a_notebook_says_whether_it_is_dark(notebook):
    page, show = notebook
    show(product())
    colour = "getComputedStyle(document.querySelector('.autograd-player')).backgroundColor"
    colours = []
    for light in ("true", "false"):
        page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
        colours.append(page.evaluate(colour))
    assert colours == ["rgb(255, 255, 255)", "rgb(20, 23, 28)"]


def test_the_wheel_scrolls_the_notebook(notebook):
    page, show = notebook
    show(product())
    before = page.locator(".node").first.bounding_box()
    page.locator(".stage").hover(position={"x": 30, "y": 30})
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(100)
    after = page.locator(".node").first.bounding_box()
    assert after["width"] == before["width"]
