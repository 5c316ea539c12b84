"""Losses and their gradients against their formulas at 60 digits, also where naive forms overflow or cancel."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError

LOGITS = st.floats(-1000.0, 1000.0)


def exactly(formula):
    """The value of a formula in mpmath at 60 digits more than exp(-2000) needs, as a float."""
    with mp.workdps(1000):
        return float(formula())


def close(found: float, exact: float) -> bool:
    return found == pytest.approx(exact, rel=4e-15, abs=1e-320)


@given(LOGITS, LOGITS)
def test_mse(p, y):
    prediction = Value(p)
    loss = nn.mse(prediction, y)
    loss.backward()
    assert close(loss.data, (p - y) ** 2)
    assert close(prediction.grad, 2 * (p - y))


def test_mse_is_the_mean_over_all_outputs():
    p = np.arange(6.0).reshape(3, 2)
    y = np.ones((3, 2))
    values = [[Value(x) for x in row] for row in p]
    loss = nn.mse(values, y)
    loss.backward()
    assert loss.data == pytest.approx(np.mean((p - y) ** 2), rel=1e-15)
    assert [v.grad for row in values for v in row] == pytest.approx((2 * (p - y) / 6).ravel().tolist(), rel=1e-15)
    assert nn.mse(p, y) == loss.data


def test_half_squared_error_is_a_sum_over_outputs_and_a_mean_over_examples():
    values = [Value(0.75), Value(0.25)]
    loss = nn.half_squared_error(values, [0.5, 1.0])
    loss.backward()
    assert loss.data == 0.5 * (0.0625 + 0.5625)
    assert [v.grad for v in values] == [0.25, -0.75]  # p - y
    assert nn.half_squared_error([[1.0, 2.0], [3.0, 4.0]], [[0.0, 0.0], [0.0, 0.0]]) == (2.5 + 12.5) / 2
    single = Value(3.0)
    nn.half_squared_error(single, 1).backward()
    assert single.grad == 2.0


@given(st.floats(1e-300, 1.0, exclude_max=True), st.sampled_from([0.0, 1.0, 0.25, 0.9]))
def test_binary_cross_entropy(p, y):
    prediction = Value(p)
    loss = nn.binary_cross_entropy(prediction, y)
    loss.backward()
    q, t = mp.mpf(p), mp.mpf(y)
    assert close(loss.data, exactly(lambda: -t * mp.log(q) - (1 - t) * mp.log(1 - q)))
    size = exactly(lambda: t / q + (1 - t) / (1 - q))
    assert abs(prediction.grad - exactly(lambda: -t / q + (1 - t) / (1 - q))) <= 1e-15 * size


def test_a_probability_of_0_or_1_is_taken_as_it_is():
    assert nn.binary_cross_entropy(1.0, 1) == 0.0
    assert nn.binary_cross_entropy(0.0, 0) == 0.0
    assert nn.binary_cross_entropy(0.0, 1) == math.inf
    certain = Value(1.0)
    nn.binary_cross_entropy(certain, 1).backward()
    assert certain.grad == -1.0


@given(LOGITS, st.sampled_from([0.0, 1.0, 0.25, 0.9]))
def test_binary_cross_entropy_with_logits(z, y):
    logit = Value(z)
    loss = nn.binary_cross_entropy_with_logits(logit, y)
    loss.backward()
    x, t = mp.mpf(z), mp.mpf(y)
    with mp.workdps(1000):
        p = 1 / (1 + mp.exp(-x))
    assert close(loss.data, exactly(lambda: (1 - t) * mp.log(1 + mp.exp(x)) + t * mp.log(1 + mp.exp(-x))))
    if y in (0.0, 1.0):
        assert close(logit.grad, exactly(lambda: p - t))  # for soft targets p - y itself may cancel
    else:
        assert abs(logit.grad - exactly(lambda: p - t)) <= 2e-16


@pytest.mark.parametrize(("z", "y", "loss"), [(1000.0, 1, 0.0), (1000.0, 0, 1000.0), (-1000.0, 1, 1000.0)])
def test_huge_logits(z, y, loss):
    logit = Value(z)
    result = nn.binary_cross_entropy_with_logits(logit, y)
    result.backward()
    assert result.data == loss
    assert logit.grad == (0.0 if loss == 0.0 else 1.0 - 2.0 * y)


@given(st.lists(LOGITS, min_size=2, max_size=5), st.data())
def test_cross_entropy(logits, data):
    target = data.draw(st.integers(0, len(logits) - 1))
    values = [Value(z) for z in logits]
    loss = nn.cross_entropy(values, target)
    loss.backward()
    with mp.workdps(1000):
        xs = [mp.mpf(z) for z in logits]
        powers = [mp.exp(x - xs[target]) for x in xs]
        total = mp.fsum(powers)
        rest = mp.fsum(p for j, p in enumerate(powers) if j != target)
        exact, slopes = mp.log(total), [p / total for p in powers]
        slopes[target] = -rest / total
    # rounding x_j - x_target moves the exponent by up to 1/2 ulp of 2000, and the loss relatively as much
    spread = 2.3e-13 * (max(logits) - min(logits)) / 2000 + 4e-15
    assert loss.data == pytest.approx(float(exact), rel=spread, abs=1e-320)
    for v, slope in zip(values, slopes, strict=True):
        assert v.grad == pytest.approx(float(slope), rel=2 * spread, abs=1e-320)


def test_cross_entropy_does_not_cancel():
    assert nn.cross_entropy([0.0, -600.0], 0) == pytest.approx(math.exp(-600.0), rel=1e-13)
    values = [Value(700.0), Value(0.0)]
    nn.cross_entropy(values, 0).backward()
    assert values[0].grad == pytest.approx(-math.exp(-700.0), rel=1e-13)


def test_cross_entropy_over_a_batch():
    logits, targets = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), np.array([2, 0])
    both = [nn.cross_entropy(row, t) for row, t in zip(logits.tolist(), targets.tolist(), strict=True)]
    assert nn.cross_entropy(logits, targets) == sum(both) / 2
    assert both[1] == pytest.approx(math.log(3), rel=1e-15)
    assert nn.cross_entropy([0.0, 0.0], 1.0) == math.log(2)


@given(LOGITS, st.sampled_from([-1, 1]))
def test_hinge(s, y):
    score = Value(s)
    loss = nn.hinge(score, y)
    loss.backward()
    assert loss.data == max(0.0, 1.0 - y * s)
    assert score.grad == (-y if 1.0 - y * s > 0 else 0.0)


def test_a_target_may_be_a_value():
    p, y = Value(0.5), Value(0.25)
    nn.binary_cross_entropy_with_logits(p, y).backward()
    assert y.grad == pytest.approx(-0.5, rel=1e-15)  # softplus(-z) - softplus(z) = -z
    nn.mse(p, y)


@pytest.mark.parametrize(
    ("module", "function"),
    [
        (nn.MSELoss(), nn.mse),
        (nn.HalfSquaredErrorLoss(), nn.half_squared_error),
        (nn.BCELoss(), nn.binary_cross_entropy),
        (nn.BCEWithLogitsLoss(), nn.binary_cross_entropy_with_logits),
    ],
)
def test_modules_are_the_functions(module, function):
    assert module([0.25, 0.5], [0, 1]) == function([0.25, 0.5], [0, 1])
    assert nn.CrossEntropyLoss()([1.0, 2.0], 0) == nn.cross_entropy([1.0, 2.0], 0)
    assert nn.HingeLoss()([1.0, 0.0], [1, -1]) == nn.hinge([1.0, 0.0], [1, -1]) == 0.5


def test_the_graph_is_small():
    """One example with one output costs one or two nodes, since its target is a constant."""
    z = Value(1.0)
    assert nn.binary_cross_entropy_with_logits(z, 0).parents[0] is z
    assert nn.hinge(z, 1).parents[0].parents[0] is z
    assert nn.mse(z, 1).parents[0].parents[0] is z


EMPTY_CALLS = [nn.mse, nn.half_squared_error, nn.binary_cross_entropy, nn.cross_entropy, nn.hinge]


@pytest.mark.parametrize("loss", EMPTY_CALLS, ids=lambda f: f.__name__)
def test_an_empty_batch(loss):
    with pytest.raises(DomainError, match=rf"{loss.__name__}\(\) of an empty batch has no value; pass at least one"):
        loss([], [])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.mse([1.0, 2.0], [1.0]), ShapeError, "a list of 2 as prediction and a list of 1 as target"),
        (lambda: nn.mse(Value(1.0), [1.0]), ShapeError, "one number as prediction and a list of 1 as target"),
        (lambda: nn.mse([[1.0], [2.0]], [1.0, 2.0]), ShapeError, "a list of 1 as prediction and one number as target"),
        (lambda: nn.half_squared_error([[1.0], [2.0]], [[1.0]]), ShapeError, "a list of 2 as pred"),
        (lambda: nn.mse("a", 1.0), NotAScalarError, r"mse\(\) takes numbers and Values as predictions, got the string"),
        (lambda: nn.hinge(1.0, None), NotAScalarError, r"hinge\(\) takes numbers and Values as targets, got None"),
        (
            lambda: nn.binary_cross_entropy(1.5, 1),
            DomainError,
            "probabilities from 0 to 1, got 1.5: end the model with",
        ),
        (lambda: nn.binary_cross_entropy(0.5, 2), DomainError, "targets from 0 to 1, got 2.0"),
        (lambda: nn.binary_cross_entropy_with_logits(Value(0.5), -1.0), DomainError, r"\(y \+ 1\) / 2"),
        (lambda: nn.binary_cross_entropy_with_logits(0.5, math.nan), DomainError, "targets from 0 to 1, got nan"),
        (lambda: nn.hinge(0.5, 0), DomainError, r"labels 1 and -1, got 0.0: .* 2 \* y - 1"),
        (lambda: nn.cross_entropy([1.0, 2.0], 2), DomainError, "class numbers from 0 to 1, .* got 2"),
        (lambda: nn.cross_entropy([1.0, 2.0], -1), DomainError, "class numbers from 0 to 1, .* got -1"),
        (lambda: nn.cross_entropy([1.0, 2.0], 0.5), DomainError, "class numbers from 0 to 1, .* got 0.5"),
        (lambda: nn.cross_entropy([1.0, 2.0], math.nan), DomainError, "got nan"),
        (lambda: nn.cross_entropy([1.0, 2.0], "cat"), DomainError, "got 'cat'"),
        (lambda: nn.cross_entropy([1.0], 0), DomainError, "at least 2 logits .* binary_cross_entropy_with_logits"),
        (lambda: nn.cross_entropy(Value(1.0), 0), DomainError, "at least 2 logits"),
        (lambda: nn.cross_entropy([[1.0, 2.0]], [0, 1]), ShapeError, "a list of 1 as prediction and a list of 2"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("logits", [["a", "b"], [1.0, None], [[1.0, 2.0], [1.0, "b"]]])
def test_logits_that_are_no_numbers(logits):
    with pytest.raises(NotAScalarError, match=r"cross_entropy\(\) takes numbers and Values as logits, got"):
        nn.cross_entropy(logits, [0, 0] if isinstance(logits[0], list) else 0)


def test_types_hold_at_run_time():
    v = Value(1.0)
    for loss, target in ((nn.mse, 2.0), (nn.half_squared_error, 2.0), (nn.hinge, 1.0), (nn.binary_cross_entropy, 1.0)):
        assert type(loss(0.5, target)) is float
        assert isinstance(loss(v, target), Value)
        assert isinstance(loss([v, v], [target, target]), Value)
    assert type(nn.cross_entropy([1.0, 2.0], 1)) is float
    assert isinstance(nn.cross_entropy([v, v], 1), Value)
