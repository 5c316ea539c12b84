"""The same programs on micrograd itself."""

from __future__ import annotations

import random

import pytest

import autograd_core
import nn
from tests.engine.test_chain_rule import micrograds_example


def test_its_example():
    from micrograd.engine import Value as Theirs

    assert micrograds_example(autograd_core.Value) == pytest.approx(micrograds_example(Theirs), rel=1e-14)


def test_its_network_has_the_same_weights_outputs_and_gradients():
    from micrograd import nn as theirs_nn

    random.seed(3)
    theirs = theirs_nn.MLP(3, [4, 4, 1])
    random.seed(3)
    ours = nn.MLP(3, [4, 4, 1])
    assert [p.data for p in ours.parameters()] == [p.data for p in theirs.parameters()]
    for x in ([1.0, -2.0, 0.5], [0.1, 0.2, -0.3]):
        y, z = ours(x), theirs(x)
        assert y.data == pytest.approx(z.data, rel=1e-13)
        ours.zero_grad()
        theirs.zero_grad()
        y.backward()
        z.backward()
        assert [p.grad for p in ours.parameters()] == pytest.approx([p.grad for p in theirs.parameters()], rel=1e-12)
