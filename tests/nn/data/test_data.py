"""Data of any kind becomes rows of floats, or sequences of them, or an error that names the place."""

from __future__ import annotations

import array
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

import nn
from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from nn.data.examples import dataset_of, examples_of
from nn.data.rows import is_flat, rows_of

ROWS = [[1.0, 2.0], [3.0, 4.0]]


class Frame:
    """As much of a pandas frame as is looked at."""

    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns

    def to_numpy(self):
        return np.array(self.rows)


@pytest.mark.parametrize(
    "data",
    [
        ROWS,
        ((1, 2), (3, 4)),
        np.array(ROWS),
        np.array(ROWS, dtype=np.float32),
        np.array(ROWS, dtype=object),
        [np.array([1, 2]), np.array([3, 4])],
        [[Fraction(1), Decimal(2)], [True + 2, np.int64(4)]],
        Frame(ROWS, ["a", "b"]),
        iter(ROWS),
        pd.DataFrame(ROWS),
        pd.DataFrame({"a": [1, 3], "b": [2.0, 4.0]}, index=["x", "y"]),
        pd.DataFrame(ROWS, dtype="Int64"),
        pd.DataFrame({"a": [True, 3], "b": [2.0, 4]}, dtype=object),
        [array.array("d", row) for row in ROWS],
    ],
)
def test_tables(data):
    rows = rows_of(data, "X", "fit()")
    assert rows == ROWS
    assert all(type(x) is float for row in rows for x in row)


@pytest.mark.parametrize("data", [[1, 2], np.array([1, 2]), np.array([[1], [2]]), range(1, 3), pd.Series([1, 2])])
def test_bare_numbers_are_rows_of_one(data):
    assert rows_of(data, "X", "fit()") == [[1.0], [2.0]]
    assert dataset_of(data, data, "fit()") == ([[1.0], [2.0]], [1.0, 2.0])


def test_targets_of_several_outputs():
    assert dataset_of([1, 2], ROWS, "fit()")[1] == ROWS


def test_the_data_given_are_left_alone():
    data = [[1.0, 2.0]]
    rows_of(data, "X", "fit()")[0][0] = 5.0
    assert data == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ([], DomainError, r"fit\(\): X is empty"),
        (pd.DataFrame({"a": [1.0, 2.0], "size": [1.0, None]}), DomainError, r"nan in row 1, column 1 \('size'\)"),
        (pd.DataFrame({"a": [1, pd.NA]}, dtype=object), NotAScalarError, r"column 0 \('a'\) .* got <NA>: drop such"),
        (
            pd.DataFrame({"a": [1], "name": ["x"]}),
            NotAScalarError,
            r"row 0, column 1 \('name'\) of X .* the string 'x'",
        ),
        (
            pd.DataFrame({"a": pd.to_datetime(["2026-01-01"])}),
            NotAScalarError,
            r"X has the type datetime64\[.*turn times",
        ),
        (pd.Series([], dtype=float), DomainError, "X is empty"),
        (np.zeros((0, 3)), DomainError, "X is empty"),
        ([[1.0, 2.0], [1.0, math.nan]], DomainError, "X has nan in row 1, column 1; every number must be finite"),
        ([[math.inf, math.nan], [1.0, -math.inf]], DomainError, "X has inf in row 0, column 0 and 2 more"),
        (np.array([[1.0, 2.0], [np.nan, 2.0]]), DomainError, "X has nan in row 1, column 0;"),
        (Frame([[1.0, math.nan]], ["radius", "area"]), DomainError, r"nan in row 0, column 1 \('area'\)"),
        ([[1.0, 2.0], [1.0]], ShapeError, "row 1 of X has 1 numbers, and row 0 has 2; all rows must have one length"),
        ([[1.0], []], ShapeError, "row 1 of X has 0 numbers"),
        ([[]], ShapeError, "row 0 of X is empty"),
        ([[1.0, "2"]], NotAScalarError, "row 0, column 1 of X must be a number; got the string '2'"),
        ([[1.0, None]], NotAScalarError, "row 0, column 1 of X must be a number; got None: drop such rows"),
        ([[[1.0]]], NotAScalarError, r"row 0, column 0 of X must be a number; got list \[1.0\]: a row is a flat list"),
        ([[1.0, Value(2.0)]], NotAScalarError, r"row 0, column 1 of X must be a number; got a Value: pass v.data"),
        ([1.0, "a"], NotAScalarError, r"X\[1\] must be a row of numbers or a number; got the string 'a'"),
        ("abc", NotAScalarError, r"fit\(\): X takes a list, an array or a frame of rows, got the string 'abc'"),
        (None, NotAScalarError, "X takes a list, an array or a frame of rows, got None"),
        (3.0, NotAScalarError, "X takes a list"),
        (np.array(3.0), NotAScalarError, "X takes a list"),
        ({"a": [1.0]}, NotAScalarError, r"X takes a list.*got a dict: .* as a frame, pandas.DataFrame\(X\)"),
        ({1.0, 2.0}, NotAScalarError, "X takes a list.*got a set: pass a list, in the order"),
        (["cat", "dog"], NotAScalarError, r"X\[0\] must be .* 'cat': .*, or number the names from 0"),
        (csr_matrix([[1.0, 0.0]]), NotAScalarError, r"X is a sparse csr_matrix: pass X.toarray\(\)"),
    ],
)
def test_what_is_no_table(data, error, message):
    with pytest.raises(error, match=message):
        rows_of(data, "X", "fit()")


@pytest.mark.parametrize("data", [[1.0, 2.0], (1, 2), np.array([1.0]), pd.Series([1.0]), range(3)])
def test_bare_numbers_are_flat(data):
    assert is_flat(data, "X", "fit()")


@pytest.mark.parametrize("data", [ROWS, np.array(ROWS), pd.DataFrame(ROWS), [[1.0]], Frame(ROWS, ["a", "b"])])
def test_rows_are_not(data):
    assert not is_flat(data, "X", "fit()")


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
            "example 0, step 1 of X has 1 numbers, and example 0, step 0 has 2; all steps of",
        ),
        ([[[1, 2]], [[3]]], ShapeError, "example 1, step 0 of X has 1 numbers, and example 0, step 0 has 2; all steps"),
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
    with pytest.raises(ShapeError, match="row 1 of y has 1 numbers, and row 0 has 2"):
        dataset_of([[1.0], [2.0]], [[1.0, 2.0], [1.0]], "fit()")


def test_fit_takes_a_frame_and_a_series():
    frame = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [1.0, 0.0, 1.0], "y": [1.0, 2.0, 3.0]}, index=[7, 5, 3])
    of_frame, of_lists = nn.Linear(2, 1, seed=0), nn.Linear(2, 1, seed=0)
    how = {"loss": "mse", "epochs": 2, "seed": 0, "progress": False}
    nn.fit(of_frame, frame[["a", "b"]], frame["y"], validation=(frame[["a", "b"]], frame[["y"]]), **how)
    nn.fit(of_lists, frame[["a", "b"]].values.tolist(), [1.0, 2.0, 3.0], **how)
    assert [p.data for p in of_frame.parameters()] == [p.data for p in of_lists.parameters()]
    assert nn.predict(of_frame, frame[["a", "b"]]) == nn.predict(of_lists, frame[["a", "b"]].to_numpy())
