"""Who may import whom, and what an import costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("autograd_core", "nn")
ENGINE = {
    "errors",
    "scalars",
    "ieee",
    "special",
    "gamma_functions",
    "rows",
    "primitives",
    "recording",
    "graph",
    "chain_rule",
    "vertex",
    "value",
    "functions",
    "build",
    "calculus",
    "checking",
    "custom",
    "interpreters",
}
RULES_AND_WALKS = {"rows", "primitives", "special", "ieee", "vertex", "graph", "chain_rule", "recording"}
SHOWS = {"drawing", "naming", "ipython", "derivation", "stepping", "anomaly", "gradient_checks", "stepper"}
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


@pytest.mark.parametrize("module", sorted(RULES_AND_WALKS))
def test_rules_and_walks_know_no_value(module):
    found = imports(ROOT / "autograd_core" / f"{module}.py")
    assert not any(name.startswith("autograd_core.value") for name in found)


@pytest.mark.parametrize("room", sorted(ENGINE))
def test_the_engine_never_imports_what_shows_it(room):
    place = ROOT / "autograd_core" / room
    files = list(place.rglob("*.py")) or [place.with_suffix(".py")]
    found = {name for file in files for name in imports(file)}
    assert not {name.split(".")[1] for name in found if name.startswith("autograd_core.")} & SHOWS


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


def test_no_module_bears_the_name_of_a_public_function():
    import autograd_core
    import nn

    for package in (autograd_core, nn):
        stems = {path.stem for path in modules(package.__name__)} - {"__init__"}
        assert not stems & set(package.__all__)


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
