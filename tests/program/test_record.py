"""Programs recorded from functions: what a replay gives, and where it must refuse."""

from __future__ import annotations

import copy
import math
import random

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import Value, derivative, grad, hvp, jvp, taylor
from autograd_core.errors import GraphError, PathError
from autograd_core.program.record import record, replay
from autograd_core.program.validation import validate
from autograd_core.rules.table import TABLE
from tests.support.programs import function_of_rows


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def check(seed: int) -> str:
    """Record a function at one point and run it at another: its value and gradient are those of the function there."""
    rng = random.Random(seed)
    f = function_of_rows(seed)
    here, there = ([rng.uniform(-2.0, 2.0) for _ in range(3)] for _ in range(2))
    program = validate(record(f, *here, sites=False))
    assert len(str(program).splitlines()) == 2 + program.size + len(program.guards)
    assert same(replay(program, *here), f(*here))
    try:
        replayed = replay(program, *there)
    except PathError:
        branches = record(f, *there, sites=False)
        assert branches.guards != program.guards or str(branches) != str(program)
        return "another branch"
    assert same(replayed, f(*there))
    by_reverse = grad(lambda *p: replay(program, *p), (0, 1, 2))(*there)
    assert np.allclose(by_reverse, grad(f, (0, 1, 2))(*there), rtol=1e-12, atol=1e-300, equal_nan=True)
    return "the same branch"


def test_random_functions_of_all_rows_replay_elsewhere():
    found = [check(seed) for seed in range(150)]
    assert found.count("the same branch") > 50
    assert found.count("another branch") > 10


@pytest.mark.long
def test_many_more_random_functions_replay_elsewhere():
    found = [check(seed) for seed in range(150, 2150)]
    assert found.count("the same branch") > 700


def test_the_random_functions_use_every_row():
    used = {row.name for seed in range(150) for row in record(function_of_rows(seed), 0.3, 0.2, 0.1).primitives}
    assert {row.name for row in TABLE.values() if row.example} <= used


def test_where_chooses_again_in_a_recorded_gradient():
    def f(x):
        return ac.where(x, 3.0 * x, -3.0 * x)

    program = record(grad(f), 2.0)
    assert (replay(program, 5.0), replay(program, 0.0)) == (3.0, -3.0)


def test_the_second_derivative_of_elu_chooses_again():
    program = record(grad(grad(ac.elu)), 1.0)
    assert replay(program, -1.5) == pytest.approx(math.exp(-1.5), rel=1e-15)
    assert replay(program, 2.0) == 0.0


@pytest.mark.parametrize(
    "transform",
    [
        grad,
        lambda f: lambda x: jvp(f, x, 1.0)[1],
        lambda f: derivative(f, 2),
        lambda f: lambda x: taylor(f, x, 3)[3],
        lambda f: grad(grad(f)),
        lambda f: lambda x: hvp(f, x, 1.0),
        lambda f: derivative(grad(f)),
        lambda f: grad(derivative(f)),
    ],
)
@pytest.mark.parametrize(
    "f",
    [
        lambda x: ac.log(ac.clip(x, 0.0, 1.0)),
        lambda x: ac.where(x, ac.sqrt(x), 0.0),
        lambda x: ac.sqrt(ac.maximum(x, 0.0)),
        lambda x: ac.minimum(ac.log(ac.maximum(x, 0.0)), 7.0),
    ],
)
def test_an_arm_that_is_not_chosen_gives_no_nan(f, transform):
    program = record(transform(f), 0.7)
    assert replay(program, -1.5) == transform(f)(-1.5) if f(-1.5) == f(-1.5) else True
    assert replay(program, 0.4) == pytest.approx(transform(f)(0.4), rel=1e-12)


def test_gates_end_where_all_arms_have_come_together():
    def net(x, loss):
        for _ in range(5):
            x = ac.tanh(x * 0.7)
        return loss(x)

    def huber(e):
        return ac.where(ac.relu(e - 1.0), e - 0.5, 0.5 * e * e)

    plain = record(grad(lambda x: net(x, ac.square)), 3.0)
    chosen = record(grad(lambda x: net(x, huber)), 3.0)
    wheres = [row.name for row in chosen.primitives].count("where")
    assert len(chosen.primitives) < len(plain.primitives) + 30
    assert wheres < 12


# Guards.


def test_a_branch_is_a_guard_with_its_line():
    def f(x):
        if x > 1.0:
            return x * x
        return -x

    program = record(f, 3.0)
    (guard,) = program.guards
    assert (guard.relation, guard.outcome) == (">", True)
    assert guard.line.startswith("test_record.py:")
    with pytest.raises(PathError, match=r"a > b` at test_record.py:\d+ is True. Here it is False, with a = 0.5"):
        replay(program, 0.5)
    assert replay(record(f, 0.5), 0.25) == -0.25


def test_truth_is_a_guard():
    program = record(lambda x: 1.0 if x else 2.0, 0.0)
    assert replay(program, 0.0) == 2.0
    with pytest.raises(PathError):
        replay(program, 1.0)


def test_comparisons_are_those_of_values():
    for other in (np.float32(0.1), 3, np.int64(3), 10**400, "a", None):
        assert [record(lambda x, o=other: 1.0 if x == o else 0.0, at).outputs for at in (0.1, 3.0)]
        for at in (0.1, 3.0):
            assert replay(record(lambda x, o=other: 1.0 if x == o else 0.0, at), at) == float(Value(at) == other)


def test_guards_on_captured_values():
    w = Value(2.0)
    program = record(lambda x: x * w if w > 1.0 else x, 3.0)
    assert replay(program, 3.0) == 6.0
    w.data = 0.5
    with pytest.raises(PathError):
        replay(program, 3.0)


# What comes from outside.


def test_captured_values_are_read_anew():
    w, b = Value(2.0), Value(1.0)
    program = record(lambda x: ac.tanh(x * (w * w) + b), 0.1)
    assert [x.source is None for x in program.inputs] == [True, False, False]
    w.data = 3.0
    assert replay(program, 0.1) == math.tanh(0.1 * 9.0 + 1.0)


@pytest.mark.parametrize(
    "f",
    [
        lambda x, w: x * ac.detach(w),
        lambda x, w: x * grad(lambda u: ac.maximum(u, w))(4.0),
        lambda x, w: x * grad(lambda u: u * u * w)(4.0),
        lambda x, w: ac.detach(x) * w,
    ],
)
def test_nothing_from_outside_is_frozen(f):
    w = Value(2.0)
    program = record(lambda x: f(x, w), 3.0)
    w.data = 5.0
    assert replay(program, 7.0) == f(7.0, w)


def test_within_no_grad_a_step_is_a_constant_for_derivatives():
    def f(x):
        with ac.no_grad():
            c = x * x
        return c * x

    program = record(f, 2.0)
    assert replay(program, 3.0) == 27.0
    assert grad(lambda x: replay(program, x))(3.0) == 9.0


def test_reading_a_number_is_refused():
    w = Value(2.0)
    for f in (lambda x: x.data * 2.0, lambda x: x * math.tanh(w.data), lambda x: (x * w).data):
        with pytest.raises(GraphError, match=r"cannot read \.data while a function is recorded"):
            record(f, 1.0)
    assert w.data == 2.0  # it may be read again


def test_float_of_a_number_is_refused():
    with pytest.raises(TypeError, match="would lose its gradient"):
        record(lambda x: math.sin(x), 1.0)


def test_a_number_that_was_kept_is_refused():
    kept = []
    record(lambda x: kept.append(x) or x, 1.0)
    for use in (lambda: kept[0] * 2.0, lambda: record(lambda x: x * kept[0], 1.0)):
        with pytest.raises(GraphError, match="when the recording was over"):
            use()
    assert copy.deepcopy(kept[0]) is kept[0]


# Transforms, rows and recordings within.


def test_structures_come_back():
    program = record(lambda p, s: {"sum": p["a"] + s, "both": [p["a"], p["b"][0]]}, {"a": 1.0, "b": (2.0,)}, 3.0)
    assert replay(program, {"a": 5.0, "b": (6.0,)}, 7.0) == {"sum": 12.0, "both": [5.0, 6.0]}
    assert [x.name for x in program.inputs] == ["p[0]", "p[1]", "s"]


def test_implicit_and_checkpoint_within():
    def root(a):
        return ac.implicit(lambda z: z * z - a, 2.0)

    program = record(root, 4.0)
    assert replay(program, 9.0) == pytest.approx(3.0, rel=1e-14)
    assert grad(lambda a: replay(program, a))(9.0) == pytest.approx(1.0 / 6.0, rel=1e-14)
    program = record(ac.checkpoint(lambda x: ac.sin(x) * x), 1.0)
    assert replay(program, 2.0) == math.sin(2.0) * 2.0


def test_a_recording_within_a_recording():
    def f(x):
        inner = record(lambda u: u * x, 2.0)
        return replay(inner, 5.0)

    program = record(f, 3.0)
    assert replay(program, 7.0) == 35.0


def test_every_interpreter_runs_a_program():
    program = record(lambda x: ac.exp(x) * x, 1.0)

    def f(x):
        return replay(program, x)

    assert jvp(f, 2.0, 1.0)[1] == pytest.approx(3.0 * math.exp(2.0), rel=1e-15)
    assert derivative(f, 3)(2.0) == pytest.approx(5.0 * math.exp(2.0), rel=1e-14)
    x = Value(2.0)
    f(x).backward()
    assert x.grad == pytest.approx(3.0 * math.exp(2.0), rel=1e-15)
    assert "exp" in ac.draw(f(x)).source


def test_constants_keep_their_bits():
    program = record(lambda x: ac.atan2(x * -0.0, -1.0) + ac.atan2(x * 0.0, -1.0), 1.0)
    assert [math.copysign(1.0, c) for c in program.constants] == [-1.0, -1.0, 1.0]
    assert replay(program, 1.0) == 0.0
    assert math.isnan(replay(record(lambda x: x * math.nan, 1.0), 2.0))


def test_no_bad_program_is_valid():
    from dataclasses import replace

    from autograd_core.errors import ProgramError

    good = validate(record(lambda x, y: ac.where(x > y, x * y, ac.dot([x, 2.0], [y, x])), 1.0, 2.0))
    rng = random.Random(0)
    refused = 0
    for _ in range(300):
        arguments = copy.copy(good.arguments)
        arguments[rng.randrange(len(arguments))] = rng.choice([-1, good.size, good.size - 1, 10**6])
        offsets = copy.copy(good.offsets)
        offsets[rng.randrange(len(offsets))] += rng.choice([-1, 1, 5])
        for bad in (replace(good, arguments=arguments), replace(good, offsets=offsets), replace(good, outputs=(99,))):
            with pytest.raises(ProgramError, match="program"):
                validate(bad)
            refused += 1
    assert refused == 900
