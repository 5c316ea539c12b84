"""Optimisers move as the published formulas say, written here once more in NumPy."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, GraphError, NotAScalarError

STEPS = 50
START = np.array([1.5, -0.7, 0.3])
SCALE = np.array([1.0, 10.0, 0.1])


def slope(p):
    """The gradient of sum(scale * (p - 1)**2 + sin(p))."""
    return 2 * SCALE * (p - 1) + np.cos(p)


def trajectory(make):
    """What an optimiser does on that function, step by step."""
    parameters = [Value(x) for x in START]
    optimizer = make(parameters)
    path = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        losses = [s * (p - 1.0) ** 2 + p.sin() for s, p in zip(SCALE.tolist(), parameters, strict=True)]
        (losses[0] + losses[1] + losses[2]).backward()
        optimizer.step()
        path.append([p.data for p in parameters])
    return np.array(path)


def sgd(lr, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False):
    """torch.optim.SGD's documentation, line by line."""
    p, b, path = START.copy(), None, []
    for t in range(1, STEPS + 1):
        g = slope(p) + weight_decay * p
        if momentum != 0:
            b = momentum * b + (1 - dampening) * g if t > 1 else g
            g = g + momentum * b if nesterov else b
        p = p - lr * g
        path.append(p)
    return np.array(path)


def adam(lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    """Algorithm 1 of Kingma and Ba 2015."""
    p, m, v, path = START.copy(), 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        g = slope(p) + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        p = p - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
        path.append(p)
    return np.array(path)


def adam_w(lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
    """Algorithm 2 of Loshchilov and Hutter 2019, with the learning rate multiplying the decay, as in PyTorch."""
    p, m, v, path = START.copy(), 0.0, 0.0, []
    for t in range(1, STEPS + 1):
        g = slope(p)
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        p = p - lr * (m / (1 - betas[0] ** t) / (np.sqrt(v / (1 - betas[1] ** t)) + eps) + weight_decay * p)
        path.append(p)
    return np.array(path)


def amsgrad(lr, betas=(0.9, 0.999), eps=1e-8):
    """Algorithm 2 of Reddi et al. 2018, with Adam's bias corrections, as in PyTorch."""
    p, m, v, largest, path = START.copy(), 0.0, np.zeros(3), np.zeros(3), []
    for t in range(1, STEPS + 1):
        g = slope(p)
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        largest = np.maximum(largest, v)
        p = p - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(largest / (1 - betas[1] ** t)) + eps)
        path.append(p)
    return np.array(path)


def rmsprop(lr, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False):
    """torch.optim.RMSprop's documentation, line by line."""
    p, v, b, mean, path = START.copy(), 0.0, 0.0, 0.0, []
    for _ in range(STEPS):
        g = slope(p) + weight_decay * p
        v = alpha * v + (1 - alpha) * g**2
        spread = v
        if centered:
            mean = alpha * mean + (1 - alpha) * g
            spread = v - mean**2
        b = momentum * b + g / (np.sqrt(spread) + eps)
        p = p - lr * b
        path.append(p)
    return np.array(path)


def adagrad(lr, lr_decay=0.0, weight_decay=0.0, initial_accumulator_value=0.0, eps=1e-10):
    """torch.optim.Adagrad's documentation, line by line."""
    p, total, path = START.copy(), np.full(3, initial_accumulator_value), []
    for t in range(1, STEPS + 1):
        g = slope(p) + weight_decay * p
        total = total + g**2
        p = p - lr / (1 + (t - 1) * lr_decay) * g / (np.sqrt(total) + eps)
        path.append(p)
    return np.array(path)


@pytest.mark.parametrize(
    "options",
    [
        {"lr": 0.01},
        {"lr": 0.01, "weight_decay": 0.1},
        {"lr": 0.01, "momentum": 0.9},
        {"lr": 0.01, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.05},
        {"lr": 0.01, "momentum": 0.9, "nesterov": True, "weight_decay": 0.05},
    ],
    ids=str,
)
def test_sgd(options):
    np.testing.assert_allclose(trajectory(lambda ps: nn.SGD(ps, **options)), sgd(**options), rtol=1e-12)


@pytest.mark.parametrize(
    "options",
    [{"lr": 0.1}, {"lr": 0.01, "betas": (0.5, 0.9), "eps": 1e-3}, {"lr": 0.05, "weight_decay": 0.1}],
    ids=str,
)
def test_adam(options):
    np.testing.assert_allclose(trajectory(lambda ps: nn.Adam(ps, **options)), adam(**options), rtol=1e-11)


@pytest.mark.parametrize(
    ("ours", "published", "options"),
    [
        (nn.AdamW, adam_w, {"lr": 0.1}),
        (nn.AdamW, adam_w, {"lr": 0.05, "betas": (0.5, 0.9), "weight_decay": 0.3, "eps": 1e-4}),
        (lambda ps, **options: nn.Adam(ps, amsgrad=True, **options), amsgrad, {"lr": 0.1, "betas": (0.8, 0.6)}),
        (nn.RMSprop, rmsprop, {"lr": 0.01}),
        (nn.RMSprop, rmsprop, {"lr": 0.02, "alpha": 0.9, "eps": 1e-3, "weight_decay": 0.1}),
        (nn.RMSprop, rmsprop, {"lr": 0.01, "momentum": 0.5, "centered": True}),
        (nn.Adagrad, adagrad, {"lr": 0.5}),
        (nn.Adagrad, adagrad, {"lr": 0.5, "lr_decay": 0.1, "weight_decay": 0.2, "initial_accumulator_value": 0.7}),
    ],
)
def test_adaptive_optimizers(ours, published, options):
    np.testing.assert_allclose(trajectory(lambda ps: ours(ps, **options)), published(**options), rtol=1e-10)


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


def test_weight_decay_of_adam_w_stays_out_of_the_step():
    p = Value(10.0)
    optimizer = nn.AdamW([p], lr=0.1, weight_decay=0.01)
    (1e-3 * p).backward()
    optimizer.step()
    assert p.data == pytest.approx(10.0 * (1 - 0.1 * 0.01) - 0.1, rel=1e-6)


def test_a_centered_mean_square_does_not_round_below_zero():
    p = Value(1.0)
    optimizer = nn.RMSprop([p], lr=1e-6, alpha=0.0, centered=True)
    for _ in range(20):
        optimizer.zero_grad()
        (0.1 * p).backward()
        optimizer.step()
        assert math.isfinite(p.data)


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


def test_the_first_step_of_adam_is_lr():
    for scale in (1e-3, 1.0, 1e6):
        p = Value(1.0)
        optimizer = nn.Adam([p], lr=0.25)
        (scale * p).backward()
        optimizer.step()
        assert p.data == pytest.approx(0.75, rel=1e-5)


def test_a_parameter_without_a_gradient_stays():
    p, q = Value(1.0), Value(2.0)
    optimizer = nn.SGD([p, q], lr=0.1, momentum=0.9, weight_decay=0.5)
    (p * 3.0).backward()
    optimizer.step()
    assert q.data == 2.0
    assert p.data == 1.0 - 0.1 * 3.5


def test_adam_counts_the_steps_of_each_parameter():
    p, q = Value(1.0), Value(1.0)
    optimizer = nn.Adam([p, q], lr=0.1)
    for _ in range(3):
        (p * 1.0).backward()
        optimizer.step()
    (q * 1.0).backward()
    optimizer.step()
    assert q.data == pytest.approx(0.9, rel=1e-7)


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


def test_a_zero_gradient_with_eps_0():
    p = Value(1.0)
    optimizer = nn.Adam([p], eps=0.0)
    (p * 0.0).backward()
    optimizer.step()
    assert p.data == 1.0


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
        (lambda p: nn.SGD([p], momentum=-1), DomainError, r"SGD\(momentum\)"),
        (lambda p: nn.SGD([p], weight_decay=-1), DomainError, r"SGD\(weight_decay\)"),
        (lambda p: nn.SGD([p], nesterov=True), DomainError, "needs momentum above 0 and dampening 0, got momentum=0.0"),
        (lambda p: nn.SGD([p], momentum=0.9, dampening=0.1, nesterov=True), DomainError, "dampening=0.1"),
        (lambda p: nn.Adam([p], betas=(0.9, 1.0)), DomainError, r"Adam\(betas\[1\]\) .* from 0 to below 1, got 1.0"),
        (lambda p: nn.Adam([p], betas=0.9), DomainError, r"Adam\(betas\) takes two numbers"),
        (lambda p: nn.AdamW([p], betas=[0.9]), DomainError, r"AdamW\(betas\) takes two numbers"),
        (lambda p: nn.RMSprop([p], alpha=1.0), DomainError, r"RMSprop\(alpha\) .* from 0 to below 1, got 1.0"),
        (lambda p: nn.Adagrad([p], initial_accumulator_value=-1), DomainError, r"Adagrad\(initial_accumulator_value\)"),
        (lambda p: nn.Adam([p], eps=-1e-8), DomainError, r"Adam\(eps\)"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(Value(1.0))
