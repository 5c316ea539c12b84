"""What a type checker makes of a user's script."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support import ROOT

SCRIPT = """
import autograd_core as ac
from autograd_core import Value, gradients, detach
from typing_extensions import assert_type

x, y = Value(1.0), Value(2.0, "y")
z: Value = x * y + 1 - 2 / x ** 2
assert_type(ac.exp(x), Value)
assert_type(ac.exp(1.0), float)
assert_type(x.tanh(), Value)
assert_type(ac.sum([x, 1.0]), Value)
assert_type(ac.sum([1.0, 2.0]), float)
assert_type(ac.logsumexp([x, y]), Value)
assert_type(ac.dot([x, y], [1.0, 2.0]), Value)
assert_type(ac.maximum(x, 1.0), Value)
assert_type(ac.where(x > 0, x, 0.0), Value)
assert_type(ac.mean([x, 1.0]), Value)
assert_type(ac.softmax([x, y]), list[Value])
assert_type(detach(x), Value)
assert_type(gradients(z, [x]), list[Value])
assert_type(z.data, float)
ac.elu(x, alpha=0.5)
z.backward()
"""


def test_a_strict_script_passes_and_its_types_are_known(tmp_path: Path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent", str(script)]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert run.returncode == 0, run.stdout
