from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_core
from autograd_core import build_info
from autograd_core.build import COMPILED

HERE = Path(autograd_core.__file__).parent


def told(pure: str) -> str:
    environment = {**os.environ, "AUTOGRAD_CORE_PURE": pure}
    code = "from autograd_core import build_info; print(build_info().compiled, build_info().forced_pure)"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    ).stdout.strip()


def test_the_environment_variable_forces_pure():
    assert told("1") == "False True"
    assert told("0") == told("")


def test_all_or_nothing_is_compiled():
    assert build_info().modules in ((), COMPILED)
    assert build_info().compiled == bool(build_info().modules)


def test_extension_modules_are_not_older_than_their_source():
    """An editable install goes on using what was compiled: `make build` compiles anew."""
    if not build_info().compiled:
        pytest.skip("nothing is compiled")
    for name in COMPILED:
        source = HERE.joinpath(*name.split(".")).with_suffix(".py")
        (extension,) = source.parent.glob(f"{source.stem}.*" + ("so" if sys.platform != "win32" else "pyd"))
        library = [*HERE.parent.glob("*__mypyc.*.so"), extension]
        assert max(path.stat().st_mtime for path in library) >= source.stat().st_mtime, name
