"""checkpoint_loop: a loop of many steps, with the square root of its memory."""

from __future__ import annotations

import sys

import pytest

import autograd_core as ac
from autograd_core import Value, checkpoint_loop
from tests.support import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
import checkpointing


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 101])
def test_the_loop_is_the_plain_loop(n):
    checked = checkpointing.pendulum(checkpoint_loop, n)
    plain = checkpointing.pendulum(checkpointing.plain_loop, n)
    assert checked == plain


def test_the_loop_at_second_order():
    def run(loop):
        return lambda r: loop(lambda x: r * x * (1.0 - x), 0.3, 12)

    second = ac.grad(ac.grad(run(checkpoint_loop)))(2.9)
    assert second == pytest.approx(ac.derivative(run(checkpointing.plain_loop), 2)(2.9), rel=1e-11)


def test_each_step_is_done_twice_again_at_most():
    count = [0]

    def step(x):
        count[0] += 1
        return ac.sin(x)

    checkpoint_loop(step, Value(1.0), 100).backward()
    assert count[0] == 200


def test_memory_grows_as_the_square_root():
    peaks = [checkpointing.measure(checkpoint_loop, n) for n in (100, 400, 1600)]
    assert 0.3 < checkpointing.exponent(peaks) < 0.55
    plain = checkpointing.measure(checkpointing.plain_loop, 1600)
    assert plain.bytes > 5 * peaks[-1].bytes
    assert plain.gradient == peaks[-1].gradient
