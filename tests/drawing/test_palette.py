"""The colours of a drawing tell gradients, and all text on them reads well."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ac
from autograd_core import Value, draw
from autograd_core.drawing import markup, palette
from tests.support.picture import read


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
