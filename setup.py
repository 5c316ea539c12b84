"""Compiles the engine with mypyc where a C compiler is at hand; without one, the plain source is installed.

AUTOGRAD_CORE_PURE=1 leaves the compiling out. All else stands in pyproject.toml.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import sys
import sysconfig
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

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
            return [f"autograd_core/{name.replace('.', '/')}.py" for name in ast.literal_eval(statement.value)]
    raise LookupError("no COMPILED in autograd_core/build.py")


def extensions() -> list[Extension]:
    """The extension modules: the engine by mypyc, and what takes its nodes off the garbage collector."""
    try:
        from mypyc.build import mypycify
    except ImportError:
        return []  # the first call of a build asks only what it needs: setup_requires below
    try:
        # What is not compiled is `make check`'s business: it may import packages that a build has no need of.
        found = mypycify(["--follow-imports=silent", *modules()], opt_level="3", debug_level="0")
    except SystemExit as error:  # a later mypy that objects to something
        give_up(error)
        return []
    found.append(Extension("autograd_core._untracked", ["autograd_core/_untracked.c"]))
    documentation = docstrings(modules())
    flags = []
    if sys.platform != "win32":  # a fused multiply-add would round otherwise; a newer compiler's warning is no error
        flags += ["-ffp-contract=off", "-Wno-error"]
    if sys.platform == "linux":  # calls within the library go straight, not by way of a table
        flags += ["-fvisibility=hidden", "-fno-plt"]
    for extension in found:
        extension.extra_compile_args = [*extension.extra_compile_args, *flags]
        for source in extension.sources:
            document(Path(source), documentation)
    return found


def docstrings(files: list[str]) -> dict[str, str]:
    """The docstrings of modules, classes, methods and functions, by mypyc's names for them: value___Value___data."""
    found = {}

    def visit(node: ast.Module | ast.ClassDef | ast.FunctionDef, name: str) -> None:
        text = ast.get_docstring(node)
        if text:
            found.setdefault(name, text)  # of a property, the getter's
        for child in node.body if not isinstance(node, ast.FunctionDef) else []:
            if isinstance(child, (ast.ClassDef, ast.FunctionDef)):
                visit(child, f"{name}___{child.name}")

    for file in files:
        visit(ast.parse((HERE / file).read_text(encoding="utf-8")), Path(file).stem)
    return found


def document(source: Path, texts: dict[str, str]) -> None:
    """Put into C that mypyc has written what it leaves out: docstrings, and that `del x.data` is an error.

    help() and doctest want the docstrings. A property's setter is called with NULL to delete, and would crash.
    """
    if "mypyc" not in (code := source.read_text(encoding="utf-8")):
        return

    def quoted(name: str) -> str:
        return "".join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else f"\\{b:03o}" for b in texts[name].encode())

    def method(match: re.Match[str]) -> str:
        name = match["name"]
        return f"{match[1]}{quoted(name)}{match['end']}" if name in texts else match[0]

    def attribute(match: re.Match[str]) -> str:
        name = f"{match['class']}___{match['name']}"
        return f'{match[1]}"{quoted(name)}", NULL}}' if name in texts else match[0]

    def kind(match: re.Match[str]) -> str:
        names = [name for name in texts if name.endswith(f"___{match['name']}") and name.count("___") == 1]
        return f"{match[1]}{quoted(names[0])}{match['end']}" if len(names) == 1 else match[0]

    def module(match: re.Match[str]) -> str:
        return f'{match[1]}"{quoted(match["name"])}", /* docstring */' if match["name"] in texts else match[0]

    code = re.sub(r'(CPyPy_(?P<name>\w+),\s*METH[^"]*PyDoc_STR\("[^"]*)(?P<end>"\))', method, code)
    code = re.sub(
        r'(\{"(?P<name>\w+)",\s*\(getter\)(?P<class>\w+)_get_(?P=name),\s*(?:\(setter\)\w+|NULL),\s*)NULL, NULL\}',
        attribute,
        code,
    )
    code = re.sub(r'(\.tp_doc = PyDoc_STR\("(?P<name>\w+)\([^"]*)(?P<end>"\))', kind, code)
    code = re.sub(r'("autograd_core\.\w+\.(?P<name>\w+)",\s*)NULL, /\* docstring \*/', module, code)
    guard = 'if (value == NULL) { PyErr_SetString(PyExc_AttributeError, "cannot delete this attribute"); return -1; }'
    code = re.sub(
        r"(_set_\w+\(\w+ \*self, PyObject \*value, void \*closure\)\s*\{)(?!\s*if \(value == NULL)",
        rf"\1\n    {guard}",
        code,
    )
    source.write_text(code, encoding="utf-8")


def give_up(error: object) -> None:
    """Say that the source will run, and clear away what an earlier build left beside it, which would hide it."""
    print(f"warning: the engine was not compiled, its plain source will run: {error}", file=sys.stderr)
    for pattern in ("autograd_core/**/*.so", "autograd_core/**/*.pyd", "*__mypyc.*.so", "*__mypyc.*.pyd"):
        for stale in HERE.glob(pattern):
            stale.unlink()


class AllOrNothing(build_ext):
    """Builds every extension module or, where one fails, none: then the source runs."""

    def run(self) -> None:
        """Build, and clear away what a failure leaves."""
        try:
            super().run()
        except Exception as error:  # whatever a compiler that is missing, broken or too old brings up
            give_up(error)
            for output in self.get_outputs():
                Path(output).unlink(missing_ok=True)
            self.extensions = []


setup(
    ext_modules=extensions() if wanted() else [],
    setup_requires=[MYPYC] if wanted() else [],
    cmdclass={"build_ext": AllOrNothing},
)
