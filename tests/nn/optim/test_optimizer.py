"""What all optimisers do: parameters and groups, states, gradients that did not come."""

from __future__ import annotations

import json
import math

import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, GraphError, NotAScalarError


@pytest.mark.parametrize("maker", [nn.SGD, nn.Adam, nn.AdamW, nn.RMSprop, nn.Adagrad])
def test_climbing_mirrors_descending(maker):
    p, q = Value(0.5), Value(0.5)
    down, up = maker([p], lr=0.1, weight_decay=0.0), maker([q], lr=0.1, weight_decay=0.0, maximize=True)
    for _ in range(5):
        for optimizer, loss in ((down, p.sin()), (up, -q.sin())):
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    assert p.data == q.data < 0.5


KINDS = [
    lambda ps: nn.SGD(ps, lr=0.01, momentum=0.9),
    lambda ps: nn.Adam(ps, lr=0.1, amsgrad=True),
    lambda ps: nn.AdamW(ps, lr=0.1, betas=(0.7, 0.9)),
    lambda ps: nn.RMSprop(ps, lr=0.01, momentum=0.9, centered=True),
    lambda ps: nn.Adagrad(ps, lr=0.1, lr_decay=0.1),
]


@pytest.mark.parametrize("maker", KINDS)
def test_an_optimizer_goes_on_from_its_state(maker):
    def go(parameters, optimizer, steps):
        for _ in range(steps):
            optimizer.zero_grad()
            sum(((p * p).sin() for p in parameters), start=Value(0.0)).backward()
            optimizer.step()
        return [p.data for p in parameters]

    first = [Value(1.0), Value(-0.3)]
    optimizer = maker(first)
    middle = go(first, optimizer, 4)
    optimizer.lr = 0.07
    state = json.loads(json.dumps(optimizer.state_dict()))
    twin = [Value(x) for x in middle]
    other = maker(twin)
    other.load_state_dict(state)
    assert other.lr == 0.07
    assert other.state_dict() == optimizer.state_dict()
    assert go(first, optimizer, 4) == go(twin, other, 4)
    assert state == json.loads(json.dumps(state))


def with_option(state, name, option):
    return {**state, "param_groups": [{**state["param_groups"][0], name: option}]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: 3, "takes a dict, as state_dict.. returns it, got 3"),
        (lambda s: {**s, "optimizer": "SGD"}, "takes the state of another Adam, got that of 'SGD'"),
        (lambda s: {k: s[k] for k in ("optimizer", "param_groups")}, "does not fit: missing memory"),
        (
            lambda s: {**s, "memory": {**s["memory"], "velocity": [1.0]}},
            "the memory, does not fit: unexpected velocity",
        ),
        (lambda s: {**s, "memory": {**s["memory"], "mean": [1.0]}}, "one mean for each of 2 parameters, got 1"),
        (lambda s: {**s, "memory": {**s["memory"], "mean": [1.0, "a"]}}, "the mean of parameter 1 is 'a'"),
        (lambda s: {**s, "param_groups": 2 * s["param_groups"]}, "options for each group of parameters, 1 here, got 2"),
        (lambda s: {**s, "param_groups": {}}, "options for each group of parameters, 1 here, got {}"),
        (lambda s: with_option(s, "params", 3), "group 0 has 2 parameters, got the state of 3"),
        (lambda s: with_option(s, "momentum", 0.5), "group 0, does not fit: unexpected momentum"),
        (lambda s: with_option(s, "eps", None), "takes a number as eps, like 1e-08, got None"),
        (lambda s: with_option(s, "betas", 0.9), r"as betas, like \(0.9, 0.999\), got 0.9"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change, message):
    optimizer = nn.Adam([Value(1.0), Value(2.0)], lr=0.1)
    before = optimizer.state_dict()
    with pytest.raises(nn.StateError, match=message):
        optimizer.load_state_dict(change(with_option(before, "lr", 0.5)))
    assert optimizer.state_dict() == before


def test_a_parameter_without_a_gradient_stays():
    p, q = Value(1.0), Value(2.0)
    optimizer = nn.SGD([p, q], lr=0.1, momentum=0.9, weight_decay=0.5)
    (p * 3.0).backward()
    optimizer.step()
    assert q.data == 2.0
    assert p.data == 1.0 - 0.1 * 3.5


def test_zero_grad_and_lr():
    p = Value(1.0)
    optimizer = nn.SGD([p], lr=0.1)
    (p * 3.0).backward()
    optimizer.zero_grad()
    optimizer.step()
    assert (p.grad, p.data) == (0.0, 1.0)
    optimizer.lr = 0.5
    (p * 1.0).backward()
    optimizer.step()
    assert p.data == 0.5


def test_a_group_has_options_of_its_own():
    w, b = Value(2.0), Value(3.0)
    optimizer = nn.SGD([{"params": [w]}, {"params": [b], "lr": 0.5, "weight_decay": 0}], lr=0.1, weight_decay=0.25)
    (4.0 * w + b).backward()
    optimizer.step()
    assert (w.data, b.data) == (2.0 - 0.1 * (4.0 + 0.25 * 2.0), 3.0 - 0.5)
    assert [(group["lr"], group["weight_decay"]) for group in optimizer.param_groups] == [(0.1, 0.25), (0.5, 0.0)]
    assert (optimizer.lr, optimizer.parameters) == (0.1, [w, b])


GROUPS = [
    (nn.SGD, {"lr": 0.01, "momentum": 0.9}, {"lr": 0.02, "nesterov": True, "weight_decay": 0.1}),
    (nn.Adam, {"lr": 0.1}, {"betas": (0.5, 0.9), "eps": 1e-3, "amsgrad": True}),
    (nn.AdamW, {"lr": 0.1, "weight_decay": 0.2}, {"lr": 0.01, "weight_decay": 0.0}),
    (nn.RMSprop, {"lr": 0.01}, {"alpha": 0.5, "centered": True, "momentum": 0.3, "maximize": True}),
    (nn.Adagrad, {"lr": 0.5}, {"lr_decay": 0.3, "initial_accumulator_value": 0.7, "eps": 1e-3}),
]


def several(n):
    return [Value(0.3 * i - 0.7) for i in range(n)]


def descend(parameters, optimizers, steps=5):
    for step in range(steps):
        for optimizer in optimizers:
            optimizer.zero_grad()
        reached = parameters[step % 2 :]  # the first one is reached every other time
        sum((p.sin() * p for p in reached), start=Value(0.0)).backward()
        for optimizer in optimizers:
            optimizer.step()
    return [p.data for p in parameters]


@pytest.mark.parametrize(("maker", "options", "own"), GROUPS)
def test_groups_move_as_an_optimizer_for_each_would(maker, options, own):
    together, apart = several(5), several(5)
    one = maker([{"params": together[:2]}, {"params": together[2:], **own}], **options)
    two = [maker(apart[:2], **options), maker(apart[2:], **{**options, **own})]
    assert descend(together, [one]) == descend(apart, two)
    start = [p.data for p in several(5)]
    assert all(a != b for a, b in zip(descend(together, [one]), start, strict=True))


@pytest.mark.parametrize(("maker", "options", "own"), GROUPS)
def test_groups_go_on_from_their_state(maker, options, own):
    def grouped(parameters, **options):
        return maker([{"params": parameters[:2]}, {"params": parameters[2:], **own}], **options)

    first = several(5)
    optimizer = grouped(first, **options)
    descend(first, [optimizer])
    optimizer.param_groups[1]["lr"] = 0.003
    second = [Value(p.data) for p in first]
    other = grouped(second, **{**options, "lr": 0.5})
    other.load_state_dict(json.loads(json.dumps(optimizer.state_dict())))
    assert repr(other) == repr(optimizer)
    assert descend(first, [optimizer]) == descend(second, [other])


def test_a_group_may_be_a_module_or_empty_and_lr_sets_all():
    model = nn.MLP(2, [2, 1])
    optimizer = nn.Adam([{"params": model.layers[0]}, {"params": [], "lr": 0.5}, {"params": model.layers[1]}], lr=0.25)
    assert optimizer.parameters == model.parameters()
    assert "lr=0.25" in repr(optimizer)
    assert "lr=0.5" in repr(optimizer)
    assert repr(optimizer).count(" | ") == 2
    optimizer.lr = 0.125
    with pytest.raises(DomainError, match=r"Adam\(lr\) takes a number .* got -1"):
        optimizer.lr = -1
    assert [group["lr"] for group in optimizer.param_groups] == [0.125] * 3


def test_a_wrong_group_is_named():
    p, q = Value(1.0), Value(2.0)
    for groups, message in [
        ([{"params": [p]}, {"lr": 0.1}], r"SGD\(params\), group 1, takes its Values as params, got lr"),
        ([{"params": [p]}, {"params": [q], "rate": 1}], "group 1, takes the options lr, momentum, .* got 'rate'"),
        ([{"params": [p]}, {"params": [q], "lr": -1}], r"SGD\(lr\) takes a number .* got -1"),
        ([{"params": [p], "nesterov": True}], "needs momentum above 0"),
        ([{"params": [p]}, {"params": [q, p]}], r"SGD\(params\) got a parameter twice"),
        ([{"params": []}, {"params": []}], r"SGD\(params\) got an empty list"),
    ]:
        with pytest.raises(DomainError, match=message):
            nn.SGD(groups)
    with pytest.raises(DomainError) as found:
        nn.Adam([{"params": [p]}, {"params": [q], "betas": (0.5, 1.0)}])
    assert found.value.__notes__ == ["It was group 1 of 2."]
    with pytest.raises(NotAScalarError, match=r"SGD\(params\), group 0, takes a list of Values, got"):
        nn.SGD([{"params": p}])
    with pytest.raises(NotAScalarError, match=r"SGD\(params\) takes a list of Values, got \{"):
        nn.SGD({p, q})


def test_a_model_serves_as_parameters():
    class Iterable(nn.MLP):
        def __iter__(self):
            return iter(self.layers)

    model = Iterable(2, [2, 1])
    assert nn.Adam(model).parameters == model.parameters()
    assert repr(nn.SGD(model, lr=0.1, momentum=0.9)) == (
        "SGD(lr=0.1, momentum=0.9, dampening=0.0, weight_decay=0.0, nesterov=False, maximize=False; 9 parameters)"
    )


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda p: nn.SGD([]), DomainError, r"SGD\(params\) got an empty list, .* pass model.parameters\(\)"),
        (lambda p: nn.SGD(p), NotAScalarError, r"SGD\(params\) takes a list of Values"),
        (lambda p: nn.Adam([p, 1.0]), NotAScalarError, r"Adam\(params\) takes Values, got 1.0 at place 1"),
        (lambda p: nn.Adam([p * 2]), GraphError, r"takes leaves, but .* at place 0 was computed by \*"),
        (lambda p: nn.Adam([p, p]), DomainError, "a parameter twice"),
        (lambda p: nn.SGD([p], lr=-0.1), DomainError, r"SGD\(lr\) takes a number .* at least 0, got -0.1"),
        (lambda p: nn.SGD([p], lr=math.nan), DomainError, r"SGD\(lr\) .* got nan"),
        (lambda p: nn.SGD([p], lr=math.inf), DomainError, r"SGD\(lr\) .* got inf"),
        (lambda p: nn.SGD([p], lr="fast"), DomainError, r"SGD\(lr\) .* got 'fast'"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(1.0))
