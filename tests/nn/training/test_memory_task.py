"""The task that needs memory over 20 steps: what is in it, and that a GRU learns it where a plain RNN does not."""

from __future__ import annotations

import math
import random

import pytest

from tests.support.memory_task import FAILED, LEARNED, STEPS, Adder, error_left, example, gradient_by_step, train


def test_the_task():
    source = random.Random(0)
    seconds = set()
    sums = []
    for _ in range(2_000):
        pairs, y = example(source)
        marked = [step for step, (_, mark) in enumerate(pairs) if mark]
        assert len(pairs) == STEPS
        assert marked[0] == 0
        assert y == pairs[0][0] + pairs[marked[1]][0]
        seconds.add(marked[1])
        sums.append(y)
    assert seconds == set(range(1, STEPS))
    assert math.fsum(y * y for y in sums) / len(sums) == pytest.approx(2 / 3, rel=0.05)


def test_who_answers_0_leaves_all_of_the_error():
    model = Adder("RNN", 2, random.Random(0))
    for parameter in model.head.parameters():
        parameter.data = 0.0
    assert error_left(model, random.Random(1), 1_000) == pytest.approx(1.0, rel=0.1)


def test_the_gradient_reaches_the_first_step_through_gates():
    norms = {kind: gradient_by_step(Adder(kind, 5, random.Random(1)), random.Random(99)) for kind in ("RNN", "LSTM")}
    assert norms["RNN"][0] < 1e-3 * norms["RNN"][-1]
    assert norms["LSTM"][0] > 0.1 * norms["LSTM"][-1]


@pytest.mark.training
def test_a_gru_learns_it_and_an_rnn_does_not():
    left = {}
    for kind in ("GRU", "RNN"):
        source = random.Random(3)
        model = Adder(kind, 3, source)
        train(model, source, lr=0.04, steps=90, batch=6)
        left[kind] = error_left(model, random.Random(1000), 50)
    assert left["GRU"] < LEARNED
    assert left["RNN"] > FAILED
