"""draw(): what the picture says is what the engine computed."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

import autograd_core as ac
from autograd_core import Value, draw
from autograd_core.drawing import markup, palette
from autograd_core.errors import DomainError, NotAScalarError
from tests.support.picture import read
from tests.support.work import Calls


def reachable(y):
    seen, stack = {}, [y]
    while stack:
        v = stack.pop()
        if id(v) not in seen:
            seen[id(v)] = v
            stack.extend(x for x in v.operands if isinstance(x, Value))
    return list(seen.values())


def random_graph(seed, size=30):
    """Shared nodes, constants, functions, and operands that no gradient flows to."""
    source = random.Random(seed)
    pool = [Value(source.uniform(-2, 2), f"x{i}") for i in range(4)]
    for _ in range(size):
        p, q = source.choice(pool[-8:]), source.choice(pool[-8:])
        rules = [
            lambda p, q: p + q,
            lambda p, q: p * q,
            lambda p, q: p - 0.5,
            lambda p, q: 2.0 / (q + 10.0),
            lambda p, q: ac.tanh(p),
            lambda p, q: ac.dot([p, q], [0.5, p]),
            lambda p, q: ac.where(p > q, p, q),
            lambda p, q: ac.where(p, p, q),
        ]
        pool.append(source.choice(rules)(p, q))
    for i, v in enumerate(reachable(pool[-1])):
        v.label = f"v{i}"
    return pool[-1]


@pytest.mark.parametrize("seed", range(15))
def test_nodes_and_edges_are_those_of_the_graph(seed):
    y = random_graph(seed)
    y.backward()
    picture = read(draw(y))
    values = reachable(y)
    assert sorted(node.texts[node.texts.index("data") - 1] for node in picture.values) == sorted(
        v.label for v in values
    )
    for v in values:
        node = picture.named(v.label)
        assert node.shown("data") == markup.figure(v.data)
        assert node.shown("grad") == (markup.figure(v.grad) if v.has_grad else None)
        assert v.is_leaf or v.op in node.texts
        edges = picture.into(node)
        assert len(edges) == len(v.operands)
        for edge, x in zip(edges, v.operands, strict=True):
            assert edge.tail.texts == [markup.figure(x)] if isinstance(x, float) else x.label in edge.tail.texts
        assert sorted(text for edge in edges for text in edge.texts) == sorted(map(markup.figure, v.local_derivatives))
        dashed = sum(edge.style == "dashed" for edge in edges)
        assert dashed == sum(isinstance(x, Value) for x in v.operands) - len(v.parents)


def test_a_node_used_twice_has_two_edges():
    x = Value(3.0)
    y = x * x
    picture = read(draw(y))
    assert len(picture.values) == 2
    assert [(edge.tail.texts[0], edge.slot, edge.texts) for edge in picture.edges] == [
        ("x", "p0", ["3"]),
        ("x", "p1", ["3"]),
    ]


@pytest.mark.parametrize("compute", [lambda a, b: a - b, lambda a, b: a / b, lambda a, b: a**b])
def test_edges_end_in_the_order_of_the_operands(compute):
    a, b = Value(2.0), Value(3.0)
    for first, second in ((a, b), (b, a)):
        y = compute(first, second)
        picture = read(draw(y))
        assert [edge.tail.texts[0] for edge in picture.into(picture.named("y"))] == [
            "a" if v is a else "b" for v in (first, second)
        ]


def test_constants_can_be_read():
    x = Value(3.0)
    y = 2 * x**3 - 1.5
    picture = read(draw(y))
    assert [node.texts for node in picture.nodes if node.is_constant] == [["3"], ["2"], ["1.5"]]
    power, times, minus = (node for node in picture.values if node.texts[0] in ("**", "*", "-"))
    assert [edge.tail.texts[0] for edge in picture.into(power)] == ["x", "3"]
    assert [edge.tail.texts[0] for edge in picture.into(times)] == ["2", "**"]
    assert [edge.tail.texts[0] for edge in picture.into(minus)] == ["*", "1.5"]


def test_edges_without_gradient_are_dashed():
    x, condition = Value(-1.0), Value(0.0)
    root = ac.sqrt(x)
    y = ac.where(condition, root, x)
    y.backward()
    picture = read(draw(y))
    assert [(edge.style, edge.texts) for edge in picture.into(picture.named("y"))] == [
        ("dashed", []),
        ("dashed", []),
        ("", ["1"]),
    ]
    assert picture.named("root").shown("grad") is None
    assert picture.legend[-1] == "dashed: no gradient flows"


def test_which_operand_has_no_gradient_is_known_when_one_value_stands_twice():
    x = Value(2.0)
    y = ac.where(x, x, 0.0)
    picture = read(draw(y))
    assert [edge.style for edge in picture.into(picture.named("y"))][:2] == ["dashed", ""]


def test_a_leaf_assigned_after_recording_leaves_the_recorded_edges():
    condition, a, b = Value(1.0), Value(2.0), Value(3.0)
    y = ac.where(condition, a, b)
    condition.data = 0.0
    picture = read(draw(y))
    assert [edge.style for edge in picture.into(picture.named("y"))] == ["dashed", "", "dashed"]


def test_several_results_in_one_picture():
    x = Value(2.0)
    a, b = x * 2.0, x + 1.0
    picture = read(draw([a, b, a]))
    assert len(picture.values) == 3
    assert {picture.named("a").name, picture.named("b").name} <= {node.name for node in picture.values}


def test_a_leaf_alone():
    picture = read(draw(Value(2.0, "x")))
    assert [node.texts for node in picture.nodes] == [["x", "data", "2"]]
    assert picture.edges == []
    assert picture.legend == []


def test_the_forward_pass_alone():
    x = Value(2.0)
    y = x * x
    y.backward()
    picture = read(draw(y, gradients=False))
    assert all(node.shown("grad") is None and node.fill == palette.PAPER for node in picture.values)
    assert all(edge.texts == [] and edge.colour == palette.LINE for edge in picture.edges)
    assert picture.legend == []


def test_without_names():
    x = Value(2.0, "inputs")
    picture = read(draw(x * x, labels=False))
    assert [node.texts for node in picture.values] == [["data", "2"], ["*", "data", "4"]]


def test_drawing_changes_nothing():
    y = random_graph(3)
    y.backward()
    before = [(id(v), v.data, v.grad, v.has_grad, v.label) for v in reachable(y)]
    for collapse in (False, True):
        draw(y, collapse=collapse).pipe(format="svg", quiet=True)
    assert [(id(v), v.data, v.grad, v.has_grad, v.label) for v in reachable(y)] == before


# Large graphs.


def test_a_cut_picture_says_how_much_is_left_out():
    x = Value(1.0)
    y = x
    for _ in range(50):
        y = y * 1.1
    picture = read(draw(y, max_nodes=10))
    assert len(picture.values) + sum(node.is_constant for node in picture.nodes) == 10
    assert len(picture.values) == 6  # the nearest: y, five factors and five values below, less what is beyond ten
    assert picture.legend == ["45 more nodes not shown (max_nodes=10)"]
    assert sum(node.is_stub for node in picture.nodes) == 2
    assert picture.named("y") in picture.values
    assert read(draw(y, max_nodes=101)).legend == []


def test_the_nearest_are_kept():
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    far = ac.exp(ac.exp(a))
    y = far + b * c
    picture = read(draw(y, max_nodes=3))
    assert sorted(node.texts[0] for node in picture.values) == ["*", "+", "exp"]


def test_many_constants_and_operands_are_cut_as_well():
    y = ac.dot([Value(1.0)] * 500, [2.0] * 500)
    picture = read(draw(y, max_nodes=20))
    assert len(picture.values) + sum(node.is_constant for node in picture.nodes) <= 20
    y = ac.sum([Value(1.0) for _ in range(1000)])
    picture = read(draw(y, max_nodes=20))
    assert len(picture.values) == 20
    assert picture.legend == ["981 more nodes not shown (max_nodes=20)"]


def test_a_count_may_be_an_integer_of_numpy():
    np = pytest.importorskip("numpy")
    x = Value(1.0, "x")
    assert draw(x + x, max_nodes=np.int64(1)).source == draw(x + x, max_nodes=1).source


def test_one_node():
    picture = read(draw(Value(1.0) * Value(2.0), max_nodes=1))
    assert len(picture.values) == 1
    assert sum(node.is_stub for node in picture.nodes) == 1


@pytest.mark.parametrize("n", [100_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_a_deep_graph_is_cut(n):
    x = Value(1.0)
    y = x
    for _ in range(n):
        y = y + x
    y.backward()
    with Calls() as calls:
        picture = draw(y, max_nodes=50)
    assert calls.count < 20 * n
    assert read(picture).legend[-1] == f"{n - 49:,} more nodes not shown (max_nodes=50)"


# Arguments.


@pytest.mark.parametrize(
    ("y", "error", "words"),
    [
        (2.0, NotAScalarError, "got float 2.0"),
        (None, NotAScalarError, "got None"),
        ("y", NotAScalarError, "'y'"),
        ({"a": Value(1.0)}, NotAScalarError, "dict"),
        ([Value(1.0), 2.0], NotAScalarError, "float 2.0 as element 1"),
        ([], DomainError, "nothing to draw"),
    ],
)
def test_what_cannot_be_drawn(y, error, words):
    with pytest.raises(error, match=words) as raised:
        draw(y)
    assert "Value" in str(raised.value)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"rankdir": "XY"}, "'LR', 'TB', 'RL' or 'BT', got 'XY'"),
        ({"rankdir": None}, "got None"),
        ({"format": "docx"}, "'svg', 'png' or 'pdf', got 'docx'"),
        ({"format": 3}, "got 3"),
        ({"max_nodes": 0}, "at least 1, got 0"),
        ({"max_nodes": 1.5}, "got 1.5"),
        ({"max_nodes": True}, "got True"),
    ],
)
def test_options_that_do_not_exist(option, words):
    with pytest.raises(DomainError, match=words):
        draw(Value(1.0), **option)


@pytest.mark.parametrize("rankdir", ["LR", "RL", "TB", "BT"])
def test_directions(rankdir):
    x = Value(2.0)
    y = ac.tanh(x * x + 1.0)
    drawing = draw(y, rankdir=rankdir)
    assert f"rankdir={rankdir}" in drawing.source
    assert len(read(drawing).values) == 4


def test_an_import_loads_no_graphviz():
    code = "import sys, autograd_core, autograd_core.drawing; print([m for m in sys.modules if 'graphviz' in m])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
