"""Attention: each position of a sequence looks at others, and takes a weighted mean of what they hold."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.composites import softmax
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import complaint, counted, number, shortened
from autograd_core.rules.table import dot
from nn.init import Initialiser
from nn.inputs.module_inputs import Vector, check_vectors, vectors_of
from nn.inputs.nesting import as_list, depth_of
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, shared
from nn.layers.linear import Linear
from nn.module import Module


def scaled_dot_product_attention(query: Any, key: Any, value: Any, is_causal: bool = False) -> list[Vector]:
    """Return, for each query, the mean of the values weighed by softmax(query . key / sqrt(d)).

    Args:
        query: a list of n vectors of d numbers or Values.
        key: a list of m vectors of d numbers or Values.
        value: a list of m vectors of any one length.
        is_causal: whether query i sees the keys 0 to i alone, so that nothing looks ahead.

    Returns:
        n vectors, as long as those of `value`.

    Raises:
        NotAScalarError: an argument is no list of vectors.
        ShapeError: lengths do not fit.

    Source: Vaswani et al. 2017, equation 1.

    >>> scaled_dot_product_attention([[1.0], [0.0]], [[5.0], [-5.0]], [[1.0, 2.0], [3.0, 4.0]], is_causal=True)
    [[1.0, 2.0], [2.0, 3.0]]
    """
    queries, keys, values = _vectors(query, "query"), _vectors(key, "key"), _vectors(value, "value")
    if len(keys) != len(values):
        raise ShapeError(
            f"scaled_dot_product_attention() takes a value for each key, got {counted(len(keys), 'key')} and "
            f"{counted(len(values), 'value')}"
        )
    if len(queries[0]) != len(keys[0]):
        raise ShapeError(
            "scaled_dot_product_attention() takes queries and keys of one length, got queries of "
            f"{counted(len(queries[0]), 'number')} and keys of {len(keys[0])}"
        )
    return _attend(queries, keys, values, is_causal)


class CausalSelfAttention(Module):
    """Self-attention, in which each position of a sequence looks at itself and at those before it.

    Each position asks with a query, answers with a key and holds a value, which are linear maps of its vector. A
    head works on its own share of their numbers; what all heads find is put side by side and mapped once more.

    Called with a sequence, a list of n lists of `embed_dim` numbers or Values, it returns the same shape; a batch, a
    list of sequences of any lengths, it maps over.

    Args:
        embed_dim: how many numbers a position has.
        num_heads: how many heads; they divide `embed_dim`.
        bias: whether the four linear maps `q`, `k`, `v` and `o` have a bias.
        init: as for `nn.Neuron`.
        seed: as for `nn.Neuron`; one seed serves all four.

    Raises:
        DomainError: a size is below 1, or `num_heads` does not divide `embed_dim`; from the call, a sequence is empty.
        NotAScalarError, ShapeError: from the call, an input is no vector of the right width; the message names its
            position.

    Source: Vaswani et al. 2017, section 3.2; as torch.nn.MultiheadAttention with a causal mask.

    >>> attention = CausalSelfAttention(4, num_heads=2, seed=0)
    >>> attention
    CausalSelfAttention(4, 2 heads; 80 parameters)
    >>> first, second = attention([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    >>> first == attention([[1.0, 0.0, 0.0, 0.0]])[0]
    True
    """

    _whole: ClassVar[bool] = True

    def __init__(
        self,
        embed_dim: int,
        num_heads: int = 1,
        bias: bool = True,
        *,
        init: str | Initialiser = "fan_in",
        seed: Seed = None,
    ) -> None:
        self.embed_dim = size_of(embed_dim, "CausalSelfAttention(embed_dim)")
        self.num_heads = size_of(num_heads, "CausalSelfAttention(num_heads)")
        if self.embed_dim % self.num_heads:
            raise DomainError(
                f"CausalSelfAttention(embed_dim={self.embed_dim}, num_heads={self.num_heads}): each head works on an "
                "equal share of embed_dim, so it must be a multiple of num_heads"
            )
        source = shared(seed)
        self.q, self.k, self.v, self.o = (
            Linear(self.embed_dim, self.embed_dim, bias, init=init, seed=source) for _ in range(4)
        )

    def forward(self, x: Any) -> Any:
        """Return what each position found, for a sequence or for each of a batch."""
        if depth_of(x) > 2:
            return [self._one(sequence, f" of example {i}") for i, sequence in enumerate(as_list(x))]
        return self._one(x)

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        return f"{self.embed_dim}, {counted(self.num_heads, 'head')}"

    def _one(self, x: Any, example: str = "") -> list[Vector]:
        positions = vectors_of(self, x, self.embed_dim, example)
        try:
            queries, keys, values = ([_listed(part(p)) for p in positions] for part in (self.q, self.k, self.v))
        except NotAScalarError:
            check_vectors(self, positions, example)
            raise
        size = self.embed_dim // self.num_heads
        found: list[Vector] = [[] for _ in positions]
        for start in range(0, self.embed_dim, size):
            share = slice(start, start + size)
            q, k, v = ([vector[share] for vector in part] for part in (queries, keys, values))
            head = _attend(q, k, v, is_causal=True)
            for whole, part in zip(found, head, strict=True):
                whole.extend(part)
        return [_listed(self.o(vector)) for vector in found]


def _attend(queries: list[Vector], keys: list[Vector], values: list[Vector], is_causal: bool) -> list[Vector]:
    scale = 1.0 / math.sqrt(len(keys[0]))
    columns = list(zip(*values, strict=True))
    found: list[Vector] = []
    for i, query in enumerate(queries):
        seen = min(i + 1, len(keys)) if is_causal else len(keys)
        scaled = [x * scale for x in query]
        weights = softmax([dot(scaled, key) for key in keys[:seen]])
        found.append([dot(weights, column[:seen]) for column in columns])
    return found


def _vectors(given: Any, name: str) -> list[Vector]:
    """A list of vectors of one length."""
    call = f"scaled_dot_product_attention({name})"
    rows = as_list(given)
    vectors = [as_list(row) for row in rows] if isinstance(rows, list) else []
    if not vectors or not all(isinstance(vector, list) and vector for vector in vectors):
        raise NotAScalarError(f"{call} takes a list of lists of numbers, none of them empty, got {shortened(given)}")
    for i, vector in enumerate(vectors):
        for x in vector:
            if not is_operand(x) and number(x) is None:
                raise NotAScalarError(f"{call} takes numbers and Values; at position {i} it {complaint(x)}")
        if len(vector) != len(vectors[0]):
            raise ShapeError(
                f"{call} takes vectors of one length, got {counted(len(vectors[0]), 'number')} at position 0 and "
                f"{len(vector)} at position {i}"
            )
    return vectors


def _listed(y: Any) -> Vector:
    return y if isinstance(y, list) else [y]  # a Linear of one output returns it bare
