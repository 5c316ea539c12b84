"""The paths that are found, and in which order, against going through all of them."""

from __future__ import annotations

import math
import random

import pytest

import autograd_core as ac
from autograd_core import Value, explain
from tests.support.work import Calls

OPERATIONS = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - 2 * b,
    lambda a, b: ac.tanh(a),
    lambda a, b: ac.sum([a, b, a]),
    lambda a, b: ac.dot([a, b], [b, 0.5]),
]


def random_graph(seed: int) -> tuple[list[Value], Value]:
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-2, 2)) for _ in range(4)]
    values = list(leaves)
    for _ in range(10):
        a, b = rng.choice(values[-5:]), rng.choice(values)
        values.append(rng.choice(OPERATIONS)(a, b))
    return leaves, values[-1]


def all_products(node: Value, x: Value) -> list[float]:
    """Every path by recursion, parallel edges merged: the plain definition."""
    if node is x:
        return [1.0]
    merged: dict[int, float] = {}
    parents = {id(p): p for p in node.parents}
    for p, d in zip(node.parents, node.local_derivatives, strict=True):
        merged[id(p)] = merged.get(id(p), 0.0) + d
    return [d * rest for key, d in merged.items() for rest in all_products(parents[key], x)]


@pytest.mark.parametrize("seed", range(200))
def test_the_products_of_the_paths_sum_to_the_gradient(seed):
    leaves, y = random_graph(seed)
    y.backward()
    for x in leaves:
        d = explain(y, x, max_paths=10**6)
        magnitude = math.fsum(abs(path.product) for path in d.paths)
        reached = x.grad if x.has_grad else 0.0
        assert abs(math.fsum(path.product for path in d.paths) - reached) <= 1e-12 * magnitude
        assert abs(d.total - reached) <= 1e-12 * magnitude
        expected = sorted(map(abs, all_products(y, x)), reverse=True)
        assert [abs(path.product) for path in d.paths] == pytest.approx(expected, rel=1e-12)
        assert d.count == len(d.paths) == len(expected)
        assert d.coverage == 1.0
        for path in d.paths:
            assert path.nodes[0] is y
            assert path.nodes[-1] is x
            assert math.prod(path.factors) == pytest.approx(path.product, rel=1e-12)


def test_a_graph_with_ten_to_the_twelve_paths_answers_at_once():
    x = Value(1.01)
    y = x
    for _ in range(40):
        y = y * 0.9 + ac.tanh(y)
    y.backward()
    with Calls() as calls:
        d = explain(y, x)
        text = str(d)
    assert calls.count < 1_000_000
    assert d.count == 2**40 > 10**12
    assert len(d.paths) == 1000
    assert d.total == pytest.approx(x.grad, rel=1e-12)
    assert 0.0 < d.coverage <= 1.0
    products = [abs(path.product) for path in d.paths]
    assert products == sorted(products, reverse=True)
    assert "the sum over 1099511627776 paths" in text


def size(product: float) -> float:
    return math.inf if math.isnan(product) else abs(product)


def products_from_above(node: Value, x: Value, product: float = 1.0) -> list[float]:
    """As `all_products`, but multiplied from y down, as a path's product is: inf and nan depend on the order."""
    if node is x:
        return [product]
    merged: dict[int, float] = {}
    parents = {id(p): p for p in node.parents}
    for p, d in zip(node.parents, node.local_derivatives, strict=True):
        merged[id(p)] = merged[id(p)] + d if id(p) in merged else d
    return [p for key, d in merged.items() for p in products_from_above(parents[key], x, product * d)]


def share(listed: list[float], everything: list[float]) -> float:
    """What coverage is to be, by its definition."""
    infinite = sum(not math.isfinite(p) for p in everything)
    if infinite:
        return 1.0 if infinite <= len(listed) < len(everything) else len(listed) / len(everything)
    whole = math.fsum(map(abs, everything))
    return math.fsum(map(abs, listed)) / whole if whole else 1.0


@pytest.mark.parametrize("seed", range(300))
def test_graphs_full_of_ties_against_brute_force(seed):
    rng = random.Random(seed)
    factors = [0.0, 1.0, -1.0, 0.5] + [math.inf] * (seed % 3 == 0)
    x = Value(1.0)
    values = [x]
    for _ in range(rng.randint(2, 7)):
        a, b = rng.choice(values[-2:]), rng.choice(values[-3:])
        values.append(a * rng.choice(factors) + b * rng.choice(factors))
    y = values[-1]
    everything = sorted(products_from_above(y, x), key=size, reverse=True)
    for most in {1, 2, 3, len(everything) // 2 + 1, len(everything), 10**6}:
        d = explain(y, x, max_paths=most)
        listed = [path.product for path in d.paths]
        assert list(map(size, listed)) == list(map(size, everything[:most]))
        assert len({tuple(map(id, path.nodes)) for path in d.paths}) == len(listed)
        assert d.count == len(everything)
        assert d.coverage == pytest.approx(share(everything[:most], everything), rel=1e-12)
        assert 0.0 <= d.coverage <= 1.0
        for path in d.paths:
            assert size(math.prod(path.factors)) == size(path.product)
        assert str(d)
        assert d._repr_latex_()


@pytest.mark.untraced
@pytest.mark.parametrize("factor", [1.0, 0.0, -0.1, 0.3, math.inf, math.nan])
def test_equal_products_are_found_at_once(factor):
    x = Value(1.0)
    h = x
    for _ in range(100):
        left, right = h * factor, h * factor
        h = left + right
    with Calls() as calls:
        d = explain(h, x)
    assert calls.count < 2_000_000
    assert len({tuple(map(id, path.nodes)) for path in d.paths}) == 1000
    assert d.count == 2**100


def test_coverage_is_the_share_of_magnitudes():
    x = Value(1.0)
    y = 6 * x + ac.tanh(x) * 0 + ac.sin(x * 0) * 3 - 1 * x
    d = explain(y, x, max_paths=1)
    everything = [abs(p) for p in all_products(y, x)]
    assert d.coverage == pytest.approx(max(everything) / sum(everything))


def test_x_times_x_is_one_path():
    x = Value(3.0)
    y = x * x
    d = explain(y, x)
    assert (d.count, d.total) == (1, 6.0)
    assert d.paths[0].factors == (6.0,)


def test_a_path_that_gives_nan_comes_first():
    x = Value(0.0)
    y = x * 5 + x.sqrt() * 0
    d = explain(y, x)
    assert math.isnan(d.paths[0].product)
    assert math.isnan(d.total)
