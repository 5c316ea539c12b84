"""Memory over long runs, and the engine's core under valgrind; part of `make test-long`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_core as ac
from tests.support import ROOT

pytestmark = pytest.mark.long

TRAINING = """
import gc, sys
import random
import autograd_core as ac
from autograd_core import Value, gradients, no_grad

rng = random.Random(0)
weights = [Value(rng.uniform(-1, 1)) for _ in range(30)]

def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096

def step(k):
    x = [rng.uniform(-1, 1) for _ in range(5)]
    hidden = [ac.tanh(ac.dot(weights[5 * i : 5 * i + 5], x)) for i in range(5)]
    y = sum((h * w for h, w in zip(hidden, weights[25:])), Value(0.0))
    loss = (y - 0.5) ** 2 + 1e-3 * ac.norm(weights)
    loss.backward()
    if k % 50 == 0:
        gradients(gradients(loss, weights[:1])[0], weights[:1])
        with no_grad():
            loss * 2
        try:
            loss.data = 1.0
        except ac.errors.GraphError:
            pass
    for w in weights:
        w.data -= 0.01 * w.grad
        w.grad = 0.0

steps = int(sys.argv[1])
for k in range(steps // 5):
    step(k)
before = resident()
for k in range(steps):
    step(k)
print(before, resident())
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc to read resident memory")
def test_memory_stays_flat_over_ten_thousand_steps():
    run = subprocess.run([sys.executable, "-c", TRAINING, "10000"], capture_output=True, text=True, check=True)
    before, after = map(int, run.stdout.split())
    assert after <= 1.01 * before


def test_a_node_is_not_left_behind_in_a_cycle():
    """Compiled nodes are off the cyclic collector, so whatever refers to itself would leak: count the objects."""
    code = """
import gc, sys
import autograd_core as ac
from autograd_core import Value
def work():
    x = Value(1.0, "x")
    ys = [ac.tanh(x * k) + ac.sum([x, k]) for k in range(100)]
    ac.logsumexp(ys).backward()
    ac.gradients(ac.prod(ys), [x])
    try: x + "a"
    except TypeError: pass
for _ in range(3): work()
gc.collect(); before = sys.getallocatedblocks()
for _ in range(20): work()
gc.collect(); print(sys.getallocatedblocks() - before)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 100  # one lost graph alone has thousands


@pytest.mark.skipif(not ac.build_info().compiled, reason="valgrind looks at compiled code: nothing is compiled here")
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed (apt-get install valgrind)")
def test_the_compiled_core_is_clean_under_valgrind():
    """No read or write outside of what is allocated, and none after it is freed, over the engine's own tests.

    Reports of unset memory are off: CPython itself takes int.from_bytes(b"") from an unset digit, and valgrind follows
    that zero everywhere.
    """
    core = [f"tests/{name}.py" for name in ("engine/test_value", "engine/test_chain_rule", "engine/test_modes")]
    core.append("tests/calculus/test_grad.py")
    command = [
        "valgrind",
        "--quiet",
        "--error-exitcode=99",
        "--undef-value-errors=no",
        f"--suppressions={ROOT / 'tests' / 'valgrind.supp'}",
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-p",
        "no:cacheprovider",
        "-m",
        "not long",
        "-k",
        "not deep_chain and not arrays and not conversions and not table_says and not comparisons",
        *core,
    ]
    environment = {**os.environ, "PYTHONMALLOC": "malloc"}  # so that valgrind sees each object by itself
    run = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-4000:]
