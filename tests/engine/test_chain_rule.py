from __future__ import annotations

import math
import random
import subprocess
import sys
import threading

import pytest

import autograd_core as ac
from autograd_core import Value
from autograd_core.engine import chain_rule
from autograd_core.engine.chain_rule import backward
from autograd_core.engine.graph import topological_order


def micrograds_example(kind):
    """The program of micrograd's README on any scalar class: (g, dg/da, dg/db)."""
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


def test_the_numbers_that_micrograd_publishes():
    assert [f"{x:.4f}" for x in micrograds_example(Value)] == ["24.7041", "138.8338", "645.5773"]


def test_both_paths_of_x_times_x_count():
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6.0


def test_a_second_call_adds_exactly_the_same_again():
    rng = random.Random(0)
    leaves = [Value(rng.uniform(-2, 2)) for _ in range(8)]
    y = ac.sum([ac.tanh(a * b) / (1.0 + b * b) for a in leaves for b in leaves])
    y.backward()
    once = [x.grad for x in leaves]
    inner = y.parents[0].grad
    y.backward()
    assert [x.grad for x in leaves] == [2 * g for g in once]
    assert y.parents[0].grad == inner
    assert y.grad == 1.0


def test_a_call_is_summed_by_itself_and_added_once():
    """1e16 + 3 is 1e16 + 4 in floats; three times 1, added one by one, would leave 1e16 as it is."""
    x = Value(1.0)
    x.grad = 1e16
    ac.sum([x, x, x]).backward()
    assert x.grad == 1e16 + 4.0


def test_graphs_that_share_leaves_add_up():
    x = Value(2.0)
    (x * 3).backward()
    (x * x).backward()
    assert x.grad == 7.0


def test_backward_of_a_leaf():
    x = Value(2.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_a_leaf_assigned_later_leaves_the_recorded_graph_alone():
    x = Value(2.0)
    y = x * x
    x.data = 100.0
    y.backward()
    assert x.grad == 4.0


def test_where_gives_nothing_to_the_side_that_was_not_chosen():
    x = Value(0.0)
    y = ac.where(x > 0, ac.sqrt(x), 0.0 * x)
    y.backward()
    assert x.grad == 0.0
    x = Value(0.0)
    root = x.sqrt()
    ac.where(x > 0, root, x).backward()
    assert x.grad == 1.0
    assert not root.has_grad


def test_infinities_pass_without_exceptions():
    x = Value(0.0)
    y = x.log()
    y.backward()
    assert (y.data, x.grad) == (-math.inf, math.inf)
    assert math.isnan(Value(-1.0).log().data)
    assert (1 / Value(0.0)).data == math.inf
    assert Value(1000.0).exp().data == math.inf


def test_the_visitor_sees_every_product():
    x = Value(3.0)
    square = x * x
    y = square + 2 * x
    seen = []
    backward(y, lambda node, parent, d, g, before, after: seen.append((node.op, parent.data, d, g, before, after)))
    assert x.grad == 8.0
    assert ("*", 3.0, 3.0, 1.0, 0.0, 3.0) in seen or ("*", 3.0, 3.0, 1.0, 2.0, 5.0) in seen
    assert len(seen) == 5
    assert all(after == before + d * g for _, _, d, g, before, after in seen)


def test_a_visitor_that_raises_loses_nothing():
    x = Value(3.0)
    (x * x).backward()

    def stop(*args):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backward(x * x, stop)
    assert x.grad == 6.0


class InterruptedWalk(list):
    """A list whose first walk is interrupted after a number of elements."""

    after = 0
    interrupted = False

    def __iter__(self):
        for k, node in enumerate(super().__iter__()):
            if k == self.after and not self.interrupted:
                self.interrupted = True
                raise KeyboardInterrupt
            yield node


@pytest.mark.skipif(ac.build_info().compiled, reason="compiled code is not interrupted between two nodes")
@pytest.mark.parametrize("after", range(5))
def test_an_interrupt_loses_no_gradient(monkeypatch, after):
    leaves = [Value(2.0), Value(3.0), Value(4.0)]
    for leaf, grad in zip(leaves, [5.0, 6.0, 7.0], strict=True):
        leaf.grad = grad
    y = leaves[0] * leaves[1] * leaves[2]
    order = InterruptedWalk(topological_order(y))
    order.after = after
    monkeypatch.setattr(chain_rule, "topological_order", lambda root: order)
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    assert [leaf.grad for leaf in leaves] == [5.0, 6.0, 7.0]


def test_order_puts_parents_first_and_nobody_twice():
    rng = random.Random(1)
    values = [Value(0.1) for _ in range(3)]
    for _ in range(300):
        some = rng.choices(values, k=rng.choice([1, 2, 5]))
        values.append(ac.sum(some) if len(some) == 5 else some[0] * some[-1])
    order = topological_order(values[-1])
    place = {id(node): k for k, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is values[-1]
    assert all(place[id(p)] < place[id(node)] for node in order for p in node.parents)


def test_two_threads_do_not_disturb_each_other():
    shared = Value(1.0)

    def work(seed: int, results: dict) -> None:
        rng = random.Random(seed)
        leaves = [Value(rng.uniform(-1, 1)) for _ in range(5)]
        for _ in range(60):
            y = leaves[0] * 1.0
            for _ in range(200):
                y = ac.tanh(y + rng.choice(leaves)) * shared
            y.backward()
        results[seed] = [x.grad for x in leaves]

    alone: dict = {}
    work(1, alone)
    work(2, alone)
    shared_alone, shared.grad = shared.grad, 0.0
    together: dict = {}
    threads = [threading.Thread(target=work, args=(seed, together)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone
    assert shared.grad == pytest.approx(shared_alone, rel=1e-9)


CHAIN = """
import resource, sys
from autograd_core import Value, build_info
n = int(sys.argv[1])
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
x = Value(1.0)
y = x
for i in range(n):
    y = y * (1.0 + 1e-9 * (i % 7))
y.backward()
print(f"{(peak() - before) / n:.0f}", abs(x.grad / y.data - 1.0))
del y
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the resource module is not there")
@pytest.mark.parametrize("n", [1_000_000, pytest.param(5_000_000, marks=pytest.mark.long)])
def test_a_deep_chain_is_built_differentiated_and_freed(n):
    """No recursion, and at most 300 bytes a node in pure Python, 165 compiled, the sweep's own lists included."""
    run = subprocess.run([sys.executable, "-c", CHAIN, str(n)], capture_output=True, text=True, check=True)
    bytes_a_node, error = run.stdout.split()
    assert float(error) < n * 2**-52
    assert int(bytes_a_node) <= (165 if ac.build_info().compiled else 300)
