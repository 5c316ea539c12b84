"""A monitor's curves and heat maps."""

from __future__ import annotations

import math

import matplotlib
import numpy as np
import pytest

import nn

X = np.random.default_rng(0).normal(size=(7, 3))

Y = X.sum(axis=1)


def step(model, optimizer, rows=X, targets=Y):
    """One step on all rows; the loss."""
    loss = nn.mse_loss([model(row) for row in rows.tolist()], targets.tolist())
    model.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


class TestPictures:
    @pytest.fixture
    def monitor(self):
        model = nn.Sequential(nn.Linear(3, 4, seed=0), nn.ReLU(), nn.Linear(4, 1, seed=1))
        monitor, optimizer = nn.Monitor(model), nn.SGD(model.parameters(), lr=0.05)
        for _ in range(5):
            monitor.record(step(model, optimizer))
        yield monitor
        matplotlib.pyplot.close("all")

    def test_curves(self, monitor):
        figure = monitor.plot()
        shown = [axis for axis in figure.axes if axis.get_visible()]
        assert [axis.get_title(loc="left") for axis in shown][:3] == [
            "Gradient norm",
            "Weight norm",
            "Update-to-weight ratio",
        ]
        assert [line.get_ydata().tolist() for line in shown[0].lines] == [
            monitor.gradient_norm["modules.0"],
            monitor.gradient_norm["modules.2"],
        ]
        assert len(monitor.plot("dead").axes) == 1

    def test_the_legend_has_all_layers_in_order_and_is_not_cut(self):
        parts = [part for i in range(8) for part in (nn.Linear(3, 3, seed=i), nn.ReLU())]
        model = nn.Sequential(*parts, nn.Linear(3, 1, seed=9))
        monitor, optimizer = nn.Monitor(model), nn.SGD(model.parameters(), lr=0.05)
        monitor.record(step(model, optimizer))
        figure = monitor.plot("gradient_norm", "dead")
        figure.canvas.draw()
        (legend,) = figure.legends
        assert [text.get_text() for text in legend.get_texts()] == monitor.layers
        assert legend.get_window_extent().y0 >= 0.0
        matplotlib.pyplot.close("all")

    def test_heat_map(self, monitor):
        axis, bar = monitor.heat_map().axes
        mesh = axis.collections[0]
        table = [monitor.gradient_norm["modules.0"], monitor.gradient_norm["modules.2"]]
        np.testing.assert_array_equal(np.ma.filled(mesh.get_array()), table)
        assert [label.get_text() for label in axis.get_yticklabels()] == ["modules.0", "modules.2"]
        assert mesh.get_cmap().name == "cividis"
        assert axis.yaxis_inverted()  # the first layer on top
        assert bar is not None

    def test_numbers_of_all_sizes_get_a_logarithmic_scale(self):
        model = nn.MLP(3, [5] * 8 + [1], activation="sigmoid", init="xavier", seed=0)
        monitor = nn.Monitor(model)
        monitor.record(step(model, nn.SGD(model.parameters(), lr=0.1)))
        mesh = monitor.heat_map().axes[0].collections[0]
        assert type(mesh.norm).__name__ == "LogNorm"
        assert monitor.plot("gradient_norm").axes[0].get_yscale() == "log"
        assert type(monitor.heat_map("activation_mean").axes[0].collections[0].norm).__name__ == "Normalize"
        matplotlib.pyplot.close("all")

    def test_what_is_no_number_has_no_colour(self, monitor):
        monitor.gradient_norm["modules.0"][0] = math.inf
        monitor.gradient_norm["modules.2"][1] = 0.0
        mesh = monitor.heat_map().axes[0].collections[0]
        assert np.ma.getmaskarray(np.ma.masked_invalid(mesh.get_array())).sum() >= 1
