"""The same programs on micrograd itself."""

from __future__ import annotations

import random

import pytest

import autograd_core
import nn


def test_its_example():
    from micrograd.engine import Value as Theirs

    def program(kind):
        a, b = kind(-4.0), kind(2.0)
        c = a + b
        d = a * b + b**3
        c += c + 1
        c += 1 + c + (-a)
        d += d * 2 + (b + a).relu()
        d += 3 * d + (b - a).relu()
        e = c - d
        f = e**2
        g = f / 2.0
        g += 10.0 / f
        g.backward()
        return g.data, a.grad, b.grad

    assert program(autograd_core.Value) == pytest.approx(program(Theirs), rel=1e-14)


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
