"""Layer norm against its formula at 60 digits."""

from __future__ import annotations

import pytest

import nn
from autograd_core import Value
from tests.support.formulas import assert_is, normalised, randomised


def layer_formula(n, eps, bias):
    def formula(points):
        xs, weight, shift = points[:n], points[n : 2 * n], points[2 * n :] if bias else [0] * n
        return [y * w + b for y, w, b in zip(normalised(xs, eps), weight, shift, strict=True)]

    return formula


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_layer_norm(bias, eps):
    norm = randomised(nn.LayerNorm(4, eps=eps, bias=bias))
    xs = [Value(x) for x in (0.5, -1.0, 2.0, 0.25)]
    assert_is(norm(xs), layer_formula(4, eps, bias), [*xs, *norm.parameters()])


@pytest.mark.parametrize("norm", [nn.LayerNorm(3, elementwise_affine=False), nn.RMSNorm(3, elementwise_affine=False)])
def test_without_parameters(norm):
    assert norm.parameters() == []
    centre = isinstance(norm, nn.LayerNorm)
    xs = [Value(x) for x in (0.5, -1.0, 2.0)]
    assert_is(norm(xs), lambda points: normalised(points, norm.eps, centre), xs)
    batch = [[1.0, 2.0, 4.0], [0.0, 0.0, 0.0]]
    assert norm(batch) == [norm(row) for row in batch]
    assert norm(batch[1]) == [0.0, 0.0, 0.0]
