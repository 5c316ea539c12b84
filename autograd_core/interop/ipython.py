"""IPython, if it runs the caller's code: what a notebook shows, and what it calls its cells."""

from __future__ import annotations

import sys
from typing import Any


def running_shell() -> Any:
    """Return the shell that runs this, or None; IPython is not imported for it."""
    module = sys.modules.get("IPython")
    return None if module is None else module.get_ipython()


def in_notebook() -> bool:
    """Whether there is a notebook to show a widget in."""
    return getattr(running_shell(), "kernel", None) is not None


def cell_of(file: str) -> str:
    """Return what tracebacks call the cell that was compiled under the name of a file; "" if there is none.

    >>> cell_of("model.py")
    ''
    """
    told = getattr(getattr(running_shell(), "compile", None), "format_code_name", None)
    found = None if told is None else told(file)
    return "" if found is None else " ".join(found)
