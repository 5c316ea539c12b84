"""Mini-batches: which examples come together, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import counted
from nn.inputs.dataset import Example, dataset_of, examples_of
from nn.inputs.options import size_of
from nn.inputs.seeds import Seed, Source, source_of


def batches(
    X: Any,  # noqa: N803
    y: Any = None,
    size: int = 32,
    *,
    shuffle: bool = True,
    seed: Seed = None,
    drop_last: bool = False,
) -> Batches:
    """Return mini-batches for a loop of your own: each time it is looped over, all examples once, in a new order.

    Args:
        X: n rows of numbers, or n sequences of rows, as for `fit`.
        y: n targets, or None for examples alone.
        size: how many examples a batch has; the last one may have fewer.
        shuffle: whether each loop takes the examples in a new order.
        seed: an int for the same orders each time; None draws from Python's `random` module.
        drop_last: whether to leave out a last batch that has fewer.

    Returns:
        What can be looped over any number of times, and has a length. It yields pairs (rows, targets), lists of
        lists of floats and of floats, nested as X and y are; without y it yields rows.

    Raises:
        NotAScalarError, ShapeError, DomainError: the data or an argument has no meaning, or there are fewer examples
            than a batch has where the last one is dropped.

    >>> for rows, targets in batches([[0, 1], [2, 3], [4, 5]], [0, 1, 2], size=2, shuffle=False):
    ...     print(rows, targets)
    [[0.0, 1.0], [2.0, 3.0]] [0.0, 1.0]
    [[4.0, 5.0]] [2.0]
    """
    call = "batches()"
    examples, targets = (examples_of(X, "X", call), None) if y is None else dataset_of(X, y, call)
    count = size_of(size, "batches(size)")
    if drop_last and count > len(examples):
        raise DomainError(
            f"batches(size={count}, drop_last=True) has no batch, since X has "
            f"{counted(len(examples), 'example')}: take a smaller size"
        )
    return Batches(examples, targets, count, bool(shuffle), source_of(seed), bool(drop_last))


class Batches:
    """What `batches` returns: loop over it once an epoch."""

    def __init__(
        self,
        examples: list[Example],
        targets: list[Any] | None,
        size: int,
        shuffle: bool,
        source: Source,
        drop_last: bool,
    ) -> None:
        self._examples, self._targets, self._source = examples, targets, source
        self.size, self.shuffle, self.drop_last = size, shuffle, drop_last

    def __len__(self) -> int:
        return len(self._examples) // self.size if self.drop_last else -(-len(self._examples) // self.size)

    def __iter__(self) -> Iterator[Any]:
        parts = numbers_of_batches(len(self._examples), self.size, self._source if self.shuffle else None)
        for part in parts[: len(self)]:
            examples = [self._examples[i] for i in part]
            yield examples if self._targets is None else (examples, [self._targets[i] for i in part])

    def __repr__(self) -> str:
        return f"Batches({len(self)} of {self.size}, {counted(len(self._examples), 'example')})"


def numbers_of_batches(count: int, size: int, source: Source | None) -> list[list[int]]:
    """Return which of `count` examples each batch of an epoch has, in a drawn order if there is a source."""
    order = list(range(count))
    if source is not None:
        source.shuffle(order)
    return [order[i : i + size] for i in range(0, count, size)]
