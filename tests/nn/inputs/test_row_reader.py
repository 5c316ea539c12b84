"""Tables of any kind become rows of floats, or an error that names the place."""

from __future__ import annotations

import array
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from autograd_core import Value
from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from nn.inputs.dataset import dataset_of
from nn.inputs.row_reader import is_flat, rows_of

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
        ([[1.0, 2.0], [1.0]], ShapeError, "row 1 of X has 1 number, and row 0 has 2; all rows must have one length"),
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
