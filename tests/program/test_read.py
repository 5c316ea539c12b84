"""Programs read off graphs, and their sweeps held to the fast one."""

from __future__ import annotations

import math
import random

import pytest

import autograd_core as ac
from autograd_core import Value, gradients
from autograd_core.program.linear_map import linearize
from autograd_core.program.machines.reference import outputs, run
from autograd_core.program.read import linearized, read
from autograd_core.program.validation import validate
from tests.support.programs import function_of_rows, random_function


def graph(seed: int) -> tuple[list[Value], Value]:
    rng = random.Random(seed)
    xs = [Value(rng.uniform(-2.0, 2.0)) for _ in range(3)]
    y = function_of_rows(seed)(*xs) if seed % 2 else random_function(seed, 3, 1)(xs)[0]
    return xs, y


@pytest.mark.parametrize("seed", range(60))
def test_the_fast_sweep_is_that_of_the_program(seed):
    xs, y = graph(seed)
    program, numbers, places = read([y])
    validate(program)
    floats = run(program, [x._data for x in numbers[: len(program.inputs)]])
    assert outputs(program, floats) == [y.data] or math.isnan(y.data)
    y.backward()
    expected = [x.grad for x in xs]
    for line in (linearize(program, floats), linearized([y], xs, differentiable=False), linearized([y], xs)):
        found = line.adjoints([1.0])
        got = [found[places[id(x)]] if id(x) in places else None for x in xs]
        got = [0.0 if g is None else getattr(g, "data", g) for g in got]
        assert got == pytest.approx(expected, rel=1e-12, abs=1e-300, nan_ok=True)


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_forward_is_the_transpose_of_reverse(seed):
    rng = random.Random(seed)
    f = random_function(seed, 4, 3)
    xs = [Value(rng.uniform(-1.0, 1.0)) for _ in range(4)]
    line = linearized(f(xs), xs, stop=True, differentiable=False)
    rows = [line.pull([1.0 if i == k else None for i in range(3)]) for k in range(3)]
    columns = [line.push([1.0 if i == k else None for i in range(4)]) for k in range(4)]
    for i in range(3):
        assert rows[i] == pytest.approx([columns[j][i] for j in range(4)], rel=1e-12, abs=1e-15)


def test_all_operands_are_read_those_too_that_no_gradient_flows_to():
    c, a, b = Value(0.0), Value(2.0), Value(3.0)
    program, numbers, _ = read([ac.where(c, a, b)])
    assert len(program.inputs) == 3
    at = {id(x): x.data for x in (c, a, b)} | {id(c): 1.0}
    assert outputs(program, run(program, [at[id(x)] for x in numbers[:3]])) == [2.0]


def test_a_gradient_read_off_a_graph_chooses_again():
    c, x = Value(1.0), Value(2.0)
    (slope,) = gradients(ac.where(c, 3.0 * x, -3.0 * x), [x])
    program, numbers, _ = read([slope])
    at = [0.0 if v is c else v.data for v in numbers[: len(program.inputs)]]
    assert outputs(program, run(program, at)) == [-3.0]


def test_an_input_may_be_computed_from_another():
    x = Value(3.0)
    y = x * x
    both = gradients(y * x, [x, y])
    assert [v.data for v in both] == [27.0, 3.0]
    assert [v.data for v in gradients(y * x, [x, x])] == [27.0, 27.0]


def test_a_long_chain_is_read():
    x = y = Value(1.0)
    for _ in range(50_000):
        y = y + 1e-9
    program, _, _ = read([y])
    assert program.size == 50_002
    assert gradients(y, [x])[0].data == 1.0
