"""Initialisers draw from the distributions that their sources give."""

from __future__ import annotations

import math
import random
import statistics
from functools import partial

import numpy as np
import pytest
from scipy import stats

import nn
from autograd_core.errors import DomainError, ShapeError
from nn import init
from nn.init import INITIALISERS, draw
from nn.inputs.seeds import source_of

NIN, NOUT = 60, 100
GLOROT, HE = math.sqrt(2 / (NIN + NOUT)), math.sqrt(2 / NIN)
UNIFORM = {
    "uniform": 1 / math.sqrt(3),
    "fan_in": 1 / math.sqrt(3 * NIN),
    "xavier": GLOROT,
    "xavier_uniform": GLOROT,
    "glorot": GLOROT,
    "glorot_uniform": GLOROT,
    "he_uniform": HE,
    "kaiming_uniform": HE,
}
NORMAL = {
    "normal": 1.0,
    "xavier_normal": GLOROT,
    "glorot_normal": GLOROT,
    "he": HE,
    "he_normal": HE,
    "kaiming": HE,
    "kaiming_normal": HE,
}
OTHER = {"orthogonal": 1 / math.sqrt(NOUT), "zeros": 0.0}  # each of 100 orthonormal columns has length 1
DEVIATIONS = {**UNIFORM, **NORMAL, **OTHER}


def test_every_name_is_tested():
    assert set(DEVIATIONS) == set(INITIALISERS)


@pytest.mark.parametrize("name", INITIALISERS)
def test_mean_and_deviation(name):
    weights = [w for row in draw(name, NOUT, NIN, random.Random(0)) for w in row]
    deviation = DEVIATIONS[name]
    assert len(weights) == NIN * NOUT
    assert statistics.fmean(weights) == pytest.approx(0.0, abs=4 * deviation / math.sqrt(len(weights)))
    assert statistics.pstdev(weights) == pytest.approx(deviation, rel=0.03)


@pytest.mark.parametrize("name", [*UNIFORM, *NORMAL])
def test_weights_follow_their_distribution(name):
    """Kolmogorov and Smirnov's test, by SciPy: their largest distance from the distribution function."""
    weights = [w for row in draw(name, NOUT, NIN, random.Random(1)) for w in row]
    bound = math.sqrt(3) * DEVIATIONS[name]
    exact = stats.uniform(-bound, 2 * bound) if name in UNIFORM else stats.norm(0.0, DEVIATIONS[name])
    assert stats.kstest(weights, exact.cdf).pvalue > 0.01
    if name in UNIFORM:
        assert 0.99 * bound < max(map(abs, weights)) <= bound


OPTIONS = [
    (partial(init.uniform, a=2.0, b=5.0), 3.5, 3.0 / math.sqrt(12)),
    (partial(init.normal, mean=-1.0, std=0.1), -1.0, 0.1),
    (partial(init.xavier, gain=3.0), 0.0, 3.0 * GLOROT),
    (partial(init.xavier_normal, gain=3.0), 0.0, 3.0 * GLOROT),
    (partial(init.he, mode="fan_out"), 0.0, math.sqrt(2 / NOUT)),
    (partial(init.he_uniform, mode="fan_out"), 0.0, math.sqrt(2 / NOUT)),
    (partial(init.he, a=0.5), 0.0, math.sqrt(1.6 / NIN)),
    (partial(init.he_uniform, nonlinearity="tanh"), 0.0, 5 / 3 / math.sqrt(NIN)),
]


@pytest.mark.parametrize(("initialiser", "mean", "deviation"), OPTIONS)
def test_options(initialiser, mean, deviation):
    weights = [w for row in draw(initialiser, NOUT, NIN, random.Random(2)) for w in row]
    assert statistics.fmean(weights) == pytest.approx(mean, abs=4 * deviation / math.sqrt(len(weights)))
    assert statistics.pstdev(weights) == pytest.approx(deviation, rel=0.03)


@pytest.mark.parametrize(("nout", "nin"), [(1, 1), (4, 4), (3, 7), (7, 3), (1, 5), (5, 1), (24, 24)])
@pytest.mark.parametrize("gain", [1.0, 2.5])
def test_orthogonal_matrices_are(nout, nin, gain):
    matrix = np.array(init.orthogonal(nout, nin, random.Random(nout), gain=gain))
    short = matrix if nout <= nin else matrix.T
    assert np.abs(short @ short.T - gain**2 * np.eye(len(short))).max() < 1e-12


def test_orthogonal_matrices_are_equally_likely():
    """A Haar matrix's first entry squared is distributed as Beta(1/2, (n - 1)/2), and its determinant is fair."""
    source = random.Random(5)
    drawn = [init.orthogonal(3, 3, source) for _ in range(800)]
    for i, j in [(0, 0), (2, 1)]:
        assert stats.kstest([matrix[i][j] ** 2 for matrix in drawn], stats.beta(0.5, 1.0).cdf).pvalue > 0.01
    positive = sum(np.linalg.det(np.array(matrix)) > 0 for matrix in drawn)
    assert stats.binomtest(positive, len(drawn)).pvalue > 0.01


def test_orthogonal_draws_anew_what_depends_on_the_others():
    class Repeating(random.Random):
        """Each vector of two numbers comes twice."""

        numbers = iter([1.0, 2.0, 1.0, 2.0, 3.0, -1.0])

        def gauss(self, mu=0.0, sigma=1.0):
            return next(self.numbers)

    first, second = init.orthogonal(2, 2, Repeating())
    assert first == pytest.approx([1 / math.sqrt(5), 2 / math.sqrt(5)])
    assert second == pytest.approx([2 / math.sqrt(5), -1 / math.sqrt(5)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: init.uniform(1, 1, random.Random(), a=1.0, b=0.0), r"uniform\(a, b\) draws from \[a, b\], got a=1.0"),
        (lambda: init.normal(1, 1, random.Random(), std=-1.0), "at least 0, got -1.0"),
        (lambda: init.he(1, 1, random.Random(), mode="out"), """takes "fan_in" or "fan_out", got 'out'"""),
        (lambda: init.calculate_gain("gelu"), "calculate_gain.. knows linear, .*got 'gelu'"),
    ],
)
def test_wrong_options(call, message):
    with pytest.raises(DomainError, match=message):
        call()


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
