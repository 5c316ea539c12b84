"""Which examples come when: mini-batches, and examples set aside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import number, shortened
from nn.data.examples import Example, dataset_of, examples_of
from nn.init import Seed, Source, source_of
from nn.shapes import size_of


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
            f"batches(size={count}, drop_last=True) has no batch, since there are {len(examples)} examples: take a "
            "smaller size"
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
        return f"Batches({len(self)} of {self.size}, {len(self._examples)} examples)"


def split(X: Any, y: Any, share: float = 0.25, *, shuffle: bool = True, seed: Seed = None) -> tuple[Any, Any, Any, Any]:  # noqa: N803
    """Return the data in two parts, one to train on and one to test on, as scikit-learn's `train_test_split` does.

    That function also draws a fair share of each class; what it returns is taken everywhere here.

    Args:
        X: n rows of numbers, or n sequences of rows, as for `fit`.
        y: n targets.
        share: the share of the examples that the test part gets, between 0 and 1.
        shuffle: whether they are drawn at random; otherwise they are the last ones.
        seed: an int for the same parts each time; None draws from Python's `random` module.

    Returns:
        X_train, X_test, y_train, y_test: rows as lists of floats, sequences as lists of rows, targets as floats
        (lists of them where a target has several), each part in the order that they came in.

    Raises:
        NotAScalarError, ShapeError, DomainError: the data or an argument has no meaning, or one part would be empty.

    >>> split([1, 2, 3, 4], [10, 20, 30, 40], shuffle=False)
    ([[1.0], [2.0], [3.0]], [[4.0]], [10.0, 20.0, 30.0], [40.0])
    """
    examples, targets = dataset_of(X, y, "split()")
    total = len(examples)
    count = count_of_share(share, total, "split", "share")
    source = source_of(seed)
    aside = drawn(count, total, source) if shuffle else list(range(total - count, total))
    rest = sorted(set(range(total)) - set(aside))
    X_train, X_test = ([examples[i] for i in part] for part in (rest, aside))  # noqa: N806
    y_train, y_test = ([targets[i] for i in part] for part in (rest, aside))
    return X_train, X_test, y_train, y_test


def numbers_of_batches(count: int, size: int, source: Source | None) -> list[list[int]]:
    """Return which of `count` examples each batch of an epoch has, in a drawn order if there is a source."""
    order = list(range(count))
    if source is not None:
        source.shuffle(order)
    return [order[i : i + size] for i in range(0, count, size)]


def drawn(count: int, total: int, source: Source) -> list[int]:
    """Return `count` of the numbers below `total`, drawn at random, in order."""
    order = list(range(total))
    source.shuffle(order)
    return sorted(order[:count])


def count_of_share(share: Any, total: int, call: str, name: str, other: str = "") -> int:
    """Return how many of `total` examples a share of them is.

    Raises:
        DomainError: the share is not between 0 and 1, or leaves one part without any; in words of the argument
            `name` of `call`, which may take something `other` too.
    """
    found = None if isinstance(share, (list, tuple)) else number(share)
    if found is None or not 0.0 < found < 1.0:
        raise DomainError(
            f"{call}({name}) takes {other}a share of the examples between 0 and 1, got {shortened(share)}"
        )
    count = round(found * total)
    if not 0 < count < total:
        raise DomainError(
            f"{call}({name}={found:g}) would set aside {count} of {total} examples; both parts need at least one"
        )
    return count
