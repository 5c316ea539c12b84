"""Compiles the engine with mypyc where a C compiler is at hand; without one, the plain source is installed.

With AUTOGRAD_CORE_PURE=1 nothing is compiled. All other settings stand in pyproject.toml.
"""

from __future__ import annotations

import ast
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "tools"))  # a build may run this file with nothing of the project on the path
from complete_c import complete, docstrings  # noqa: E402

MYPYC = "mypy>=2.0"


def wanted() -> bool:
    """Return whether to compile: this is CPython, there is a compiler, and AUTOGRAD_CORE_PURE is not set."""
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
        return []  # a build first asks what it needs, which is setup_requires below
    try:
        # Only what is compiled is checked here: other modules may import packages that a build does not install.
        found = mypycify(["--follow-imports=silent", *modules()], opt_level="3", debug_level="0")
    except SystemExit as error:  # a later mypy that rejects the source
        give_up(error)
        return []
    found.append(Extension("autograd_core._untracked", ["autograd_core/_untracked.c"]))
    try:
        complete_sources(found)
    except ValueError as error:  # a later mypy whose C is other
        give_up(error)
        return []
    flags = []
    if sys.platform != "win32":  # a fused multiply-add would round otherwise; a newer compiler's warning is no error
        flags += ["-ffp-contract=off", "-Wno-error"]
    if sys.platform == "linux":  # calls within the library go straight, not by way of a table
        flags += ["-fvisibility=hidden", "-fno-plt"]
    for extension in found:
        extension.extra_compile_args = [*extension.extra_compile_args, *flags]
    return found


def complete_sources(found: list[Extension]) -> None:
    """Put into the C that mypyc has written what it leaves out; see tools/complete_c.py."""
    texts = docstrings(HERE / name for name in modules())
    for source in {Path(source) for extension in found for source in extension.sources}:
        code = source.read_text(encoding="utf-8")
        if "mypyc" in code:
            source.write_text(complete(code, texts), encoding="utf-8")


def give_up(error: object) -> None:
    """Warn that the source will run, and delete what an earlier build left beside it, which would run instead."""
    print(f"warning: the engine was not compiled, its plain source will run: {error}", file=sys.stderr)
    for pattern in ("autograd_core/**/*.so", "autograd_core/**/*.pyd", "*__mypyc.*.so", "*__mypyc.*.pyd"):
        for stale in HERE.glob(pattern):
            stale.unlink()


class AllOrNothing(build_ext):
    """Builds every extension module or, where one fails, none: then the source runs."""

    def run(self) -> None:
        """Build, and delete what a failure leaves."""
        try:
            super().run()
        except Exception as error:  # a compiler may be missing, broken or too old
            give_up(error)
            for output in self.get_outputs():
                Path(output).unlink(missing_ok=True)
            self.extensions = []


setup(
    ext_modules=extensions() if wanted() else [],
    setup_requires=[MYPYC] if wanted() else [],
    cmdclass={"build_ext": AllOrNothing},
)
