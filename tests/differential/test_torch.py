"""Kinks, edges and random programs against PyTorch in double precision."""

from __future__ import annotations

import math
import random

import pytest

import autograd_core as ac
import nn
from autograd_core import Value

inf, nan = math.inf, math.nan
WORDS = """
exp expm1 log log1p log2 log10 sqrt square reciprocal sin cos tan
asin acos atan sinh cosh tanh asinh acosh atanh sigmoid erf erfc lgamma
"""
SMOOTH = WORDS.split()
ROUNDED = 4e-15
"""What PyTorch rounds away where its formulas cancel: 1 - y*y for tanh, y + 1 for expm1, log(1 + exp(-|z|))."""
KINKED = ["relu", "abs", "sign"]
POINTS = [-1e3, -20.0, -3.5, -1.0, -0.5, -1e-9, -0.0, 0.0, 1e-9, 0.25, 0.5, 1.0, 1.5, 3.0, 20.0, 1e3]


OPERATIONS = [
    lambda functions, a, b: a + b,
    lambda functions, a, b: a * b,
    lambda functions, a, b: a - 0.5 * b,
    lambda functions, a, b: a / (b * b + 1.0),
    lambda functions, a, b: functions.tanh(a),
    lambda functions, a, b: functions.sin(a) * 1.5,
    lambda functions, a, b: functions.sigmoid(a + b),
]


def same(ours: float, theirs: float, tolerance: float = 1e-12) -> bool:
    if math.isnan(theirs) or math.isinf(theirs):
        return repr(ours) == repr(theirs)
    return ours == pytest.approx(theirs, rel=tolerance, abs=ROUNDED)


def torch_gradient(f, *points):
    import torch

    xs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in points]
    y = f(*xs)
    y.backward()
    return y.item(), [0.0 if x.grad is None else x.grad.item() for x in xs]


def our_gradient(f, *points):
    xs = [Value(x) for x in points]
    y = f(*xs)
    y.backward()
    return y.data, [x.grad for x in xs]


def compare(ours, theirs, *points):
    value, slopes = our_gradient(ours, *points)
    expected, expected_slopes = torch_gradient(theirs, *points)
    assert same(value, expected), (points, value, expected)
    if math.isnan(expected):
        return  # outside of the domain a slope has no meaning; PyTorch evaluates its formula there all the same
    for slope, expected_slope in zip(slopes, expected_slopes, strict=True):
        assert same(slope, expected_slope, 1e-9), (points, slopes, expected_slopes)


@pytest.mark.parametrize("name", SMOOTH + KINKED)
def test_functions_of_one_operand(name):
    import torch

    for x in POINTS:
        if name == "tanh" and abs(x) > 15:
            continue  # 1 - y*y, which PyTorch takes, has no digit left there
        if name == "lgamma" and x <= 0.0 and x == int(x):
            continue  # poles, where PyTorch's digamma chooses a sign
        compare(getattr(ac, name), getattr(torch, name), x)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "gelu", "silu", "softplus"])
def test_activations(name):
    import torch.nn.functional as functional

    for x in POINTS:
        if name in ("gelu", "elu", "softplus") and abs(x) >= 20:
            continue  # PyTorch loses the tails: softplus is linear from 20 on, gelu takes 1 + erf
        compare(getattr(ac, name), getattr(functional, name), x)


@pytest.mark.parametrize("name", ["maximum", "minimum", "atan2", "hypot"])
def test_functions_of_two_operands(name):
    import torch

    for a in POINTS:
        for b in POINTS:
            if name in ("atan2", "hypot") and a == b == 0.0:
                continue  # our hypot has gradient 0 at (0, 0), as norm has; PyTorch's is nan
            compare(getattr(ac, name), getattr(torch, name), a, b)


def test_powers():
    for a in [-2.0, -0.5, 0.0, 0.5, 1.0, 3.0]:
        for k in [-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0]:
            compare(lambda x, k=k: x**k, lambda x, k=k: x**k, a)
            compare(lambda x, y: x**y, lambda x, y: x**y, a, k)


def test_clip_at_its_bounds():
    import torch

    for x in [-2.0, -1.0, 0.0, 1.0, 2.0]:
        compare(lambda v: ac.clip(v, -1.0, 1.0), lambda v: torch.clamp(v, -1.0, 1.0), x)


def test_sequences():
    import torch

    for points in [(0.0, 0.0), (3.0, 4.0), (1e3, -1e3), (0.0, 2.0), (-5.0, 0.0)]:
        compare(lambda *xs: ac.norm(xs), lambda *xs: torch.linalg.vector_norm(torch.stack(xs)), *points)
        compare(lambda *xs: ac.logsumexp(xs), lambda *xs: torch.logsumexp(torch.stack(xs), 0), *points)
        compare(lambda *xs: ac.prod(xs), lambda *xs: torch.prod(torch.stack(xs)), *points)
        compare(lambda *xs: ac.softmax(xs)[0], lambda *xs: torch.softmax(torch.stack(xs), 0)[0], *points)
        compare(lambda *xs: ac.mean(xs), lambda *xs: torch.mean(torch.stack(xs)), *points)


def test_losses():
    import torch
    import torch.nn.functional as functional

    for z in [-30.0, -1.0, 0.0, 2.0, 30.0]:
        for y in [0.0, 0.3, 1.0]:
            compare(
                lambda v, y=y: nn.binary_cross_entropy_with_logits(v, y),
                lambda v, y=y: functional.binary_cross_entropy_with_logits(v, torch.tensor(y, dtype=torch.float64)),
                z,
            )
    for points in [(0.5, -1.0, 2.0), (30.0, 0.0, -30.0)]:
        for t in range(3):
            compare(
                lambda *zs, t=t: nn.cross_entropy(list(zs), t),
                lambda *zs, t=t: functional.cross_entropy(torch.stack(zs)[None], torch.tensor([t])),
                *points,
            )


def test_where_is_clean_where_pytorch_gives_nan():
    import torch

    _, (theirs,) = torch_gradient(lambda x: torch.where(x > 0, torch.sqrt(x), torch.zeros_like(x)), 0.0)
    _, (ours,) = our_gradient(lambda x: ac.where(x > 0, ac.sqrt(x), 0.0 * x), 0.0)
    assert math.isnan(theirs)
    assert ours == 0.0


@pytest.mark.parametrize("seed", range(50))
def test_random_programs(seed):
    import torch

    def program(functions, xs):
        rng = random.Random(seed)
        values = list(xs)
        for _ in range(25):
            operate = rng.choice(OPERATIONS)
            values.append(operate(functions, rng.choice(values), rng.choice(values)))
        return sum(values[-3:])

    points = [random.Random(seed).uniform(-1, 1) for _ in range(4)]
    compare(lambda *xs: program(ac, xs), lambda *xs: program(torch, xs), *points)


def test_adam_and_sgd_take_the_same_steps():
    import torch

    makers = [
        (lambda ps: nn.Adam(ps, lr=0.1), lambda ps: torch.optim.Adam(ps, lr=0.1)),
        (lambda ps: nn.SGD(ps, lr=0.1), lambda ps: torch.optim.SGD(ps, lr=0.1)),
        (
            lambda ps: nn.SGD(ps, lr=0.05, momentum=0.9, weight_decay=0.01),
            lambda ps: torch.optim.SGD(ps, lr=0.05, momentum=0.9, weight_decay=0.01),
        ),
    ]
    for ours, theirs in makers:
        x, z = Value(1.5), torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
        our_optimizer, their_optimizer = ours([x]), theirs([z])
        for _ in range(30):
            our_optimizer.zero_grad()
            their_optimizer.zero_grad()
            (ac.sin(x) * x).backward()
            (torch.sin(z) * z).backward()
            our_optimizer.step()
            their_optimizer.step()
            assert x.data == pytest.approx(z.item(), rel=1e-12)
