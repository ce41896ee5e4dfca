"""Scenarios that are not shipped, kept beside the games that are played in them."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from mobilize.scenario import Scenario, load
from mobilize.scenario.write import write_scenario

SCENARIOS = "scenarios"  # folder beside the games


def keep(scenario: Scenario, beside: Path) -> None:
    """Write a scenario beside a file of games, where it is found again by what it holds.

    Raises
    ------
    OSError
        If it cannot be written; nothing is then left of it.
    """
    folder = _place(scenario.digest, beside)
    if folder.exists():
        return
    part = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.part")
    try:
        write_scenario(scenario, part / scenario.name)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def kept(digest: str, beside: Path) -> list[Scenario]:
    """Return the scenarios kept beside a file of games under a digest: one, or none."""
    return [load(path) for path in sorted(_place(digest, beside).glob("*"))]


def _place(digest: str, beside: Path) -> Path:
    return beside.parent / SCENARIOS / digest[:16]
