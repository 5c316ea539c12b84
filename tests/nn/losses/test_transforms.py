"""Every loss by every transform: by its predictions, and by its targets where it has a slope there.

All transforms are held to each other, and gradients, products and Hessians to JAX, whose formula of the loss is written
out here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

import autograd_core as ac
import nn
from autograd_core import Value
from autograd_core.errors import DomainError, PathError
from autograd_core.program.record import record, replay
from nn.losses.loss import LOSSES
from tests.support.formulas import flat, numbers
from tests.support.recordings import assert_recorded_once_serves_elsewhere
from tests.support.transforms import assert_transforms_agree, close

NO_OPTIONS: dict[str, Any] = {}


class Case(NamedTuple):
    """A loss, where it is looked at, and its formula in JAX, from flat predictions and targets."""

    function: Any
    prediction: list[Any]
    target: list[Any]
    formula: Callable[[Any, Any, Any], Any]
    options: dict[str, Any] = NO_OPTIONS
    by_target: bool = True


REAL = [[0.3, -1.2, 2.5], [0.7, 0.1, -0.4]]
OTHERS = [[0.5, 1.0, -1.5], [0.6, -2.0, 0.3]]
SHARES = [[0.2, 0.7, 0.4], [0.9, 0.25, 0.5]]
LOGS = [[-1.5, -0.25, -2.0], [-0.7, -1.1, -0.3]]
LABELS = [[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]]


def _bce(jnp, z, y, weight=1.0):
    p = 1.0 / (1.0 + jnp.exp(-z))
    return jnp.mean(-weight * y * jnp.log(p) - (1.0 - y) * jnp.log(1.0 - p))


def _log_softmax(jnp, z):
    rows = z.reshape(2, 3)
    return rows - jnp.log(jnp.sum(jnp.exp(rows), axis=1, keepdims=True))


def _smoothed(jnp, z, _):
    logs = _log_softmax(jnp, z)
    return -jnp.mean(0.9 * jnp.array([logs[0, 2], logs[1, 0]]) + 0.1 * jnp.mean(logs, axis=1))


def _huber(jnp, p, y, delta):
    e = jnp.abs(p - y)
    return jnp.mean(jnp.where(e <= delta, 0.5 * (p - y) ** 2, delta * (e - 0.5 * delta)))


CASES = {
    "mse_loss": Case(nn.mse_loss, REAL, OTHERS, lambda jnp, p, y: jnp.mean((p - y) ** 2)),
    "mse_loss, sum": Case(nn.mse_loss, REAL, OTHERS, lambda jnp, p, y: jnp.sum((p - y) ** 2), {"reduction": "sum"}),
    "half_squared_error_loss": Case(
        nn.half_squared_error_loss, REAL, OTHERS, lambda jnp, p, y: 0.25 * jnp.sum((p - y) ** 2)
    ),
    "huber_loss": Case(nn.huber_loss, REAL, OTHERS, lambda jnp, p, y: _huber(jnp, p, y, 1.0)),
    "huber_loss, delta": Case(nn.huber_loss, REAL, OTHERS, lambda jnp, p, y: _huber(jnp, p, y, 1.75), {"delta": 1.75}),
    "binary_cross_entropy": Case(
        nn.binary_cross_entropy,
        [[0.3, 0.9, 0.5], [0.2, 0.6, 0.75]],
        SHARES,
        lambda jnp, p, y: jnp.mean(-y * jnp.log(p) - (1.0 - y) * jnp.log(1.0 - p)),
    ),
    "binary_cross_entropy_with_logits": Case(nn.binary_cross_entropy_with_logits, REAL, SHARES, _bce),
    "binary_cross_entropy_with_logits, pos_weight": Case(
        nn.binary_cross_entropy_with_logits,
        REAL,
        SHARES,
        lambda jnp, z, y: _bce(jnp, z, y, 2.5),
        {"pos_weight": 2.5},
    ),
    "cross_entropy": Case(
        nn.cross_entropy,
        REAL,
        [2, 0],
        lambda jnp, z, _: -0.5 * (_log_softmax(jnp, z)[0, 2] + _log_softmax(jnp, z)[1, 0]),
        by_target=False,
    ),
    "cross_entropy, label_smoothing": Case(
        nn.cross_entropy, REAL, [2, 0], _smoothed, {"label_smoothing": 0.1}, by_target=False
    ),
    "nll_loss": Case(nn.nll_loss, LOGS, [2, 0], lambda jnp, p, _: -0.5 * (p[2] + p[3]), by_target=False),
    "kl_div": Case(nn.kl_div, LOGS, SHARES, lambda jnp, p, y: jnp.mean(y * (jnp.log(y) - p))),
    "kl_div, batchmean": Case(
        nn.kl_div, LOGS, SHARES, lambda jnp, p, y: jnp.sum(y * (jnp.log(y) - p)) / 2.0, {"reduction": "batchmean"}
    ),
    "kl_div, log_target": Case(
        nn.kl_div, LOGS, LOGS[::-1], lambda jnp, p, y: jnp.mean(jnp.exp(y) * (y - p)), {"log_target": True}
    ),
    "hinge_loss": Case(nn.hinge_loss, REAL, LABELS, lambda jnp, s, y: jnp.mean(jnp.maximum(0.0, 1.0 - y * s))),
}
SIDES = [
    (name, side)
    for name, case in CASES.items()
    for side in ("prediction", "target")
    if side == "prediction" or case.by_target
]


def function_and_point(name: str, side: str) -> tuple[Callable[[Any], Any], list[float]]:
    """The loss as a function of a flat list of its predictions, or of its targets, and where it is looked at."""
    case = CASES[name]
    if side == "prediction":
        return lambda xs: case.function([xs[:3], xs[3:]], case.target, **case.options), flat(case.prediction)
    return lambda xs: case.function(case.prediction, [xs[:3], xs[3:]], **case.options), flat(case.target)


def test_every_loss_is_here():
    assert {case.function.__name__ for case in CASES.values()} == set(LOSSES)


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_the_transforms_agree(name, side):
    f, x = function_and_point(name, side)
    assert_transforms_agree(f, x)


@pytest.mark.parametrize(("name", "side"), [case for case in SIDES if case != ("hinge_loss", "target")])
def test_recorded_once(name, side):
    assert_recorded_once_serves_elsewhere(*function_and_point(name, side))


def test_the_hinge_loss_recorded_by_labels_serves_at_other_labels():
    f, labels = function_and_point("hinge_loss", "target")
    others = [-y for y in labels]
    assert close(replay(record(f, labels), others), f(others))
    assert close(replay(record(ac.grad(f), labels), others), ac.grad(f)(others))


def test_a_target_that_a_loss_refuses_is_another_path():
    program = record(lambda y: nn.kl_div(-0.5, y), 0.5)
    with pytest.raises(PathError):
        replay(program, 1.5)


@pytest.mark.parametrize("call", [nn.binary_cross_entropy, nn.binary_cross_entropy_with_logits, nn.kl_div])
def test_a_recording_says_what_is_wrong_with_a_target(call):
    with pytest.raises(DomainError, match=r"got 1\.5"):
        record(lambda y: call(0.5, y), 1.5)


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_the_rules_are_checked(name, side):
    f, x = function_and_point(name, side)
    ac.check_gradients(f, x)


@pytest.mark.parametrize("name", CASES)
def test_modules_go_through_transforms_as_their_functions_do(name):
    case, (f, x) = CASES[name], function_and_point(name, "prediction")
    kind = next(kind for kind in vars(nn).values() if getattr(kind, "function", None) is case.function)
    module = kind(**case.options)
    g = lambda xs: module([xs[:3], xs[3:]], case.target)  # noqa: E731
    v = numbers(len(x), seed=2)
    assert ac.grad(g)(x) == ac.grad(f)(x)
    assert ac.jvp(g, x, v) == ac.jvp(f, x, v)
    assert ac.hvp(g, x, v) == ac.hvp(f, x, v)


def test_by_predictions_and_targets_at_once():
    for name, case in CASES.items():
        if not case.by_target:
            continue
        both = lambda p, y: case.function([p[:3], p[3:]], [y[:3], y[3:]], **case.options)  # noqa: B023, E731
        p, y = flat(case.prediction), flat(case.target)
        by_p, by_y = ac.grad(both, argnums=(0, 1))(p, y)
        for side, found in (("prediction", by_p), ("target", by_y)):
            f, x = function_and_point(name, side)
            assert close(found, ac.grad(f)(x)), name


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_jax_agrees(name, side):
    jax = pytest.importorskip("jax")
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)
    case = CASES[name]
    p, y = jnp.array(flat(case.prediction)), jnp.array(flat(case.target), dtype=float)
    place = 0 if side == "prediction" else 1
    theirs = lambda p, y: case.formula(jnp, p, y)  # noqa: E731
    f, x = function_and_point(name, side)
    assert f(x) == pytest.approx(float(theirs(p, y)), rel=1e-12)
    assert close(ac.grad(f)(x), jax.grad(theirs, place)(p, y).tolist())
    assert close(ac.hessian(f)(x), jax.hessian(theirs, place)(p, y).tolist(), 1e-11)


def test_the_second_derivative_of_a_huber_loss_that_is_0():
    """JAX and PyTorch give 1 too; by abs and minimum it would be 0."""
    f = lambda xs: nn.huber_loss(xs, [1.0, 2.0], reduction="sum")  # noqa: E731
    assert ac.hessian(f)([1.0, 2.5]) == [[1.0, 0.0], [0.0, 1.0]]


def test_a_target_that_is_0_or_1_still_has_a_slope():
    for target in (0.0, 1.0):
        slope = ac.grad(lambda y: nn.binary_cross_entropy_with_logits(0.5, y))(target)
        assert slope == pytest.approx(-0.5, rel=1e-15)
        assert ac.jvp(lambda y: nn.binary_cross_entropy(0.25, y), target, 1.0)[1] == pytest.approx(math.log(3.0))


def test_a_label_of_the_hinge_loss_has_a_slope():
    assert ac.grad(lambda y: nn.hinge_loss(0.25, y))(1.0) == -0.25
    assert ac.jvp(lambda y: nn.hinge_loss([0.25, 3.0], [y, 1.0]), -1.0, 1.0)[1] == -0.125
    assert nn.hinge_loss(Value(0.5), Value(0.0)).data == 1.0


@pytest.mark.parametrize("loss", [nn.cross_entropy, nn.nll_loss])
def test_a_class_number_is_no_value(loss):
    with pytest.raises(ac.AutogradError, match=r"class numbers from 0 to 1, .* got Value"):
        loss([-1.0, -2.0], Value(1.0))
