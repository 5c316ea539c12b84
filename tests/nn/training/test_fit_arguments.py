"""Arguments of fit that have no meaning change nothing."""

from __future__ import annotations

import math

import pytest

import nn
from autograd_core import Value, no_grad
from autograd_core.errors import DomainError, GraphError, NotAScalarError, ShapeError

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def quiet(model, rows, targets, **options):
    return nn.fit(model, rows, targets, **{"progress": False, "seed": 0, **options})


MODEL = nn.MLP(2, [3, 1], seed=0)

X, Y = [[0.0, 1.0], [1.0, 0.0]], [0, 1]


@pytest.mark.parametrize(
    ("rows", "targets", "options", "error", "message"),
    [
        ([], [], {}, DomainError, r"fit\(\): X is empty"),
        (X, [0], {}, ShapeError, r"fit\(\): X has 2 rows and y has 1; there must be one target for each row"),
        ([[0.0, 1.0], [1.0]], Y, {}, ShapeError, "row 1 of X has 1 number, and row 0 has 2"),
        ([[0.0, math.nan], [1.0, 0.0]], Y, {}, DomainError, "X has nan in row 0, column 1"),
        (X, [0, math.inf], {}, DomainError, "y has inf in row 1, column 0"),
        (X, ["cat", "dog"], {}, NotAScalarError, r"y\[0\] must be a row of numbers or a number; got the string 'cat'"),
        ([[0.0], [1.0]], Y, {}, ShapeError, r"layers.0: Layer\(2 -> 3, relu\) takes 2 inputs, got 1"),
        (X, [0, 2], {}, DomainError, "takes targets from 0 to 1 .*; row 1 of y has 2.0"),
        (X, Y, {"loss": "hinge"}, DomainError, "takes targets 1 and -1 .*; row 0 of y has 0.0"),
        (X, Y, {"loss": "cross_entropy"}, ShapeError, "one output for each class, and the model has one output"),
        (X, Y, {"loss": "cross"}, DomainError, "loss takes a name or a function"),
        (X, Y, {"epochs": 0}, DomainError, r"fit\(epochs\) takes an int of at least 1, got 0"),
        (X, Y, {"epochs": 1.5}, DomainError, r"fit\(epochs\) takes an int of at least 1, got 1.5"),
        (X, Y, {"batch_size": 0}, DomainError, r"fit\(batch_size\) takes an int of at least 1, got 0"),
        (X, Y, {"batch_size": "all"}, DomainError, r"fit\(batch_size\) takes an int of at least 1, got 'all'"),
        (X, Y, {"lr": -1.0}, DomainError, r"Adam\(lr\) takes a number .* got -1.0"),
        (
            X,
            Y,
            {"optimizer": "adamm"},
            DomainError,
            r"fit\(optimizer\) takes a name \(adagrad, adam, .*\), .* got 'adamm'",
        ),
        (X, Y, {"optimizer": lambda ps: ps}, DomainError, "the function must return an nn.Optimizer"),
        (X, Y, {"optimizer": nn.SGD(MODEL), "lr": 0.1}, DomainError, r"fit\(lr=0.1\) goes with an optimiser that fit"),
        (X, Y, {"optimizer": nn.SGD([Value(1.0)])}, GraphError, "depends on none of the optimiser's parameters"),
        (X, Y, {"loss": lambda p, y: 1.0}, GraphError, "the loss of a batch is 1.0, which was not computed from"),
        (X, Y, {"loss": lambda p, y: Value(1.0)}, GraphError, "depends on none of .* must be computed from the output"),
        (X, Y, {"validation": 1.0}, DomainError, r"fit\(validation\) takes a pair \(X, y\) or a share .* got 1.0"),
        (X, Y, {"validation": 0.1}, DomainError, r"would set aside 0 of 2 examples; both parts need at least one"),
        (X, Y, {"validation": (X, [0])}, ShapeError, "the validation X has 2 rows and the validation y has 1"),
        (X, Y, {"validation": ([[1.0]], [0])}, ShapeError, "rows of the validation X have 1 numbers, and those of X 2"),
        (X, Y, {"validation": (X, [0, 3])}, DomainError, "row 1 of the validation y has 3.0"),
        (
            X,
            Y,
            {"callbacks": [3]},
            DomainError,
            r"nn.Callback objects and functions of \(epoch, history\), got 3",
        ),
        (X, Y, {"callbacks": [nn.Callback]}, DomainError, "got <class .*: make one first, with brackets"),
        (X, Y, {"schedule": nn.StepLR}, DomainError, r"StepLR needs step_size too: .* lambda optimizer: nn.StepLR\("),
        (
            X,
            Y,
            {"loss": lambda p, y: [p]},
            NotAScalarError,
            r"<lambda> returned \[Value.* loss of one example as a Val",
        ),
        (X, Y, {"seed": "a"}, DomainError, "seed takes an int, a random.Random or None, got 'a'"),
    ],
)
def test_wrong_arguments_change_nothing(rows, targets, options, error, message):
    before = [p.data for p in MODEL.parameters()]
    with pytest.raises(error, match=message):
        quiet(MODEL, rows, targets, **{"loss": "bce_with_logits", "epochs": 2, **options})
    assert [p.data for p in MODEL.parameters()] == before
    assert MODEL.training


def test_class_numbers_out_of_range():
    with pytest.raises(DomainError, match=r"for row 1 of y, cross_entropy takes targets .* from 0 to 2, .* got 3.0"):
        quiet(nn.MLP(2, [3]), X, [0, 3], loss="cross_entropy")


def test_what_is_no_model():
    with pytest.raises(NotAScalarError, match=r"fit\(\) takes a model, such as nn.MLP\(2, \[16, 1\]\), got <class"):
        quiet(nn.MLP, X, Y, loss="mse")


def test_fit_inside_no_grad_names_the_cause():
    model = nn.MLP(2, [1], seed=0)
    before = [p.data for p in model.parameters()]
    with no_grad(), pytest.raises(GraphError, match=r"inside no_grad\(\).*call it outside"):
        quiet(model, *XOR, loss="mse")
    assert [p.data for p in model.parameters()] == before


@pytest.mark.parametrize("batch_size", [1, None])
def test_a_loss_function_without_a_return(batch_size):
    with pytest.raises(NotAScalarError, match="the loss function <lambda> returned None"):
        quiet(nn.MLP(2, [1], seed=0), *XOR, loss=lambda output, target: None, batch_size=batch_size)


def test_none_is_no_callback_and_a_class_may_make_the_schedule():
    history = quiet(nn.MLP(2, [1], seed=0), *XOR, loss="mse", epochs=2, callbacks=None, schedule=nn.ReduceLROnPlateau)
    assert history.epochs == 2
