"""Attention by its formula in NumPy, and its gradient by differences in 40-digit arithmetic."""

from __future__ import annotations

import copy
import random

import mpmath as mp
import numpy as np
import pytest

import nn
from autograd_core import Value
from autograd_core import sum as total
from autograd_core.errors import DomainError, NotAScalarError, ShapeError


def matrix(rows, columns, seed=0):
    source = random.Random(seed)
    return [[source.uniform(-1.5, 1.5) for _ in range(columns)] for _ in range(rows)]


def by_numpy(query, key, value, is_causal):
    """softmax(Q K' / sqrt(d) + mask) V, with a mask of minus infinity."""
    q, k, v = np.array(query), np.array(key), np.array(value)
    scores = q @ k.T / np.sqrt(k.shape[1])
    if is_causal:
        scores = np.where(np.tril(np.ones_like(scores)) > 0, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ v


def data(rows):
    return [[v.data if isinstance(v, Value) else v for v in row] for row in rows]


@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize(("n", "m"), [(4, 4), (1, 1), (3, 5), (5, 3)])
def test_attention_is_its_formula(n, m, is_causal):
    query, key, value = matrix(n, 3, 1), matrix(m, 3, 2), matrix(m, 2, 3)
    found = nn.scaled_dot_product_attention(query, key, value, is_causal)
    assert np.array(found) == pytest.approx(by_numpy(query, key, value, is_causal), rel=1e-12)
    assert np.array(nn.scaled_dot_product_attention(*map(np.array, (query, key, value)), is_causal)).tolist() == found


def test_large_scores_do_not_overflow():
    assert nn.scaled_dot_product_attention([[1e4]], [[1.0], [-1.0]], [[2.0], [3.0]]) == [[2.0]]


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_the_module_is_its_formula_head_by_head(heads):
    width = 4
    attention = nn.CausalSelfAttention(width, heads, init="normal", seed=0)
    for k, part in enumerate((attention.q, attention.k, attention.v, attention.o)):
        for j, b in enumerate(part.bias):
            b.data = 0.1 * j - 0.2 * k
    xs = matrix(5, width)
    state = {name: np.array(part) for name, part in attention.state_dict().items()}
    q, k, v = (np.array(xs) @ state[f"{name}.weight"].T + state[f"{name}.bias"] for name in "qkv")
    shares = [slice(h * width // heads, (h + 1) * width // heads) for h in range(heads)]
    found = np.hstack([by_numpy(q[:, s], k[:, s], v[:, s], True) for s in shares])
    expected = found @ state["o.weight"].T + state["o.bias"]
    assert np.array(data(attention(xs))) == pytest.approx(expected, rel=1e-12)


def test_gradients_by_differences():
    attention = nn.CausalSelfAttention(2, 2, bias=False, init="normal", seed=0)
    xs = [[Value(x) for x in row] for row in matrix(3, 2)]
    total([(1.0 + i) * y * y for i, y in enumerate(y for row in attention(xs) for y in row)]).backward()
    leaves = [*attention.parameters(), *(v for row in xs for v in row)]

    def exact(numbers):
        given = iter(numbers)
        q, k, v, o, x = (mp.matrix([[next(given) for _ in range(2)] for _ in range(n)]) for n in (2, 2, 2, 2, 3))
        queries, keys, values = x * q.T, x * k.T, x * v.T
        found = mp.matrix(3, 2)
        for head in range(2):  # two heads of one number each
            for i in range(3):
                powers = [mp.exp(queries[i, head] * keys[j, head]) for j in range(i + 1)]
                found[i, head] = mp.fsum(p * values[j, head] for j, p in enumerate(powers)) / mp.fsum(powers)
        y = found * o.T
        return mp.fsum((1 + 2 * i + j) * y[i, j] ** 2 for i in range(3) for j in range(2))

    with mp.workdps(40):
        numbers, h = [mp.mpf(v.data) for v in leaves], mp.mpf(10) ** -12
        for i, leaf in enumerate(leaves):
            ahead, back = ([*numbers[:i], numbers[i] + way * h, *numbers[i + 1 :]] for way in (1, -1))
            assert leaf.grad == pytest.approx(float((exact(ahead) - exact(back)) / (2 * h)), rel=1e-10, abs=1e-12)


def test_nothing_looks_ahead():
    attention = nn.CausalSelfAttention(4, 2, seed=0)
    xs = [[Value(x) for x in row] for row in matrix(4, 4)]
    outputs = attention(xs)
    assert outputs[:2] == attention(xs[:2])
    total(outputs[1]).backward()
    assert [any(v.has_grad for v in row) for row in xs] == [True, True, False, False]


def test_batches_widths_and_copies():
    attention = nn.CausalSelfAttention(4, 2, seed=0)
    batch = [matrix(3, 4), matrix(1, 4, seed=2)]
    assert attention(batch) == [attention(xs) for xs in batch]
    assert attention(np.array(batch[0])) == attention(batch[0])
    assert copy.deepcopy(attention)(batch[0]) == attention(batch[0])
    assert len(nn.CausalSelfAttention(1)([[0.5], [1.0]])[1]) == 1
    assert len(nn.CausalSelfAttention(4, bias=False).parameters()) == 64
    first, second = (nn.CausalSelfAttention(4, seed=0).state_dict() for _ in range(2))
    assert first == second
    assert first["q.weight"] != first["k.weight"]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: nn.CausalSelfAttention(4, 3),
            DomainError,
            r"embed_dim=4, num_heads=3\): each head works on an equal share of embed_dim, so it must",
        ),
        (
            lambda: nn.CausalSelfAttention(0),
            DomainError,
            r"CausalSelfAttention\(embed_dim\) takes an int of at least 1",
        ),
        (lambda: nn.CausalSelfAttention(2)([]), DomainError, r"takes a sequence of at least one input, got an empty"),
        (lambda: nn.CausalSelfAttention(2)([[1, 2], [1]]), ShapeError, r"takes 2 inputs at position 1, got 1"),
        (lambda: nn.CausalSelfAttention(2)([[[1, 2]], [[1]]]), ShapeError, r"position 0 of example 1, got 1"),
        (
            lambda: nn.CausalSelfAttention(2)([[1, "a"]]),
            NotAScalarError,
            r"for input 1 at position 0 it got the string",
        ),
        (lambda: nn.CausalSelfAttention(2)(3.0), NotAScalarError, r"takes a sequence, a list of lists of 2 numbers"),
        (
            lambda: nn.scaled_dot_product_attention([[1.0]], [[1.0]], [[1.0], [2.0]]),
            ShapeError,
            r"takes a value for each key, got 1 key and 2 values",
        ),
        (
            lambda: nn.scaled_dot_product_attention([[1.0, 2.0]], [[1.0]], [[1.0]]),
            ShapeError,
            r"got queries of 2 numbers and keys of 1",
        ),
        (
            lambda: nn.scaled_dot_product_attention([[1.0], [1.0, 2.0]], [[1.0]], [[1.0]]),
            ShapeError,
            r"\(query\) takes vectors of one length, got 1 number at position 0 and 2 at position 1",
        ),
        (
            lambda: nn.scaled_dot_product_attention([[1.0]], [[1.0], ["a"]], [[1.0], [2.0]]),
            NotAScalarError,
            r"\(key\) takes numbers and Values; at position 1 it got the string 'a'",
        ),
        (lambda: nn.scaled_dot_product_attention([], [[1.0]], [[1.0]]), NotAScalarError, r"\(query\) takes a list of"),
        (lambda: nn.scaled_dot_product_attention([[1.0]], [1.0], [[1.0]]), NotAScalarError, r"\(key\) takes a list of"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
