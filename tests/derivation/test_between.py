from __future__ import annotations

import autograd_core as ac
from autograd_core import Value
from autograd_core.derivation.between import Between


def test_only_what_leads_from_y_to_x_each_node_after_its_children():
    x, aside = Value(3.0), Value(1.0)
    square = x * x
    h = square + aside
    y = h * square + ac.tanh(aside)
    between = Between(y, x)
    nodes = [node for node, _ in between.nodes]
    assert nodes[0] is y
    assert nodes[-1] is x
    assert {id(node) for node in nodes} == {id(v) for v in (y, *y.parents[:1], h, square, x)}
    place = {id(node): k for k, node in enumerate(nodes)}
    for node, edges in between.nodes:
        assert all(above is node and place[id(node)] < place[id(parent)] for above, parent, _ in edges)
    assert [d for above, _, d in dict_of(between)[id(square)]] == [6.0]  # two edges to x as one
    assert not between.nodes[-1][1]


def dict_of(between):
    return {id(node): edges for node, edges in between.nodes}


def test_nothing_lies_between_what_is_not_connected():
    x, other = Value(1.0), Value(2.0)
    assert Between(x * 2.0, other).nodes == []
    assert Between(x, x).nodes == [(x, [])]


def test_sums_over_paths_count_differentiate_and_name():
    x = Value(2.0)
    a, b = x * 3.0, x * 5.0
    y = a * b + a
    between = Between(y, x)
    assert between.sum_over_paths(1, lambda count, edge: count) == 3
    assert between.sum_over_paths(1.0, lambda adjoint, edge: adjoint * edge[2]) == 63.0
    steps = between.sum_over_paths([()], lambda paths, edge: [(*path, edge[2]) for path in paths])
    assert sorted(steps) == [(1.0, 3.0), (1.0, 6.0, 5.0), (1.0, 10.0, 3.0)]


def test_what_no_gradient_flows_through_is_not_between():
    """The condition of where() is computed from x, and so is the arm that was not chosen."""
    x = Value(2.0)
    chosen, other = x * 3.0, x * 5.0
    y = ac.where(ac.sin(x) * 2.0, chosen, ac.exp(other))
    between = Between(y, x)
    assert [id(node) for node, _ in between.nodes] == [id(y), id(chosen), id(x)]
    assert between.sum_over_paths(1, lambda count, edge: count) == 1
    assert Between(y, other).nodes == []
