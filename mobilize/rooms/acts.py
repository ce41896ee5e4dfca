"""What seats may do beside levers: in words, at what, how much (``acts.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("acts.toml")


@dataclass(frozen=True)
class SeatAct:
    """One act of seats; the fields are explained in the data file."""

    name: str
    title: str
    does: str
    about: str
    aim: str
    size: str
    unit: str
    usual: float
    bites: str
    cost: str
    gentle: bool


@cache
def acts() -> dict[str, SeatAct]:
    """Return every act by name."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["act"]
    return {row["name"]: SeatAct(**row) for row in rows}
