"""What home shows: scenarios as cards, games that are kept."""

from __future__ import annotations

from typing import Any

from mobilize.game.house import House
from mobilize.ladder import MINDSETS
from mobilize.model import compiled
from mobilize.scenario import Scenario, months
from policies.package import PackageError, load_package, shipped

EASY, MIDDLE = 60, 200  # lines up to which a network is small, and middling


def scenario_cards(house: House) -> list[dict[str, Any]]:
    """Return a card for every scenario, the default first, then the rest by size."""
    cards = [card(name, scenario) for name, scenario in house.scenarios.items()]
    return sorted(cards, key=lambda c: (c["name"] != "arsenal-2026", -c["lines"], c["name"]))


def card(name: str, scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario is about, how long it lasts and how large it is."""
    net, ids = compiled(scenario)
    lines = len(net.l_item)
    challenger = scenario.challenger
    return {
        "name": name,
        "title": scenario.title,
        "summary": " ".join(scenario.summary.split()),
        "start": months.label(scenario.start),
        "months": scenario.horizon,
        "lines": lines,
        "countries": len(set(net.l_country.tolist())),
        "programs": len(ids.programs),
        "events": len(scenario.events),
        "size": "small" if lines <= EASY else "middling" if lines <= MIDDLE else "large",
        "challenger": "" if challenger is None else "acts" if challenger.acts else "watches",
        "mindsets": [] if challenger is None else list(MINDSETS),
        "packages": _packages(scenario),
        "seed": scenario.seed,
    }


def _packages(scenario: Scenario) -> list[dict[str, str]]:
    """Return the shipped packages that can be played in a scenario."""
    found = []
    for name in shipped():
        try:
            package = load_package(name, scenario)
        except PackageError:
            continue
        found.append({"name": name, "title": package.title})
    return found


def kept(house: House) -> list[dict[str, Any]]:
    """Return the games kept, the latest first."""
    return [
        {
            "key": row.id,
            "title": row.title,
            "scenario": row.scenario,
            "month": row.month,
            "turns": row.turns,
            "saved": row.saved,
        }
        for row in house.rows()
    ]
