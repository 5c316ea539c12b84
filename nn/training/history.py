"""History: what a training run did, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nn.plot_style import BLUE, STYLE, VERMILION, finished, pyplot, whole_numbers


@dataclass(repr=False)
class History:
    """What `fit` returns. Each list has one entry an epoch.

    Attributes:
        loss: the mean loss over the epoch's examples, each taken when its batch was trained on.
        accuracy: the share classified right, measured at the same time; empty where the loss does not classify. An
            example with several answers counts by the share of them that is right.
        validation_loss: the loss on the validation data at the end of the epoch; empty without such data.
        validation_accuracy: the accuracy on the validation data at the end of the epoch.
        gradient_norms: for each layer the norm of its gradient in the epoch's last step.
        seconds: how long the epoch took.
        interrupted: whether the user stopped the run before its time.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    gradient_norms: dict[str, list[float]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    interrupted: bool = False

    @property
    def epochs(self) -> int:
        """How many epochs were completed."""
        return len(self.loss)

    def as_dict(self) -> dict[str, Any]:
        """Return the lists by name, such as for `pandas.DataFrame`: the gradient norms as `gradient_norm layers.0`."""
        columns = {
            "loss": self.loss,
            "accuracy": self.accuracy,
            "validation_loss": self.validation_loss,
            "validation_accuracy": self.validation_accuracy,
            **{f"gradient_norm {layer}": norms for layer, norms in self.gradient_norms.items()},
            "seconds": self.seconds,
        }
        return {name: list(column) for name, column in columns.items() if column}

    def __repr__(self) -> str:
        if not self.epochs:
            return f"History(no epoch completed{', interrupted' if self.interrupted else ''})"
        parts = [f"{self.epochs} epoch{'s' if self.epochs != 1 else ''}"]
        parts.append(f"loss {self.loss[0]:.4g} -> {self.loss[-1]:.4g}")
        if self.accuracy:
            parts.append(f"accuracy {self.accuracy[-1]:.1%}")
        if self.validation_loss:
            parts.append(f"validation loss {self.validation_loss[-1]:.4g}")
        if self.validation_accuracy:
            parts.append(f"validation accuracy {self.validation_accuracy[-1]:.1%}")
        parts.append(f"{sum(self.seconds):.1f} s")
        return f"History({', '.join(parts)}{', interrupted' if self.interrupted else ''})"

    def plot(self) -> Any:
        """Return a matplotlib Figure: the loss by epoch, and the accuracy beside it where there is one.

        Raises:
            MissingDependencyError: matplotlib is not installed.
        """
        plt = pyplot("History.plot()")
        panels = [("Loss", "mean loss of an example", self.loss, self.validation_loss)]
        if self.accuracy:
            panels.append(("Accuracy", "examples classified right", self.accuracy, self.validation_accuracy))
        with plt.rc_context(STYLE):
            figure, axes = plt.subplots(
                1, len(panels), figsize=(5.2 * len(panels), 3.8), squeeze=False, layout="constrained"
            )
            figure.get_layout_engine().set(wspace=0.06)
            for axis, (title, quantity, training, validation) in zip(axes[0], panels, strict=True):
                axis.set(title=title, xlabel="epoch", ylabel=quantity)
                _curves(axis, training, validation)
            axes[0][0].set_ylim(bottom=0.0)
            if self.accuracy:
                axes[0][1].yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g}%")
            axes[0][0].legend()
        return finished(plt, figure)


def _curves(axis: Any, training: list[float], validation: list[float]) -> None:
    """Draw a quantity by epoch, for training and for validation."""
    epochs = range(1, len(training) + 1)
    marker = "o" if len(training) == 1 else None  # a line of one point cannot be seen
    axis.plot(epochs, training, color=BLUE, marker=marker, label="training")
    if validation:
        axis.plot(epochs, validation, color=VERMILION, linestyle=(0, (5, 1.5)), marker=marker, label="validation")
    axis.margins(x=0.02)
    axis.xaxis.set_major_locator(whole_numbers())
