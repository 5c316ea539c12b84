"""Which build runs: the engine's source as it stands, or the same source compiled.

The modules named in COMPILED are plain typed Python. Where a C compiler was there at installation, mypyc has
turned them into extension modules that lie beside the source and are imported in its place. With the environment
variable AUTOGRAD_CORE_PURE=1, which is read when the package is first imported, the source runs all the same.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

COMPILED = (
    "engine.chain_rule",
    "engine.declared_methods",
    "engine.edges",
    "engine.graph",
    "engine.methods",
    "engine.modes",
    "engine.value",
    "engine.vertex",
    "program.linear_map",
    "program.read",
    "rules.ieee",
    "rules.scalars",
)
_HERE = Path(__file__).parent
_PURE_WANTED = os.environ.get("AUTOGRAD_CORE_PURE", "") not in ("", "0")


class BuildInfo(NamedTuple):
    """What `build_info()` returns."""

    compiled: bool
    """Whether the engine runs as native code."""
    forced_pure: bool
    """Whether AUTOGRAD_CORE_PURE asked for the source."""
    modules: tuple[str, ...]
    """The modules that run as native code."""
    python: str
    """The interpreter, such as `CPython 3.11.7`."""


def build_info() -> BuildInfo:
    """Say whether the compiled engine runs, or its source.

    >>> from autograd_core import build_info
    >>> build_info().compiled == bool(build_info().modules)
    True
    """
    native = tuple(name for name in COMPILED if _is_native(f"{__package__}.{name}"))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return BuildInfo(bool(native), _PURE_WANTED, native, python)


def _is_native(name: str) -> bool:
    module = sys.modules.get(name)
    return module is not None and not (module.__file__ or "").endswith(".py")


def untrack(*kinds: type) -> None:
    """Take the objects of compiled classes off the cyclic garbage collector; see _untracked.c."""
    if _is_native(kinds[0].__module__):
        from autograd_core import _untracked

        for kind in kinds:
            _untracked.untrack(kind)


class _SourceFinder:
    """Finds the source of a module where an extension module lies beside it."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        module = name.removeprefix(f"{__package__}.")
        if module not in COMPILED:
            return None
        return importlib.util.spec_from_file_location(name, _HERE.joinpath(*module.split(".")).with_suffix(".py"))


if _PURE_WANTED:
    sys.meta_path.insert(0, _SourceFinder)
