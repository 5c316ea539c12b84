"""How the packages are laid out, who may import whom, and what an import costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace

import pytest

from tests import layout
from tests.support import ROOT, imports
from tests.support.adding import count
from tests.support.additions import ADDITIONS

HEAVY = {"numpy", "safetensors", "scipy", "graphviz", "matplotlib", "sklearn", "tqdm", "rich", "IPython", "anywidget"}

ALLOWED = {"circles that only types close": 8}
"""How many there may be at most, where it is not 0. These numbers only ever shrink."""


@pytest.mark.parametrize("title", layout.NOT_WANTED)
def test_what_should_not_be_there(title):
    found = layout.NOT_WANTED[title]()
    assert len(found) <= ALLOWED.get(title, 0), "\n".join([f"{title}: {len(found)}", *found])


@pytest.mark.parametrize("name", ADDITIONS)
def test_one_file_adds(name):
    counted = count(ADDITIONS[name])
    assert not counted.problem
    assert counted.files == [ADDITIONS[name].file.file]


def test_circles_are_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a"}, "g": set()}
    assert imports.circles(graph) == [("a", "b", "c"), ("d", "e")]
    assert imports.circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


SOURCE = """
from typing import TYPE_CHECKING
import nn.module
from autograd_core import errors, Value
from autograd_core.drawing import draw, palette
if TYPE_CHECKING:
    from autograd_core.engine import value
else:
    import autograd_core.naming
def later():
    from autograd_core.rules import table
    return import_module("autograd_core.derivation.explain")
"""


def test_imports_are_read(monkeypatch):
    """Those of functions and of import_module() count, those for type checkers do not; a name leads to where it is."""
    monkeypatch.setattr(imports, "tree_of", lambda module: ast.parse(SOURCE if module == "nn.demo" else "draw = 1"))
    monkeypatch.setattr(imports, "imports_of", imports.imports_of.__wrapped__)
    monkeypatch.setattr(imports, "names_bound_in", imports.names_bound_in.__wrapped__)
    running = {
        "nn.module",
        "autograd_core",
        "autograd_core.errors",
        "autograd_core.drawing",
        "autograd_core.drawing.palette",
        "autograd_core.naming",
        "autograd_core.rules.table",
        "autograd_core.derivation.explain",
    }
    assert imports.arrows()["nn.demo"] == running
    assert imports.arrows(type_only=True)["nn.demo"] == running | {"autograd_core.engine.value"}


def test_an_arrow_against_a_rule_is_found():
    graph = {"nn.module": {"nn.monitoring.monitor"}, "nn.modules": {"nn.monitoring"}, "nn.monitoring.monitor": {"nn"}}
    assert imports.breaches(graph, ["nn.module"], ["nn.monitoring"]) == ["nn.module imports nn.monitoring.monitor"]


def test_an_addition_that_does_not_work_is_told():
    addition = ADDITIONS["transform"]
    counted = count(replace(addition, script="import autograd_core; autograd_core.curvatures"))
    assert "no attribute 'curvatures'" in counted.problem
    assert str(counted) == "more than 1 (autograd_core/calculus/curvature.py; beside autograd_core/__init__.py)"


def test_no_child_of_a_package_bears_the_name_of_a_public_function():
    """Loading it would put the module in the function's place. Deeper down, a file may be named for what it holds."""
    import autograd_core
    import nn

    for package in (autograd_core, nn):
        children = {path.stem for path in (ROOT / package.__name__).iterdir()}
        assert not children & set(package.__all__)


@pytest.mark.parametrize("package", imports.PACKAGES)
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
