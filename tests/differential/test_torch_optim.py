"""Optimisers, schedules and clipping take PyTorch's steps, to 1e-10 over 50 of them, in double precision."""

from __future__ import annotations

import itertools

import pytest

import autograd_core as ac
import nn
from autograd_core import Value

STEPS = 50
START = [1.5, -0.7, 0.3, 4.0]
CLOSE = {"rel": 1e-10, "abs": 1e-10}

CASES = [
    ("SGD", {"lr": 0.05}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.2, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 1e-4, "momentum": 0.5, "maximize": True, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": (0.4, 0.8), "eps": 1e-3, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.1, "betas": (0.9, 0.7), "amsgrad": True}),
    ("Adam", {"lr": 0.1, "weight_decay": 0.1, "maximize": True}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.2, "amsgrad": True}),
    ("AdamW", {"lr": 0.1, "maximize": True, "eps": 1e-4}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.05, "alpha": 0.8, "eps": 1e-3, "weight_decay": 0.1, "maximize": True}),
    ("RMSprop", {"lr": 0.02, "momentum": 0.7, "centered": True}),
    ("RMSprop", {"lr": 0.02, "alpha": 0.5, "centered": True, "weight_decay": 0.01}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.5, "lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.3, "eps": 1e-4}),
    ("Adagrad", {"lr": 0.5, "maximize": True}),
]


def losses(functions, ps):
    """A smooth function whose gradient is 0 for the third parameter at first, and absent for the last in odd steps."""
    a, b, c, d = ps
    for step in itertools.count():
        loss = functions.sin(a) * b + 3.0 * (a - b) ** 2 + (0.0 if step < 3 else 1.0) * functions.tanh(c)
        yield loss if step % 2 else loss + 0.1 * d * d


def parameters_of_both():
    import torch

    return [Value(x) for x in START], [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in START]


def compare_steps(ours, theirs, xs, zs, between=lambda: None, after=lambda: None):
    import torch

    for our_loss, their_loss, _ in zip(losses(ac, xs), losses(torch, zs), range(STEPS), strict=False):
        ours.zero_grad()
        theirs.zero_grad()
        our_loss.backward()
        their_loss.backward()
        between()
        ours.step()
        theirs.step()
        after()
        assert [x.data for x in xs] == pytest.approx([z.item() for z in zs], **CLOSE)
    assert [x.data for x in xs] != START


@pytest.mark.parametrize(("name", "options"), CASES)
def test_every_optimizer_takes_the_same_steps(name, options):
    import torch

    xs, zs = parameters_of_both()
    compare_steps(getattr(nn, name)(xs, **options), getattr(torch.optim, name)(zs, **options), xs, zs)


GROUPS = [
    ("SGD", {"lr": 0.05, "momentum": 0.9}, {"lr": 0.01, "nesterov": True, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.1}, {"betas": (0.5, 0.9), "eps": 1e-3, "amsgrad": True}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.2}, {"lr": 0.01, "weight_decay": 0.0}),
    ("RMSprop", {"lr": 0.02}, {"alpha": 0.5, "centered": True, "momentum": 0.3}),
    ("Adagrad", {"lr": 0.5, "weight_decay": 0.1}, {"lr_decay": 0.3, "eps": 1e-3, "weight_decay": 0.0}),
]


@pytest.mark.parametrize(("name", "options", "own"), GROUPS)
@pytest.mark.parametrize("scheduled", [False, True])
def test_groups_take_the_same_steps(name, options, own, scheduled):
    import torch

    xs, zs = parameters_of_both()
    ours = getattr(nn, name)([{"params": xs[:2]}, {"params": xs[2:], **own}], **options)
    theirs = getattr(torch.optim, name)([{"params": zs[:2]}, {"params": zs[2:], **own}], **options)
    if not scheduled:
        compare_steps(ours, theirs, xs, zs)
        return
    our_schedule = nn.CosineAnnealingLR(ours, 30, eta_min=0.002)
    their_schedule = torch.optim.lr_scheduler.CosineAnnealingLR(theirs, 30, eta_min=0.002)

    def after():
        our_schedule.step()
        their_schedule.step()
        assert our_schedule.get_last_lr() == pytest.approx(their_schedule.get_last_lr(), **CLOSE)

    compare_steps(ours, theirs, xs, zs, after=after)


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"])
def test_defaults_are_the_same(name):
    import inspect

    import torch

    ours = inspect.signature(getattr(nn, name)).parameters
    theirs = inspect.signature(getattr(torch.optim, name)).parameters
    for option, parameter in ours.items():
        assert parameter.default == theirs[option].default, option
    extras = {"foreach", "capturable", "differentiable", "fused", "decoupled_weight_decay"}
    assert set(theirs) - extras == set(ours)
    positional = [[n for n, p in s.items() if p.kind is p.POSITIONAL_OR_KEYWORD] for s in (ours, theirs)]
    assert positional[0] == [n for n in positional[1] if n not in extras and n != "maximize"]


def warm(t):
    return 0.1 + 0.9 * t / 4 if t < 4 else 1.0 - min(t - 4, 30) / 30


SCHEDULES = [
    ("StepLR", {"step_size": 7, "gamma": 0.6}),
    ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.001}),
    ("CosineAnnealingLR", {"T_max": 60}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.9, "end_factor": 0.05, "total_iters": 30}),
    ("LambdaLR", {"lr_lambda": warm}),
]


@pytest.mark.parametrize(("name", "options"), SCHEDULES)
def test_every_schedule_sets_the_same_rates(name, options):
    import torch

    xs, zs = parameters_of_both()
    ours, theirs = nn.Adam(xs, lr=0.1), torch.optim.Adam(zs, lr=0.1)
    our_schedule = getattr(nn, name)(ours, **options)
    their_schedule = getattr(torch.optim.lr_scheduler, name)(theirs, **options)

    def after():
        our_schedule.step()
        their_schedule.step()
        assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], **CLOSE)

    assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], **CLOSE)
    compare_steps(ours, theirs, xs, zs, after=after)


def test_linear_with_warm_up():
    import torch

    xs, zs = parameters_of_both()
    ours, theirs = nn.SGD(xs, lr=0.05), torch.optim.SGD(zs, lr=0.05)
    our_schedule = nn.LinearWarmupLR(ours, 4, 34, start_factor=0.1)
    schedulers = torch.optim.lr_scheduler
    up = schedulers.LinearLR(theirs, start_factor=0.1, total_iters=4)
    down = schedulers.LinearLR(theirs, start_factor=1.0, end_factor=0.0, total_iters=30)
    their_schedule = schedulers.SequentialLR(theirs, [up, down], milestones=[4])

    def after():
        our_schedule.step()
        their_schedule.step()
        assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], **CLOSE)

    compare_steps(ours, theirs, xs, zs, after=after)


@pytest.mark.parametrize(
    "options",
    [
        {"patience": 2},
        {"patience": 0, "factor": 0.7, "cooldown": 3, "min_lr": 0.01},
        {"mode": "max", "patience": 1, "threshold": 0.05, "factor": 0.5, "eps": 0.004},
        {"threshold_mode": "abs", "threshold": 0.3, "patience": 1, "factor": 0.9},
        {"mode": "max", "threshold_mode": "abs", "threshold": 0.3, "patience": 1, "factor": 0.9},
    ],
)
def test_plateau(options):
    import math

    import torch

    xs, zs = parameters_of_both()
    ours, theirs = nn.SGD(xs, lr=0.5), torch.optim.SGD(zs, lr=0.5)
    our_schedule = nn.ReduceLROnPlateau(ours, **options)
    their_schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, **options)
    for t in range(STEPS):
        quantity = math.exp(-t / 20) + 0.4 * math.sin(3 * t)
        our_schedule.step(quantity)
        their_schedule.step(quantity)
        assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-14)
    assert ours.lr < 0.5


@pytest.mark.parametrize("norm_type", [1.0, 2.0, 2.5, float("inf")])
def test_clipping(norm_type):
    import torch

    xs, zs = parameters_of_both()

    def norm():
        found = nn.clip_grad_norm_(xs, 0.7, norm_type)
        assert found == pytest.approx(torch.nn.utils.clip_grad_norm_(zs, 0.7, norm_type).item(), rel=1e-13)

    def value():
        nn.clip_grad_value_(xs, 0.3)
        torch.nn.utils.clip_grad_value_(zs, 0.3)

    for between in (norm, value):
        compare_steps(nn.Adam(xs, lr=0.1), torch.optim.Adam(zs, lr=0.1), xs, zs, between)
