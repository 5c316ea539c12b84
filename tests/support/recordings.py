"""What is recorded once, held to calling the function at other numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd_core as ac
from autograd_core.program.record import record, replay
from tests.support.transforms import close


def assert_recorded_once_serves_elsewhere(f: Callable[[Any], Any], xs: list[float], step: float = -0.01) -> None:
    """Check the value and the gradient of a recording a step away, where the function takes the same branches."""
    value, gradient = record(f, xs), record(ac.grad(f), xs)
    there = [x + step for x in xs]
    assert close(replay(value, there), f(there))
    assert close(replay(gradient, there), ac.grad(f)(there))
