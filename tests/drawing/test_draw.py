"""draw(): what the picture says is what the engine computed, and any name is shown as written."""

from __future__ import annotations

import math
import random
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value, draw
from autograd_core.drawing import markup, palette
from autograd_core.errors import DomainError, NotAScalarError
from tests.support.picture import read, svg_texts


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


# What is drawn.


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


# Gradients and their colours.


def test_no_gradients_before_a_backward_pass():
    a, b = Value(2.0), Value(-3.0)
    y = a * b + a
    picture = read(draw(y))
    assert all(node.shown("grad") is None and node.fill == palette.PAPER for node in picture.values)
    assert sorted(edge.texts[0] for edge in picture.edges) == ["-3", "1", "1", "2"]
    assert picture.legend == []
    y.backward()
    assert read(draw(y)).named("a").shown("grad") == "-2"
    a.grad = b.grad = 0.0
    assert read(draw(y)).named("a").shown("grad") is None


def blue(colour):
    red, _, blue_ = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return blue_ > red


def test_the_colour_tells_the_sign_and_the_size():
    a, b, c = Value(1.0), Value(-4.0), Value(0.0)
    y = b * a + c * 0.0
    y.backward()  # dy/da = -4, dy/db = 1, dy/dc = 0
    picture = read(draw(y))
    assert blue(picture.named("a").fill)
    assert not blue(picture.named("b").fill)
    assert picture.named("c").fill == palette.fill(0.0, 4.0)
    assert palette.contrast(picture.named("a").fill, "#ffffff") > palette.contrast(picture.named("b").fill, "#ffffff")
    from_a = next(edge for edge in picture.edges if edge.tail is picture.named("a"))
    from_b = next(edge for edge in picture.edges if edge.tail is picture.named("b"))
    assert blue(from_a.colour)
    assert not blue(from_b.colour)
    assert from_a.width > from_b.width
    assert picture.legend[:6] == ["grad", "-4", "-1", "0", "1", "4"]
    assert picture.legend[6].startswith("largest |grad| 4 ")


def test_numbers_that_are_not_finite_stand_out():
    x = Value(0.0)
    y = (ac.sqrt(x) + ac.log(x)) * 0.0
    y.backward()
    picture = read(draw(y))
    assert picture.named("x").shown("grad") == "nan"
    assert picture.named("x").fill == palette.ALARM
    assert picture.named("log").shown("data") == "-inf"
    assert picture.named("y").shown("data") == "nan"
    assert [edge.texts for edge in picture.into(picture.named("log"))] == [["inf"]]
    assert picture.legend[6:9] == ["not finite", "nan", "inf"]
    assert picture.legend[9].startswith("largest |grad| 1 ")


@pytest.mark.parametrize("gradient", [0.0, 1e-300, 1e-5, 0.3, 1.0, -1e-5, -0.3, -1.0, math.inf, math.nan])
@pytest.mark.parametrize("largest", [0.0, 1.0, 1e300])
def test_colours_read_well_on_light_and_dark_pages(gradient, largest):
    for background in (palette.fill(gradient, largest), palette.norm_fill(abs(gradient), largest), palette.PAPER):
        assert palette.contrast(palette.ink(background), background) >= 4.5
    for page in ("#ffffff", "#111111", "#1e1e1e"):  # plain, JupyterLab's and VS Code's dark theme
        assert palette.contrast(palette.line(gradient, largest), page) >= 3.0
        assert palette.contrast(palette.LINE, page) >= 3.0


@pytest.mark.parametrize("background", [palette.PAPER, palette.QUIET, palette.ALARM])
def test_the_other_texts_read_well_too(background):
    assert palette.contrast(palette.ink(background), background) >= 4.5
    assert palette.contrast(palette.MUTED, palette.PAPER) >= 4.5


def test_the_page_shows_through():
    assert "bgcolor=transparent" in draw(Value(1.0)).source


@given(st.floats().filter(lambda x: not 1e308 < abs(x) < math.inf))
def test_figures_have_four_digits(x):
    text = markup.figure(x)
    if math.isfinite(x):
        assert float(text) == pytest.approx(x, rel=5.1e-4)
    else:
        assert text == str(x)
    assert not text.startswith("-0") or text.startswith("-0.")


# Text.

WRITTEN = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=markup.LONGEST,
).filter(lambda text: text.splitlines() == [text] and not any(ord(c) & 0xFFFE == 0xFFFE for c in text))
AWKWARD = [
    '<>&"\'', "a<b>c</b>", "{x|y}", "\\N", "\\", "\\\\", "\\n\\l\\G\\E\\T\\H", "&lt;", "&amp;amp;", "&#65;", "&nbsp;",
    "]]>", "<!--", "-->", "a:b;c#d//e/*f*/", ' "quoted\\" ', "  two  spaces ", "漢字", "🙂", "e\u0301", "%s", "$x_1^2$",
]  # fmt: skip


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WRITTEN, min_size=1, max_size=15))
@example(AWKWARD)
def test_a_label_is_shown_as_written(labels):
    texts = svg_texts(draw([Value(1.0, label) for label in labels]))
    expected = [label.replace("\u00a0", " ") for label in labels]
    assert sorted(text for text in texts if text not in ("data", "1")) == sorted(
        text for text in expected if text not in ("data", "1")
    )


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(st.characters(), max_size=80), min_size=1, max_size=15))
@example(
    ["\x00\x01\x1b\x7f\x85\x9f", "\ud800", "\ufffe\uffff", "\t", "\r", "\n", "\x0b", "\u2028", "\n\n\n\n\n\n", "\u202e"]
)
def test_any_label_at_all_can_be_drawn(labels):
    assert svg_texts(draw([Value(1.0, label) for label in labels])).count("data") == len(labels)


def test_lines_control_characters_and_long_text():
    assert svg_texts(draw(Value(1.0, "two\nlines")))[:2] == ["two", "lines"]
    assert svg_texts(draw(Value(1.0, "bell\x07tab\tend")))[0] == "bell␇tab end"
    assert svg_texts(draw(Value(1.0, "1\n2\n3\n4\n5")))[:3] == ["1", "2", "…"]
    (shown,) = markup.shown("x" * 30 + "y" * 30)
    assert len(shown) == markup.LONGEST
    assert shown.startswith("xxx")
    assert "…" in shown
    assert shown.endswith("yyy")
    assert svg_texts(draw(Value(1.0, "x" * 1_000_000)))[0] == markup.shown("x" * 1_000_000)[0]


def test_the_pointer_shows_all_digits_and_the_whole_name():
    import xml.etree.ElementTree as ET

    v = Value(1 / 3, 'a long name that is shortened in the picture: \\N & "<b>"')
    root = ET.fromstring(draw(v).pipe(format="svg", quiet=True))
    titles = [a.get("{http://www.w3.org/1999/xlink}title") for a in root.iter("{http://www.w3.org/2000/svg}a")]
    assert titles == [f"{v.label}\ndata 0.3333333333333333"]


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


def test_a_million_nodes():
    x = Value(1.0)
    y = x
    for _ in range(1_000_000):
        y = y + x
    y.backward()
    start = time.perf_counter()
    picture = draw(y, max_nodes=50)
    assert time.perf_counter() - start < 10.0
    assert read(picture).legend[-1] == "999,951 more nodes not shown (max_nodes=50)"


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
