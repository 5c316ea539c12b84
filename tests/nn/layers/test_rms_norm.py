"""Root mean square norm against its formula at 60 digits."""

from __future__ import annotations

import nn
from autograd_core import Value
from tests.support.formulas import assert_is, normalised, randomised


def test_rms_norm():
    norm = randomised(nn.RMSNorm(3))
    xs = [Value(x) for x in (0.5, -1.0, 2.0)]

    def formula(points):
        return [y * w for y, w in zip(normalised(points[:3], 2.0**-52, centre=False), points[3:], strict=True)]

    assert_is(norm(xs), formula, [*xs, *norm.parameters()])
    tiny = [Value(x) for x in (1e-9, -2e-9, 3e-9)]  # where eps decides
    assert_is(norm(tiny), formula, [*tiny, *norm.parameters()], scale=1e8)
