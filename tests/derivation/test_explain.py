from __future__ import annotations

import math
import random

import pytest

import autograd_core as ac
from autograd_core import Value, explain
from autograd_core.errors import DomainError, NotAScalarError
from tests.support.work import Calls


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


@pytest.mark.untraced
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


@pytest.mark.untraced
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
