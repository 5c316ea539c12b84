from __future__ import annotations

import random
import struct

import pytest

import autograd_core as ac
from autograd_core import Value, steps
from autograd_core.errors import NotAScalarError


def network(seed: int) -> tuple[list[Value], Value]:
    rng = random.Random(seed)
    leaves = [Value(rng.uniform(-1, 1)) for _ in range(6)]
    hidden = [ac.tanh(ac.dot(leaves[:3], leaves[3:]) * x + x * x) for x in leaves]
    return leaves, ac.logsumexp([h / (1.5 + k) for k, h in enumerate(hidden)])


def bits(x: float) -> bytes:
    return struct.pack("<d", x)


@pytest.mark.parametrize("seed", range(20))
def test_draining_the_steps_gives_the_gradient_of_backward_to_the_bit(seed):
    leaves, y = network(seed)
    y.backward()
    others, z = network(seed)
    last = {id(step.parent): step.after for step in steps(z) if step.kind == "backward"}
    for x, other in zip(leaves, others, strict=True):
        assert bits(x.grad) == bits(other.grad) == bits(last[id(other)])


def test_forward_steps_come_first_and_parents_before_children():
    _, y = network(0)
    seen = list(steps(y))
    forward = [step.node for step in seen if step.kind == "forward"]
    assert [step.kind for step in seen] == ["forward"] * len(forward) + ["backward"] * (len(seen) - len(forward))
    place = {id(node): k for k, node in enumerate(forward)}
    assert all(place[id(p)] < place[id(node)] for node in forward for p in node.parents)
    assert forward[-1] is y


def test_each_edge_is_passed_once_and_adds_its_product():
    _, y = network(1)
    backward = [step for step in steps(y) if step.kind == "backward"]
    edges = sum(len(node.parents) for node in {id(s.node): s.node for s in backward}.values())
    assert len(backward) == edges
    sums: dict[int, float] = {}
    for step in backward:
        assert step.before == sums.get(id(step.parent), 0.0)
        assert step.contribution == step.local_derivative * step.upstream
        assert step.after == step.before + step.contribution
        sums[id(step.parent)] = step.after


def test_a_pass_counts_from_zero_whatever_a_leaf_holds():
    x = Value(2.0)
    x.grad = 100.0
    first = next(step for step in steps(x * 3) if step.kind == "backward")
    assert (first.before, first.after) == (0.0, 3.0)
    assert x.grad == 103.0


def test_not_a_value():
    with pytest.raises(NotAScalarError, match=r"steps\(y\) takes a Value"):
        steps(3.0)
