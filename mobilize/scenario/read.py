"""Reading one CSV file into a table, whatever the file holds."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mobilize.scenario.cells import read_column
from mobilize.scenario.faults import Fault, Hints, listed, shown
from mobilize.scenario.schema import MAY_BE_EMPTY, Attribute, tables
from mobilize.scenario.table import Table, array, empty, missing
from mobilize.scenario.text import read_text

MOST_FAULTS = 200_000
"""Faults after which the rest of a file is left unread."""

_LONGEST_CELL = 131_072
_HEADER = re.compile(r"([^\[\]]*?)\s*(?:\[([^\[\]]*)\])?")


@dataclass(frozen=True, slots=True)
class _Records:
    """Header and rows of a CSV file, cells stripped; rows of blanks are left out."""

    header: list[str]
    rows: list[list[str]]
    file_rows: list[int]


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What came of reading one file.

    Parameters
    ----------
    table : Table
        Empty where the file is no table at all.
    faults : list of Fault
    complete : bool
        Whether the table holds every row and column of the file.
    """

    table: Table
    faults: list[Fault]
    complete: bool


def read_table(path: Path, name: str) -> Reading:
    """Read one table."""
    text = read_text(path)
    if isinstance(text, Fault):
        return Reading(empty(name), [text], False)
    records, faults = _records(text, path.name)
    if records is None:
        return Reading(empty(name), faults, False)
    places, header_faults, absent = _header(records.header, name, path.name)
    if not places:
        return Reading(empty(name), [*faults, *header_faults, *absent], False)
    if not records.rows and not faults and name not in MAY_BE_EMPTY:
        faults.append(Fault(path.name, None, None, "no rows under the header", "at least one row"))
    ragged = _ragged(records, path.name)
    complete = not (faults or absent or ragged)
    table, cell_faults = _columns(records, places, name, path.name)
    return Reading(table, [*faults, *header_faults, *absent, *ragged, *cell_faults], complete)


def read_optional(path: Path, name: str) -> Reading:
    """Read a table that may be left out: an absent file is an empty table."""
    absent = not (path.exists() or path.is_symlink())
    return Reading(empty(name), [], True) if absent else read_table(path, name)


def _records(text: str, file: str) -> tuple[_Records | None, list[Fault]]:
    """Split the text into cells; a fault ends the reading, and the rows before it stand."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    file_rows: list[int] = []
    row = 0
    faults: list[Fault] = []
    try:
        for row, cells in enumerate(reader, start=1):
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            if not header and row == 1:
                header = stripped
            else:
                rows.append(stripped)
                file_rows.append(row)
    except csv.Error as error:
        faults.append(_broken(str(error), file, row + 1))
    if not header:
        problem = "the first row is empty" if rows else "the file is empty"
        return None, faults or [Fault(file, 1, None, problem, "a header row of column names")]
    return _Records(header, rows, file_rows), faults


def _broken(error: str, file: str, row: int) -> Fault:
    if "field limit" in error:
        return Fault(file, row, None, "a cell is too long", f"{_LONGEST_CELL:,} characters at most")
    if "unexpected end" in error:
        return Fault(
            file, row, None, "a quote is opened here and never closed", 'cells like "a, b"'
        )
    return Fault(file, row, None, f"broken quoting: {error}", 'cells like "a, b" or "a ""word"""')


def _header(
    cells: list[str], name: str, file: str
) -> tuple[dict[str, int], list[Fault], list[Fault]]:
    """Find the place of each known column; faults of the header cells, and of absent columns."""
    schema = tables()[name]
    if len(cells) == 1 and re.search(r"[;\t]", cells[0]):
        problem = f"the cells are separated by {'tabs' if chr(9) in cells[0] else 'semicolons'}"
        return {}, [Fault(file, 1, None, problem, "commas between cells")], []
    hints = Hints(schema)
    places: dict[str, int] = {}
    faults = []
    for place, cell in enumerate(cells):
        column, problem, allowed = _header_cell(cell, place, schema, hints)
        if column in places:
            problem, allowed = "the column appears twice", "each column once"
        elif column in schema:
            places[column] = place
        if problem:
            faults.append(Fault(file, 1, column or None, problem, allowed))
    return places, faults, _absent(places, schema, file)


def _header_cell(
    cell: str, place: int, schema: dict[str, Attribute], hints: Hints
) -> tuple[str, str, str]:
    """Return the column a header cell names, what is wrong with it, and what is allowed."""
    written = _HEADER.fullmatch(cell)
    column, unit = (written[1], written[2]) if written else (cell, None)
    if not cell:
        return "", f"cell {place + 1} of the header is empty", "a column name"
    if column not in schema:
        return column[:60], f"unknown column {shown(column)}{hints(column)}", listed(schema)
    wanted = schema[column].header
    expected = schema[column].unit if schema[column].is_number else ""
    if (unit or "").strip() == expected:
        return column, "", ""
    if not expected:
        return column, f"the column takes no unit, not {shown(unit)}", f"'{wanted}'"
    problem = f"wrong unit {shown(unit)}" if unit else "the header gives no unit"
    return column, problem, f"'{wanted}'"


def _absent(places: dict[str, int], schema: dict[str, Attribute], file: str) -> list[Fault]:
    return [
        Fault(file, 1, column, "the column is missing", f"a column '{attribute.header}'")
        for column, attribute in schema.items()
        if attribute.required and column not in places
    ]


def _columns(
    records: _Records, places: dict[str, int], name: str, file: str
) -> tuple[Table, list[Fault]]:
    width = len(records.header)
    whole = [place for place, row in enumerate(records.rows) if len(row) == width]
    rows = [records.rows[place] for place in whole]
    file_rows = [records.file_rows[place] for place in whole]
    faults: list[Fault] = []
    columns = {}
    for column, attribute in tables()[name].items():
        place = places.get(column)
        if (place is None and attribute.required) or len(faults) > MOST_FAULTS:
            columns[column] = array([missing(attribute)] * len(rows), attribute)
            continue
        cells = [""] * len(rows) if place is None else [row[place] for row in rows]
        columns[column], found = read_column(cells, file_rows, attribute, file)
        faults.extend(found)
    if len(faults) > MOST_FAULTS:
        faults.append(Fault(file, None, None, f"over {MOST_FAULTS:,} faults: the rest is unread"))
    return Table(name, columns, np.array(file_rows, np.int64)), faults


def _ragged(records: _Records, file: str) -> list[Fault]:
    width = len(records.header)
    allowed = f'{width} cells, as in the header (a comma inside a cell needs quotes: "a, b")'
    return [
        Fault(file, row, None, f"the row has {len(cells)} cells", allowed)
        for cells, row in zip(records.rows, records.file_rows, strict=True)
        if len(cells) != width
    ]
