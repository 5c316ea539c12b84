"""The picture of a training run as a page that needs nothing beside itself; its parts serve the widget too."""

from __future__ import annotations

from functools import cache
from typing import Any

from autograd_core.stepper.page import document, script, source


@cache
def training_module() -> str:
    """Return the module that runs in the browser."""
    return script(__package__, "chart.js", "plane.js", "training_view.js")


@cache
def training_style() -> str:
    """Return its style sheet."""
    return source(__package__, "training_view.css")


def training_page(state: dict[str, Any]) -> str:
    """Return the HTML of a run."""
    hint = "This page shows a training run. It needs JavaScript, but no network."
    return document(f"Training of {state['title']}", training_module(), training_style(), state, hint)
