"""Layers from given weights."""

from __future__ import annotations

import pytest

import nn
from autograd_core.errors import NotAScalarError, ShapeError


def test_layers_from_weights():
    layer = nn.Layer.from_weights([[1.0, 2.0], [3.0, 4.0]], [0.5, -0.5], activation=None)
    assert [v.data for v in layer([1.0, -1.0])] == [-0.5, -1.5]
    assert [n.b.data for n in nn.Layer.from_weights([[1.0]]).neurons] == [0.0]
    for w, b in ([[1.0], [1.0, 2.0]], None), ([[1.0]], [1.0, 2.0]), ([], None):
        with pytest.raises(ShapeError, match=r"Layer.from_weights\(w, b\) takes one row of weights and one bias"):
            nn.Layer.from_weights(w, b)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.Layer.from_weights([1, 2]), r"Layer.from_weights\(w\), row 0, takes a list, got 1"),
        (lambda: nn.Layer.from_weights(3), r"Layer.from_weights\(w\) takes a list, got 3"),
        (lambda: nn.Layer.from_weights([{1.0, 2.0}]), r"row 0, takes a list, got \{1.0, 2.0\}"),
        (lambda: nn.Layer.from_weights([[1.0]], 2.0), r"Layer.from_weights\(b\) takes a list, got 2.0"),
        (lambda: nn.Neuron.from_weights(3), r"Neuron.from_weights\(w\) takes a list, got 3"),
        (lambda: nn.Neuron.from_weights({1.0: 2.0}), r"Neuron.from_weights\(w\) takes a list, got \{1.0: 2.0\}"),
    ],
)
def test_weights_that_are_no_lists(call, message):
    with pytest.raises(NotAScalarError, match=message):
        call()
