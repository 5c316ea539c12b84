"""Embedding: rows of a table by index."""

from __future__ import annotations

import statistics

import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError


def test_an_index_gives_its_row():
    table = nn.Embedding(4, 3, seed=0)
    for x in (2, 2.0, np.int64(2), True + True):
        assert [id(v) for v in table(x)] == [id(v) for v in table.weight[2]]
    assert table(2) is not table.weight[2]  # or an append would change the table
    assert len(table.parameters()) == 12


@pytest.mark.parametrize("x", [[3, 0, 3], (3.0, 0.0, 3.0), np.array([3, 0, 3])])
def test_a_sequence_gives_rows(x):
    table = nn.Embedding(4, 2, seed=0)
    assert [[v.data for v in row] for row in table(x)] == [[v.data for v in table.weight[i]] for i in (3, 0, 3)]
    batch = table([list(x), [1]])
    assert [len(rows) for rows in batch] == [3, 1]
    assert table([]) == []


def test_rows_that_are_looked_up_get_the_gradient_of_each_use():
    table = nn.Embedding(3, 2, seed=0)
    a, b, again = table([2, 0, 2])
    (3.0 * a[0] + b[1] * 2.0 + again[0] * again[1]).backward()
    grads = [[v.grad for v in row] for row in table.weight]
    assert grads == [[0.0, 2.0], [0.0, 0.0], [3.0 + table.weight[2][1].data, table.weight[2][0].data]]


@pytest.mark.parametrize(("given", "kept"), [(0, 0), (-1, 2)])
def test_padding_is_zero_and_is_not_trained(given, kept):
    table = nn.Embedding(3, 2, padding_idx=given, seed=0)
    assert table.padding_idx == kept
    assert table(kept) == [0.0, 0.0]
    assert repr(table) == f"Embedding(3 -> 2, padding_idx={kept}; 6 parameters)"
    others = [v.data for i, row in enumerate(table.weight) if i != kept for v in row]
    assert all(others)
    y = sum(v * v for row in table([0, 1, 2]) for v in row)
    y.backward()
    assert [v.has_grad for v in table.weight[kept]] == [False, False]


def test_weights_start_normal():
    weights = [v.data for v in nn.Embedding(100, 30, seed=1).parameters()]
    assert statistics.fmean(weights) == pytest.approx(0.0, abs=0.08)
    assert statistics.pstdev(weights) == pytest.approx(1.0, rel=0.04)
    assert [v.data for v in nn.Embedding(2, 2, init="zeros").parameters()] == [0.0] * 4


def test_a_network_learns_from_indices():
    model = nn.Sequential(
        nn.Embedding(4, 2, seed=0), lambda rows: [v for row in rows for v in row], nn.Linear(4, 1, seed=1)
    )
    X = [[i, j] for i in range(4) for j in range(4)]
    y = [float(i > j) for i, j in X]
    history = nn.fit(model, X, y, loss="bce_with_logits", lr=0.1, epochs=30, seed=0, progress=False)
    assert history.loss[-1] < 0.1
    assert nn.accuracy(model, X, y, threshold=0.0) == 1.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.Embedding(3, 2)(3), DomainError, r"Embedding\(3 -> 2\) takes indices from 0 to 2, .* got 3"),
        (
            lambda: nn.Embedding(3, 2)([0, -1]),
            DomainError,
            "from 0 to 2, since it has 3 rows; got -1: number the things",
        ),
        (lambda: nn.Embedding(3, 2)(1.5), DomainError, "got 1.5"),
        (lambda: nn.Embedding(3, 2)(float("nan")), DomainError, "got nan"),
        (lambda: nn.Embedding(3, 2)("a"), NotAScalarError, "takes whole numbers, got the string 'a'"),
        (lambda: nn.Embedding(3, 2)(None), NotAScalarError, "takes whole numbers, got None"),
        (lambda: nn.Embedding(3, 2)({1: 2}), NotAScalarError, r"takes whole numbers, got dict \{1: 2\}"),
        (lambda: nn.Embedding(3, 2)(Value(1.0)), NotAScalarError, r"the Value .* has no gradient, pass int\(v.data\)"),
        (lambda: nn.Embedding(0, 2), DomainError, r"Embedding\(num_embeddings\) takes an int of at least 1, got 0"),
        (lambda: nn.Embedding(2, 0), DomainError, r"Embedding\(embedding_dim\) takes an int of at least 1, got 0"),
        (lambda: nn.Embedding(2, 1, padding_idx=2), DomainError, "takes an index of 2 rows, got 2"),
        (lambda: nn.Embedding(2, 1, padding_idx=0.0), DomainError, "takes an int or None, got 0.0"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
