"""The main job, `python -m nn.demo`: train a network on real data, number by number, and show what it learned.

A multilayer perceptron of scalar Values learns to tell benign from malignant tumours in the Wisconsin breast
cancer data that come with scikit-learn; a smaller one learns two moons. Plots and a drawing go into `out/`.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograd_core.drawing.draw import draw
from autograd_core.engine.value import Value
from autograd_core.errors import MissingDependencyError
from autograd_core.rules.table import sigmoid
from nn.inputs.row_reader import Row
from nn.layers.mlp import MLP
from nn.metrics.accuracy import accuracy
from nn.module import Module
from nn.optim.adam import Adam
from nn.plot_style import BLUE, GREY, STYLE, VERMILION, pyplot
from nn.training.fit import fit
from nn.training.gradient_norms import gradient_norms
from nn.training.history import History
from nn.training.predict import predict

SEED = 7
Split = tuple[list[Row], list[int]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train both networks, print what they reach, and write the pictures."""
    parser = argparse.ArgumentParser(prog="python -m nn.demo", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=Path("out"), help="where to write the pictures (default: out)")
    parser.add_argument("--epochs", type=int, default=40, help="epochs on the breast cancer data (default: 40)")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # or a log file has the progress bars before what they are about
    options.out.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    try:
        written = [*breast_cancer(options.out, options.epochs), *two_moons(options.out)]
    except MissingDependencyError as error:
        parser.exit(1, f"{error}\n")
    print(f"\nDone in {time.perf_counter() - start:.0f} s. Written:")
    for path, what in written:
        print(f"  {path}  {what}")


def breast_cancer(out: Path, epochs: int) -> list[tuple[Path, str]]:
    """Train on the breast cancer data, print accuracy and gradient norms, and plot the curves."""
    training, validation, test = breast_cancer_data()
    model = MLP(30, [8, 1], activation="tanh", init="xavier", seed=SEED)
    sizes = " + ".join(str(len(part[1])) for part in (training, validation, test))
    print(f"Breast cancer Wisconsin: {sizes} tumours to train, validate and test on, 30 numbers each.\n{model}\n")
    optimizer = Adam(model, lr=0.003, weight_decay=0.01)
    history = fit(
        model,
        *training,
        loss="bce_with_logits",
        optimizer=optimizer,
        epochs=epochs,
        batch_size=16,
        validation=validation,
        seed=SEED,
    )
    right = round(accuracy(model, *test) * len(test[1]))
    print(f"\n{history}")
    print(f"Test accuracy: {right / len(test[1]):.1%} ({right} of {len(test[1])} tumours, none of them seen before)")
    print_gradient_norms(model)
    return [(plot_training(history, out / "training.png"), "loss and accuracy by epoch")]


def two_moons(out: Path) -> list[tuple[Path, str]]:
    """Train on two moons, plot the decision boundary, and draw one neuron with its gradients."""
    points, labels = moons_data()
    model = MLP(2, [12, 12, 1], activation="tanh", init="xavier", seed=SEED)
    print(f"\nTwo moons: {len(labels)} points.\n{model}\n")
    history = fit(model, points, labels, loss="bce_with_logits", lr=0.02, epochs=50, batch_size=20, seed=SEED)
    print(f"\n{history}")
    print(f"Accuracy on these points: {accuracy(model, points, labels):.1%}")
    print_gradient_norms(model)
    return [
        (plot_boundary(model, points, labels, out / "moons.png"), "the boundary that the two-moons net drew"),
        draw_neuron(model, points[0], out / "neuron.svg"),
    ]


def breast_cancer_data() -> tuple[Split, Split, Split]:
    """Return data to train, to validate and to test on, with the classes in equal shares.

    The numbers are standardised by mean and deviation of the training data alone: what the test data look like
    must not leak into training.
    """
    try:
        from sklearn.datasets import load_breast_cancer
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler
    except ImportError as error:
        raise MissingDependencyError(
            "nn.demo needs scikit-learn for its data, which is not installed: pip install 'autograd-core[all]'"
        ) from error
    inputs, labels = load_breast_cancer(return_X_y=True)
    rest, test, y_rest, y_test = train_test_split(inputs, labels, test_size=0.25, stratify=labels, random_state=SEED)
    training, validation, y_training, y_validation = train_test_split(
        rest, y_rest, test_size=0.2, stratify=y_rest, random_state=SEED
    )
    scaler = StandardScaler().fit(training)
    parts = ((training, y_training), (validation, y_validation), (test, y_test))
    first, second, third = ((scaler.transform(part).tolist(), y.tolist()) for part, y in parts)
    return first, second, third


def moons_data() -> Split:
    """Return two interleaved half circles with noise."""
    from sklearn.datasets import make_moons

    points, labels = make_moons(n_samples=200, noise=0.15, random_state=SEED)
    return points.tolist(), labels.tolist()


def print_gradient_norms(model: Module) -> None:
    """Print the norm of each layer's gradient in the last step."""
    print("Gradient norm of each layer in the last step:")
    for layer, norm in gradient_norms(model).items():
        print(f"  {layer}  {norm:.3e}")


def plot_training(history: History, path: Path) -> Path:
    """Plot loss and accuracy by epoch."""
    figure = history.plot()
    figure.savefig(path, dpi=160)
    pyplot("nn.demo").close(figure)
    return path


def plot_boundary(model: MLP, points: list[Row], labels: list[int], path: Path, steps: int = 80) -> Path:
    """Plot the probability that the model gives each place of the plane, and the points."""
    plt = pyplot("nn.demo")
    from matplotlib.colors import LinearSegmentedColormap

    xs, ys = (_grid([point[axis] for point in points], steps) for axis in (0, 1))
    logits: list[Any] = list(predict(model, [[x, y] for y in ys for x in xs]))
    rows = [logits[i : i + steps] for i in range(0, len(logits), steps)]
    with plt.rc_context({**STYLE, "axes.grid": False}):
        figure, axis = plt.subplots(figsize=(7.2, 4.7), layout="constrained")
        image = axis.imshow(
            [[sigmoid(logit) for logit in row] for row in rows],
            cmap=LinearSegmentedColormap.from_list("classes", [BLUE, "#FFFFFF", VERMILION]),
            extent=(xs[0], xs[-1], ys[0], ys[-1]),
            vmin=0.0,
            vmax=1.0,
            origin="lower",
            interpolation="bicubic",
            alpha=0.5,
        )
        axis.contour(xs, ys, rows, levels=[0.0], colors="#202124", linewidths=1.8)
        for label, colour, marker in ((0, BLUE, "o"), (1, VERMILION, "^")):
            moon = [point for point, found in zip(points, labels, strict=True) if found == label]
            across, up = zip(*moon, strict=True)
            axis.scatter(across, up, s=30, c=colour, marker=marker, edgecolors="white", linewidths=0.7, label=label)
        axis.set(title="Two moons and the boundary that the network drew", xlabel="x1", ylabel="x2", aspect="equal")
        axis.legend(title="moon", loc="upper left", alignment="left", borderaxespad=0.6, handletextpad=0.2)
        bar = figure.colorbar(image, cax=axis.inset_axes((1.03, 0.0, 0.03, 1.0)), ticks=[0.0, 0.5, 1.0])
        bar.set_label("probability of moon 1", color=GREY)
        bar.outline.set_visible(False)
        figure.savefig(path, dpi=160)
        plt.close(figure)
    return path


def draw_neuron(model: MLP, point: Row, path: Path) -> tuple[Path, str]:
    """Draw the graph of the first neuron at one point: each Value, each local derivative, each gradient."""
    neuron = model.layers[0].neurons[0]
    model.zero_grad()
    y = neuron([Value(point[0], "x1"), Value(point[1], "x2")])
    y.label = "y"
    y.backward()
    picture = draw(y, rankdir="LR", labels=True, gradients=True, format=path.suffix[1:])
    what = "the graph of its first neuron, after backward()"
    try:
        path.write_bytes(picture.pipe())
    except MissingDependencyError as error:  # the drawing can still be rendered elsewhere
        path = path.with_suffix(".dot")
        path.write_text(picture.source, encoding="utf-8")
        what = f"{what}, as DOT source: {error}"
    return path, what


def _grid(numbers: list[float], steps: int) -> list[float]:
    low, high = min(numbers) - 0.4, max(numbers) + 0.4
    return [low + (high - low) * i / (steps - 1) for i in range(steps)]


if __name__ == "__main__":
    main()
