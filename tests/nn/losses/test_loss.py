"""What all losses have in common: modules, graphs, shapes, types, errors."""

from __future__ import annotations

import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError


@pytest.mark.parametrize(
    ("module", "function"),
    [
        (nn.MSELoss(), nn.mse_loss),
        (nn.HalfSquaredErrorLoss(), nn.half_squared_error_loss),
        (nn.HuberLoss(), nn.huber_loss),
        (nn.BCELoss(), nn.binary_cross_entropy),
        (nn.BCEWithLogitsLoss(), nn.binary_cross_entropy_with_logits),
    ],
)
def test_modules_are_the_functions(module, function):
    assert module([0.25, 0.5], [0, 1]) == function([0.25, 0.5], [0, 1])
    assert nn.HingeLoss()([1.0, 0.0], [1, -1]) == nn.hinge_loss([1.0, 0.0], [1, -1]) == 0.5


def test_the_graph_is_small():
    """One example with one output costs one or two nodes, since its target is a constant."""
    z = Value(1.0)
    assert nn.binary_cross_entropy_with_logits(z, 0).parents[0] is z
    assert nn.hinge_loss(z, 1).parents[0].parents[0] is z
    assert nn.mse_loss(z, 1).parents[0].parents[0] is z


EMPTY_CALLS = [
    nn.mse_loss,
    nn.half_squared_error_loss,
    nn.huber_loss,
    nn.binary_cross_entropy,
    nn.hinge_loss,
    nn.cross_entropy,
    nn.nll_loss,
    nn.kl_div,
]


@pytest.mark.parametrize("loss", EMPTY_CALLS, ids=lambda f: f.__name__)
def test_an_empty_batch(loss):
    with pytest.raises(DomainError, match=rf"{loss.__name__}\(\) of an empty batch has no value; pass at least one"):
        loss([], [])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.mse_loss([1.0, 2.0], [1.0]), ShapeError, "a list of 2 as prediction and a list of 1 as target"),
        (lambda: nn.mse_loss(Value(1.0), [1.0]), ShapeError, "one number as prediction and a list of 1 as target"),
        (
            lambda: nn.mse_loss([[1.0], [2.0]], [1.0, 2.0]),
            ShapeError,
            "a list of 1 as prediction and one number as target",
        ),
        (lambda: nn.half_squared_error_loss([[1.0], [2.0]], [[1.0]]), ShapeError, "a list of 2 as pred"),
        (
            lambda: nn.mse_loss("a", 1.0),
            NotAScalarError,
            r"mse_loss\(\) takes numbers and Values as predictions, got the string",
        ),
        (lambda: nn.CrossEntropyLoss(label_smoothing=1.5), DomainError, r"label_smoothing\) takes .* 0 to 1, got 1.5"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_types_hold_at_run_time():
    v = Value(1.0)
    for loss, target in (
        (nn.mse_loss, 2.0),
        (nn.huber_loss, 2.0),
        (nn.half_squared_error_loss, 2.0),
        (nn.hinge_loss, 1.0),
        (nn.binary_cross_entropy, 1.0),
    ):
        assert type(loss(0.5, target)) is float
        assert isinstance(loss(v, target), Value)
        assert isinstance(loss([v, v], [target, target]), Value)
    for loss in (nn.cross_entropy, nn.nll_loss):
        assert type(loss([1.0, 2.0], 1)) is float
        assert isinstance(loss([v, v], 1), Value)
