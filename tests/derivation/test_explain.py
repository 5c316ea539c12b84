from __future__ import annotations

import math
import random

import pytest

import autograd_core as ac
from autograd_core import Value, explain
from autograd_core.errors import DomainError, NotAScalarError
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


@pytest.mark.parametrize("factor", [1.0, 0.0, -0.1, 0.3, math.inf, math.nan])
def test_equal_products_are_found_at_once(factor):
    x = Value(1.0)
    h = x
    for _ in range(200):
        left, right = h * factor, h * factor
        h = left + right
    with Calls() as calls:
        d = explain(h, x)
    assert calls.count < 4_000_000
    assert len({tuple(map(id, path.nodes)) for path in d.paths}) == 1000
    assert d.count == 2**200


def test_sums_of_products_beyond_the_largest_float():
    x = Value(1.0)
    a, b, c = x * 1e308, x * 1e308, x * 1e308
    assert explain((a + b) - c, x).coverage == 1.0
    assert explain((a + b) - c, x, max_paths=1).coverage == pytest.approx(1 / 3)
    y = ac.sum([x * 1e308 for _ in range(20)])
    assert "and 12 more; those above hold 40.0% of the sum of magnitudes" in str(explain(y, x))


def test_the_share_that_is_shown_where_products_are_infinite_or_zero():
    x = Value(1.0)
    y = ac.sum([x * math.inf for _ in range(10)] + [x * 2.0 for _ in range(10)])
    assert explain(y, x, max_paths=5).coverage == 0.25
    assert explain(y, x, max_paths=10).coverage == 1.0
    assert "and 12 more; those above hold 80.0%" in str(explain(y, x))
    y = ac.sum([x * 0.0 for _ in range(20)])
    assert "and 12 more; those above hold 100.0%" in str(explain(y, x, max_paths=10))


@pytest.mark.no_cover
def test_more_paths_than_anybody_writes_out():
    x = Value(0.5)
    h = x
    for _ in range(16_000):
        h = h + ac.sin(h) * 1e-9
    with Calls() as calls:
        d = explain(h, x)
        text, latex = str(d), d._repr_latex_()
    assert calls.count < 20_000_000
    assert d.count == 2**16_000
    assert "the sum over about 10^4816 paths" in text
    assert "and about 10^4816 more; those above hold 100.0%" in text
    assert r"the sum over about }10^{4816}\text{ paths}" in latex
    assert 1 < len(d.paths) < 1000
    assert len(explain(h, x, max_paths=100).paths) == 100


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


def test_what_y_does_not_reach_and_y_itself():
    x, other = Value(1.0), Value(2.0)
    y = x * 2
    d = explain(y, other)
    assert (d.paths, d.total, d.count, d.coverage) == ((), 0.0, 0, 1.0)
    assert str(d) == "∂y/∂other = 0: y was not computed from other"
    assert explain(y, y).total == 1.0
    assert explain(x, y).count == 0


def test_by_an_inner_node():
    x = Value(2.0)
    h = x * x
    y = h * 3 + x
    assert explain(y, h).total == 3.0


def test_the_text_names_what_the_caller_names():
    w, x, b = Value(0.5), Value(2.0), Value(-0.4)
    z = w * x + b
    loss = z**2
    assert str(explain(loss, w)).splitlines() == [
        "∂loss/∂w = 2.4:",
        "  ∂loss/∂z · ∂z/∂v1 · ∂v1/∂w = 2·z · 1 · x = 1.2 · 1 · 2 = 2.4",
        "  in all: 2 · z · x = 2 · 0.6 · 2 = 2.4",
        "with z = v1 + b = 0.6",
        "     v1 = w * x = 1",
    ]


def test_latex():
    W5, a1 = Value(0.5, "W5"), Value(2.0, "a_1")
    y = W5 * a1 + W5 * 3
    y.label = "50% {y}"
    text = explain(y, W5)._repr_latex_()
    assert text.startswith("$$\n\\begin{aligned}")
    assert r"\frac{\partial \text{50}\%\text{ }\{\text{y}\}}{\partial W_{5}}" in text
    assert text.count("{") == text.count("}")


def test_long_formulas_of_a_path_have_a_row_of_their_own_in_latex():
    def rows(depth):
        y = x = Value(0.5, "x")
        for k in range(depth):
            y = y * Value(2.0, f"a_weight_with_a_long_name_{k}")
        return explain(y, x)._repr_latex_().split("\\\\\n")

    weight = r"= \text{a}\_\text{weight}"
    assert r"\partial x}" in rows(2)[1]
    assert weight in rows(2)[1]
    assert r"\partial x}" in rows(4)[1]
    assert weight not in rows(4)[1]
    assert rows(4)[2].startswith(rf"& \qquad {weight}")


def test_one_path_is_no_sum_in_latex():
    x, b = Value(2.0, "x"), Value(-0.4, "b")

    def rows(y):
        y.label = y.label or "y"
        return explain(y, x)._repr_latex_().splitlines()[2:-2]

    assert rows(x * x)[1:] == [r"&= 2 \cdot x = 4 \\"]
    assert len(rows(x + b)) == len(rows(x)) == 1
    chain = rows((x * b) ** 2)
    assert chain[1].startswith(r"&= \frac{\partial y}{\partial v_{1}} \, \frac{\partial v_{1}}{\partial x} = ")
    assert not any("&+" in row for row in chain)


def test_a_negative_number_has_one_pair_of_brackets():
    x, b = Value(2.0, "x"), Value(-0.4, "b")
    d = explain((x * b) ** 2, x)
    assert "in all: 2·x·b² = 2·2·(-0.4)² = 0.64" in str(d).replace(" · ", "·")
    assert r"{\left(-0.4\right)}" not in d._repr_latex_()
    assert r"\left(-0.4\right)^{2}" in d._repr_latex_()


def test_a_path_that_gives_nan_comes_first():
    x = Value(0.0)
    y = x * 5 + x.sqrt() * 0
    d = explain(y, x)
    assert math.isnan(d.paths[0].product)
    assert math.isnan(d.total)


def test_deep_graphs():
    x = Value(1.0)
    y = x
    for _ in range(50_000):
        y = y * 1.00001
    d = explain(y, x)
    assert d.count == 1
    assert len(d.paths[0].factors) == 50_000
    assert len(str(d)) < 2000


def test_the_two_output_network_with_cross_entropy():
    """Sigmoid hidden layer and outputs: dE/dW5 = (p1 - y1) a1; dE/dW1 sums over both outputs."""
    rng = random.Random(0)
    W = [None] + [Value(rng.uniform(-1, 1), f"W{k}") for k in range(1, 9)]
    b = [None] + [Value(rng.uniform(-1, 1), f"b{k}") for k in range(1, 5)]
    x1, x2, y1, y2 = 0.6, -1.1, 1.0, 0.0
    a1 = ac.sigmoid(W[1] * x1 + W[2] * x2 + b[1])
    a2 = ac.sigmoid(W[3] * x1 + W[4] * x2 + b[2])
    z3, z4 = W[5] * a1 + W[6] * a2 + b[3], W[7] * a1 + W[8] * a2 + b[4]
    E = ac.softplus(z3) - y1 * z3 + ac.softplus(z4) - y2 * z4
    p1, p2 = ac.sigmoid(z3.data), ac.sigmoid(z4.data)
    assert explain(E, W[5]).total == pytest.approx((p1 - y1) * a1.data, rel=1e-13)
    slope = a1.data * (1 - a1.data) * x1
    hidden = explain(E, W[1])
    assert hidden.total == pytest.approx(((p1 - y1) * W[5].data + (p2 - y2) * W[7].data) * slope, rel=1e-12)
    through = {id(z3): 0.0, id(z4): 0.0}
    for path in hidden.paths:
        (output,) = [key for key in through if any(id(node) == key for node in path.nodes)]
        through[output] += path.product
    assert through[id(z3)] == pytest.approx((p1 - y1) * W[5].data * slope, rel=1e-12)
    assert through[id(z4)] == pytest.approx((p2 - y2) * W[7].data * slope, rel=1e-12)


def test_wrong_arguments():
    x = Value(1.0)
    with pytest.raises(NotAScalarError, match=r"explain\(y, x\): y must be a Value"):
        explain(1.0, x)
    with pytest.raises(NotAScalarError, match="x must be a Value"):
        explain(x, "x")
    for bad in (0, -1, 1.5, True):
        with pytest.raises(DomainError, match="max_paths"):
            explain(x, x, max_paths=bad)
