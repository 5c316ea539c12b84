"""Pictures come out with Graphviz's `dot`, with the wheel's program, and not at all where neither is there."""

from __future__ import annotations

import os
import struct
import sys
import xml.etree.ElementTree as ET

import graphviz
import pytest

from autograd_core import AutogradError, Value, draw
from autograd_core.drawing import rendering
from autograd_core.drawing.rendering import Drawing, wheel_program
from autograd_core.errors import DomainError, MissingDependencyError


@pytest.fixture(params=["wheel", "dot"])
def drawing(request, tmp_path, monkeypatch):
    """A drawing where only the wheel is there, and where a `dot` is on the PATH too."""
    folder = tmp_path / "bin"
    folder.mkdir()
    if request.param == "dot":
        program = wheel_program()
        if os.name != "posix" or program is None:
            pytest.skip("needs a program to stand in for dot")
        (folder / "dot").symlink_to(program)  # the same flags, so it can stand in for dot
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.chdir(tmp_path)
    x = Value(2.0)
    y = x * x
    y.backward()
    return draw(y)


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine with neither."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(rendering, "wheel_program", lambda: None)


def size(png):
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def test_it_is_a_digraph(drawing):
    assert isinstance(drawing, graphviz.Digraph)
    assert isinstance(drawing.copy(), Drawing)
    assert drawing.copy().source == drawing.source


def test_svg(drawing):
    svg = drawing.pipe(encoding="utf-8", quiet=True)
    assert ET.fromstring(svg.encode()).tag == "{http://www.w3.org/2000/svg}svg"
    assert drawing.pipe(format="svg", quiet=True).decode() == svg


def test_png_is_sharp_and_svg_is_not_scaled(drawing):
    width, height = size(drawing.pipe(format="png", quiet=True))
    svg = ET.fromstring(drawing.pipe(format="svg", quiet=True))
    points = float(svg.get("width").removesuffix("pt"))
    assert width == pytest.approx(points * 192 / 72, rel=0.02)
    assert height > 100
    assert "dpi" not in drawing.source


def test_a_notebook_shows_svg(drawing):
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml"]
    assert "<svg" in bundle["image/svg+xml"]


def test_the_format_of_draw_is_that_of_files(drawing, tmp_path):
    path = draw(Value(1.0), format="png").render("one", quiet=True)
    assert path == "one.png"
    size((tmp_path / "one.png").read_bytes())
    assert (tmp_path / "one").read_text(encoding="utf-8").startswith("digraph")


def test_rendering_to_files(drawing, tmp_path):
    assert drawing.render("a/graph", quiet=True) == os.path.join("a", "graph.svg")
    assert drawing.render(outfile=tmp_path / "b" / "graph.png", cleanup=True, quiet=True).endswith("graph.png")
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["graph.png"]
    assert drawing.render("c", directory=tmp_path / "d", format="png", quiet=True) == str(tmp_path / "d" / "c.png")
    with pytest.raises(graphviz.FileExistsError, match=r"graph\.png"):
        drawing.render(outfile=tmp_path / "b" / "graph.png", raise_if_result_exists=True)
    with pytest.raises(DomainError, match="another outfile"):
        drawing.render("same.svg", outfile="same.svg")


def test_viewing(drawing, monkeypatch):
    seen = []
    monkeypatch.setattr(rendering.webbrowser, "open", seen.append)
    drawing.view("seen", quiet=True)
    assert seen[0].startswith("file://") and seen[0].endswith("seen.svg")  # noqa: PT018


def test_a_resolution_of_ones_own(drawing):
    drawing.graph_attr["dpi"] = "96"
    assert size(drawing.pipe(format="png", quiet=True))[0] < 600
    assert drawing.graph_attr["dpi"] == "96"


def test_the_wheel_alone_writes_no_pdf(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDependencyError, match=r"as 'pdf'.* install Graphviz"):
        draw(Value(1.0), format="pdf").pipe()


def test_dot_text_that_is_wrong(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    drawing = draw(Value(1.0))
    drawing.body.append("{")
    with pytest.raises(AutogradError, match="syntax error"):
        drawing.pipe()


def test_without_any_program_there_is_still_the_dot_text(bare, tmp_path):
    drawing = draw(Value(1.0, "x"))
    assert "<B>x</B>" in drawing.source
    assert drawing.save(tmp_path / "graph.gv") == str(tmp_path / "graph.gv")
    with pytest.raises(MissingDependencyError, match=r"pip install 'autograd-core\[all\]'.*install Graphviz.*\.source"):
        drawing.pipe()
    with pytest.raises(MissingDependencyError):
        drawing.render(tmp_path / "graph")


def test_without_the_python_package(monkeypatch):
    monkeypatch.delitem(sys.modules, "autograd_core.drawing.rendering")
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'autograd-core\[all\]'"):
        draw(Value(1.0))


def test_the_wheel_is_found_without_the_path(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    program = wheel_program()
    if program is None:
        pytest.skip("graphviz-pure is not installed")
    assert program.is_file()


def test_the_wheels_program_is_found_on_the_path_where_it_was_put_by_other_means(monkeypatch, tmp_path):
    def missing(name):
        raise rendering.importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(rendering.importlib.metadata, "distribution", missing)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert wheel_program() is None
    program = tmp_path / "graphviz-pure"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    if os.name == "posix":
        assert wheel_program() == program
