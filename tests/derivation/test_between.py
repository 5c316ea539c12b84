from __future__ import annotations

import autograd_core as ac
from autograd_core import Value
from autograd_core.derivation.between import edges_between, sum_over_paths


def test_only_what_leads_from_y_to_x_each_node_after_its_children():
    x, aside = Value(3.0), Value(1.0)
    square = x * x
    h = square + aside
    y = h * square + ac.tanh(aside)
    between = edges_between(y, x)
    nodes = [node for node, _ in between]
    assert nodes[0] is y
    assert nodes[-1] is x
    assert {id(node) for node in nodes} == {id(v) for v in (y, *y.parents[:1], h, square, x)}
    place = {id(node): k for k, node in enumerate(nodes)}
    for node, edges in between:
        assert all(above is node and place[id(node)] < place[id(parent)] for above, parent, _ in edges)
    assert [d for above, _, d in dict_of(between)[id(square)]] == [6.0]  # two edges to x as one
    assert not between[-1][1]


def dict_of(between):
    return {id(node): edges for node, edges in between}


def test_nothing_lies_between_what_is_not_connected():
    x, other = Value(1.0), Value(2.0)
    assert edges_between(x * 2.0, other) == []
    assert edges_between(x, x) == [(x, [])]


def test_sums_over_paths_count_differentiate_and_name():
    x = Value(2.0)
    a, b = x * 3.0, x * 5.0
    y = a * b + a
    between = edges_between(y, x)
    assert sum_over_paths(between, 1, lambda count, edge: count) == 3
    assert sum_over_paths(between, 1.0, lambda adjoint, edge: adjoint * edge[2]) == 63.0
    steps = sum_over_paths(between, [()], lambda paths, edge: [(*path, edge[2]) for path in paths])
    assert sorted(steps) == [(1.0, 3.0), (1.0, 6.0, 5.0), (1.0, 10.0, 3.0)]
