"""Rules by which governments respond to a crisis, as data (``agents/responses.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("responses.toml")


@dataclass(frozen=True)
class Rule:
    """One rule: when something was seen for `months` in a row, do something of a `size`.

    `threshold` is a share (see :mod:`agents.sights`); `delay` in months comes beside the onset
    of a lever; within `cooldown` months the rule does not work on the same target again.
    """

    name: str
    title: str
    stances: tuple[str, ...]
    trigger: str
    threshold: float
    months: int
    action: str
    size: float
    unit: str
    delay: int
    cooldown: int
    evidence: str
    source: str
    confidence: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules, in the order in which a government works them down."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]
    return tuple(Rule(**{**row, "stances": tuple(row["stances"])}) for row in rows)
