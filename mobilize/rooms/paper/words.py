"""Words of guide and handouts, with what they stand for filled in (``words.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from mobilize.game.report import confidence
from mobilize.rooms.shapes import Shape, fitted
from mobilize.scenario import Scenario, by_content, months

FILE = Path(__file__).with_name("words.toml")


@cache
def words() -> dict[str, Any]:
    """Return all words by section."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def meanings(scenario: Scenario, shape: Shape) -> dict[str, str]:
    """Return what each name in the words stands for."""
    parts = fitted(shape, scenario)
    counts = confidence(scenario).values()
    last = min(scenario.horizon, shape.turns * parts["months"])
    limited = f", {shape.plan} minutes" if shape.clock else ""
    return {
        "scenario": scenario.name,
        "shape": shape.name,
        "command": command(scenario, shape),
        "summary": scenario.summary,
        "start": months.label(scenario.start),
        "end": months.label(scenario.start + last - 1),
        "months": str(parts["months"]),
        "turns": str(shape.turns),
        "minutes": limited,
        "out": words()["guide"]["out"]["locks" if shape.auto else "waits"],
        "practice": str(shape.practice),
        "notional": str(sum(count["notional"] for count in counts)),
        "rows": str(sum(sum(count.values()) for count in counts)),
    }


def command(scenario: Scenario, shape: Shape) -> str:
    """Return the command that opens a room of a shape."""
    lan = "" if shape.alone else " --lan"
    return f"python3 -m mobilize host {scenario.name} --shape {shape.name}{lan}"


def filled(lines: Iterable[str], means: dict[str, str]) -> list[str]:
    """Return lines with what names in them stand for."""
    return [line.format_map(means) for line in lines]


@by_content(8)
def names(scenario: Scenario) -> dict[str, str]:
    """Return how what a scenario is made of is called, by id: as on the pages of a seat."""
    tables = scenario.tables
    found = {
        str(key): str(name)
        for table in ("countries", "firms", "items", "programs", "projects")
        for key, name in zip(tables[table]["id"], tables[table]["name"], strict=True)
    }
    for row in tables["lines"].rows():
        found[str(row["id"])] = f"{found[str(row['item'])]}, {row['place'] or found[row['firm']]}"
    return found | {conflict.id: conflict.name for conflict in scenario.conflicts}
