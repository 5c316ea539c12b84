"""Reductions: the mean, the sum or none of it, and the shapes that come out."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError

P = [[0.5, 0.25, 0.75], [0.125, 0.5, 1.0]]
Y = [[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]]
SIGNS = [[1.0, -1.0, 1.0], [-1.0, -1.0, 1.0]]


@pytest.mark.parametrize(
    ("module", "targets"),
    [
        (nn.MSELoss, Y),
        (nn.HuberLoss, Y),
        (nn.BCELoss, Y),
        (nn.BCEWithLogitsLoss, Y),
        (nn.KLDivLoss, Y),
        (nn.HingeLoss, SIGNS),
    ],
)
def test_losses_of_single_outputs(module, targets):
    single = [[module()(p, y) for p, y in zip(*rows, strict=True)] for rows in zip(P, targets, strict=True)]
    assert module(reduction="none")(P, targets) == single
    assert module("none")(np.array(P), np.array(targets)) == single
    assert module("none")(P[0][0], targets[0][0]) == single[0][0]
    assert module("sum")(P, targets) == pytest.approx(np.sum(single), rel=1e-15)
    assert module("mean")(P, targets) == pytest.approx(np.mean(single), rel=1e-15)
    assert module()(P, targets) == module("mean")(P, targets) != module("sum")(P, targets)


@pytest.mark.parametrize(
    ("module", "targets"), [(nn.CrossEntropyLoss, [2, 0]), (nn.NLLLoss, [2, 0]), (nn.HalfSquaredErrorLoss, Y)]
)
def test_losses_of_whole_examples(module, targets):
    single = [module()(p, y) for p, y in zip(P, targets, strict=True)]
    assert module("none")(P, targets) == single
    assert module("none")(P[1], targets[1]) == single[1]
    assert module("sum")(P, targets) == math.fsum(single)
    assert module("mean")(P, targets) == module()(P, targets) == math.fsum(single) / 2
    assert module("none")([P, P], [targets, targets]) == [single, single]  # such as sequences


def test_batchmean_divides_by_the_examples():
    none = nn.KLDivLoss("none")(P, Y)
    assert nn.KLDivLoss("batchmean")(P, Y) == pytest.approx(np.sum(none) / 2, rel=1e-15)
    assert nn.kl_div(P, Y, reduction="batchmean") == nn.KLDivLoss("batchmean")(P, Y)
    assert nn.kl_div(P, Y) == nn.KLDivLoss()(P, Y) == pytest.approx(np.sum(none) / 6, rel=1e-15)
    assert nn.KLDivLoss("batchmean")(P[0], Y[0]) == pytest.approx(sum(none[0]), rel=1e-15)


def test_gradients_add_up():
    for reduction, share in (("sum", 1.0), ("mean", 1.0 / 3.0)):
        values = [Value(x) for x in P[0]]
        nn.MSELoss(reduction)(values, Y[0]).backward()
        assert [v.grad for v in values] == pytest.approx([share * 2 * (p - y) for p, y in zip(P[0], Y[0], strict=True)])
    values = [Value(x) for x in P[0]]
    terms = nn.mse_loss(values, Y[0], reduction="none")
    terms[1].backward()
    assert [v.grad for v in values] == [0.0, 0.5, 0.0]


def test_options_show():
    assert repr(nn.MSELoss()) == "MSELoss()"
    assert repr(nn.HuberLoss("sum", delta=2)) == "HuberLoss(reduction='sum', delta=2.0)"
    assert repr(nn.KLDivLoss(log_target=True)) == "KLDivLoss(log_target=True)"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.MSELoss("average"), r'MSELoss\(reduction\) takes "mean", "sum", "none", got \'average\''),
        (lambda: nn.MSELoss("batchmean"), r"MSELoss\(reduction\) takes .* got 'batchmean'"),
        (lambda: nn.KLDivLoss(None), r'KLDivLoss\(reduction\) takes "mean", "sum", "none", "batchmean", got None'),
        (lambda: nn.mse_loss(1.0, 1.0, reduction="Mean"), r"mse_loss\(reduction\) takes .* got 'Mean'"),
        (lambda: nn.cross_entropy([1.0, 2.0], 0, reduction="batchmean"), r"cross_entropy\(reduction\) takes"),
    ],
)
def test_what_is_no_reduction(call, message):
    with pytest.raises(DomainError, match=message):
        call()
