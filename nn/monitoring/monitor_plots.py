"""How a monitor's series are drawn: curves by layer, and a heat map of layer by step."""

from __future__ import annotations

import math
from typing import Any

from nn.plot_style import GREY, STYLE, finished, pyplot, whole_numbers

Series = dict[str, list[float]]

HEIGHT_OF_A_NAME = 0.24
"""How many inches a line of the legend takes, which is beside the panels and must not be cut."""

RANGE_FOR_LOG = 30.0
"""Positive numbers that differ by more than this factor are drawn on a logarithmic scale."""


def draw_curves(steps: list[int], panels: dict[str, Series], layers: list[str]) -> Any:
    """Return a Figure with a panel for each title, and in it a curve for each layer, dark for the first one.

    Args:
        steps: the numbers of the steps.
        panels: what is drawn, by title and layer.
        layers: the order of the layers; those of which nothing is drawn are left out.
    """
    plt = pyplot("Monitor.plot()")
    columns = len(panels) if len(panels) < 3 else 2 if len(panels) <= 4 else 3
    rows = math.ceil(len(panels) / columns)
    with plt.rc_context(STYLE):
        names = [name for name in layers if any(name in series for series in panels.values())]
        size = 4.8 * columns + 1.6, max(3.2 * rows, HEIGHT_OF_A_NAME * (len(names) + 2))
        figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
        shades = plt.get_cmap("viridis")
        colours = {name: shades(0.9 * i / max(len(names) - 1, 1)) for i, name in enumerate(names)}
        cells = [axis for row in axes for axis in row]
        for axis, (title, series) in zip(cells, panels.items(), strict=False):
            for name, numbers in series.items():
                marker = "o" if len(steps) == 1 else None  # a line of one point cannot be seen
                axis.plot(steps, numbers, color=colours[name], linewidth=1.6, marker=marker, label=name)
            axis.set(title=_capital(title), xlabel="step")
            if title.startswith("share"):
                axis.set_ylim(-0.03, 1.03)
                axis.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g}%")
            elif _wants_log(series):
                axis.set_yscale("log")
            axis.margins(x=0.02)
            axis.xaxis.set_major_locator(whole_numbers())
        for axis in cells[len(panels) :]:
            axis.set_visible(False)
        lines = {line.get_label(): line for axis in cells[: len(panels)] for line in axis.lines}
        figure.legend(
            [lines[name] for name in names],
            names,
            loc="outside right upper",
            title="layer, from the input",
            alignment="left",
        )
    return finished(plt, figure)


def draw_heat_map(steps: list[int], title: str, series: Series) -> Any:
    """Return a Figure with a row for each layer and a column for each step, in colours that the colour-blind see."""
    plt = pyplot("Monitor.heat_map()")
    from matplotlib.colors import LogNorm, Normalize

    table = [[x if math.isfinite(x) else math.nan for x in numbers] for numbers in series.values()]
    numbers = [x for row in table for x in row if not math.isnan(x)] or [0.0]
    norm: Normalize
    if _wants_log(series):
        table = [[x if x > 0.0 else math.nan for x in row] for row in table]  # a 0 has no place on such a scale
        norm = LogNorm(min(x for x in numbers if x > 0.0), max(numbers))
    else:
        norm = Normalize(0.0, 1.0) if title.startswith("share") else Normalize(min(numbers), max(numbers))
    with plt.rc_context({**STYLE, "axes.grid": False}):
        figure, axis = plt.subplots(figsize=(7.2, max(2.2, 1.1 + 0.32 * len(series))), layout="constrained")
        axis.set_facecolor("#D7D9DC")  # where there is no number
        width = steps[1] - steps[0] if len(steps) > 1 else 1
        edges = [step - width / 2 for step in [*steps, steps[-1] + width]]
        mesh = axis.pcolormesh(edges, range(len(series) + 1), table, cmap="cividis", norm=norm)
        axis.set_yticks([i + 0.5 for i in range(len(series))], list(series))
        axis.invert_yaxis()
        axis.tick_params(axis="y", length=0)
        axis.xaxis.set_major_locator(whole_numbers())
        axis.set(title=_capital(title), xlabel="step")
        bar = figure.colorbar(mesh, ax=axis, pad=0.02)
        bar.outline.set_edgecolor(GREY)
    return finished(plt, figure)


def _wants_log(series: Series) -> bool:
    """Whether numbers are of so different sizes that only a logarithmic scale shows them all."""
    known = [x for numbers in series.values() for x in numbers if math.isfinite(x)]
    positive = [x for x in known if x > 0.0]
    return bool(positive) and min(known) >= 0.0 and max(positive) > RANGE_FOR_LOG * min(positive)


def _capital(title: str) -> str:
    return title[0].upper() + title[1:]
