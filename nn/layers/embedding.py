"""Embedding: a trained row of numbers for each of a set of things, such as the characters of a text."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd_core.engine.value import Value
from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.interpreters.symbol import number_of
from autograd_core.rules.rows import is_operand
from autograd_core.rules.scalars import complaint, counted, number, shortened
from nn.init import Initialiser, draw
from nn.inputs.module_inputs import where
from nn.inputs.nesting import UNORDERED, as_list
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, source_of
from nn.module import Module


class Embedding(Module):
    """A table of `num_embeddings` rows of `embedding_dim` parameters: from an index to its row.

    Called with a whole number it returns that row, a list of Values; with a list of them, a list of rows; and so on
    for lists of lists. Only the rows that are looked up get a gradient.

    Args:
        num_embeddings: how many rows there are; indices run from 0 to one less.
        embedding_dim: how many numbers a row has.
        padding_idx: the index of a row that starts at 0 and is not trained, to fill up short sequences with. Below
            0 it counts from the end.
        init: as for `nn.Neuron`; "normal" is of mean 0 and deviation 1, as in PyTorch.
        seed: as for `nn.Neuron`.

    Raises:
        DomainError: a size is below 1, `padding_idx` is no index, or the initialiser is not known; from the call,
            an index is not a whole number or there is no such row.
        NotAScalarError: from the call, something is no index at all.

    >>> table = Embedding(3, 2, seed=0)
    >>> table
    Embedding(3 -> 2; 6 parameters)
    >>> table([2, 0])[0] is table.weight[2], len(table([[0, 1, 1]])[0])
    (False, 3)
    >>> table(2)[1] is table.weight[2][1]
    True
    """

    _whole: ClassVar[bool] = True

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        init: str | Initialiser = "normal",
        seed: Seed = None,
    ) -> None:
        self.num_embeddings = size_of(num_embeddings, "Embedding(num_embeddings)")
        self.embedding_dim = size_of(embedding_dim, "Embedding(embedding_dim)")
        self.padding_idx = None if padding_idx is None else _padding(padding_idx, self.num_embeddings)
        rows = draw(init, self.num_embeddings, self.embedding_dim, source_of(seed))
        if self.padding_idx is not None:
            rows[self.padding_idx] = [0.0] * self.embedding_dim
        self.weight = [[Value(w) for w in row] for row in rows]

    def forward(self, x: Any) -> Any:
        """Return the row of an index, or a list of them for a list of indices."""
        if type(x) is not int:
            x = as_list(x)
            if isinstance(x, list):
                return [self.forward(index) for index in x]
        index = self._index(x)
        row = self.weight[index]
        return [number_of(w) for w in row] if index == self.padding_idx else list(row)

    def extra_repr(self) -> str:
        """See `Module.extra_repr`."""
        padding = f", padding_idx={self.padding_idx}" if self.padding_idx is not None else ""
        return f"{self.num_embeddings} -> {self.embedding_dim}{padding}"

    def _index(self, x: Any) -> int:
        if type(x) is int and 0 <= x < self.num_embeddings:
            return x
        if is_operand(x):
            raise NotAScalarError(
                f"{where(self)} takes whole numbers, got the {type(x).__name__} {shortened(x)}: an index has no "
                "gradient, pass int(v.data)"
            )
        found = None if isinstance(x, UNORDERED) else number(x)
        if found is None:
            raise NotAScalarError(f"{where(self)} takes whole numbers, {complaint(x)}")
        if found not in range(self.num_embeddings):
            raise DomainError(
                f"{where(self)} takes indices from 0 to {self.num_embeddings - 1}, since it has "
                f"{counted(self.num_embeddings, 'row')}; got {shortened(x)}: number the things from 0, or make "
                "the table larger"
            )
        return int(found)


def _padding(index: Any, num_embeddings: int) -> int:
    if isinstance(index, (float, bool)) or not hasattr(type(index), "__index__"):
        raise DomainError(f"Embedding(padding_idx) takes an int or None, got {shortened(index)}")
    place: int = index.__index__()
    if not -num_embeddings <= place < num_embeddings:
        raise DomainError(f"Embedding(padding_idx) takes an index of {counted(num_embeddings, 'row')}, got {place}")
    return place % num_embeddings
