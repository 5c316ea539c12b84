"""Origins: a number that a module computes is told which module it was, so that a drawing can show that as one box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_core.engine.value import Value
from autograd_core.rules.rows import is_operand


def note_origin(result: Any, origin: str) -> Any:
    """Note a module's path on what it computed, unless that is a plain number, which bears no notes; return it."""
    if is_operand(result):
        result.origin = origin
    return result


def noting(origin: str) -> Callable[[Any], Any]:
    """Return `note_origin` for one origin."""

    def note(result: Any) -> Any:
        if type(result) is not float and (
            isinstance(result, Value) or is_operand(result)
        ):  # the quickest question first
            result.origin = origin
        return result

    return note
