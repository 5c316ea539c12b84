"""What the project claims to reach: once where it is quick, and as it is claimed in the long tests."""

from __future__ import annotations

import random

import pytest

from tests.support import claims


@pytest.mark.long
@pytest.mark.parametrize("name", claims.CLAIMS)
def test_each_claim_holds(name, capsys):
    claims.CLAIMS[name]()
    assert capsys.readouterr().out


@pytest.mark.training
def test_points_in_a_circle_are_learned():
    assert claims.circle_accuracy(0) >= claims.CIRCLE_ACCURACY


def test_a_quarter_of_the_points_lies_in_the_circle():
    """So that a net which answers no everywhere is right for three quarters, far from what is claimed."""
    _, y = claims.points_in_a_circle(5_000, random.Random(0))
    assert sum(y) / len(y) == pytest.approx(0.2452, abs=0.02)  # 1 - exp(-1.5**2 / (2 * 2**2))


def test_the_circle_net_is_2_8_8_4_1():
    assert len(claims.circle_net(random.Random(0)).parameters()) == 24 + 72 + 36 + 5 + 2 * (8 + 8 + 4)


def test_what_is_no_claim():
    with pytest.raises(SystemExit, match="no claim is called cirlce; there are circle"):
        claims.main(["cirlce"])
