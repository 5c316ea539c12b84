"""Any text is shown as it was written."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograd_core import Value, draw
from autograd_core.drawing import markup
from tests.support.picture import svg_texts

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
