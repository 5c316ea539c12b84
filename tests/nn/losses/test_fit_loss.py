"""What `fit` makes of a loss tells right outputs from wrong ones, and targets that it can use from others."""

from __future__ import annotations

import math

import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, ShapeError
from nn.losses.fit_loss import resolve_loss
from nn.losses.loss import LOSSES, SHORT_NAMES


@pytest.mark.parametrize("name", LOSSES)
def test_names_functions_and_modules_are_the_same(name):
    found = resolve_loss(name)
    assert found.function is getattr(nn, name)
    module = next(
        kind
        for kind in vars(nn).values()
        if isinstance(kind, type) and getattr(kind, "function", None) is found.function
    )
    assert resolve_loss(found.function) == resolve_loss(module) == resolve_loss(module()) == found


def test_modules_keep_their_options():
    found = resolve_loss(nn.HuberLoss(delta=2.0))
    assert found.function(5.0, 0.0) == 8.0
    assert (found.name, found.options) == ("huber_loss", "delta=2.0")
    found = resolve_loss(nn.KLDivLoss("batchmean", log_target=True))
    assert found.function([-1.0, -2.0], [-1.0, -1.0]) == pytest.approx(math.exp(-1.0))
    with pytest.raises(
        DomainError, match=r"takes targets that are logarithms .* at most 0; row 0 of y has \[0.5, -1.0\]"
    ):
        found.fitted([[0.5, -1.0]], [[-1.0, -2.0]], "y", "fit()")


def test_a_module_of_ones_own():
    class Quartic(nn.Loss):
        function = lambda p, y: (p - y) ** 4  # noqa: E731

    assert resolve_loss(Quartic).function(3.0, 1.0) == 16.0

    class Cubic(nn.Loss):
        def forward(self, prediction, target):
            return abs(prediction - target) ** 3

    assert resolve_loss(Cubic).function(3.0, 1.0) == 8.0
    assert (repr(Quartic()), repr(Cubic("sum"))) == ("Quartic()", "Cubic(reduction='sum')")


@pytest.mark.parametrize("reduction", ["sum", "none"])
def test_fit_trains_by_the_mean(reduction):
    with pytest.raises(DomainError, match=rf'MSELoss\(reduction=.{reduction}.\) does not .* leave reduction at "mean"'):
        resolve_loss(nn.MSELoss(reduction))


def test_a_short_name_is_that_of_the_module_without_loss():
    assert SHORT_NAMES == {
        "mse": "mse_loss",
        "half_squared_error": "half_squared_error_loss",
        "huber": "huber_loss",
        "bce": "binary_cross_entropy",
        "bce_with_logits": "binary_cross_entropy_with_logits",
        "nll": "nll_loss",
        "hinge": "hinge_loss",
    }
    for short, name in SHORT_NAMES.items():
        assert resolve_loss(short) == resolve_loss(name)


@pytest.mark.parametrize(
    ("loss", "output", "target", "share"),
    [
        ("bce", Value(0.6), 1.0, 1.0),
        ("bce", Value(0.4), 1.0, 0.0),
        ("bce_with_logits", 0.4, 1.0, 1.0),
        ("bce_with_logits", -0.4, 0.0, 1.0),
        ("bce_with_logits", [1.0, -1.0], [1.0, 1.0], 0.5),
        ("hinge", Value(0.1), -1.0, 0.0),
        ("hinge", Value(-0.1), -1.0, 1.0),
        ("cross_entropy", [Value(1.0), Value(3.0), Value(2.0)], 1.0, 1.0),
        ("cross_entropy", [1.0, 3.0, 2.0], 2.0, 0.0),
        ("nll", [-2.0, -0.1], 1.0, 1.0),
        ("mse", 1.0, 1.0, None),
        ("huber", 1.0, 1.0, None),
        ("kl_div", [-2.0, -0.1], [0.5, 0.5], None),
        (lambda p, y: p, 1.0, 1.0, None),
    ],
)
def test_hits(loss, output, target, share):
    assert resolve_loss(loss).hits(output, target) == share


@pytest.mark.parametrize(
    ("loss", "targets", "output", "error", "message"),
    [
        (
            "bce",
            [0.0, 1.5],
            0.5,
            DomainError,
            r"fit\(\): binary_cross_entropy takes targets from 0 to 1 .*; row 1 of y",
        ),
        ("bce_with_logits", [-1.0], 0.5, DomainError, r"\(y \+ 1\) / 2\); row 0 of y has -1.0"),
        (
            "hinge",
            [1.0, 0.0],
            0.5,
            DomainError,
            r"hinge_loss takes targets 1 and -1 .* 2 \* y - 1\); row 1 of y has 0.0",
        ),
        ("cross_entropy", [0.0, 3.0], [0.0, 0.0, 0.0], DomainError, "row 1 of y, .* from 0 to 2, .* got 3.0"),
        ("cross_entropy", [0.0, 0.5], [0.0, 0.0], DomainError, "row 1 of y, .* got 0.5"),
        ("cross_entropy", [0.0], 0.5, ShapeError, "one output for each class, and the model has one output"),
        ("nll", [2.0], [-1.0, -1.0], DomainError, "row 0 of y, nll_loss takes .* from 0 to 1"),
        (
            "kl_div",
            [[0.5, 1.5]],
            [-1.0, -1.0],
            DomainError,
            r"probabilities, from 0 to 1 .* row 0 of y has \[0.5, 1.5\]",
        ),
        ("kl_div", [1.0], [-1.0, -1.0], ShapeError, "the model has 2 outputs, and row 0 of y has 1 target;"),
        ("mse", [[1.0, 2.0]], 0.5, ShapeError, "the model has 1 output, and row 0 of y has 2 targets"),
        ("mse", [1.0], [0.5, 0.5], ShapeError, "the model has 2 outputs, and row 0 of y has 1 target;"),
    ],
)
def test_targets_that_a_loss_cannot_use(loss, targets, output, error, message):
    with pytest.raises(error, match=message):
        resolve_loss(loss).fitted(targets, [output] * len(targets), "y", "fit()")


def test_a_loss_of_ones_own_takes_any_targets():
    resolve_loss(lambda p, y: p * y[0]).fitted([[1.0, 2.0]], [0.5], "y", "fit()")


@pytest.mark.parametrize("loss", ["msee", 3, None])
def test_what_is_no_loss(loss):
    with pytest.raises(
        DomainError,
        match=r"loss takes a name or a function of \(output, target\), got .* binary_cross_entropy, .* bce, ",
    ):
        resolve_loss(loss)


def test_a_loss_of_ones_own_may_define_forward_alone():
    class Quartic(nn.Loss):
        def forward(self, prediction, target):
            return (prediction - target) ** 4

    history = nn.fit(nn.Linear(1, 1, seed=0), [1.0, 2.0], [0.0, 1.0], loss=Quartic(), epochs=1, progress=False)
    expected = [(w.data * x - y) ** 4 for w in nn.Linear(1, 1, seed=0).weight[0] for x, y in ((1.0, 0.0), (2.0, 1.0))]
    assert history.loss == [sum(expected) / 2]
