"""A table of a scenario: named columns of equal length."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mobilize.scenario import months
from mobilize.scenario.schema import Attribute, key_columns, tables

Column = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """
    Rows of one CSV file, column by column; the arrays are read-only.

    Parameters
    ----------
    name : str
        Name of the table: its file without ``.csv``.
    columns : dict of str to array, shape (rows,)
        float64 for numbers (NaN: left empty), int64 for whole numbers and months
        (-1: left empty), object for text.
    file_rows : array of int, shape (rows,)
        Row of the file each row stands on, as a spreadsheet shows it; negative: of the file
        of the scenario this one is based on; 0: from neither.
    """

    name: str
    columns: dict[str, Column]
    file_rows: NDArray[np.int64]

    def __post_init__(self) -> None:
        for column in (*self.columns.values(), self.file_rows):
            column.setflags(write=False)

    def __len__(self) -> int:
        return len(self.file_rows)

    def __getitem__(self, column: str) -> Column:
        return self.columns[column]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each row as a dictionary of plain Python values."""
        for values in zip(*(column.tolist() for column in self.columns.values()), strict=True):
            yield dict(zip(self.columns, values, strict=True))

    def index(self, column: str = "id") -> dict[str, int]:
        """Map each value of a column to the first row that holds it."""
        values = self.columns[column].tolist()
        return dict(zip(reversed(values), range(len(values) - 1, -1, -1), strict=True))

    def keys(self) -> list[str]:
        """Name every row: its id, or ``item>component`` and the like."""
        columns = (map(str, self.columns[name].tolist()) for name in key_columns(self.name))
        return list(map(">".join, zip(*columns, strict=True)))

    def take(self, rows: NDArray[np.intp]) -> "Table":
        """Return the table with the given rows only."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Table(self.name, columns, self.file_rows[rows])


def empty(name: str) -> Table:
    """Return a table without rows."""
    columns = {column: array([], attribute) for column, attribute in tables()[name].items()}
    return Table(name, columns, np.zeros(0, np.int64))


def joined(first: Table, second: Table) -> Table:
    """Put the rows of the second table under those of the first."""
    columns = {
        name: np.concatenate((column, second[name])) for name, column in first.columns.items()
    }
    return Table(first.name, columns, np.concatenate((first.file_rows, second.file_rows)))


def overlaid(base: Table, own: Table) -> Table:
    """Put rows in the place of those of the base with the same key; the others below them."""
    known = {key: row for row, key in reversed(list(enumerate(base.keys())))}
    rows, others = np.arange(len(base)), []
    for row, key in enumerate(own.keys(), start=len(base)):
        place = known.pop(key, None)
        if place is None:
            others.append(row)
        else:
            rows[place] = row
    return joined(base, own).take(np.array([*rows, *others], np.intp))


def array(values: list[Any], attribute: Attribute) -> Column:
    """Make the array that a column's type calls for."""
    if attribute.type == "number":
        return np.array(values, np.float64)
    if attribute.type in ("integer", "month"):
        return np.array(values, np.int64)
    column = np.empty(len(values), object)
    column[:] = values
    return column


def missing(attribute: Attribute) -> Any:
    """Return what stands for a value that is not there."""
    if attribute.type == "number":
        return float("nan")
    return months.MISSING if attribute.type in ("integer", "month") else ""
