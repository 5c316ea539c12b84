"""The step player as a page of its own; its parts serve the widget too."""

from __future__ import annotations

from functools import cache
from typing import Any

from autograd_core.stepper.colours import style
from autograd_core.stepper.page import document, script, source


@cache
def player_module() -> str:
    """Return the module that runs in the browser."""
    return script(__package__, "camera.js", "stage.js", "panel.js", "player.js")


@cache
def player_style() -> str:
    """Return its style sheet, with the colours of all levels."""
    return f"{source(__package__, 'player.css')}\n{style()}\n"


def player_page(story: dict[str, Any]) -> str:
    """Return the HTML of a story."""
    hint = "This page plays the steps of a computation. It needs JavaScript, but no network."
    return document(f"Every step of {story['title']}", player_module(), player_style(), story, hint)
