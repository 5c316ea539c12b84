"""Losses against PyTorch in double precision: values, and gradients by predictions and targets."""

from __future__ import annotations

import inspect

import pytest

import autograd_core as ac
import nn
from nn.losses.loss import LOSSES
from tests.support.formulas import flat, numbers, table
from tests.support.torch_peers import close, numbers_of, tensor, values_of

REAL = (table(4, 3, seed=1), table(4, 3, seed=2))

SHARES = [[0.2, 0.5, 0.3], [1.0, 0.0, 0.0], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4]]

CLASSES = [2, 0, 1, 1]

CASES = [
    (nn.MSELoss, "MSELoss", {}, *REAL),
    (nn.HuberLoss, "HuberLoss", {}, *REAL),
    (nn.HuberLoss, "HuberLoss", {"delta": 0.3}, *REAL),
    (nn.HuberLoss, "HuberLoss", {"delta": 1.0}, [[1.0, -2.0, 0.5]], [[0.0, -1.0, 0.5]]),
    (nn.BCELoss, "BCELoss", {}, [[0.2, 0.5, 0.9]], [[1.0, 0.25, 0.0]]),
    (nn.BCEWithLogitsLoss, "BCEWithLogitsLoss", {}, REAL[0], SHARES),
    (nn.CrossEntropyLoss, "CrossEntropyLoss", {}, REAL[0], CLASSES),
    (nn.CrossEntropyLoss, "CrossEntropyLoss", {"label_smoothing": 0.1}, REAL[0], CLASSES),
    (nn.NLLLoss, "NLLLoss", {}, REAL[0], CLASSES),
    (nn.KLDivLoss, "KLDivLoss", {}, REAL[0], SHARES),
    (nn.KLDivLoss, "KLDivLoss", {"log_target": True}, REAL[0], [[-0.5, -1.0, -2.0]] * 4),
]


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss")
@pytest.mark.parametrize("reduction", ["mean", "sum", "none", "batchmean", None])
@pytest.mark.parametrize(("ours", "name", "options", "prediction", "target"), CASES)
def test_losses(ours, name, options, prediction, target, reduction):
    import torch

    if reduction == "batchmean" and name != "KLDivLoss":
        return
    if reduction is not None:  # None is each one's default
        options = {**options, "reduction": reduction}
    theirs = getattr(torch.nn, name)(**options)
    inputs, tensors = values_of(prediction), tensor(prediction)
    wanted = torch.tensor(target, dtype=torch.int64 if target is CLASSES else torch.float64)
    found, expected = ours(**options)(inputs, target), theirs(tensors, wanted)
    assert close(numbers_of(found), expected.tolist())
    shares = numbers(expected.numel(), seed=1)
    ac.dot(shares, flat(found)).backward()
    (expected.reshape(-1) @ torch.tensor(shares, dtype=torch.float64)).backward()
    assert close([v.grad for v in flat(inputs)], tensors.grad.tolist())


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_pos_weight(reduction):
    import torch

    theirs = torch.nn.BCEWithLogitsLoss(reduction=reduction, pos_weight=torch.tensor(2.5, dtype=torch.float64))
    inputs, tensors = values_of(REAL[0]), tensor(REAL[0])
    found, expected = nn.BCEWithLogitsLoss(reduction, pos_weight=2.5)(inputs, SHARES), theirs(tensors, tensor(SHARES))
    assert close(numbers_of(found), expected.item())
    found.backward()
    expected.backward()
    assert close([v.grad for v in flat(inputs)], tensors.grad.tolist())


def test_targets_that_are_values():
    import torch

    for ours, name in ((nn.MSELoss, "MSELoss"), (nn.HuberLoss, "HuberLoss"), (nn.KLDivLoss, "KLDivLoss")):
        theirs = getattr(torch.nn, name)(reduction="sum")
        targets, wanted = values_of(SHARES[0]), tensor(SHARES[0])
        ours("sum")(REAL[0][0], targets).backward()
        theirs(torch.tensor(REAL[0][0], dtype=torch.float64), wanted).backward()
        assert close([v.grad for v in targets], wanted.grad.tolist()), name


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in ("half_squared_error_loss", "hinge_loss")])
def test_functions_have_pytorchs_names_and_defaults(name):
    import torch

    ours = inspect.signature(getattr(nn, name)).parameters
    theirs = inspect.signature(getattr(torch.nn.functional, name)).parameters
    options = {option.name: option.default for option in ours.values() if option.kind is option.KEYWORD_ONLY}
    assert "reduction" in options
    for option, default in options.items():
        assert default == (1.0 if option == "pos_weight" else theirs[option].default), (
            option
        )  # theirs is None: no weight


@pytest.mark.parametrize("name", LOSSES)
def test_modules_have_the_defaults_of_their_functions(name):
    function = getattr(nn, name)
    module = next(kind for kind in vars(nn).values() if getattr(kind, "function", None) is function)
    options = inspect.signature(module).parameters
    assert {n: option.default for n, option in options.items() if n != "options"} == function.__kwdefaults__
