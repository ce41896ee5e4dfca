"""The schema of scenario tables, read from ``attributes.csv``: its one source."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OPTIONAL_TABLES = frozenset(
    {"budgets", "projects", "parameters", "provenance", "hindcast", "constraints"}
    | {"fleets", "depots", "milestones", "partners"}
)
"""Tables a scenario may leave out."""

MAY_BE_EMPTY = OPTIONAL_TABLES | {"bom", "sources"}
"""Tables that may hold a header and nothing else."""

KEYS = {
    "bom": ("item", "component"),
    "routes": ("buyer", "supplier"),
    "fleets": ("program",),
    "partners": ("program", "country"),
    "parameters": ("name",),
    "provenance": ("table", "id", "column"),
    "hindcast": ("date", "metric", "target"),
    "constraints": ("date", "target"),
}
"""Columns that together name a row, where that is not ``id``."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Numbers allowed in a column.

    Examples
    --------
    >>> str(Limits.parse("0..1")), str(Limits.parse(">=0"))
    ('0 to 1', '>= 0')
    """

    low: float = -float("inf")
    high: float = float("inf")
    above: bool = False

    @classmethod
    def parse(cls, written: str) -> "Limits":
        """Read ``0..1``, ``>=0``, ``>0`` or nothing."""
        if written.startswith(">="):
            return cls(low=float(written[2:]))
        if written.startswith(">"):
            return cls(low=float(written[1:]), above=True)
        if not written:
            return cls()
        low, high = written.split("..")
        return cls(float(low), float(high))

    def problem(self, number: float) -> str:
        """Say how a number breaks the limits; nothing if it does not."""
        if number > self.high:
            return f"{number:g} is above {self.high:g}"
        if number < self.low:
            return f"{number:g} is " + ("negative" if self.low == 0 else f"below {self.low:g}")
        if self.above and number == self.low:
            return f"{number:g} is not above {self.low:g}"
        return ""

    def __str__(self) -> str:
        if self.high < float("inf"):
            return f"{self.low:g} to {self.high:g}"
        if self.low > -float("inf"):
            return f"{'>' if self.above else '>='} {self.low:g}"
        return "a number"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column of one table, as ``attributes.csv`` describes it."""

    table: str
    column: str
    type: str
    unit: str
    default: str
    allowed: str
    description: str

    @property
    def required(self) -> bool:
        """Whether every row must fill the column."""
        return not self.default

    @property
    def filler(self) -> str:
        """Text an empty cell stands for; itself empty where the value may be missing."""
        return "" if self.default == "none" and "none" not in self.choices else self.default

    @property
    def choices(self) -> tuple[str, ...]:
        """Words allowed in the column."""
        return tuple(self.allowed.split("|")) if "|" in self.allowed else ()

    @property
    def refers_to(self) -> tuple[str, ...]:
        """Tables whose ids the column holds."""
        return tuple(self.type[4:].split("|")) if self.type.startswith("ref:") else ()

    @property
    def words(self) -> tuple[str, ...]:
        """Words a reference may hold instead of an id."""
        return tuple(word for word in self.choices if word) if self.refers_to else ()

    @property
    def limits(self) -> Limits:
        """Numbers allowed in the column."""
        return Limits.parse(self.allowed)

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers."""
        return self.type in ("number", "integer")

    @property
    def header(self) -> str:
        """Header cell of the column: name and, for a number that has one, unit."""
        return f"{self.column} [{self.unit}]" if self.is_number and self.unit else self.column


@cache
def attributes() -> tuple[Attribute, ...]:
    """All columns of all tables, in the order of ``attributes.csv``."""
    path = Path(__file__).with_name("attributes.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Attribute(**row) for row in csv.DictReader(file))


@cache
def tables() -> dict[str, dict[str, Attribute]]:
    """All tables: name -> column -> attribute."""
    found: dict[str, dict[str, Attribute]] = {}
    for attribute in attributes():
        found.setdefault(attribute.table, {})[attribute.column] = attribute
    return found


def key_columns(table: str) -> tuple[str, ...]:
    """Columns that together name a row of a table."""
    return KEYS.get(table, ("id",))
