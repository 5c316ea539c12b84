"""Examples and targets: what a model is called with, and what it is to say to it.

An example is a row of numbers or a sequence, a list of rows, one for each step. All rows have one width; sequences
may differ in how many steps they have. A target is a number or a row; beside sequences also a row with one number for
each step, or a sequence.
"""

from __future__ import annotations

from typing import Any

from autograd_core.errors import ShapeError
from autograd_core.rules.scalars import counted
from nn.inputs.row_reader import Row, RowReader, column_names, elements, kept, rows_of

Sequence = list[Row]
Example = Row | Sequence
Dataset = tuple[list[Example], list[Any]]
"""Examples and a target for each."""


def dataset_of(X: Any, y: Any, call: str, names: tuple[str, str] = ("X", "y")) -> Dataset:  # noqa: N803
    """Return examples and targets as lists of floats, checked.

    Targets of a column, which is n rows of one number, become n numbers; those of sequences of one number at each step
    become rows.

    Args:
        X: what `examples_of` takes.
        y: n targets.
        call: the call that errors name, such as "fit()".
        names: what errors call X and y.

    Raises:
        As `examples_of`, and ShapeError unless there is a target for each example.
    """
    examples = examples_of(X, names[0], call)
    targets = _targets_of(y, examples, names[1], call)
    if len(examples) != len(targets):
        kind = "sequence" if steps_of(examples[0]) else "row"
        raise ShapeError(
            f"{call}: {names[0]} has {counted(len(examples), kind)} and {names[1]} has {len(targets)}; there must be "
            f"one target for each {kind}"
        )
    return examples, targets


def examples_of(data: Any, name: str, call: str) -> list[Example]:
    """Return rows, or sequences of rows, as lists of floats.

    Args:
        data: a table, as `rows_of` takes it, or n sequences: nested lists, an array of shape (n, steps, width), or a
            list of arrays or frames of shape (steps, width).
        name: what errors call it, such as "X".
        call: the call that errors name.

    Raises:
        NotAScalarError: this is neither.
        ShapeError: rows differ in length, in a sequence or from one to another.
        DomainError: there is no example, or one has no steps, or a number is nan or infinite. Errors name the row, or
            the example and the step, and the column.
    """
    data = kept(data)
    if are_sequences(data, name, call):
        return list(_sequences_of(data, name, call))
    return list(rows_of(data, name, call))


def are_sequences(data: Any, name: str, call: str) -> bool:
    """Return whether data are sequences, judged by the first. Errors are those of `rows_of`."""
    return _is_sequence(elements(data, name, call)[0])


def steps_of(example: Example) -> int:
    """Return how many steps a sequence has; 0 for a row, which has none.

    >>> steps_of([[0.5, 1.0], [0.0, 0.0], [1.0, 0.5]]), steps_of([0.5, 1.0])
    (3, 0)
    """
    return len(example) if isinstance(example[0], list) else 0


def width_of(example: Example) -> int:
    """Return how many numbers a row, or each step of a sequence, has."""
    return len(example[0] if isinstance(example[0], list) else example)


def _targets_of(data: Any, examples: list[Example], name: str, call: str) -> list[Any]:
    data = kept(data)
    if are_sequences(data, name, call):
        sequences = _sequences_of(data, name, call)
        return list(sequences) if width_of(sequences[0]) > 1 else [[row[0] for row in rows] for rows in sequences]
    rows = rows_of(data, name, call, ragged=steps_of(examples[0]) > 0)
    return [row[0] for row in rows] if all(len(row) == 1 for row in rows) else list(rows)


def _sequences_of(data: Any, name: str, call: str) -> list[Sequence]:
    reader = RowReader(name, call)
    sequences = []
    for i, sequence in enumerate(elements(data, name, call)):
        reader.columns = column_names(sequence)
        steps = elements(sequence, f"{name}[{i}]", call)
        sequences.append([reader.read(row, i, step) for step, row in enumerate(steps)])
    reader.refuse_not_finite()
    return sequences


def _is_sequence(given: Any) -> bool:
    """Whether this is nested lists, or an array or a frame of two dimensions or more, judged by its first element."""
    if getattr(given, "ndim", 1) > 1:
        return True
    return _is_list(given) and _is_list(next(iter(given), None))


def _is_list(x: Any) -> bool:
    return isinstance(x, (list, tuple)) or (
        hasattr(x, "tolist") and hasattr(x, "__len__") and getattr(x, "ndim", 1) > 0
    )
