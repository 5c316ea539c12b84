"""How many files one touches to add something: found by adding it in a copy of the packages, and using it there.

Each addition is one file, new or changed, beside its export: the line in the package's `__init__` and, for a primitive,
the declaration of its method for type checkers. A primitive has a row of test domain too. A script then does with it
what a user would do. If it fails, one file is too few.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.support import ROOT


class Edit(NamedTuple):
    """Text that goes into a file in front of the line that begins with `before`; without it, the whole file."""

    file: str
    text: str
    before: str = ""


@dataclass(frozen=True)
class Addition:
    """What is added, how it is exported, and what a user does with it.

    Attributes:
        names: the public names.
        file: what is written: the one file that should be touched.
        script: fails unless all that a user expects of the new thing works.
        test_row: what the tests must know of it.
        tests: the tests that must pass with it, as pytest takes them.
        declaration: what a type checker must be told of it, where that stands in another file.
    """

    names: tuple[str, ...]
    file: Edit
    script: str
    test_row: Edit | None = None
    tests: tuple[str, ...] = ()
    declaration: Edit | None = None

    @property
    def package(self) -> str:
        """The package that exports it."""
        return self.file.file.partition("/")[0]

    @property
    def exports(self) -> list[Edit]:
        """The import and the public names, in the package's `__init__`, and the declaration."""
        module = self.file.file.removesuffix(".py").replace("/", ".")
        face = f"{self.package}/__init__.py"
        return [
            Edit(face, f"from {module} import {', '.join(self.names)}\n", "if _TYPE_CHECKING:"),
            Edit(face, f"__all__ += {list(self.names)}\n\n", "_ON_FIRST_USE"),
            *([self.declaration] if self.declaration else []),
        ]


class Count(NamedTuple):
    """The files that were touched, what was touched beside them, and why that was not enough; "" if it was."""

    files: list[str]
    beside: list[str]
    problem: str

    def __str__(self) -> str:
        number = f"more than {len(self.files)}" if self.problem else str(len(self.files))
        return f"{number} ({', '.join(self.files)}; beside {', '.join(self.beside)})"


def count(addition: Addition) -> Count:
    """Add something in a copy of the packages, use it, and list the files that differ from the original.

    What exports it and the domains of the tests do not count, but are told.
    """
    with copy_of_the_packages() as copy:
        for edit in [addition.file, *addition.exports, *([addition.test_row] if addition.test_row else [])]:
            _apply(edit, copy)
        uncounted = {edit.file for edit in addition.exports}
        uncounted |= {addition.test_row.file} if addition.test_row else set()
        touched = sorted(name for name in _sources(copy) if not _is_as_it_was(name, copy))
        problem = _run(["-c", addition.script], copy)
        if not problem and addition.tests:
            problem = _run(["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *addition.tests], copy)
    return Count([f for f in touched if f not in uncounted], [f for f in touched if f in uncounted], problem)


@contextmanager
def copy_of_the_packages() -> Iterator[Path]:
    """A directory that holds what is needed to use the packages and to run their tests, as they are now."""
    with tempfile.TemporaryDirectory(prefix="autograd-core-") as directory:
        copy = Path(directory)
        for name in ("autograd_core", "nn", "tests", "benchmarks"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (ROOT / "pyproject.toml", *ROOT.glob("*__mypyc*.*")):
            shutil.copy(path, copy)
        yield copy


def _apply(edit: Edit, copy: Path) -> None:
    path = copy / edit.file
    if not edit.before:
        assert not path.exists(), f"{edit.file} is there already"
        path.write_text(edit.text, encoding="utf-8")
        return
    source = path.read_text(encoding="utf-8")
    place = re.search(rf"^{re.escape(edit.before)}", source, flags=re.MULTILINE)
    assert place, f"no line of {edit.file} begins with {edit.before!r}"
    path.write_text(source[: place.start()] + edit.text + source[place.start() :], encoding="utf-8")


def _sources(copy: Path) -> list[str]:
    return [path.relative_to(copy).as_posix() for path in copy.rglob("*.py")]


def _is_as_it_was(name: str, copy: Path) -> bool:
    original = ROOT / name
    return original.exists() and original.read_bytes() == (copy / name).read_bytes()


def _run(arguments: list[str], copy: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=copy, env=environment)
    return "" if run.returncode == 0 else (run.stdout + run.stderr).strip() or f"exit code {run.returncode}"
