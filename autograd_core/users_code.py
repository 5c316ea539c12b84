"""Which code is the user's: the frame that called into this package, and the line it is at."""

from __future__ import annotations

import os
import sys
from types import FrameType

_libraries: tuple[str, ...] = (os.path.join(os.path.dirname(__file__), ""),)
"""The folders of code that is not the user's, each with a separator at its end."""


def add_library(folder: str) -> None:
    """Say that a folder holds a library built on this package: what it computes is named by the code that calls it.

    >>> add_library(os.path.dirname(__file__))  # autograd_core itself is known
    """
    global _libraries
    path = os.path.join(folder, "")
    if path not in _libraries:
        _libraries += (path,)


def caller() -> FrameType | None:
    """Return the innermost frame of the user's code: that of neither this package nor a library built on it."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_libraries):
        frame = frame.f_back
    return frame


def line_of(frame: FrameType | None) -> str:
    """Return the file and the line that a frame is at, `model.py:9`; "" for None."""
    return "" if frame is None else f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"
