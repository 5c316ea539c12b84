"""The boundary is where the model says, in all kinds of data."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from nn import live
from nn.training_view import boundary
from tests.support.live_runs import XOR, Clock, trained


def test_the_plane_has_the_scores_in_the_middle_of_each_cell():
    model, view, _ = trained()
    plane = view.state()["boundary"]
    assert plane["x"] == plane["y"] == [-0.08, 1.08]
    middles = np.linspace(-0.08, 1.08, 11)[1::2]
    expected = [model([x, y]).data for y in middles for x in middles]
    assert plane["cells"] == [int(score > 0.0) for score in expected]
    assert plane["leads"] == pytest.approx([abs(score) for score in expected], rel=1e-3)
    assert plane["points"] == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    assert plane["classes"] == ["0", "1"]


def test_after_a_sigmoid_the_boundary_is_at_one_half():
    model = nn.MLP(2, [1], output_activation="sigmoid", seed=0)
    plane = live(model, *XOR, resolution=4).state()["boundary"]
    middles = [-0.08 + 1.16 * (k + 0.5) / 4 for k in range(4)]
    assert plane["leads"] == pytest.approx([abs(model([x, y]).data - 0.5) for y in middles for x in middles], rel=1e-3)
    plane = live(model, *XOR, resolution=4, threshold=0.0).state()["boundary"]
    assert set(plane["cells"]) == {1}


def test_of_several_outputs_the_largest_names_the_class():
    model = nn.MLP(2, [3], seed=3)
    plane = live(model, np.array(XOR[0]), [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]], resolution=6).state()[
        "boundary"
    ]
    middles = [-0.08 + 1.16 * (k + 0.5) / 6 for k in range(6)]
    assert plane["cells"] == [int(np.argmax([v.data for v in model([x, y])])) for y in middles for x in middles]
    scores = [sorted(v.data for v in model([x, y])) for y in middles for x in middles]
    assert plane["leads"] == pytest.approx([best - next_best for *_, next_best, best in scores], rel=1e-3)
    assert [point[2] for point in plane["points"]] == [0, 1, 1, 2]


def test_a_class_without_examples_keeps_its_number():
    plane = live(nn.MLP(2, [3], seed=3), X=[[0, 0], [1, 1]], y=[0, 2], resolution=2).state()["boundary"]
    assert plane["points"] == [[0, 0, 0], [1, 1, 2]]
    assert plane["classes"] == ["0", "1", "2"]
    plane = live(nn.MLP(2, [1], seed=3), X=[[0, 0], [1, 1]], y=[-1, 1], resolution=2).state()["boundary"]
    assert plane["points"] == [[0, 0, 0], [1, 1, 1]]
    assert plane["classes"] == ["-1", "1"]


def test_data_of_other_shapes():
    import pandas as pd

    model = nn.MLP(3, [1], seed=0)
    assert live(model, [[1.0, 2.0, 3.0]], [0]).state()["boundary"] is None
    assert live().state()["boundary"] is None
    for sequences in ([[[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]], [np.zeros((3, 2)), np.zeros((1, 2))]):
        assert live(nn.GRU(2, 1), sequences, [[0], [0, 1]]).state()["boundary"] is None
    model = nn.MLP(2, [1], seed=0)
    frame = pd.DataFrame({"a": [0.0, 1.0], "b": [2.0, 3.0]})
    assert live(model, frame, pd.Series([5, 7])).state()["boundary"]["points"] == [[0, 2, 0], [1, 3, 1]]
    many = live(model, [[k, k] for k in range(1000)]).state()["boundary"]
    assert (len(many["points"]), many["leftOut"]) == (334, 666)


def test_while_it_runs_the_boundary_of_a_slow_model_has_fewer_cells(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(boundary, "time", clock)

    def model(row):
        clock.now += 0.0001
        return row[0]

    view = live(model, *XOR, resolution=32)
    assert [view.state(sparing=True)["boundary"]["resolution"] for _ in range(2)] == [8, 17]
    plane = view.state()["boundary"]
    assert (plane["resolution"], len(plane["cells"])) == (32, 1024)


def test_a_model_that_is_a_function_and_says_nan():
    plane = live(lambda row: float("nan") if row[0] > 0.5 else 1.0, *XOR, resolution=2).state()["boundary"]
    assert (plane["cells"], plane["leads"]) == ([1, 0, 1, 0], [1.0, None, 1.0, None])
