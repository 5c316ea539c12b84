"""Examples and targets: sequences of rows as well as tables, or an error that names the example and the step."""

from __future__ import annotations

import array
import math

import numpy as np
import pandas as pd
import pytest

import nn
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from nn.inputs.dataset import dataset_of, examples_of

ROWS = [[1.0, 2.0], [3.0, 4.0]]
SEQUENCES = [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]
SHORTER = [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]]


def of_objects(*parts):
    """An array that bears arrays."""
    made = np.empty(len(parts), dtype=object)
    made[:] = parts
    return made


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (SEQUENCES, SEQUENCES),
        ((((1, 2), (3, 4)), ((5, 6), (7, 8))), SEQUENCES),
        (np.array(SEQUENCES), SEQUENCES),
        (np.array(SEQUENCES, dtype=np.float32), SEQUENCES),
        ([np.array(sequence) for sequence in SEQUENCES], SEQUENCES),
        ([pd.DataFrame(sequence) for sequence in SEQUENCES], SEQUENCES),
        (iter(SEQUENCES), SEQUENCES),
        (SHORTER, SHORTER),
        ([[np.array(row) for row in sequence] for sequence in SHORTER], SHORTER),
        ([np.array(sequence) for sequence in SHORTER], SHORTER),
        ([pd.DataFrame(sequence) for sequence in SHORTER], SHORTER),
        (of_objects(*map(np.array, SHORTER)), SHORTER),
        (of_objects(*SHORTER), SHORTER),
        (pd.Series(SHORTER), SHORTER),
        ([[array.array("d", row) for row in sequence] for sequence in SHORTER], SHORTER),
        (np.array([[[1], [2]], [[3], [4]]]), [[[1.0], [2.0]], [[3.0], [4.0]]]),
    ],
)
def test_sequences(data, expected):
    sequences = examples_of(data, "X", "fit()")
    assert sequences == expected
    assert all(type(x) is float for sequence in sequences for row in sequence for x in row)


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ([1, 2], [1.0, 2.0]),
        ([[1], [2]], [1.0, 2.0]),
        ([[1, 0], [2]], [[1.0, 0.0], [2.0]]),
        ([np.array([1, 0]), np.array([2])], [[1.0, 0.0], [2.0]]),
        (pd.Series([[1, 0], [2]]), [[1.0, 0.0], [2.0]]),
        ([[[1], [0]], [[2]]], [[1.0, 0.0], [2.0]]),
        (SHORTER, SHORTER),
        (pd.DataFrame({"a": [1, 2], "b": [3, 4]}), [[1.0, 3.0], [2.0, 4.0]]),
    ],
)
def test_targets_of_sequences(targets, expected):
    assert dataset_of(SHORTER, targets, "fit()") == (SHORTER, expected)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (
            [[[1, 2], [3]]],
            ShapeError,
            "example 0, step 1 of X has 1 number, and example 0, step 0 has 2; all steps of",
        ),
        ([[[1, 2]], [[3]]], ShapeError, "example 1, step 0 of X has 1 number, and example 0, step 0 has 2; all steps"),
        ([[[1, 2]], []], DomainError, r"X\[1\] is empty"),
        ([[[]]], ShapeError, "example 0, step 0 of X is empty; each step takes at least one number"),
        (np.zeros((2, 2, 0)), ShapeError, "example 0, step 0 of X is empty"),
        (np.zeros((2, 0, 2)), ShapeError, "row 0 of X is empty"),
        (np.zeros((2, 2, 2, 2)), NotAScalarError, "example 0, step 0, column 0 of X must be a number; got list"),
        ([[[1, 2], [3, math.nan]]], DomainError, "X has nan in example 0, step 1, column 1; every number must be"),
        (
            [pd.DataFrame({"a": [1.0], "b": [2.0]}), pd.DataFrame({"a": [1.0], "b": [math.inf]})],
            DomainError,
            r"X has inf in example 1, step 0, column 1 \('b'\)",
        ),
        ([[[1, 2], [3, "4"]]], NotAScalarError, "example 0, step 1, column 1 of X must be a number; got the string"),
        ([[[1, 2], None]], NotAScalarError, r"X\[0\]\[1\] must be a row of numbers or a number; got None"),
        ([[[1, 2]], [1, 2]], NotAScalarError, r"example 1, step 0 of X must be a row of numbers, .* as \[1\]"),
        ([[1, 2], [[1, 2], [3, 4]]], NotAScalarError, "row 1, column 0 of X must be a number; got list"),
        ([[[1, 2]], {1: [1, 2]}], NotAScalarError, r"X\[1\] takes a list, an array or a frame of rows, got a dict"),
        ([[[1, 2]], 3.0], NotAScalarError, r"X\[1\] takes a list, an array or a frame of rows, got float 3.0"),
        (
            [np.array([["2026-01-01"]], dtype="M8[D]"), np.array([["2026-01-02"]], dtype="M8[D]")],
            NotAScalarError,
            r"X\[0\] has the type datetime64",
        ),
    ],
)
def test_what_are_no_sequences(data, error, message):
    with pytest.raises(error, match=message):
        examples_of(data, "X", "fit()")


def test_a_table_whose_rows_differ_in_length_is_refused_with_the_way_to_write_sequences():
    with pytest.raises(ShapeError, match=r"of sequences that differ in length each step is a row, \[\[1.0\], \[2.0\]"):
        examples_of([[1.0, 2.0, 3.0], [1.0, 2.0]], "X", "fit()")
    with pytest.raises(ShapeError, match="row 1 of y has 1 number, and row 0 has 2"):
        dataset_of([[1.0], [2.0]], [[1.0, 2.0], [1.0]], "fit()")


def test_fit_takes_a_frame_and_a_series():
    frame = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [1.0, 0.0, 1.0], "y": [1.0, 2.0, 3.0]}, index=[7, 5, 3])
    of_frame, of_lists = nn.Linear(2, 1, seed=0), nn.Linear(2, 1, seed=0)
    how = {"loss": "mse", "epochs": 2, "seed": 0, "progress": False}
    nn.fit(of_frame, frame[["a", "b"]], frame["y"], validation=(frame[["a", "b"]], frame[["y"]]), **how)
    nn.fit(of_lists, frame[["a", "b"]].values.tolist(), [1.0, 2.0, 3.0], **how)
    assert [p.data for p in of_frame.parameters()] == [p.data for p in of_lists.parameters()]
    assert nn.predict(of_frame, frame[["a", "b"]]) == nn.predict(of_lists, frame[["a", "b"]].to_numpy())


def test_targets_of_several_outputs():
    assert dataset_of([1, 2], ROWS, "fit()")[1] == ROWS
