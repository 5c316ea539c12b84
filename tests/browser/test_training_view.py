"""A training run in a real browser: what is drawn is what the run was."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable, Iterator

import pytest
from matplotlib.image import imread

import nn
from nn import live
from nn.training_view.training_page import training_module, training_style
from tests.browser.conftest import Watched

X = [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]

NOTEBOOK = """
const held = { data: DATA };
const listeners = [];
window.model = {
  get: (name) => held[name],
  set: (name, value) => { held[name] = value; listeners.forEach((listen) => listen()); },
  on: (event, listen) => { if (event === "change:data") listeners.push(listen); },
  off: (event, listen) => { listeners.splice(listeners.indexOf(listen), 1); },
};
const source = await import(URL.createObjectURL(new Blob([MODULE], { type: "text/javascript" })));
const el = document.createElement("div"); // a notebook puts it into the page after that
window.leave = source.default.render({ model: window.model, el });
document.getElementById("output").append(el);
window.listeners = listeners;
"""


@pytest.fixture
def shown(browser, tmp_path) -> Iterator[Callable[..., object]]:
    """A function that opens the page of a view; at the end, nothing may have gone wrong there."""
    opened = []

    def show(view, *, width: int = 1280, height: int = 600, **context: object):
        held = browser.new_context(viewport={"width": width, "height": height}, **context)
        watched = Watched(held.new_page())
        opened.append((held, watched))
        watched.page.goto(view.save(tmp_path / f"run{len(opened)}.html").as_uri())
        return watched.page

    yield show
    for held, watched in opened:
        assert not watched.said
        assert len(watched.asked) == 1
        held.close()


def run(epochs: int = 12, **options) -> object:
    model = nn.MLP(2, [3, 1], activation="tanh", seed=0)
    view = live(model, X, [0, 1, 0, 1], **options)
    history = nn.fit(
        model, X, [0, 1, 0, 1], loss="bce_with_logits", lr=0.2, epochs=epochs, seed=0, progress=False, callbacks=[view]
    )
    return model, view, history


def places(page, selector: str) -> list[tuple[float, float]]:
    path = page.locator(selector).get_attribute("d")
    return [(float(a), float(b)) for a, b in re.findall(r"([\d.]+) ([\d.]+)", path)]


def test_the_curve_goes_through_the_losses(shown):
    _, view, history = run()
    page = shown(view)
    points = places(page, "section:nth-child(1) > svg .curve")
    assert len(points) == 12
    assert [x for x, _ in points] == pytest.approx([52 + 314 * k / 11 for k in range(12)], abs=0.06)
    # linear or logarithmic, the order of the heights is that of the losses
    assert sorted(range(12), key=lambda k: -points[k][1]) == sorted(range(12), key=lambda k: history.loss[k])
    assert page.locator("section:nth-child(1) .legend b").inner_text() == f"{history.loss[-1]:.3g}"
    assert "now training" in page.locator("section:nth-child(1) > svg").get_attribute("aria-label")
    assert page.locator(".status").inner_text() == view.state()["status"]


@pytest.mark.parametrize(("lr", "scale"), [(1e-7, float), (0.3, math.log)], ids=["nearly level", "over powers of ten"])
def test_the_marks_of_an_axis_say_where_they_stand(shown, lr, scale):
    model = nn.MLP(2, [3, 1], activation="tanh", seed=0)
    view = live(model)
    how = {"loss": "bce_with_logits", "epochs": 16, "seed": 0, "progress": False}
    history = nn.fit(model, X, [0, 1, 0, 1], lr=lr, callbacks=[view], **how)
    assert (max(history.loss) > 20 * min(history.loss)) == (scale is math.log)
    chart = shown(view).locator("section:nth-child(1) > svg")
    marks = chart.locator(".axes text[text-anchor=end]")
    numbers = [float(said) for said in marks.all_text_contents()]
    assert len(numbers) >= 3
    assert numbers == sorted(set(numbers))
    heights = [float(marks.nth(k).get_attribute("y")) - 4 for k in range(len(numbers))]
    drawn = [y for _, y in re.findall(r"([\d.]+) ([\d.]+)", chart.locator(".curve").get_attribute("d"))]
    top, bottom = (scale(history.loss[k]) for k in (0, -1))
    for number, height in zip(numbers, heights, strict=True):
        share = (height - float(drawn[0])) / (float(drawn[-1]) - float(drawn[0]))
        assert scale(number) == pytest.approx(top + share * (bottom - top), rel=1e-3, abs=0.002 * (top - bottom))


def test_each_layer_has_a_curve_and_a_name(shown):
    _, view, history = run()
    page = shown(view)
    assert page.locator("section:nth-child(2) .legend span").all_inner_texts() == list(history.gradient_norms)
    curves = page.locator("section:nth-child(2) > svg .curve")
    assert curves.count() == 2
    looks = {
        curves.nth(k).evaluate("e => [getComputedStyle(e).stroke, getComputedStyle(e).strokeDasharray].join()")
        for k in range(2)
    }
    assert len(looks) == 2


def test_the_boundary_parts_the_examples(shown):
    model, view, _ = run(epochs=40, resolution=24)
    assert nn.accuracy(model, X, [0, 1, 0, 1]) == 1.0
    page = shown(view)
    points = page.locator(".plane > svg .point")
    assert points.count() == 4
    colours = [points.nth(k).evaluate("e => getComputedStyle(e).fill") for k in range(4)]
    assert colours[0] == colours[2] != colours[1] == colours[3]
    shapes = [points.nth(k).get_attribute("d") for k in range(4)]
    assert shapes[0] == shapes[2] != shapes[1] == shapes[3]
    # the classes differ in the second input: the line lies between the heights of the two, and goes right across
    low, high = (float(re.search(r" ([\d.]+)\)", points.nth(k).get_attribute("transform"))[1]) for k in (1, 0))
    line = places(page, ".plane > svg .boundary")
    assert all(low < y < high for _, y in line)
    assert min(x for x, _ in line) < 70
    assert max(x for x, _ in line) > 345


def test_the_plane_has_the_colours_of_its_classes(browser, shown, tmp_path):
    view = run(epochs=40, resolution=24)[1]
    pages = {
        "page": shown(view),
        "dark": shown(view, color_scheme="dark"),
        "notebook": in_a_notebook(browser, tmp_path, view.state()).page,
    }
    for where, page in pages.items():
        box = page.locator(".plane > svg .area").first.bounding_box()
        picture = imread(io.BytesIO(page.screenshot()))
        across = round(box["x"] + box["width"] / 2)
        upper, lower = (picture[round(box["y"] + share * box["height"]), across] for share in (0.03, 0.97))
        assert upper[0] > upper[2] + 0.1, where  # orange
        assert lower[2] > lower[0] + 0.1, where  # blue
    pages["notebook"].context.close()


def test_charts_side_by_side_are_at_one_height(shown):
    view = live()
    view(2, nn.History(loss=[2.0, 1.0], gradient_norms={f"layers.{k}": [1.0, 0.5] for k in range(9)}))
    page = shown(view)
    assert page.locator("section:nth-child(2) .legend").bounding_box()["height"] > 40
    tops = [page.locator(f"section:nth-child({k}) > svg").bounding_box()["y"] for k in (1, 2)]
    assert tops[0] == tops[1]


def test_three_classes_meet_in_lines_that_are_where_two_outputs_are_equal(shown):
    """Outputs x, y and 0: the borders are x = y > 0, x = 0 > y and y = 0 > x."""
    page = shown(live(lambda row: [row[0], row[1], 0.0], X, [0, 1, 2, 0], resolution=16))
    line = places(page, ".plane > svg .boundary")
    low, high = -1.16, 1.16
    for across, down in line:
        x = low + (across - 52) / 314 * (high - low)
        y = low + (1 - (down - 10) / 224) * (high - low)
        distances = [abs(x - y) if x > -0.1 else 9, abs(x) if y < 0.1 else 9, abs(y) if x < 0.1 else 9]
        assert min(distances) < 0.06
    assert len(line) > 40


def test_the_pointer_tells_the_numbers_of_an_epoch(shown):
    _, view, history = run()
    page = shown(view)
    box = page.locator("section:nth-child(1) > svg").bounding_box()
    across = (52 + 314 * 4 / 11) / 380
    page.mouse.move(box["x"] + across * box["width"], box["y"] + box["height"] / 2)
    assert page.locator("section:nth-child(1) .where").inner_text() == "epoch 5"
    assert float(page.locator("section:nth-child(1) .legend b").inner_text()) == pytest.approx(
        history.loss[4], rel=5e-3
    )
    page.mouse.move(2, 2)
    assert page.locator("section:nth-child(1) .where").inner_text() == ""


def test_a_run_that_has_not_begun_and_one_without_a_model(shown):
    page = shown(live())
    assert page.locator(".nothing").is_visible()
    assert not page.locator("section:visible").count()
    view = live()
    view(3, nn.History(loss=[3.0, 2.0, 1.0]))
    page = shown(view)
    assert page.locator("section:visible").count() == 1


def test_names_are_text(shown):
    view = live()
    view(1, nn.History(loss=[1.0], gradient_norms={"<script>alert(1)</script>": [1.0]}))
    page = shown(view)
    assert page.locator("section:nth-child(2) .legend span").inner_text() == "<script>alert(1)</script>"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 800, 1280])
def test_it_fits_the_screen(shown, width, scheme):
    page = shown(run(epochs=3)[1], width=width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page_colour, text_colour = page.evaluate(
        "() => ['backgroundColor', 'color'].map("
        "(key) => getComputedStyle(document.querySelector('.autograd-training'))[key])"
    )
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) > 380 for colour in (page_colour, text_colour)]
    assert light == ([True, False] if scheme == "light" else [False, True])


def in_a_notebook(browser, tmp_path, state: dict) -> Watched:
    """A page that shows the view as anywidget does."""
    watched = Watched(browser.new_context(viewport={"width": 1280, "height": 600}).new_page())
    file = tmp_path / "notebook.html"
    file.write_text(
        f"<!DOCTYPE html><link rel='icon' href='data:,'><style>{training_style()}</style><div id='output'></div>"
    )
    watched.page.goto(file.as_uri())
    script = NOTEBOOK.replace("DATA", json.dumps(state)).replace("MODULE", json.dumps(training_module()))
    watched.page.evaluate(f"(async () => {{ {script} }})()")
    return watched


def test_in_a_notebook_it_follows_its_data_and_leaves_nothing_behind(browser, tmp_path):
    first, last = (run(epochs=epochs)[1].state() for epochs in (2, 9))
    watched = in_a_notebook(browser, tmp_path, first)
    page = watched.page
    assert page.locator(".autograd-training").get_attribute("data-epoch") == "2"
    page.evaluate("(data) => window.model.set('data', data)", last)
    assert page.locator(".autograd-training").get_attribute("data-epoch") == "9"
    assert page.locator(".status").inner_text() == last["status"]
    assert len(places(page, "section:nth-child(1) > svg .curve")) == 9
    page.evaluate("window.leave()")
    assert page.locator(".autograd-training").count() == 0
    assert page.evaluate("window.listeners.length") == 0
    assert not watched.said
    page.context.close()
