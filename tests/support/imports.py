"""Which module imports which, read from the source: as a graph, and the circles in it."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.support import ROOT

PACKAGES = ("autograd_core", "nn")

Arrows = Mapping[str, frozenset[str]]
"""The modules that each module imports."""


class Import(NamedTuple):
    """One import of one name, or of a whole module."""

    module: str
    name: str  # "" for `import module`
    runs: bool  # not so under `if TYPE_CHECKING:`
    line: int

    @property
    def path(self) -> str:
        """The dotted path of what is imported."""
        return f"{self.module}.{self.name}" if self.name else self.module


@cache
def files() -> dict[str, Path]:
    """Every Python module of the packages, by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        for path in sorted((ROOT / package).rglob("*.pyi")):  # a module in C
            found[".".join(path.relative_to(ROOT).with_suffix("").parts)] = path
    return found


@cache
def tree_of(module: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(files()[module].read_text(encoding="utf-8"))


def is_package(module: str) -> bool:
    """Whether a module is the `__init__` of a package."""
    return files()[module].name == "__init__.py"


@cache
def imports_of(module: str) -> tuple[Import, ...]:
    """Every import of a module, those inside functions too.

    A string that is the dotted name of a module counts as well, since `import_module` takes it; the name of the
    module's own package is what asks for the files that lie beside the module.
    """
    found: list[Import] = []
    package = module if is_package(module) else module.rpartition(".")[0]

    def visit(node: ast.AST, runs: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend(Import(alias.name, "", runs, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            found.extend(Import(source, alias.name, runs, node.lineno) for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if "." in node.value and node.value in files() and node.value != package:
                found.append(Import(node.value, "", runs, node.lineno))
        elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for child in node.body:
                visit(child, False)
            for child in node.orelse:
                visit(child, runs)
        else:
            for child in ast.iter_child_nodes(node):
                visit(child, runs)

    visit(tree_of(module), True)
    return tuple(found)


@cache
def names_bound_in(package: str) -> frozenset[str]:
    """The names that the `__init__` of a package gives: what it imports or assigns when it runs."""
    names = {i.name for i in imports_of(package) if i.name and i.path not in files()}
    for node in tree_of(package).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(names)


def target_of(i: Import) -> str | None:
    """The module of the packages that an import loads, if it loads one.

    `from package import name` loads the file of that name, unless the package's `__init__` binds the name itself.
    """
    if i.name and i.path in files() and not (i.module in files() and i.name in names_bound_in(i.module)):
        return i.path
    return i.module if i.module in files() else None


def arrows(*, type_only: bool = False) -> Arrows:
    """What each module imports when it runs; with `type_only`, also what it imports for type checkers."""
    return {
        module: frozenset(
            target
            for i in imports_of(module)
            if (i.runs or type_only) and (target := target_of(i)) is not None and target != module
        )
        for module in files()
    }


def room_of(module: str) -> str:
    """The package that a module lies in; a module directly in `autograd_core` or `nn` is a room of its own."""
    parts = module.split(".")
    return ".".join(parts[:2])


def arrows_between_rooms(graph: Arrows) -> Arrows:
    """The same arrows, drawn between rooms; the faces of the two packages, which import everything, left out."""
    found: dict[str, set[str]] = {}
    for module, targets in graph.items():
        if module not in PACKAGES:
            rooms = {room_of(target) for target in targets if target not in PACKAGES}
            found.setdefault(room_of(module), set()).update(rooms - {room_of(module)})
    return {room: frozenset(targets) for room, targets in found.items()}


def reached(graph: Arrows, start: str) -> set[str]:
    """Every module that can be reached along the arrows from one, in one step or more."""
    found: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting.extend(graph.get(module, ()))
    return found


def circles(graph: Arrows) -> list[tuple[str, ...]]:
    """The groups of modules each of which reaches every other."""
    reach = {module: reached(graph, module) for module in graph}
    groups = {
        tuple(sorted(other for other in reach[module] if module in reach.get(other, ())))
        for module in graph
        if module in reach[module]
    }
    return sorted(groups)


def breaches(graph: Arrows, who: Iterable[str], whom: Iterable[str]) -> list[str]:
    """The arrows that lead from modules in one set of places to modules in another, as text."""
    sources, targets = tuple(who), tuple(whom)
    return [
        f"{module} imports {target}"
        for module in sorted(graph)
        if _lies_in(module, sources)
        for target in sorted(graph[module])
        if _lies_in(target, targets)
    ]


def _lies_in(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)
