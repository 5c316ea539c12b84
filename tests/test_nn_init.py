"""Initialisers draw from the distributions that their sources give."""

from __future__ import annotations

import math
import random
import statistics

import pytest

import nn
from autograd_core.errors import DomainError, ShapeError
from nn.init import INITIALISERS, draw, source_of

NIN, NOUT = 60, 100
DEVIATIONS = {
    "uniform": 1 / math.sqrt(3),
    "fan_in": 1 / math.sqrt(3 * NIN),
    "xavier": math.sqrt(2 / (NIN + NOUT)),
    "xavier_normal": math.sqrt(2 / (NIN + NOUT)),
    "he": math.sqrt(2 / NIN),
    "he_uniform": math.sqrt(2 / NIN),
    "zeros": 0.0,
}


@pytest.mark.parametrize("name", INITIALISERS)
def test_mean_and_deviation(name):
    weights = [w for row in draw(name, NOUT, NIN, random.Random(0)) for w in row]
    deviation = DEVIATIONS[name]
    assert len(weights) == NIN * NOUT
    assert statistics.fmean(weights) == pytest.approx(0.0, abs=4 * deviation / math.sqrt(len(weights)))
    assert statistics.pstdev(weights) == pytest.approx(deviation, rel=0.03)
    if name in ("uniform", "fan_in", "xavier", "he_uniform"):
        assert max(map(abs, weights)) <= math.sqrt(3) * deviation


def test_the_seed_decides():
    assert draw("he", 2, 2, source_of(3)) == draw("he", 2, 2, source_of(3)) == draw("he", 2, 2, random.Random(3))
    random.seed(3)
    assert draw("he", 2, 2, source_of(None)) == draw("he", 2, 2, source_of(3))


def test_a_function_serves_as_initialiser():
    layer = nn.Layer(2, 3, init=lambda nout, nin, source: [[0.5] * nin] * nout)
    assert [p.data for n in layer.neurons for p in n.w] == [0.5] * 6


def test_a_net_of_zeros_stays_symmetric():
    model = nn.MLP(2, [3, 1], activation="tanh", init="zeros")
    assert model([1.0, 2.0]).data == 0.0


@pytest.mark.parametrize(
    ("init", "error", "message"),
    [
        ("xaver", DomainError, "the name of an initialiser or a function"),
        (None, DomainError, "the name of an initialiser or a function"),
        (lambda nout, nin, source: [[1.0]], ShapeError, r"init must return 3 rows of 2 weights, got rows of \[1\]"),
        (lambda nout, nin, source: [[1.0, math.nan]] * 3, DomainError, "init must return finite numbers"),
        (lambda nout, nin, source: [[1.0, "a"]] * 3, DomainError, "init must return finite numbers"),
    ],
)
def test_wrong_initialisers(init, error, message):
    with pytest.raises(error, match=message):
        nn.Layer(2, 3, init=init)
