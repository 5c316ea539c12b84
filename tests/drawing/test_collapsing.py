"""One box for a neuron or a layer."""

from __future__ import annotations

import math
import random

import pytest

import autograd_core as ac
import nn
from autograd_core import Value, draw
from autograd_core.drawing import markup, palette
from autograd_core.drawing.collapsing import MOST_BOXES, Box, collapsed
from autograd_core.drawing.excerpt import ordered
from tests.support.picture import read
from tests.support.work import Calls


def norm(parameters):
    return math.hypot(*(parameter.grad for parameter in parameters))


def below(model, path):
    return [parameter for name, parameter in model.named_parameters() if name.startswith(path + ".")]


def test_a_box_a_neuron():
    model = nn.MLP(3, [4, 2, 1], activation="tanh", seed=1)
    xs = [Value(2.0), Value(3.0), Value(-1.0)]
    loss = (model(xs) - 1.0) ** 2
    loss.backward()
    picture = read(draw(loss, collapse=True))
    neurons = [f"layers.{i}.neurons.{j}" for i, count in enumerate((4, 2, 1)) for j in range(count)]
    assert sorted(box.texts[0] for box in picture.boxes) == neurons
    for box in picture.boxes:
        parameters = below(model, box.texts[0])
        inner = 2 if box.texts[0].startswith("layers.2") else 3  # the product, the bias added, tanh but in the last
        assert box.texts[1:] == [
            f"{len(parameters) + inner} nodes",
            f"{len(parameters)} parameters",
            "‖grad‖",
            markup.figure(norm(parameters)),
        ]
    assert sorted(node.texts[0] for node in picture.values) == ["**", "-", "xs[0]", "xs[1]", "xs[2]"]
    pairs = {(edge.tail.texts[0], edge.head.texts[0]) for edge in picture.edges if not edge.tail.is_constant}
    assert ("xs[1]", "layers.0.neurons.3") in pairs
    assert ("layers.0.neurons.3", "layers.1.neurons.1") in pairs
    assert len(pairs) == 3 * 4 + 4 * 2 + 2 * 1 + 2


def test_the_norm_has_a_colour_and_a_scale():
    model = nn.MLP(2, [2, 1], seed=1)
    y = model([1.0, 2.0])
    y.backward()
    picture = read(draw(y, collapse=True))
    norms = {box.texts[0]: float(box.shown("‖grad‖")) for box in picture.boxes}
    largest = max(norms, key=norms.get)
    assert picture.named(largest).fill == palette.norm_fill(1.0, 1.0)
    assert picture.legend == ["‖grad‖", "0", markup.figure(norms[largest] / 4), markup.figure(norms[largest])]


def test_no_norms_before_a_backward_pass():
    picture = read(draw(nn.MLP(2, [2, 1], seed=1)([1.0, 2.0]), collapse=True))
    assert all("‖grad‖" not in box.texts and box.fill == palette.PAPER for box in picture.boxes)
    assert picture.legend == []
    y = nn.MLP(2, [2, 1], seed=1)([1.0, 2.0])
    y.backward()
    assert read(draw(y, collapse=True, gradients=False)).legend == []


def test_a_batch_goes_through_the_same_boxes():
    model = nn.MLP(2, [3, 1], activation="tanh", seed=1)
    outputs = [model([float(i), 1.0]) for i in range(5)]
    loss = ac.sum(outputs)
    loss.backward()
    picture = read(draw(loss, collapse=True))
    assert len(picture.boxes) == 4
    for box in picture.boxes:
        assert box.shown("‖grad‖") == markup.figure(norm(below(model, box.texts[0])))
    assert len(picture.into(picture.named("loss"))) == 1  # five edges in one


def test_many_neurons_are_drawn_as_layers():
    model = nn.MLP(2, [16, 16, 1], activation="tanh", seed=1)
    loss = (model([1.0, -1.0]) - 1.0) ** 2
    loss.backward()
    picture = read(draw(loss, collapse=True))
    boxes = {box.texts[0]: box for box in picture.boxes}
    assert list(boxes) == ["layers.0", "layers.1", "layers.2"]
    for path, box in boxes.items():
        assert box.texts[2] == f"{len(below(model, path))} parameters"
        assert box.shown("‖grad‖") == markup.figure(norm(below(model, path)))
    assert len(picture.into(boxes["layers.1"])) == 1
    assert MOST_BOXES >= 16 + 16 + 1  # so it was for the connections


def test_max_nodes_counts_boxes():
    model = nn.MLP(2, [4, 4, 1], activation="tanh", seed=1)
    y = model([1.0, -1.0])
    assert len(read(draw(y, collapse=True)).boxes) == 9
    assert len(read(draw(y, collapse=True, max_nodes=5)).boxes) == 3
    picture = read(draw(y, collapse=True, max_nodes=2))
    assert [box.texts[0] for box in picture.boxes] == ["layers.1", "layers.2"]
    assert picture.legend == ["24 more nodes not shown (max_nodes=2)"]
    assert sum(node.is_stub for node in picture.nodes) == 1


def test_other_operations_share_a_box_where_they_are_many():
    model = nn.MLP(2, [4, 1], activation="tanh", seed=1)
    xs = [[Value(random.random()), Value(1.0)] for _ in range(30)]
    loss = ac.mean([(model(x) - 1.0) ** 2 for x in xs])
    loss.backward()
    picture = read(draw(loss, collapse=True, max_nodes=30))
    boxes = {box.texts[0]: box.texts[1] for box in picture.boxes}
    assert boxes["other operations"] == "61 nodes"
    assert boxes["inputs"] == "60 nodes"
    assert [node.texts[:2] for node in picture.values] == [["/", "loss"]]
    pairs = {(edge.tail.texts[0], edge.head.texts[0]) for edge in picture.edges}
    assert ("layers.1.neurons.0", "other operations") in pairs
    assert ("other operations", "/") in pairs


def test_two_models_with_the_same_paths_are_kept_apart():
    generator, critic = nn.MLP(1, [2], seed=1), nn.MLP(2, [1], seed=2)
    score = critic(generator([0.5]))
    picture = read(draw(score, collapse=True))
    assert sorted(box.texts[0] for box in picture.boxes) == [
        "layers.0.neurons.0",
        "layers.0.neurons.0",
        "layers.0.neurons.1",
    ]
    first, second = nn.Neuron(1, seed=1), nn.Neuron(1, seed=2)
    assert len(read(draw(second([first([0.5])]), collapse=True)).boxes) == 2
    generator, critic = nn.MLP(1, [30], seed=1), nn.MLP(30, [30, 1], seed=2)
    picture = read(draw(critic(generator([0.5])), collapse=True))
    assert [box.texts[0] for box in picture.boxes] == ["layers.0", "layers.0", "layers.1"]


def test_a_penalty_on_weights_stays_outside():
    neuron = nn.Neuron(2, seed=1)
    loss = neuron([1.0, 2.0]) + 0.1 * ac.sum([w * w for w in neuron.w])
    picture = read(draw(loss, collapse=True))
    (box,) = picture.boxes
    assert box.texts[2] == "3 parameters"
    assert [edge.tail.texts[0] for edge in picture.edges].count("neuron") == 3  # to each square, to the sum


def test_operations_before_a_neuron_are_not_its_own():
    neuron = nn.Neuron(1, seed=1)
    x = Value(2.0)
    y = neuron([x**2])
    picture = read(draw(y, collapse=True))
    assert sorted(node.texts[0] for node in picture.values) == ["**", "x"]


def test_an_activation_made_of_several_operations_is_inside():
    neuron = nn.Neuron(1, activation=lambda z: ac.tanh(z * 0.5) * z + 1.0, seed=1)
    picture = read(draw(neuron([2.0]), collapse=True))
    assert picture.values == []
    assert picture.boxes[0].texts[1] == "8 nodes"


def test_marks_of_ones_own_will_do():
    w, x = Value(2.0, "w"), Value(3.0, "x")
    h = ac.tanh(w * x)
    h.origin = "hidden"
    y = ac.exp(h + 1.0)
    y.origin = "output"
    picture = read(draw(y, collapse=True))
    assert sorted(box.texts[:2] for box in picture.boxes) == [["hidden", "2 nodes"], ["output", "2 nodes"]]
    assert sorted(node.texts[0] for node in picture.values) == ["w", "x"]


def test_lines_of_code_are_no_modules():
    x = Value(1.0)
    y = ac.exp(x)
    y.origin = "script.py:3"
    assert read(draw(y, collapse=True)).boxes == []


def test_without_modules_all_is_as_it_was():
    x = Value(1.0)
    y = ac.exp(x) * x
    assert [node.texts for node in read(draw(y, collapse=True)).nodes] == [node.texts for node in read(draw(y)).nodes]
    assert read(draw(y * 2.0, collapse=True, max_nodes=2)).legend == ["2 more nodes not shown (max_nodes=2)"]


@pytest.mark.parametrize("collapse", [False, True])
def test_each_value_is_in_one_place(collapse):
    model = nn.MLP(2, [3, 3, 1], seed=4)
    y = model([Value(1.0), Value(2.0)])
    order = ordered([y])
    graph = collapsed([y], order, 100)
    assert sum(unit.values if isinstance(unit, Box) else 1 for unit in graph.units) == len(order)
    assert sum(unit.parameters for unit in graph.units if isinstance(unit, Box)) == len(model.parameters())


def test_a_recurrent_neuron_is_one_box():
    neuron = nn.Neuron(2, activation="tanh", seed=1)
    h = Value(0.0, "start")
    for _ in range(10_000):
        h = neuron([0.1, h])
    with Calls() as calls:
        picture = read(draw(h, collapse=True))
    assert calls.count < 7_000_000
    assert [box.texts[0] for box in picture.boxes] == ["neuron"]


def test_into_a_box_too_edges_without_gradient_are_dashed():
    condition = Value(0.0)
    neuron = nn.Neuron(1, activation=lambda z: ac.where(condition, z, 0.5 * z), seed=1)
    picture = read(draw(neuron([Value(2.0, "x")]), collapse=True))
    assert {edge.tail.texts[0]: edge.style for edge in picture.edges} == {"condition": "dashed", "x": ""}
    assert picture.legend == ["dashed: no gradient flows"]


def test_one_mark_for_all_that_is_left_out_below_a_box():
    neuron = nn.Neuron(3, seed=1)
    picture = read(draw(neuron([Value(1.0), Value(2.0), Value(3.0)]), collapse=True, max_nodes=1))
    assert [node.is_stub for node in picture.nodes] == [False, True]
    assert picture.legend == ["3 more nodes not shown (max_nodes=1)"]
