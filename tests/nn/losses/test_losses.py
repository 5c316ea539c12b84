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
    loss = nn.mse_loss(prediction, y)
    loss.backward()
    assert close(loss.data, (p - y) ** 2)
    assert close(prediction.grad, 2 * (p - y))


def test_mse_is_the_mean_over_all_outputs():
    p = np.arange(6.0).reshape(3, 2)
    y = np.ones((3, 2))
    values = [[Value(x) for x in row] for row in p]
    loss = nn.mse_loss(values, y)
    loss.backward()
    assert loss.data == pytest.approx(np.mean((p - y) ** 2), rel=1e-15)
    assert [v.grad for row in values for v in row] == pytest.approx((2 * (p - y) / 6).ravel().tolist(), rel=1e-15)
    assert nn.mse_loss(p, y) == loss.data


def test_half_squared_error_is_a_sum_over_outputs_and_a_mean_over_examples():
    values = [Value(0.75), Value(0.25)]
    loss = nn.half_squared_error_loss(values, [0.5, 1.0])
    loss.backward()
    assert loss.data == 0.5 * (0.0625 + 0.5625)
    assert [v.grad for v in values] == [0.25, -0.75]  # p - y
    assert nn.half_squared_error_loss([[1.0, 2.0], [3.0, 4.0]], [[0.0, 0.0], [0.0, 0.0]]) == (2.5 + 12.5) / 2
    single = Value(3.0)
    nn.half_squared_error_loss(single, 1).backward()
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


@pytest.mark.parametrize("y", [0.0, 1.0, 0.25])
def test_pos_weight(y):
    z = Value(-1.5)
    loss = nn.BCEWithLogitsLoss(pos_weight=2.5)(z, y)
    loss.backward()

    def exact(x):
        return -(1 - y) * mp.log(1 - 1 / (1 + mp.exp(-x))) - 2.5 * y * mp.log(1 / (1 + mp.exp(-x)))

    assert loss.data == pytest.approx(float(exact(mp.mpf(-1.5))), rel=1e-14)
    assert z.grad == pytest.approx(float(mp.diff(exact, -1.5)), rel=1e-14)


@given(st.floats(-1e6, 1e6), st.floats(-10.0, 10.0), st.floats(0.01, 100.0))
def test_huber(p, y, delta):
    prediction, target = Value(p), Value(y)
    loss = nn.huber_loss(prediction, target, delta=delta)
    loss.backward()
    error = p - y  # the rounded difference: cancellation in it is none of the loss's
    d, r = mp.mpf(delta), mp.mpf(error)
    assert close(loss.data, exactly(lambda: r * r / 2 if abs(r) <= d else d * (abs(r) - d / 2)))
    assert prediction.grad == -target.grad
    assert close(prediction.grad, error if abs(error) <= delta else math.copysign(delta, error))


def test_huber_is_as_published():
    """Both parts meet at delta in value and slope; a large delta leaves the parabola, a small one the modulus."""
    assert nn.huber_loss([3.0, -3.0], [1.0, -1.0], delta=2.0) == 2.0
    assert nn.huber_loss(1e200, 0.0) == 1e200 - 0.5
    assert nn.huber_loss(5.0, 2.0, delta=100.0) == nn.half_squared_error_loss(5.0, 2.0)
    assert nn.huber_loss(5.0, 2.0, delta=1e-9) / 1e-9 == pytest.approx(3.0)


@pytest.mark.parametrize(("z", "y", "loss"), [(1000.0, 1, 0.0), (1000.0, 0, 1000.0), (-1000.0, 1, 1000.0)])
def test_huge_logits(z, y, loss):
    logit = Value(z)
    result = nn.binary_cross_entropy_with_logits(logit, y)
    result.backward()
    assert result.data == loss
    assert logit.grad == (0.0 if loss == 0.0 else 1.0 - 2.0 * y)


@given(LOGITS, st.sampled_from([-1, 1]))
def test_hinge(s, y):
    score = Value(s)
    loss = nn.hinge_loss(score, y)
    loss.backward()
    assert loss.data == max(0.0, 1.0 - y * s)
    assert score.grad == (-y if 1.0 - y * s > 0 else 0.0)


def test_a_target_may_be_a_value():
    p, y = Value(0.5), Value(0.25)
    nn.binary_cross_entropy_with_logits(p, y).backward()
    assert y.grad == pytest.approx(-0.5, rel=1e-15)  # softplus(-z) - softplus(z) = -z
    nn.mse_loss(p, y)


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
        (
            lambda: nn.hinge_loss(1.0, None),
            NotAScalarError,
            r"hinge_loss\(\) takes numbers and Values as targets, got None",
        ),
        (
            lambda: nn.binary_cross_entropy(1.5, 1),
            DomainError,
            "probabilities from 0 to 1, got 1.5: end the model with",
        ),
        (lambda: nn.binary_cross_entropy(0.5, 2), DomainError, "targets from 0 to 1, got 2.0"),
        (lambda: nn.binary_cross_entropy_with_logits(Value(0.5), -1.0), DomainError, r"\(y \+ 1\) / 2"),
        (lambda: nn.binary_cross_entropy_with_logits(0.5, math.nan), DomainError, "targets from 0 to 1, got nan"),
        (lambda: nn.BCEWithLogitsLoss(pos_weight=-1), DomainError, r"\(pos_weight\) takes a number .* got -1"),
        (lambda: nn.CrossEntropyLoss(label_smoothing=1.5), DomainError, r"label_smoothing\) takes .* 0 to 1, got 1.5"),
        (
            lambda: nn.huber_loss(0.5, 0, delta=0.0),
            DomainError,
            r"huber_loss\(delta\) takes a positive number, got 0.0",
        ),
        (lambda: nn.HuberLoss(delta=math.nan), DomainError, r"huber_loss\(delta\) takes a positive number, got nan"),
        (lambda: nn.huber_loss([0.5], 0), ShapeError, r"huber_loss\(\) takes a target for each prediction"),
        (lambda: nn.hinge_loss(0.5, 0), DomainError, r"labels 1 and -1, got 0.0: .* 2 \* y - 1"),
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
