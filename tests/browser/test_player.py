"""The player in a real browser: every control works, and the numbers on screen are those of steps()."""

from __future__ import annotations

from autograd_core import steps
from autograd_core.drawing.markup import figure
from autograd_core.stepper.arithmetic import number
from tests.support.screen import change, last, line, small, step, until

# Numbers.


def test_the_numbers_on_screen_are_those_of_steps(opened):
    """Each one is read off the page: the line, what it changes, the card, the panel."""
    y = small()
    page = opened(y)
    every = list(steps(y))
    seed = sum(s.kind == "forward" for s in every)
    place = {id(s.node): i for i, s in enumerate(every[:seed])}
    names = {
        id(s.node): s.node.label or f"v{k}" for k, s in enumerate((s for s in every[:seed] if not s.node.label), 1)
    }
    names |= {id(s.node): s.node.label for s in every[:seed] if s.node.label}
    assert last(page) == len(every) + 1
    for s in every[:seed]:
        page.keyboard.press("ArrowRight")
        assert line(page).startswith(f"{names[id(s.node)]} = ")
        assert line(page).endswith(f" = {number(s.node.data)}")
        assert page.locator(".phase").inner_text() == "forward"
        assert page.locator(".node.at-work .data").text_content() == figure(s.node.data)
        assert page.locator(".panel h2").inner_text() == names[id(s.node)]
    page.keyboard.press("ArrowRight")
    assert line(page) == "∂L/∂L = 1.0"
    for s in every[seed:]:
        page.keyboard.press("ArrowRight")
        a, b = names[id(s.node)], names[id(s.parent)]
        factors = [f"({number(f)})" if f < 0 else number(f) for f in (s.local_derivative, s.upstream)]
        assert line(page) == f"∂L/∂{b} += ∂{a}/∂{b} · ∂L/∂{a} = {' · '.join(factors)} = {number(s.contribution)}"
        assert change(page) == f"∂L/∂{b}: {number(s.before)} → {number(s.after)}"
        assert page.locator(".phase").inner_text() == "backward"
        assert page.locator(".node.at-work .grad").text_content() == figure(s.after)
        exact = page.locator(".panel dd").last.inner_text().split("\n")[-1]
        assert float(exact) == s.after
        assert page.locator(".edge.at-work").count() == 1
    assert len(place) == seed
    assert step(page) == last(page)


def test_the_last_step_is_backward(opened):
    y = small()
    nodes = [s.node for s in steps(y) if s.kind == "forward"]
    for v in nodes:
        v.grad = 0.0
    page = opened(y)
    page.keyboard.press("End")
    assert step(page) == last(page)
    y.backward()
    for v in nodes:
        if v.label:
            page.locator(".node", has=page.locator(f"text >> text='{v.label}'")).first.click()
            assert page.locator(".panel h2").inner_text() == v.label
            assert float(page.locator(".panel dd").last.inner_text().split("\n")[-1]) == v.grad
    shown = sorted(float(text) for text in page.locator(".node .grad").all_text_contents())
    assert shown == sorted(float(figure(v.grad)) for v in nodes)


def test_going_back_shows_what_was_shown(opened):
    page = opened(small())
    seen = []

    def everything() -> list[str]:
        places = [".arithmetic", ".panel", ".count"]
        cards = page.evaluate(
            "[...document.querySelectorAll('.node, .edge')].map((e) => [e.dataset.id, e.outerHTML]).sort()"
        )
        return [*(page.locator(place).inner_html() for place in places), *cards]

    for _ in range(last(page)):
        seen.append(everything())
        page.keyboard.press("ArrowRight")
    for shown in reversed(seen[1:]):
        page.keyboard.press("ArrowLeft")
        assert everything() == shown


# Controls.


def test_buttons(opened):
    page = opened(small())
    end = last(page)
    first, back, forth, final = (page.locator(f".buttons .{name}") for name in ("first", "back", "step", "last"))
    assert first.is_disabled()
    assert back.is_disabled()
    forth.click()
    forth.click()
    assert step(page) == 2
    back.click()
    assert step(page) == 1
    final.click()
    assert step(page) == end
    assert forth.is_disabled()
    assert final.is_disabled()
    first.click()
    assert step(page) == 0
    assert page.locator(".count").inner_text() == f"0 / {end}"


def test_keys(opened):
    page = opened(small())
    for key, expected in [
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", last(page)),
        ("ArrowRight", last(page)),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("Control+ArrowRight", 0),
    ]:
        page.keyboard.press(key)
        assert step(page) == expected
    shown = page.locator(".help").inner_text()
    assert all(key in shown for key in ("space", "←", "→", "Home", "End", "Enter", "Esc"))


def test_slider(opened):
    page = opened(small())
    slider = page.locator(".slider")
    slider.fill("5")
    assert step(page) == 5
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert step(page) == 6
    page.keyboard.press("Home")
    assert step(page) == 0
    page.keyboard.press("End")
    assert step(page) == last(page)
    assert slider.get_attribute("aria-valuetext") == f"step {last(page)} of {last(page)}, backward"


def test_play_and_pause(opened):
    page = opened(small())
    root = page.locator(".autograd-player")
    play = page.locator(".buttons .play")
    page.locator(".speed").select_option("20")
    assert play.get_attribute("aria-label") == "Play (space)"
    play.click()
    assert root.get_attribute("data-playing") == "true"
    assert play.get_attribute("aria-label") == "Pause (space)"
    until(page, lambda: step(page) > 2)
    play.click()
    held = step(page)
    page.wait_for_timeout(200)
    assert step(page) == held
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press(" ")
    assert root.get_attribute("data-playing") == "true"
    page.wait_for_selector(f"[data-step='{last(page)}'][data-playing='false']")
    page.keyboard.press(" ")  # from the end it starts again
    assert step(page) < last(page)
    page.keyboard.press(" ")
    assert root.get_attribute("data-playing") == "false"


def test_speed(opened):
    page = opened(small())
    taken = []
    for speed, steps_taken in (("2", 2), ("20", 10)):
        page.keyboard.press("Home")
        page.locator(".speed").select_option(speed)
        taken.append(
            page.evaluate(
                """async (goal) => {
                  const root = document.querySelector(".autograd-player");
                  const start = performance.now();
                  document.querySelector(".play").click();
                  while (root.dataset.step < goal) await new Promise((done) => setTimeout(done, 4));
                  document.querySelector(".play").click();
                  return (performance.now() - start) / goal;
                }""",
                steps_taken,
            )
        )
    assert taken[0] > 2.5 * taken[1]
