"""Data as lists of floats, checked once, so that training need not look at it again.

Lists, tuples, NumPy arrays, pandas frames and series, and whatever else has `tolist` or can be looped over.
"""

from __future__ import annotations

import math
from typing import Any, Final

from autograd_core.errors import DomainError, NotAScalarError, ShapeError
from autograd_core.rules.scalars import complaint, counted, number, shortened
from nn.inputs.nesting import ORDER, UNORDERED

Row = list[float]

TIMES: Final = ("m", "M")
"""The kinds of NumPy arrays of times, whose `tolist` gives integers."""

MISSING: Final = ("NAType", "NaTType")
"""What pandas puts where a number is missing."""

_ONE_WIDTH: Final = (
    "all rows must have one length; of sequences that differ in length each step is a row, [[1.0], [2.0], [3.0]]",
    "all steps of all sequences must have one length",
)


def rows_of(data: Any, name: str, call: str, *, ragged: bool = False) -> list[Row]:
    """Return a table as a list of rows, each a list of floats of one length.

    Args:
        data: n rows of numbers; n bare numbers count as n rows of one number.
        name: what errors call it, such as "X".
        call: the call that errors name, such as "fit()".
        ragged: whether the rows may differ in length.

    Raises:
        NotAScalarError: this is no table of numbers.
        ShapeError: the rows differ in length.
        DomainError: there are no rows, or a number is nan or infinite; the error names its row and column.
    """
    reader = RowReader(name, call, column_names(data), ragged=ragged)
    rows = [reader.read(row, i) for i, row in enumerate(elements(data, name, call))]
    reader.refuse_not_finite()
    return rows


class RowReader:
    """Reads rows of one width, and remembers which numbers are not finite.

    Args:
        name: what errors call the data.
        call: the call that errors name.
        columns: the names of the columns, if they have any.
        ragged: whether the rows may differ in width.
    """

    def __init__(self, name: str, call: str, columns: list[Any] | None = None, *, ragged: bool = False) -> None:
        self.name, self.call, self.columns, self.ragged = name, call, columns, ragged
        self._first: tuple[int, ...] = ()  # where the first row stands, whose width is that of all
        self._width = 0
        self._bad: list[str] = []

    def read(self, given: Any, *place: int) -> Row:
        """Return a row as floats. It stands at data[i], or at data[i][step] in a sequence."""
        cells = self._cells(given, place)
        if not self._first:
            self._first, self._width = place, len(cells)
        elif len(cells) != self._width and not self.ragged:
            raise ShapeError(
                f"{self.call}: {_place(place)} of {self.name} has {counted(len(cells), 'number')}, and "
                f"{_place(self._first)} has {self._width}; {_ONE_WIDTH[len(place) - 1]}"
            )
        row: Row = []
        for j, cell in enumerate(cells):
            value = cell if type(cell) is float else number(cell)
            if value is None:
                raise NotAScalarError(
                    f"{self.call}: {_place(place)}, column {self._column(j)} of {self.name} must be a number; "
                    f"{_got(cell)}"
                )
            if not math.isfinite(value):
                self._bad.append(f"{value} in {_place(place)}, column {self._column(j)}")
            row.append(value)
        if not row:
            what = "row" if len(place) == 1 else "step"
            raise ShapeError(
                f"{self.call}: {_place(place)} of {self.name} is empty; each {what} takes at least one number"
            )
        return row

    def refuse_not_finite(self) -> None:
        """Raise DomainError if a number in the rows was nan or infinite."""
        if self._bad:
            more = f" and {len(self._bad) - 1} more" if len(self._bad) > 1 else ""
            raise DomainError(
                f"{self.call}: {self.name} has {self._bad[0]}{more}; every number must be finite: drop such rows or "
                "fill in the gaps before"
            )

    def _cells(self, given: Any, place: tuple[int, ...]) -> list[Any]:
        """The cells of one row. In a table a bare number is a row of one."""
        if isinstance(given, (list, tuple)):
            return list(given)
        if number(given) is not None:
            if len(place) == 1:
                return [given]
            raise NotAScalarError(
                f"{self.call}: {_place(place)} of {self.name} must be a row of numbers, {complaint(given)}: write a "
                f"step of one number as [{shortened(given)}]"
            )
        if hasattr(given, "tolist") and hasattr(given, "__len__"):
            return list(given.tolist())
        index = "".join(f"[{i}]" for i in place)
        raise NotAScalarError(f"{self.call}: {self.name}{index} must be a row of numbers or a number; {_got(given)}")

    def _column(self, j: int) -> str:
        names = self.columns
        return str(j) if names is None or names[j] == j else f"{j} ({shortened(names[j])})"


def is_flat(data: Any, name: str, call: str) -> bool:
    """Return whether data are bare numbers rather than rows. Errors are those of `rows_of`."""
    return number(elements(data, name, call)[0]) is not None


def elements(data: Any, name: str, call: str) -> list[Any]:
    """Return the rows as they were given. Errors are those of `rows_of`."""
    if hasattr(data, "to_numpy"):
        data = data.to_numpy()
    if hasattr(data, "toarray"):
        raise NotAScalarError(f"{call}: {name} is a sparse {type(data).__name__}: pass {name}.toarray()")
    if getattr(data, "ndim", 1) == 0 or isinstance(data, (str, bytes, *UNORDERED)) or not hasattr(data, "__iter__"):
        got = f"got a {type(data).__name__}: {ORDER}" if isinstance(data, UNORDERED) else complaint(data)
        if isinstance(data, dict):
            got = f"got a dict: pass a list of rows, or its columns as a frame, pandas.DataFrame({name})"
        raise NotAScalarError(f"{call}: {name} takes a list, an array or a frame of rows, {got}")
    if getattr(getattr(data, "dtype", None), "kind", "") in TIMES:
        raise NotAScalarError(
            f"{call}: {name} has the type {data.dtype}, whose numbers depend on its unit: turn times into numbers "
            "first, such as days since a date"
        )
    given = data.tolist() if hasattr(data, "tolist") else list(data)
    if not given:
        raise DomainError(f"{call}: {name} is empty, and there is nothing to compute from it; pass at least one row")
    return given


def kept(data: Any) -> Any:
    """Return data that can be looked at twice: an iterator as a list."""
    return list(data) if hasattr(data, "__next__") else data


def _got(x: Any) -> str:
    """Say what stands where a number should, and the remedy."""
    if x is None or type(x).__name__ in MISSING:
        return f"got {x}: drop such rows or fill in the gaps before"
    if hasattr(x, "__len__") and not isinstance(x, (str, bytes)):
        return f"got {type(x).__name__} {shortened(x)}: a row is a flat list of numbers"
    if isinstance(x, str):
        return f"got the string {shortened(x)}: convert it with float() first, or number the names from 0"
    return complaint(x)


def column_names(data: Any) -> list[Any] | None:
    """Return the names of the columns of a frame; None for other data."""
    columns = getattr(data, "columns", None)
    return None if columns is None or callable(columns) else list(columns)


def _place(place: tuple[int, ...]) -> str:
    """Where a row stands, in words."""
    return f"row {place[0]}" if len(place) == 1 else f"example {place[0]}, step {place[1]}"
