"""How the packages are laid out, counted: `python -m tests.layout` prints it, tests/test_layout.py holds it.

Every number counts what should not be there, but for the last ones: how many files one touches to add a primitive, a
layer, a loss, an optimiser or a transform. Those are found by adding one in a copy; see tests/support/adding.py.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.support import ROOT
from tests.support.adding import count
from tests.support.additions import ADDITIONS
from tests.support.imports import (
    PACKAGES,
    arrows,
    arrows_between_rooms,
    breaches,
    circles,
    files,
    imports_of,
    is_package,
    reached,
    target_of,
    tree_of,
)

LONG = 300
ALLOWED_LONG = {"autograd_core/rules/table.py"}
"""The table of primitives is read row by row."""
SOURCES = {".py", ".pyi", ".c", ".js", ".css"}

CORE = [
    f"autograd_core.{room}" for room in ("errors", "engine", "rules", "interpreters", "calculus", "checking", "custom")
]
SHOWS = [f"autograd_core.{room}" for room in ("drawing", "naming", "derivation", "diagnostics", "stepper")]
RULES: dict[str, tuple[Iterable[str], Iterable[str]]] = {
    "autograd_core knows nothing of nn": (["autograd_core"], ["nn"]),
    "rules and walks know no Value": (
        [
            "autograd_core.rules",
            *(f"autograd_core.engine.{walk}" for walk in ("vertex", "edges", "graph", "chain_rule", "mode", "modes")),
        ],
        ["autograd_core.engine.value"],
    ),
    "what computes knows nothing of what shows it": (CORE, [*SHOWS, "autograd_core.interop.ipython"]),
    "a module knows nothing of what watches it": (["nn.module"], ["nn.monitoring"]),
    "states know nothing of training": (["nn.state"], ["nn.training"]),
}
"""Who may not import whom, when the code runs."""


def circles_that_run() -> list[str]:
    """The circles of modules that import each other, imports inside functions included."""
    return [" - ".join(circle) for circle in circles(arrows())]


def circles_of_rooms() -> list[str]:
    """The circles of packages that import each other."""
    return [" - ".join(circle) for circle in circles(arrows_between_rooms(arrows()))]


def type_only_circles() -> list[str]:
    """The imports for type checkers alone that would close a circle if they ran."""
    running, everything = arrows(), arrows(type_only=True)
    return [
        f"{module} names {target}, which imports it"
        for module in sorted(everything)
        if not is_package(module)
        for target in sorted(everything[module] - running[module])
        if module in reached(running, target)
    ]


def long_files() -> list[str]:
    """Files of the packages with more than 300 lines, but for the table of primitives."""
    found = _lengths(path for package in PACKAGES for path in (ROOT / package).rglob("*"))
    return [line for line in found if line.partition(":")[0] not in ALLOWED_LONG]


def long_files_elsewhere() -> list[str]:
    """The same for tests, benchmarks and the scripts beside them."""
    places = [path for name in ("tests", "benchmarks", "docs") for path in (ROOT / name).rglob("*")]
    return _lengths([ROOT / "setup.py", *places])


def _lengths(paths: Iterable[Path]) -> list[str]:
    found = []
    for path in sorted(paths):
        if path.suffix in SOURCES and path.is_file():
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LONG:
                found.append(f"{path.relative_to(ROOT).as_posix()}: {lines} lines")
    return found


def shared_file_names() -> list[str]:
    """File names that two modules bear."""
    places = defaultdict(list)
    for module in files():
        if not is_package(module):
            places[module.rpartition(".")[2]].append(module)
    return _shared(places)


def shared_class_names() -> list[str]:
    """Names that two classes bear."""
    places = defaultdict(list)
    for module in files():
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(module)
    return _shared(places)


def _shared(places: dict[str, list[str]]) -> list[str]:
    return [f"{name}: {', '.join(there)}" for name, there in sorted(places.items()) if len(there) > 1]


def wrong_arrows() -> list[str]:
    """Imports that break one of RULES."""
    graph = arrows()
    return [f"{found} ({rule})" for rule, (who, whom) in RULES.items() for found in breaches(graph, who, whom)]


def imports_through_a_package() -> list[str]:
    """Imports of a name from a package that only passes it on: the module that defines it should be named."""
    return [
        f"{module}, line {i.line}: {i.path}"
        for module in sorted(files())
        if not is_package(module)
        for i in imports_of(module)
        if (target := target_of(i)) is not None and is_package(target)
    ]


def lines_that_name_nn() -> list[str]:
    """Lines of autograd_core that speak of the package that rests on it."""
    return [
        f"{path.relative_to(ROOT).as_posix()}, line {number}: {line.strip()}"
        for path in sorted((ROOT / "autograd_core").rglob("*"))
        if path.suffix in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\bnn\b", line)
    ]


NOT_WANTED = {
    "circles among imports that run": circles_that_run,
    "circles among packages": circles_of_rooms,
    "circles that only types close": type_only_circles,
    f"files of the packages over {LONG} lines": long_files,
    f"files of tests and benchmarks over {LONG} lines": long_files_elsewhere,
    "file names that modules share": shared_file_names,
    "names that classes share": shared_class_names,
    "imports against the rules": wrong_arrows,
    "imports through a package's __init__": imports_through_a_package,
    "lines of autograd_core that name nn": lines_that_name_nn,
}


def report() -> Iterator[str]:
    """What the command prints, line by line."""
    for title, find in NOT_WANTED.items():
        found = find()
        yield f"{title}: {len(found)}"
        yield from (f"    {line}" for line in found)
    for name, addition in ADDITIONS.items():
        counted = count(addition)
        yield f"files to touch for a new {name}: {counted}"
        yield from (f"    {line}" for line in counted.problem.splitlines()[-3:])


if __name__ == "__main__":
    for line in report():
        print(line, flush=True)
