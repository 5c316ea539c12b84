"""Examples set aside: data in two parts, to train on and to test on."""

from __future__ import annotations

from typing import Any

from autograd_core.errors import DomainError
from autograd_core.rules.scalars import counted, number, shortened
from nn.inputs.dataset import dataset_of
from nn.inputs.seeds import Seed, Source, source_of


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
            f"{call}({name}={found:g}) would set aside {count} of {counted(total, 'example')}; both "
            "parts need at least one"
        )
    return count


def drawn(count: int, total: int, source: Source) -> list[int]:
    """Return `count` of the numbers below `total`, drawn at random, in order."""
    order = list(range(total))
    source.shuffle(order)
    return sorted(order[:count])
