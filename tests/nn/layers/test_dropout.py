"""Dropout leaves out the share that it says, keeps the mean, and does nothing in evaluation."""

from __future__ import annotations

import copy
import pickle
import random

import numpy as np
import pytest
from scipy import stats

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_the_share_and_the_scale(p):
    n = 4000
    outputs = nn.Dropout(p, seed=1)([1.0] * n)
    assert set(outputs) == {0.0, 1.0 / (1.0 - p)}
    assert stats.binomtest(outputs.count(0.0), n, p).pvalue > 0.01


def test_the_gradient_is_the_factor():
    xs = [Value(x) for x in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)]
    outputs = nn.Dropout(0.5, seed=0)(xs)
    factors = [y.data / x.data for x, y in zip(xs, outputs, strict=True)]
    assert set(factors) == {0.0, 2.0}
    sum(outputs).backward()
    assert [x.grad for x in xs] == factors


def test_evaluation_and_p_of_0_and_1():
    xs = [1.0, 2.0]
    assert nn.Dropout(0.9, seed=0).eval()(xs) is xs
    assert nn.Dropout(0.0)(xs) is xs
    assert nn.Dropout(1.0)(xs) == [0.0, 0.0]


def test_choices_depend_on_the_seed_and_on_the_call():
    def three(dropout):
        return [dropout([1.0] * 40) for _ in range(3)]

    first = three(nn.Dropout(0.5, seed=1))
    assert first == three(nn.Dropout(0.5, seed=1)) == three(nn.Dropout(0.5, seed=random.Random(1)))
    assert first != three(nn.Dropout(0.5, seed=2))
    assert first[0] != first[1] != first[2]
    random.seed(4)
    by_module = three(nn.Dropout(0.5))
    random.seed(4)
    assert three(nn.Dropout(0.5)) == by_module


def test_a_run_that_is_taken_up_again_goes_on_as_it_would_have():
    dropout = nn.Dropout(0.5, seed=1)
    dropout([1.0] * 40)
    copies = [copy.deepcopy(dropout), pickle.loads(pickle.dumps(dropout)), nn.Dropout(0.5, seed=1)]
    assert nn.Dropout.buffers == ("draws",)
    copies[-1].draws = dropout.draws
    then = dropout([1.0] * 40)
    assert [again([1.0] * 40) for again in copies] == [then] * 3


def test_shapes():
    dropout = nn.Dropout(0.5, seed=0)
    assert dropout(2.0) in (0.0, 4.0)
    assert set(dropout((1, 2))) <= {0.0, 2.0, 4.0}
    assert np.shape(dropout(np.ones((3, 4)))) == (3, 4)
    batch = dropout([[1.0] * 40, [1.0] * 40])
    assert batch[0] != batch[1]  # each example has its own choices


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.Dropout(1.5), DomainError, r"Dropout\(p\) takes a probability from 0 to 1, got 1.5"),
        (lambda: nn.Dropout(float("nan")), DomainError, "from 0 to 1, got nan"),
        (lambda: nn.Dropout("half"), NotAScalarError, r"Dropout\(p\) takes one real number"),
        (lambda: nn.Dropout(seed=0.5), DomainError, "seed takes an int"),
        (
            lambda: nn.Dropout()([1.0, "2"]),
            NotAScalarError,
            r"Dropout\(p=0.5\) takes numbers .* input 1",
        ),
        (lambda: nn.Dropout()({1.0}), NotAScalarError, "Dropout takes a number, a Value or a list, got a set"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
