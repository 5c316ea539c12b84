"""player(): the steps of a computation as a page to play, or as a notebook widget."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, overload

from autograd_core.engine.value import Value
from autograd_core.errors import ArgumentError, DomainError, MissingDependencyError, NotAScalarError
from autograd_core.naming import caller
from autograd_core.rules.scalars import complaint, shortened
from autograd_core.stepper.page import page
from autograd_core.stepper.story import story

if TYPE_CHECKING:
    from autograd_core.stepper.widget import StepsWidget


@overload
def player(y: Value, path: str | os.PathLike[str] = ..., *, max_nodes: int = ..., collapse: bool = ...) -> Path: ...
@overload
def player(y: Value, path: None, *, max_nodes: int = ..., collapse: bool = ...) -> StepsWidget: ...
def player(
    y: Value,
    path: str | os.PathLike[str] | None = "steps.html",
    *,
    max_nodes: int = 500,
    collapse: bool = False,
) -> Path | StepsWidget:
    """Write a page that plays the computation of `y` step by step, forward and backward, and return its path.

    The page is one HTML file that needs no network. It shows the graph, and at each step the node or the edge at
    work with a line of arithmetic in names and numbers, as `steps(y)` yields them. Select a node to see its value,
    its gradient so far and the products that made it; point at an edge to see its local derivative. Gradients are
    those of one pass, from 0. Nothing is changed: every `.grad` stays as it was.

    Args:
        y: what to differentiate.
        path: where to write the page; a file that is there is replaced. With None nothing is written, and the same
            player is returned as a widget, which a notebook shows; its `save(path)` writes the page, which is
            also what nbconvert makes of it.
        max_nodes: beyond this many nodes, constants included, neurons or layers are shown as one box each, and one
            step tells all products between two boxes; the page says so.
        collapse: True shows boxes in any case.

    Returns:
        The path of the page; or the widget, an `anywidget.AnyWidget`, if `path` is None.

    Raises:
        NotAScalarError: `y` is not a Value.
        ArgumentError: `path` is neither a path nor None.
        DomainError: `max_nodes` is not a whole number of at least 1.
        MissingDependencyError: there is no Graphviz, or for a widget no anywidget; nothing is written then.
        OSError: the file cannot be written.

    >>> import tempfile
    >>> x, w = Value(2.0), Value(-3.0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = player(x * w + x, f"{folder}/steps.html")
    ...     page.name, "∂y/∂x" in page.read_text(encoding="utf-8"), x.grad
    ('steps.html', True, 0.0)
    """
    if not isinstance(y, Value):
        raise NotAScalarError(f"player(y) takes a Value, {complaint(y)}")
    if path is not None and not isinstance(path, (str, os.PathLike)):
        raise ArgumentError(f"player(path=...) takes the path of a file, or None for a widget, got {shortened(path)}")
    if isinstance(max_nodes, bool) or not isinstance(max_nodes, int) or max_nodes < 1:
        raise DomainError(f"player(max_nodes=...) takes a whole number of at least 1, got {shortened(max_nodes)}")
    if path is not None:
        file = Path(path)
        file.write_text(page(story(y, caller(), max_nodes, collapse)), encoding="utf-8", newline="\n")
        return file
    return _widget_class()(data=story(y, caller(), max_nodes, collapse))


def _widget_class() -> type[StepsWidget]:
    try:
        from autograd_core.stepper.widget import StepsWidget
    except ModuleNotFoundError as error:
        if error.name != "anywidget":
            raise
        raise MissingDependencyError(
            "player(y, path=None) needs anywidget to show a widget: pip install 'autograd-core[all]'; "
            "player(y) writes a page without it"
        ) from error
    return StepsWidget
