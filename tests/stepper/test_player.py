"""player(): what it takes, what it writes, what a notebook shows."""

from __future__ import annotations

import os
import sys
from html import escape, unescape
from pathlib import Path

import pytest

from autograd_core import Value, player
from autograd_core.drawing import rendering
from autograd_core.errors import ArgumentError, DomainError, MissingDependencyError, NotAScalarError
from autograd_core.stepper import player as player_file
from autograd_core.stepper.player_page import player_module, player_style
from autograd_core.stepper.steps import Step
from tests.support.stories import told


def test_a_player_saves_a_page_and_returns_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    x = Value(2.0)
    y = x * x
    shown = player(y)
    assert not os.listdir(tmp_path)
    assert repr(shown) == "<player of y, 2 nodes, 2 products of the chain rule>"
    assert shown.save() == Path("steps.html")
    assert Path("steps.html").stat().st_size > 10_000
    assert shown.save("other.html") == shown.save(path=Path("other.html")) == Path("other.html")
    assert "∂y/∂x" in Path("other.html").read_text(encoding="utf-8")
    assert sorted(os.listdir(tmp_path)) == ["other.html", "steps.html"]


def test_a_player_shows_what_was_when_it_was_made(tmp_path):
    x = Value(2.0)
    shown = player(x * x)
    before = shown.save(tmp_path / "steps.html").read_text(encoding="utf-8")
    x.data = 5.0
    assert shown.save(tmp_path / "steps.html").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("wrong", [3.0, "y", None, [Value(1.0)], Step])
def test_refuses_what_is_no_value(wrong):
    with pytest.raises(NotAScalarError, match=r"player\(y\) takes a Value, got"):
        player(wrong)


def test_refuses_bad_options(tmp_path):
    x = Value(1.0)
    for wrong in (3, None, b"steps.html"):
        with pytest.raises(ArgumentError, match=r"save\(path\) takes the path of a file, got"):
            player(x).save(wrong)
    for wrong in (0, -1, 2.5, True, "many"):
        with pytest.raises(DomainError, match=r"player\(max_nodes=...\) takes an int of at least 1, got"):
            player(x, max_nodes=wrong)
    with pytest.raises(FileNotFoundError):
        player(x).save(tmp_path / "nowhere" / "steps.html")
    assert not os.listdir(tmp_path)


def test_a_count_may_be_an_integer_of_numpy():
    np = pytest.importorskip("numpy")
    x = Value(1.0)
    assert player(x * x, max_nodes=np.int64(1))._data == player(x * x, max_nodes=1)._data


def test_without_graphviz_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(rendering.shutil, "which", lambda name: None)
    monkeypatch.setattr(rendering, "wheel_program", lambda: None)
    with pytest.raises(MissingDependencyError, match="pip install 'autograd-core"):
        player(Value(1.0))


@pytest.fixture
def notebook(monkeypatch):
    monkeypatch.setattr(player_file, "in_notebook", lambda: True)


def in_frame(html: str) -> str:
    """The page within a frame."""
    return unescape(html.partition('srcdoc="')[2].partition('"')[0])


def test_the_widget_holds_the_same(tmp_path, notebook):
    pytest.importorskip("anywidget", reason="anywidget is not installed; pip install 'autograd-core[all]'")
    x = Value(2.0)
    y = x * x
    shown = player(y)
    widget = shown.widget
    assert widget is shown.widget
    assert widget.data == told(y)
    assert widget._esm == player_module()
    assert widget._css == player_style()
    assert repr(widget) == repr(shown) == "<player of y, 2 nodes, 2 products of the chain rule>"
    widget.step = 3
    assert widget.step == 3
    widget.step = 99
    assert widget.step == len(widget.data["frames"]) - 1
    widget.step = -4
    assert widget.step == 0
    data = shown._repr_mimebundle_()[0]
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    html = data["text/html"]  # for a reader without a kernel
    assert "<iframe" in html.partition(escape(repr(widget)))[2]
    assert in_frame(html) == shown.save(tmp_path / "steps.html").read_text(encoding="utf-8")


def without_anywidget(monkeypatch):
    monkeypatch.delitem(sys.modules, "autograd_core.stepper.player_widget", raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)


def test_without_anywidget_the_widget_names_the_remedy(monkeypatch):
    without_anywidget(monkeypatch)
    with pytest.raises(MissingDependencyError, match=r"pip install 'autograd-core\[all\]'"):
        player(Value(1.0)).widget  # noqa: B018


def test_where_no_widget_can_run_the_page_is_shown(monkeypatch, tmp_path):
    x = Value(2.0)
    shown = player(x * x)
    page = shown.save(tmp_path / "steps.html").read_text(encoding="utf-8")
    outside = shown._repr_mimebundle_()
    assert shown._widget is None
    assert outside["text/plain"] == repr(shown)
    assert in_frame(outside["text/html"]) == page
    monkeypatch.setattr(player_file, "in_notebook", lambda: True)
    without_anywidget(monkeypatch)
    assert shown._repr_mimebundle_() == outside
