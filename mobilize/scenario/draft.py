"""A scenario as read, before anybody vouches for it: what the rules look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from mobilize.scenario.faults import Fault
from mobilize.scenario.settings import Settings
from mobilize.scenario.table import Table


@dataclass(frozen=True, slots=True)
class Route:
    """A row of routes.csv (from 0) whose supplier is a line, and what that line makes."""

    row: int
    buyer: str
    supplier: str
    supplier_row: int
    item: str
    share: float
    qualified: bool


@dataclass(frozen=True, eq=False)
class Draft:
    """
    Tables and settings, sound or not.

    A faulty number is missing (NaN, -1), a faulty word keeps its text.

    Parameters
    ----------
    tables : dict of str to Table
        Every table of the schema; empty where the file could not be read.
    settings : Settings
    incomplete : frozenset of str
        Tables that lack rows or columns of their file, so that nothing can be said
        about what is not in them.
    base : str
        Name of the scenario it is based on, as ``scenario.toml`` writes it.
    origins : Table or None
        Rows of ``provenance.csv`` that follow from that base.
    """

    tables: dict[str, Table]
    settings: Settings
    incomplete: frozenset[str]
    base: str = ""
    origins: Table | None = None

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    def fault(self, table: str, row: int, column: str, problem: str, allowed: str = "") -> Fault:
        """Make a fault of one cell; `row` counts the rows of the table from 0."""
        file, place = self._place(table, row)
        if place != int(self[table].file_rows[row]):
            allowed = f"{allowed}; or here a row in its place, or its key under [without]"
        return Fault(file, place, column, problem, allowed)

    def where(self, table: str, row: int) -> str:
        """Say where a row of a table stands, such as ``row 3``."""
        place = int(self[table].file_rows[row])
        return f"row {place}" if place >= 0 else f"row {-place} of {self.base}"

    def _place(self, table: str, row: int) -> tuple[str, int]:
        place = int(self[table].file_rows[row])
        return (f"{self.base}/{table}.csv" if place < 0 else f"{table}.csv"), abs(place)

    def complete(self, *tables: str) -> bool:
        """Whether these tables hold all rows and columns of their files."""
        return self.incomplete.isdisjoint(tables)

    def rows(self, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield the row number (from 0) and the given columns of every row."""
        values = (self[table][column].tolist() for column in columns)
        return zip(range(len(self[table])), *values, strict=True)

    @cached_property
    def lines(self) -> dict[str, int]:
        """Row of each line."""
        return self["lines"].index()

    @cached_property
    def programs(self) -> dict[str, int]:
        """Row of each program."""
        return self["programs"].index()

    @cached_property
    def items(self) -> dict[str, int]:
        """Row of each item."""
        return self["items"].index()

    @cached_property
    def developed(self) -> frozenset[str]:
        """Items that a development program works on: nobody may make them yet."""
        rows = self.rows("programs", "item", "kind")
        return frozenset(item for _, item, kind in rows if kind == "development")

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Routes whose supplier and item are known."""
        made = self["lines"]["item"].tolist()
        columns = ("buyer", "supplier", "share", "qualified")
        return tuple(
            Route(row, buyer, supplier, line, made[line], share, qualified == "yes")
            for row, buyer, supplier, share, qualified in self.rows("routes", *columns)
            if (line := self.lines.get(supplier)) is not None and made[line] in self.items
        )


Rule = Callable[[Draft], Iterator[Fault]]


def needs(*tables: str) -> Callable[[Rule], Rule]:
    """Apply a rule only where these tables are complete."""

    def decorate(rule: Rule) -> Rule:
        @wraps(rule)
        def applied(draft: Draft) -> Iterator[Fault]:
            if draft.complete(*tables):
                yield from rule(draft)

        return applied

    return decorate
