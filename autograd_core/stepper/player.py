"""player(): the steps of a computation, played in a browser or a notebook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd_core.engine.value import Value
from autograd_core.errors import ArgumentError, MissingDependencyError, NotAScalarError
from autograd_core.interop.ipython import in_notebook
from autograd_core.rules.scalars import as_count, as_flag, complaint, shortened
from autograd_core.stepper.page import framed
from autograd_core.stepper.player_page import player_page
from autograd_core.stepper.story import Story, story
from autograd_core.users_code import caller

if TYPE_CHECKING:
    from autograd_core.stepper.player_widget import PlayerWidget


def player(y: Value, *, max_nodes: int = 500, collapse: bool = False) -> Player:
    """Return a player of the computation of `y`: every step, forward and backward.

    A notebook shows it below the cell. `save(path)` writes it as a page: one HTML file that needs no network.

    It shows the graph, and at each step the node or the edge at work with a line of arithmetic in names and numbers,
    as `steps(y)` yields them. Select a node to see its value, its gradient so far and the products that made it; point
    at an edge to see its local derivative. Gradients are those of one pass, from 0. Nothing is changed: every `.grad`
    stays as it was, and what happens to `y` later does not change the player.

    Args:
        y: what to differentiate.
        max_nodes: beyond this many nodes, constants included, neurons or layers are shown as one box each, and one
            step tells all products between two boxes; the page says so.
        collapse: True shows boxes in any case.

    Raises:
        NotAScalarError: `y` is not a Value.
        DomainError: `max_nodes` is not an int of at least 1.
        MissingDependencyError: Graphviz is not installed.

    >>> import tempfile
    >>> x, w = Value(2.0), Value(-3.0)
    >>> shown = player(x * w + x)
    >>> shown
    <player of y, 4 nodes, 4 products of the chain rule>
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = shown.save(f"{folder}/steps.html")
    ...     page.name, "∂y/∂x" in page.read_text(encoding="utf-8"), x.grad
    ('steps.html', True, 0.0)
    """
    if not isinstance(y, Value):
        raise NotAScalarError(f"player(y) takes a Value, {complaint(y)}")
    most, boxes = as_count(max_nodes, "player(max_nodes=...)", 1), as_flag(collapse, "player(collapse=...)")
    return Player(story(y, caller(), most, boxes))


class Player:
    """What `player` returns: the steps of one computation. A notebook shows it; `save` writes a page."""

    def __init__(self, data: Story) -> None:
        self._data = data
        self._widget: PlayerWidget | None = None

    def save(self, path: str | os.PathLike[str] = "steps.html") -> Path:
        """Write the player as a page that needs no network, and return its path.

        Args:
            path: where to write it; a file that is there is replaced.

        Raises:
            ArgumentError: `path` is not the path of a file.
            OSError: the file cannot be written.
        """
        if not isinstance(path, (str, os.PathLike)):
            raise ArgumentError(f"player(y).save(path) takes the path of a file, got {shortened(path)}")
        file = Path(path)
        file.write_text(player_page(self._data), encoding="utf-8", newline="\n")
        return file

    @property
    def widget(self) -> PlayerWidget:
        """The player as an `anywidget.AnyWidget`, always the same one; assign its `step` to go to a step.

        Raises:
            MissingDependencyError: anywidget is not installed.
        """
        if self._widget is None:
            self._widget = _widget_class()(data=self._data)
        return self._widget

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget, or the page in a frame where there is no notebook to run a widget, or no anywidget."""
        if in_notebook():
            try:
                return self.widget._repr_mimebundle_(**options)
            except MissingDependencyError:
                pass  # the page needs nothing
        return {"text/plain": repr(self), "text/html": framed(player_page(self._data), repr(self))}

    def __repr__(self) -> str:
        return f"<player of {self._data['title']}, {self._data['size']}>"


def _widget_class() -> type[PlayerWidget]:
    try:
        from autograd_core.stepper.player_widget import PlayerWidget
    except ModuleNotFoundError as error:
        if error.name != "anywidget":
            raise
        raise MissingDependencyError(
            "player(y).widget needs anywidget: pip install 'autograd-core[all]'; player(y).save(path) works without it"
        ) from error
    return PlayerWidget
