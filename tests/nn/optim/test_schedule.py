"""Schedules set the rates that their formulas say, go on from their state, and refuse what makes no sense."""

from __future__ import annotations

import json
import math

import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError


def sgd(lr=0.8):
    return nn.SGD([Value(1.0)], lr=lr)


def rates(make, count=12, lr=0.8):
    """What the optimiser's rate is at first and after each step of the schedule."""
    optimizer = sgd(lr)
    schedule = make(optimizer)
    found = [optimizer.lr]
    for _ in range(count):
        schedule.step()
        found.append(optimizer.lr)
    assert found == [schedule.lr_at(epoch) for epoch in range(count + 1)]
    return found


def test_step():
    found = rates(lambda o: nn.StepLR(o, 3, gamma=0.5), 7)
    assert found == [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2]
    assert nn.StepLR(sgd(), 1, gamma=10.0).lr_at(400) == math.inf


def test_cosine():
    """Equation 5 of Loshchilov and Hutter 2017."""
    expected = [0.1 + 0.5 * 0.7 * (1 + math.cos(math.pi * t / 5)) for t in range(13)]
    assert rates(lambda o: nn.CosineAnnealingLR(o, 5, eta_min=0.1)) == pytest.approx(expected, rel=1e-14)
    assert expected[5] == pytest.approx(0.1)
    assert expected[10] == pytest.approx(0.8)


def test_linear():
    found = rates(lambda o: nn.LinearLR(o, start_factor=0.25, end_factor=0.5, total_iters=4), 6)
    assert found == pytest.approx([0.2, 0.25, 0.3, 0.35, 0.4, 0.4, 0.4], rel=1e-14)


def test_linear_with_warm_up():
    found = rates(lambda o: nn.LinearWarmupLR(o, 2, 6), 8)
    assert found == pytest.approx([0.0, 0.4, 0.8, 0.6, 0.4, 0.2, 0.0, 0.0, 0.0], rel=1e-14)
    found = rates(lambda o: nn.LinearWarmupLR(o, 0, 2, end_factor=0.5), 3)
    assert found == pytest.approx([0.8, 0.6, 0.4, 0.4], rel=1e-14)
    assert rates(lambda o: nn.LinearWarmupLR(o, 4, 5, start_factor=0.5), 1)[0] == 0.4


def test_a_function():
    assert rates(lambda o: nn.LambdaLR(o, lambda epoch: 0.5**epoch), 3) == [0.8, 0.4, 0.2, 0.1]
    assert rates(lambda o: nn.LambdaLR(o, lambda epoch: 0.5), 1) == [0.4, 0.4]
    schedule = nn.LambdaLR(sgd(), lambda epoch: 1.0 - epoch)
    schedule.step()
    with pytest.raises(DomainError, match=r"LambdaLR\(lr_lambda\) takes a number .* at least 0, got -1"):
        schedule.step()


@pytest.mark.parametrize(
    ("options", "quantities", "expected"),
    [
        ({"patience": 1}, [3, 2, 2, 2, 2, 2], [0.8, 0.8, 0.8, 0.08, 0.08, 0.008]),
        ({"patience": 0, "factor": 0.5}, [1, 2, 0.5, 2], [0.8, 0.4, 0.4, 0.2]),
        ({"patience": 0, "factor": 0.5, "mode": "max"}, [1, 2, 2, 3], [0.8, 0.8, 0.4, 0.4]),
        ({"patience": 0, "factor": 0.5, "threshold": 0.1}, [1.0, 0.91, 0.89, 0.80], [0.8, 0.4, 0.4, 0.4]),
        ({"patience": 0, "factor": 0.5, "threshold": 0.1}, [1.0, 0.91, 0.89, 0.805], [0.8, 0.4, 0.4, 0.2]),
        (
            {"patience": 0, "factor": 0.5, "threshold": 0.5, "threshold_mode": "abs"},
            [9, 8.6, 8.4, 8],
            [0.8, 0.4, 0.4, 0.2],
        ),
        (
            {"patience": 0, "factor": 0.5, "threshold": 0.5, "threshold_mode": "abs", "mode": "max"},
            [0, 0.4, 0.6, 1],
            [0.8, 0.4, 0.4, 0.2],
        ),
        ({"patience": 0, "factor": 0.5, "cooldown": 2}, [1, 1, 1, 1, 1], [0.8, 0.4, 0.4, 0.4, 0.2]),
        ({"patience": 0, "factor": 0.5, "min_lr": 0.3}, [1, 1, 1, 1], [0.8, 0.4, 0.3, 0.3]),
        ({"patience": 0, "factor": 0.5, "eps": 0.3}, [1, 1, 1], [0.8, 0.4, 0.4]),
        ({"patience": 0, "factor": 0.5}, [1, math.nan, 0.5], [0.8, 0.4, 0.4]),
    ],
)
def test_plateau(options, quantities, expected):
    optimizer = sgd()
    schedule = nn.ReduceLROnPlateau(optimizer, **options)
    found = []
    for quantity in quantities:
        schedule.step(quantity)
        found.append(optimizer.lr)
    assert found == pytest.approx(expected, rel=1e-14)


MAKERS = [
    lambda o: nn.StepLR(o, 2),
    lambda o: nn.CosineAnnealingLR(o, 7),
    lambda o: nn.LinearLR(o, total_iters=9),
    lambda o: nn.LinearWarmupLR(o, 3, 10),
    lambda o: nn.LambdaLR(o, lambda epoch: 1.0 / (1 + epoch)),
    lambda o: nn.ReduceLROnPlateau(o, patience=1),
]


def advance(schedule, count):
    for _ in range(count):
        schedule.step(*([1.0] if isinstance(schedule, nn.ReduceLROnPlateau) else []))
    return schedule.optimizer.lr


@pytest.mark.parametrize("make", MAKERS)
def test_a_schedule_goes_on_from_its_state(make):
    first, second = make(sgd()), make(sgd())
    advance(first, 3)
    state = json.loads(json.dumps([first.optimizer.state_dict(), first.state_dict()]))
    second.optimizer.load_state_dict(state[0])
    second.load_state_dict(state[1])
    assert second.optimizer.lr == first.optimizer.lr
    assert advance(first, 3) == advance(second, 3)
    assert first.state_dict() == second.state_dict()
    assert repr(first) == repr(second)


@pytest.mark.parametrize("make", MAKERS)
def test_every_group_moves_from_its_own_rate(make):
    optimizer = nn.SGD([{"params": [Value(1.0)], "lr": 0.8}, {"params": [Value(1.0)], "lr": 0.2}])
    alone = [make(nn.SGD([Value(1.0)], lr=lr)) for lr in (0.8, 0.2)]
    schedule = make(optimizer)
    for _ in range(5):
        assert schedule.get_last_lr() == [other.get_last_lr()[0] for other in alone]
        assert schedule.get_last_lr() == [group["lr"] for group in optimizer.param_groups]
        for one in (schedule, *alone):
            advance(one, 1)
    assert schedule.get_last_lr() != [0.8, 0.2]


def test_groups_have_functions_and_lowest_rates_of_their_own():
    optimizer = nn.SGD([{"params": [Value(1.0)]}, {"params": [Value(1.0)]}], lr=0.8)
    by_function = nn.LambdaLR(optimizer, [lambda epoch: 0.5, lambda epoch: 0.25**epoch])
    advance(by_function, 1)
    assert by_function.get_last_lr() == [0.4, 0.2]
    plateau = nn.ReduceLROnPlateau(optimizer, factor=0.1, patience=0, min_lr=[0.3, 0.0])
    advance(plateau, 2)
    assert plateau.get_last_lr() == pytest.approx([0.3, 0.02], rel=1e-14)
    with pytest.raises(
        ShapeError, match=r"LambdaLR\(lr_lambda\) takes one for each group of parameters, 2 here, got 3"
    ):
        nn.LambdaLR(optimizer, [math.exp] * 3)
    with pytest.raises(
        ShapeError, match=r"ReduceLROnPlateau\(min_lr\) takes one for each group of parameters, 2 here, got 1"
    ):
        nn.ReduceLROnPlateau(optimizer, min_lr=[0.1])


def test_a_factor_that_is_none_changes_no_rate():
    optimizer = nn.SGD([{"params": [Value(1.0)]}, {"params": [Value(1.0)]}], lr=0.8)
    schedule = nn.LambdaLR(optimizer, [lambda epoch: 1.0 - epoch / 2, lambda epoch: 1.0 - 2.0 * epoch])
    with pytest.raises(DomainError, match=r"LambdaLR\(lr_lambda\) .* got -1.0"):
        schedule.step()
    assert (schedule.get_last_lr(), schedule.last_epoch) == ([0.8, 0.8], 0)


def test_a_state_that_does_not_fit_changes_nothing():
    schedule = nn.StepLR(sgd(), 2)
    before = schedule.state_dict()
    for state, message in [
        (nn.CosineAnnealingLR(sgd(), 7).state_dict(), "missing step_size, gamma; unexpected T_max, eta_min"),
        ({**before, "schedule": "LinearLR"}, "takes the state of another StepLR, got that of 'LinearLR'"),
        ({**before, "base_lrs": [3.0], "gamma": "a"}, "takes a value like 0.1 as gamma, got 'a'"),
        ({**before, "base_lrs": [3.0, 1.0]}, r"takes a value like \[0.8\] as base_lrs, got \[3.0, 1.0\]"),
        ([], r"takes a dict, as state_dict\(\) returns it, got \[\]"),
    ]:
        with pytest.raises(nn.StateError, match=message):
            schedule.load_state_dict(state)
        assert schedule.state_dict() == before


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda o: nn.StepLR(o.parameters, 3), NotAScalarError, r"StepLR\(optimizer\) takes an optimiser, such as"),
        (lambda o: nn.StepLR(o, 0), DomainError, r"StepLR\(step_size\) takes an int of at least 1, got 0"),
        (lambda o: nn.StepLR(o, 2, gamma=-1), DomainError, r"StepLR\(gamma\) takes a number .* at least 0, got -1"),
        (lambda o: nn.CosineAnnealingLR(o, 2.5), DomainError, r"CosineAnnealingLR\(T_max\) takes an int"),
        (lambda o: nn.LinearLR(o, math.nan), DomainError, r"LinearLR\(start_factor\) .* got nan"),
        (lambda o: nn.LinearWarmupLR(o, 5, 5), DomainError, "a warm-up that is not shorter than the whole"),
        (lambda o: nn.LambdaLR(o, 0.5), DomainError, r"LambdaLR\(lr_lambda\) takes a function of the epoch, got 0.5"),
        (lambda o: nn.LambdaLR(o, lambda epoch: None), DomainError, r"LambdaLR\(lr_lambda\) takes a number"),
        (lambda o: nn.ReduceLROnPlateau(o, "low"), DomainError, r"mode\) takes 'min' or 'max', got 'low'"),
        (lambda o: nn.ReduceLROnPlateau(o, factor=1), DomainError, r"factor\) takes a number below 1, got 1"),
        (lambda o: nn.ReduceLROnPlateau(o, patience=-1), DomainError, r"patience\) takes an int of at least 0"),
        (
            lambda o: nn.ReduceLROnPlateau(o).step(),
            NotAScalarError,
            r"ReduceLROnPlateau.step\(metrics\) takes one real",
        ),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call(sgd())
