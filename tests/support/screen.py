"""What the page of a player shows, read off the screen."""

from __future__ import annotations

from collections.abc import Callable

import autograd_core as ac
from autograd_core import Value


def small() -> Value:
    w, x, b = Value(-0.6, "w"), Value(2.0, "x"), Value(0.3, "b")
    z = w * x + b
    z.label = "z"
    loss = (ac.tanh(z) - 1.0) ** 2 + 0.1 * w**2
    loss.label = "L"
    return loss


def step(page) -> int:
    return int(page.locator(".autograd-player").get_attribute("data-step"))


def line(page) -> str:
    return page.locator(".arithmetic .line").inner_text().replace("\n", " ")


def change(page) -> str:
    return page.locator(".arithmetic .change").inner_text().replace("\n", " ")


def last(page) -> int:
    return int(page.locator(".slider").get_attribute("max"))


def until(page, done: Callable[[], bool]) -> None:
    """Wait; the page's policy does not let the driver do it there."""
    for _ in range(500):
        if done():
            return
        page.wait_for_timeout(10)
    raise AssertionError("nothing happened in five seconds")


def node(page, name: str):
    return page.locator(f".node[aria-label^='{name},']")


def scale(page) -> float:
    return page.evaluate("new DOMMatrix(getComputedStyle(document.querySelector('.camera')).transform).a")
