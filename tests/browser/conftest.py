"""These tests drive Chromium. Without it, or without its driver, they skip; where they must run, they fail."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograd_core import Value, player

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REMEDY = "`make browser` installs what is missing, and `make test` then runs what was skipped"
REQUIRED = "AUTOGRAD_CORE_BROWSER"
"""An environment variable: the program to drive. If it is set, nothing skips."""

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def program() -> str | None:
    """The browser on this machine, if there is one."""
    return os.environ.get(REQUIRED) or next((found for name in NAMES if (found := shutil.which(name))), None)


def missing() -> str:
    """What there is not; "" if all is there."""
    absent = [] if program() else ["Chromium"]
    absent += [] if importlib.util.find_spec("playwright") else ["playwright"]
    return " and ".join(absent)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = missing()
    if not absent or os.environ.get(REQUIRED):
        return
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.skip(reason=f"no {absent}: {REMEDY}"))


@pytest.fixture(scope="package")  # closed before other tests begin: playwright keeps an event loop running
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program(), args=FLAGS)
        yield chromium
        chromium.close()


class Watched:
    """A page, with all that it says to the console, and all that it asks the network for."""

    def __init__(self, page: object) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture
def fresh(browser) -> Iterator[Callable[..., object]]:
    """A function that opens a file in a fresh page; at the end, nothing may have gone wrong there."""
    pages: list[Watched] = []
    contexts = []

    def show(file: Path, width: int = 1280, height: int = 800, **context: object) -> object:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **context))
        pages.append(Watched(contexts[-1].new_page()))
        pages[-1].page.goto(file.as_uri())
        return pages[-1].page

    yield show
    for watched in pages:
        assert not watched.said
        assert [url for url in watched.asked if not url.startswith(("file:", "data:"))] == []
        assert sum(url.startswith("file:") for url in watched.asked) == 1
    for context in contexts:
        context.close()


@pytest.fixture
def opened(fresh, tmp_path) -> Callable[..., object]:
    """A function that opens the player of a Value in a fresh page."""

    def show(y: Value, *, options: dict | None = None, **context: object) -> object:
        page = fresh(player(y, **(options or {})).save(tmp_path / "steps.html"), **context)
        page.wait_for_selector("[data-step='0']")
        return page

    return show
