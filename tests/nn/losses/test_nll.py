"""The negative log-likelihood, and that it is the cross-entropy behind a log-softmax."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, ShapeError

LOGS = [[-0.5, -1.25, -2.0], [-3.0, -0.125, -2.5]]


def test_nll_loss():
    rows = [[Value(x) for x in row] for row in LOGS]
    loss = nn.nll_loss(rows, [2, 0])
    assert loss.data == (2.0 + 3.0) / 2
    loss.backward()
    assert [[v.grad for v in row] for row in rows] == [[0.0, 0.0, -0.5], [-0.5, 0.0, 0.0]]
    assert nn.NLLLoss()(LOGS, [2, 0]) == 2.5


@given(st.lists(st.floats(-30.0, 30.0), min_size=2, max_size=4), st.data())
def test_behind_a_log_softmax_it_is_the_cross_entropy(logits, data):
    target = data.draw(st.integers(0, len(logits) - 1))
    values, others = [Value(x) for x in logits], [Value(x) for x in logits]
    likelihood, entropy = nn.nll_loss(nn.LogSoftmax()(values), target), nn.cross_entropy(others, target)
    assert likelihood.data == pytest.approx(entropy.data, rel=1e-12, abs=1e-13)
    likelihood.backward()
    entropy.backward()
    assert [v.grad for v in values] == pytest.approx([v.grad for v in others], rel=1e-12, abs=1e-13)


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        ("nll", [0, 1, 2]),
    ],
)
def test_fit_takes_them_by_name(loss, targets):
    model = nn.Sequential(nn.Linear(1, 3, seed=0), nn.LogSoftmax())
    X = [-2.0, 0.0, 2.0]
    history = nn.fit(model, X, targets, loss=loss, lr=0.3, epochs=60, seed=0, progress=False)
    assert history.loss[-1] < 0.2 * history.loss[0]
    assert nn.accuracy(model, X, [0, 1, 2]) == 1.0
    assert history.accuracy[-1:] == ([1.0] if loss == "nll" else [])  # of a distribution there is no right class


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.nll_loss(LOGS, [0, 3]), DomainError, "class numbers from 0 to 2, .* got 3"),
        (lambda: nn.nll_loss([-1.0], 0), DomainError, "at least 2 log-probabilities .* binary_cross"),
        (lambda: nn.nll_loss(LOGS, [0]), ShapeError, "a list of 2 as prediction and a list of 1"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
