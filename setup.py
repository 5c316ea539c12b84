"""Compiles the engine with mypyc where a C compiler is at hand; without one, the plain source is installed.

AUTOGRAD_CORE_PURE=1 leaves the compiling out. All else stands in pyproject.toml.
"""

import ast
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from setuptools import Extension, setup

HERE = Path(__file__).parent
MYPYC = "mypy>=2.0"


def wanted() -> bool:
    """Whether to compile: CPython, a compiler, and nobody against it."""
    if os.environ.get("AUTOGRAD_CORE_PURE", "") not in ("", "0") or sys.implementation.name != "cpython":
        return False
    if sys.platform == "win32":
        return True  # the compiler is found through the registry; where there is none, the build goes on without
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    return any(shutil.which(name) for name in (compiler, "cc", "gcc", "clang"))


def modules() -> list[str]:
    """The files to compile: COMPILED in autograd_core/build.py, read without importing it."""
    tree = ast.parse((HERE / "autograd_core" / "build.py").read_text(encoding="utf-8"))
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == "COMPILED":
            return [f"autograd_core/{name}.py" for name in ast.literal_eval(statement.value)]
    raise LookupError("no COMPILED in autograd_core/build.py")


def extensions() -> list[Extension]:
    """The extension modules, each optional: a build that fails leaves the source to run."""
    try:
        from mypyc.build import mypycify
    except ImportError:
        return []  # the first call of a build asks only what it needs: setup_requires below
    found = [
        *mypycify(modules(), opt_level="3", debug_level="0"),
        Extension("autograd_core._untracked", ["autograd_core/_untracked.c"]),
    ]
    for extension in found:
        extension.optional = True
    return found


setup(ext_modules=extensions() if wanted() else [], setup_requires=[MYPYC] if wanted() else [])
