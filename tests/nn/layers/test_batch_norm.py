"""Batch norm against its formula at 60 digits, and its running statistics against NumPy's; what the norms refuse."""

from __future__ import annotations

import copy
import math

import mpmath as mp
import numpy as np
import pytest

import autograd_core as ac
import nn
from autograd_core import Value
from autograd_core.drawing.collapsing import Box, collapsed
from autograd_core.engine.graph import topological_order
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from tests.support.formulas import assert_is, flat, normalised, randomised, rows_of, table


def batch_formula(n, d, eps=1e-5, affine=True):
    def formula(points):
        rows, weight, bias = rows_of(points[: n * d], d), points[n * d : n * d + d], points[n * d + d :]
        columns = [normalised(column, eps) for column in zip(*rows, strict=True)]
        if affine:
            columns = [[y * w + b for y in c] for c, w, b in zip(columns, weight, bias, strict=True)]
        return flat(list(zip(*columns, strict=True)))

    return formula


@pytest.mark.parametrize(("n", "d"), [(2, 1), (2, 3), (7, 2)])
@pytest.mark.parametrize("affine", [True, False])
def test_batch_norm_in_training(n, d, affine):
    norm = randomised(nn.BatchNorm(d, affine=affine))
    batch = [[Value(x) for x in row] for row in table(n, d)]
    assert_is(norm(batch), batch_formula(n, d, affine=affine), [*flat(batch), *norm.parameters()], rel=1e-11)


def test_batch_norm_far_from_zero_does_not_cancel():
    norm = nn.BatchNorm(1)
    batch = [Value(1e6 + x) for x in (0.5, -0.25, 2.0, 1.0)]
    # The inputs are rounded to 1e-10, and the differences between them are exact.
    assert_is(norm(batch), batch_formula(4, 1), [*batch, *norm.parameters()], rel=1e-9)


def test_the_gradient_passes_the_statistics():
    """Shifting or stretching a whole column changes nothing, so the gradient is orthogonal to both."""
    norm = nn.BatchNorm(1, eps=0.0)
    batch = [Value(x) for x in (0.3, -1.2, 2.5, 0.9)]
    outputs = norm(batch)
    (outputs[0] * 3.0 + outputs[2] * outputs[1]).backward()
    grads = [x.grad for x in batch]
    assert max(map(abs, grads)) > 0.1
    assert sum(grads) == pytest.approx(0.0, abs=1e-14)
    assert sum(g * x.data for g, x in zip(grads, batch, strict=True)) == pytest.approx(0.0, abs=1e-14)


@pytest.mark.parametrize("momentum", [0.1, 0.5, 0.0, None])
def test_running_statistics(momentum):
    norm = nn.BatchNorm(2, momentum=momentum)
    batches = [np.array(table(n, 2, seed=n)) for n in (3, 5, 2)]
    mean, var = np.zeros(2), np.ones(2)
    for k, batch in enumerate(batches, start=1):
        norm(batch)
        share = 1.0 / k if momentum is None else momentum
        mean = (1 - share) * mean + share * batch.mean(axis=0)
        var = (1 - share) * var + share * batch.var(axis=0, ddof=1)
    assert norm.running_mean == pytest.approx(mean.tolist(), rel=1e-14)
    assert norm.running_var == pytest.approx(var.tolist(), rel=1e-14)
    assert norm.num_batches_tracked == 3
    assert nn.BatchNorm.buffers == ("running_mean", "running_var", "num_batches_tracked")


def test_batch_norm_in_evaluation_uses_the_running_statistics():
    norm = randomised(nn.BatchNorm(2))
    norm([[Value(x) for x in row] for row in table(5, 2)])
    norm.eval()
    before = copy.deepcopy([norm.running_mean, norm.running_var, norm.num_batches_tracked])
    batch = [[Value(x) for x in row] for row in table(3, 2, seed=8)]

    def formula(points):
        rows, weight, bias = rows_of(points[:6], 2), points[6:8], points[8:]
        return [
            (x - m) / mp.sqrt(v + mp.mpf(1e-5)) * w + b
            for row in rows
            for x, m, v, w, b in zip(row, norm.running_mean, norm.running_var, weight, bias, strict=True)
        ]

    outputs = norm(batch)
    assert_is(outputs, formula, [*flat(batch), *norm.parameters()])
    assert [norm.running_mean, norm.running_var, norm.num_batches_tracked] == before
    assert [y.data for y in norm(batch[1])] == [y.data for y in outputs[1]]  # one example will do


def test_without_running_statistics_the_batch_serves_in_evaluation_too():
    norm = nn.BatchNorm(2, track_running_stats=False)
    batch = table(4, 2)
    trained = [y.data for y in flat(norm(batch))]
    assert [y.data for y in flat(norm.eval()(batch))] == trained
    assert norm.running_mean is norm.running_var is norm.num_batches_tracked is None
    with pytest.raises(DomainError, match=r"without running statistics takes .* got 1: .* track_running_stats=True"):
        norm(batch[:1])


def test_one_feature_takes_bare_numbers_and_lists_of_one():
    bare, listed = nn.BatchNorm(1), nn.BatchNorm(1)
    column = [0.5, 2.0, -1.0]
    assert [y.data for y in bare(column)] == [row[0].data for row in listed([[x] for x in column])]
    bare.eval()
    assert bare(0.5).data == bare([0.5])[0].data == bare([[0.5]])[0][0].data


def test_batch_norm_takes_arrays_and_constants():
    batch = np.array(table(4, 3))
    norm = nn.BatchNorm(3, affine=False)
    exact = (batch - batch.mean(axis=0)) / np.sqrt(batch.var(axis=0) + 1e-5)
    assert flat(norm(batch)) == pytest.approx(exact.ravel().tolist(), rel=1e-13)
    assert nn.BatchNorm(1, affine=False)([3.0, 3.0]) == [0.0, 0.0]


def test_a_network_passes_the_batch_whole_to_batch_norm():
    norm = nn.BatchNorm(3)
    model = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Residual(norm, nn.ReLU()), nn.Linear(3, 1, seed=1))
    outputs = model(table(5, 2))
    assert len(outputs) == 5
    assert norm.num_batches_tracked == 1
    assert [y.origin for y in nn.Sequential(norm)(table(2, 3))[1]] == [f"modules.0.outputs.{j}" for j in range(3)]
    assert [path for path, module in model.named_modules() if module.needs_batch] == [norm.path]


@pytest.mark.parametrize(
    ("norm", "boxes"), [(nn.BatchNorm(2), 2), (nn.LayerNorm(2), 1), (nn.RMSNorm(2), 1), (nn.BatchNorm(2).eval(), 2)]
)
def test_a_drawing_shows_one_box_with_the_statistics_in_it(norm, boxes):
    batch = [[Value(x) for x in row] for row in table(3, 2)]
    total = sum(flat(nn.Sequential(norm)(batch)))
    nodes = topological_order(total)
    found = collapsed([total], nodes, most=200)
    names = [unit.name for unit in found.units if isinstance(unit, Box)]
    assert len(names) == len(set(names)) == boxes
    inside = [v for v in nodes if isinstance(found.unit(v), Box)]
    sums = [v for v in nodes if not v.is_leaf and v.origin is None]
    assert len(inside) == len(nodes) - len(flat(batch)) - len(sums) == sum(v.origin is not None for v in nodes)


@pytest.mark.parametrize("batch", [[[1.0, 2.0]], [1.0, 2.0], []])
def test_one_example_in_training_is_refused_and_changes_nothing(batch):
    norm = nn.BatchNorm(2)
    with pytest.raises((DomainError, ShapeError), match=r"BatchNorm\(2\)"):
        norm(batch)
    assert (norm.running_mean, norm.running_var, norm.num_batches_tracked) == ([0.0, 0.0], [1.0, 1.0], 0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.BatchNorm(2)([[1.0, 2.0]]),
            DomainError,
            r"BatchNorm\(2\) in training takes a batch of at least 2 examples, got 1: .* model.eval\(\) to predict",
        ),
        (lambda: nn.BatchNorm(1)([]), DomainError, "at least 2 examples, got none"),
        (
            lambda: nn.BatchNorm(2)([[1.0, 2.0], [3.0]]),
            ShapeError,
            r"BatchNorm\(2\) takes 2 inputs in example 1, got 1",
        ),
        (lambda: nn.BatchNorm(2)([[1.0, 2.0], 3.0]), ShapeError, "takes 2 inputs in example 1, got 1"),
        (lambda: nn.BatchNorm(2)([[1.0, 2.0, 3.0]] * 4), ShapeError, "takes 2 inputs in example 0, got 3"),
        (lambda: nn.BatchNorm(2).eval()([1.0, 2.0, 3.0]), ShapeError, "takes 2 inputs, got 3"),
        (
            lambda: nn.BatchNorm(2)([[3.0, 4.0], [1.0, "2"]]),
            NotAScalarError,
            "input 1 in example 1 it got the string '2'",
        ),
        (lambda: nn.BatchNorm(2).eval()([1.0, "2"]), NotAScalarError, "for input 1 in example 0 it got the string '2'"),
        (lambda: nn.BatchNorm(2)([[[1.0], [2.0]]] * 2), NotAScalarError, "for input 0 in example 0 it got list"),
        (lambda: nn.BatchNorm(2)([[1.0, 2.0], {1.0, 2.0}]), NotAScalarError, "2 numbers in example 1, got a set"),
        (lambda: nn.BatchNorm(0), DomainError, r"BatchNorm\(num_features\) takes an int of at least 1, got 0"),
        (
            lambda: nn.BatchNorm(2, eps=-1),
            DomainError,
            r"BatchNorm\(eps\) takes a number .* at least 0, got -1",
        ),
        (lambda: nn.BatchNorm(2, momentum=2), DomainError, r"BatchNorm\(momentum\) takes a number from 0 to 1 or None"),
        (lambda: nn.LayerNorm(2)([1.0, 2.0, 3.0]), ShapeError, r"LayerNorm\(2\) takes 2 inputs, got 3"),
        (lambda: nn.LayerNorm(2)([[1.0, 2.0], [3.0]]), ShapeError, r"LayerNorm\(2\) takes 2 inputs, got 1"),
        (lambda: nn.LayerNorm(2)([1.0, None]), NotAScalarError, r"LayerNorm\(2\) takes numbers .* for input 1 it got"),
        (
            lambda: nn.LayerNorm(2, eps=math.nan),
            DomainError,
            r"LayerNorm\(eps\) takes a number .* at least 0, got nan",
        ),
        (lambda: nn.RMSNorm(2.0), DomainError, r"RMSNorm\(normalized_shape\) takes an int of at least 1, got 2.0"),
        (lambda: nn.RMSNorm(2)([1.0]), ShapeError, r"RMSNorm\(2\) takes 2 inputs, got 1"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    "transform",
    [
        lambda f, x: ac.jvp(f, x, [1.0] * 6),
        lambda f, x: ac.grad(f)(x),
        lambda f, x: ac.taylor(lambda t: f([t * number for number in x]), 1.0, 2),
    ],
    ids=["jvp", "grad", "taylor"],
)
def test_a_transform_moves_the_averages_as_a_plain_call_does(transform):
    batch = table(3, 2)
    norm, plain, still = nn.BatchNorm(2), nn.BatchNorm(2), nn.BatchNorm(2).eval()
    plain(batch)
    transform(lambda xs: ac.sum(flat(norm(rows_of(xs, 2)))), flat(batch))
    assert norm.running_mean == pytest.approx(plain.running_mean, rel=1e-15)
    assert norm.running_var == pytest.approx(plain.running_var, rel=1e-15)
    assert all(type(x) is float for x in [*norm.running_mean, *norm.running_var])
    assert norm.num_batches_tracked == 1
    transform(lambda xs: ac.sum(flat(still(rows_of(xs, 2)))), flat(batch))
    assert (still.running_mean, still.num_batches_tracked) == ([0.0, 0.0], 0)
