"""Looking at the steps changes nothing."""

from __future__ import annotations

import pytest

import autograd_core as ac
from autograd_core import Value, steps
from autograd_core.stepper import quiet_pass as record
from tests.support.stories import random_graph, told


def test_gradients_stay_as_they_were():
    leaves, y = random_graph(3)
    nodes = [step.node for step in steps(y) if step.kind == "forward"]
    for v in nodes:
        v.grad = 0.0
    told(y)
    assert all(v.grad == 0.0 and not v.has_grad for v in nodes)
    y.backward()
    leaves[0].grad = 7.5
    held = [(v.grad, v.has_grad) for v in nodes]
    told(y)
    assert [(v.grad, v.has_grad) for v in nodes] == held


def test_a_graph_that_was_run_backward_shows_the_same():
    _, y = random_graph(4)
    before = told(y)
    y.backward()
    y.backward()
    assert told(y) == before


def test_an_interrupt_on_the_way_changes_nothing(monkeypatch):
    def interrupted(y):
        y.backward()
        raise KeyboardInterrupt

    x = Value(0.5)
    y = ac.sqrt(x) + x
    x.grad = 2.0
    monkeypatch.setattr(record, "steps", interrupted)
    with pytest.raises(KeyboardInterrupt):
        told(y)
    assert x.grad == 2.0
    assert not y.has_grad


def test_no_mode_takes_it_for_a_pass_of_the_caller(recwarn):
    with ac.gradient_warnings(), ac.detect_anomaly():
        x = Value(1.0)
        (x * x).backward()
        x.data = 3.0
        told(x * x)
        assert not recwarn.list
        with pytest.warns(ac.errors.StaleGradientWarning, match="computed at x = 1.0, which is 3.0 now"):
            assert x.grad == 2.0
        zero = Value(0.0)
        data = told(ac.sqrt(zero))
    assert data["frames"][-1]["grad"] == "inf"  # it is there to be seen


def test_a_leaf_has_steps_too():
    x = Value(5.0)
    data = told(x)
    assert [frame["kind"] for frame in data["frames"]] == ["start", "forward", "seed"]
    assert data["frames"][-1]["line"] == "∂x/∂x = 1.0"
    assert data["frames"][-1]["grad"] == "1"


def test_what_no_gradient_flows_to_stands_still():
    x, flag = Value(2.0), Value(1.0)
    data = told(ac.where(flag, x * x, 0.0))
    (still,) = [node for node in data["nodes"] if node["kind"] == "still"]
    assert still["name"] == "flag"
    assert "no gradient flows here" in [edge["about"] for edge in data["edges"]]
    assert "dashed" in data["svg"]
