"""Who may import whom, and what an import costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGES = ("autograd_core", "nn")
ENGINE = {"errors", "engine", "rules", "interpreters", "calculus", "checking", "custom"}
RULES_AND_WALKS = {"rules", "engine/vertex", "engine/graph", "engine/chain_rule", "engine/modes"}
SHOWS = {"drawing", "naming", "derivation", "diagnostics", "stepper", "interop.ipython"}
HEAVY = {"numpy", "safetensors", "scipy", "graphviz", "matplotlib", "sklearn", "tqdm", "rich", "IPython", "anywidget"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path, *, at_run_time: bool = True) -> set[str]:
    """The modules that a file imports; without those under `if TYPE_CHECKING`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    if at_run_time:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
                skipped |= {id(inner) for inner in ast.walk(node)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_the_engine_never_imports_nn():
    for path in modules("autograd_core"):
        assert not any(name == "nn" or name.startswith("nn.") for name in imports(path)), path


def files_of(place: str) -> list[Path]:
    path = ROOT / "autograd_core" / place
    return list(path.rglob("*.py")) or [path.with_suffix(".py")]


@pytest.mark.parametrize("place", sorted(RULES_AND_WALKS))
def test_rules_and_walks_know_no_value(place):
    for file in files_of(place):
        assert not any(name.startswith("autograd_core.engine.value") for name in imports(file)), file


@pytest.mark.parametrize("place", sorted(ENGINE))
def test_the_engine_never_imports_what_shows_it(place):
    for file in files_of(place):
        assert not any(name.startswith(tuple(f"autograd_core.{room}" for room in SHOWS)) for name in imports(file))


@pytest.mark.parametrize("package", PACKAGES)
def test_siblings_import_from_where_a_name_is_defined(package):
    own_names = {path.stem for path in (ROOT / package).rglob("*.*")} | {path.parent.name for path in modules(package)}
    for path in modules(package):
        if path.name == "__init__.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == package:
                assert {alias.name for alias in node.names} <= own_names, path


def test_no_child_of_a_package_bears_the_name_of_a_public_function():
    """Loading it would put the module in the function's place. Deeper down, a file may be named for what it holds."""
    import autograd_core
    import nn

    for package in (autograd_core, nn):
        children = {path.stem for path in (ROOT / package.__name__).iterdir()}
        assert not children & set(package.__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_import_pulls_in_nothing_heavy(package):
    code = f"import sys, {package}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(run.stdout.split())


def test_all_names_are_there():
    import autograd_core
    import nn

    for package in (autograd_core, nn):
        assert all(hasattr(package, name) for name in package.__all__)
        assert len(set(package.__all__)) == len(package.__all__)


def test_of_all_errors_only_the_root_is_at_the_top():
    import autograd_core

    classes = {name for name in autograd_core.__all__ if isinstance(getattr(autograd_core, name), type)}
    assert classes == {"AutogradError", "Value", "detect_anomaly", "gradient_warnings", "no_grad"}
