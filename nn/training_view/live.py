"""live(): a training run as it goes on: the loss, the gradients by layer, the decision boundary."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from autograd_core.errors import ArgumentError, DomainError, MissingDependencyError
from autograd_core.interop.ipython import in_notebook, running_shell
from autograd_core.rules.scalars import as_count, number, shortened
from nn.training_view.boundary import Boundary
from nn.training_view.training_page import training_page

if TYPE_CHECKING:
    from nn.training_view.training_widget import TrainingWidget

_POINTS: Final = 400
"""At most so many points are drawn of a curve."""

_SHARE: Final = 0.05
"""The share of the time that drawing may take."""

_PLANE: Final = 0.03
"""The seconds that the boundary may take for one picture; at the end of a run it takes what it needs."""


def live(
    model: Any = None,
    X: Any = None,  # noqa: N803
    y: Any = None,
    *,
    resolution: int = 32,
    every: float = 0.25,
    threshold: float | None = None,
) -> TrainingView:
    """Return a callback for `nn.fit` that shows a run while it trains.

    It shows the loss by epoch, the norm of each layer's gradient and, for a model of two inputs, the decision boundary
    among the examples. In a notebook the picture appears below the cell that trains, and follows the run; or below the
    cell that returns it. From a saved notebook, nbconvert shows the last picture. Elsewhere nothing is shown:
    `save(path)` writes the picture as a page. It takes at most a twentieth of the time: if a model is slow, it draws
    less often, and the boundary in fewer cells until the run is over.

    Args:
        model: the model that is trained: it is called with a row. Without one there is no boundary.
        X: n rows of numbers: lists, a NumPy array or a pandas frame. With other than two columns, or for sequences of
            rows, there is no boundary.
        y: n labels, which mark the examples: class numbers, 0 and 1, or -1 and 1.
        resolution: the boundary is drawn on a grid of at most this many cells in each direction.
        every: the least time between two pictures, in seconds.
        threshold: the output at which the boundary lies, for a model of one output. By default it is 0.5 for a model
            whose last operation is a sigmoid, and 0 for any other.

    Raises:
        ArgumentError: the model cannot be called, there are X or y but no model, or not as many labels as rows.
        DomainError: `resolution` is not an int from 2 to 200, `every` not a number of at least 0, or `threshold` not a
            number.

    >>> from nn import MLP, fit
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> model = MLP(2, [4, 1], activation="tanh", seed=0)
    >>> view = live(model, X, y)
    >>> history = fit(model, X, y, loss="bce_with_logits", epochs=3, seed=0, callbacks=[view], progress=False)
    >>> view
    <live view of MLP(2 -> 4 -> 1; 17 parameters), epoch 3>
    """
    if model is not None and not callable(model):
        raise ArgumentError(f"live(model) takes a model, which is called with a row, got {shortened(model)}")
    if model is None and (X is not None or y is not None):
        raise ArgumentError("live(model, X, y) takes X and y to draw what the model says of them: pass the model too")
    resolution = as_count(resolution, "live(resolution=...)", 2, 200)
    seconds = number(every)
    if seconds is None or not seconds >= 0.0:
        raise DomainError(f"live(every=...) takes a number of seconds, 0 or more, got {shortened(every)}")
    if threshold is not None and number(threshold) is None:
        raise DomainError(f"live(threshold=...) takes a number or None, got {shortened(threshold)}")
    boundary = None if X is None else Boundary.of(model, X, y, resolution, threshold)
    title = "training" if model is None else repr(model).partition("\n")[0]
    return TrainingView(title if len(title) <= 80 else type(model).__name__, boundary, seconds)


class TrainingView:
    """What `live` returns: a callback that keeps a picture of the run. A notebook shows it as a widget."""

    def __init__(self, title: str, boundary: Boundary | None, every: float) -> None:
        self.title, self.boundary, self.every = title, boundary, every
        self.pictures = 0  # how many were drawn
        self._epoch, self._history = 0, None
        self._begin = self._last = time.perf_counter()
        self._spent = self._cost = 0.0
        self._widget: TrainingWidget | None = None
        self._output: Any = None  # the notebook's handle of what is shown below the cell
        self._awaits_the_end = False
        self._wanted = in_notebook()

    def __call__(self, epoch: int, history: Any) -> None:
        """Take in an epoch: `history` has the lists `loss`, `validation_loss` and the dict `gradient_norms`."""
        now = time.perf_counter()
        if epoch <= self._epoch or self._history is None:
            self._begin, self._spent = now, 0.0
        self._epoch, self._history = epoch, history
        if self._widget is None and not self._wanted:
            return  # nothing is shown before save(), which draws what it writes
        if self._widget is None:
            self._display()
            self._took(now)
        elif now - self._last >= self.every and (self._spent + self._cost) <= _SHARE * (now - self._begin):
            self.update(sparing=True)
        self._see_the_end()

    def update(self, *, sparing: bool = False) -> None:
        """Draw the run as it stands; `sparing` draws the boundary in fewer cells, to save time."""
        start = time.perf_counter()
        state = self.state(sparing=sparing)
        if self._widget is not None:
            self._widget.data = state
        self._took(start)

    def _took(self, start: float) -> None:
        """Note that a picture was drawn, which began at `start`."""
        self.pictures += 1
        self._last = time.perf_counter()
        self._cost = self._last - start
        self._spent += self._cost

    def state(self, *, sparing: bool = False) -> dict[str, Any]:
        """Return what the picture shows, as numbers and strings."""
        plane = None
        if self.boundary is not None:
            plane = self.boundary.plane(_PLANE if sparing else math.inf)
        history = self._history
        curves = [("training", getattr(history, "loss", [])), ("validation", getattr(history, "validation_loss", []))]
        return {
            "title": self.title,
            "epoch": self._epoch,
            "status": _status(self._epoch, history),
            "loss": [curve for name, values in curves if (curve := _curve(name, values))],
            "norms": [
                curve
                for name, values in getattr(history, "gradient_norms", {}).items()
                if (curve := _curve(str(name), values))
            ],
            "boundary": plane,
        }

    def save(self, path: str | os.PathLike[str] = "training.html") -> Path:
        """Write the picture as it stands as a page that needs no network, and return its path."""
        if not isinstance(path, (str, os.PathLike)):
            raise ArgumentError(f"save(path) takes the path of a file, got {shortened(path)}")
        file = Path(path)
        file.write_text(training_page(self.state()), encoding="utf-8", newline="\n")
        return file

    @property
    def widget(self) -> TrainingWidget:
        """The picture as an `anywidget.AnyWidget`.

        Raises:
            MissingDependencyError: anywidget is not installed.
        """
        if self._widget is None:
            self._widget = _widget_class()(data=self.state(sparing=self._history is not None))
        return self._widget

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        return f"<live view of {self.title}, {f'epoch {self._epoch}' if self._epoch else 'not started'}>"

    def _display(self) -> None:
        """Show the widget below the cell that trains."""
        from IPython.display import display

        self._wanted = False
        self._output = display(self.widget, display_id=True)  # type: ignore[no-untyped-call]

    def _see_the_end(self) -> None:
        """Draw the last epoch when the cell is done: a callback cannot know that an epoch is the last."""
        shell = running_shell()
        if shell is not None and not self._awaits_the_end:
            self._awaits_the_end = True
            shell.events.register("post_run_cell", self._draw_the_last)

    def _draw_the_last(self, *_: Any) -> None:
        running_shell().events.unregister("post_run_cell", self._draw_the_last)
        self._awaits_the_end = False
        if self._widget is not None:
            self.update()
        if self._output is not None:
            self._output.update(self._widget)  # what is saved with the notebook


def _widget_class() -> type[TrainingWidget]:
    try:
        from nn.training_view.training_widget import TrainingWidget
    except ModuleNotFoundError as error:
        if error.name != "anywidget":
            raise
        raise MissingDependencyError(
            "live() needs anywidget to show a run in a notebook: pip install 'autograd-core[all]'; "
            "its save(path) writes a page without it"
        ) from error
    return TrainingWidget


def _status(epoch: int, history: Any) -> str:
    """One line that says where the run stands."""
    parts = [f"epoch {epoch}" if epoch else "not started"]
    for name, key, style in (
        ("loss", "loss", ".4g"),
        ("accuracy", "accuracy", ".1%"),
        ("validation loss", "validation_loss", ".4g"),
        ("validation accuracy", "validation_accuracy", ".1%"),
    ):
        values = getattr(history, key, None)
        if values:
            parts.append(f"{name} {values[-1]:{style}}")
    return " · ".join(parts)


def _curve(name: str, values: list[float]) -> dict[str, Any] | None:
    """A curve with at most `_POINTS` points, the first and the last included; nan and inf are left out."""
    count = len(values)
    if not count:
        return None
    steps = min(count, _POINTS)
    places = sorted({round(i * (count - 1) / max(1, steps - 1)) for i in range(steps)})
    finite = [(k, values[k]) for k in places if abs(values[k]) < float("inf")]
    return {"name": name, "epochs": [k + 1 for k, _ in finite], "values": [float(f"{v:.6g}") for _, v in finite]}
