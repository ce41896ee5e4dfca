"""The page of all kinds of disturbance: ``python -m mobilize.crises.handbook > docs/crises.md``."""

from __future__ import annotations

import csv
from pathlib import Path

from mobilize.crises.kinds import FORMS, Kind, Sizes, kinds
from mobilize.dictionary import table

HEAD = """\
# What goes wrong

Written by `python -m mobilize.crises.handbook > docs/crises.md` from `mobilize/crises/kinds.toml`.
A disturbance of a scenario names a kind and a target; severity, months and recovery are the base
sizes below unless it says otherwise. Hazards draw them between low and high.

"""
EFFECTS = {
    "stop": "takes that share of the availability of the lines; repair follows",
    "destroy": "destroys that share of their finished goods and work in progress",
    "close": "closes the routes on which goods leave the country",
    "squeeze": "keeps that share of what is due abroad at home",
    "delay": "makes goods that cross the border late by whole months",
    "dear": "multiplies the cost of the item; what contains it gets dearer by its part",
    "hold_budget": "holds back that share of appropriations, and new starts, until it is over",
    "fund": "appropriates money",
    "rework": "sends a project back to its equipment, a milestone back to work, stops a product",
    "motivate": "adds to the challenger's own reasons to act, which fade; no policy of industry "
    "moves them",
    "leave": "closes the lines for good; what is on order is asked of others",
}


def page() -> str:
    """Return the text of ``docs/crises.md``."""
    overview = (
        (f"[{k.title}](#{k.name})", ", ".join(FORMS[f] for f in k.targets), _told(k.severity),
         k.unit, _told(k.months), _told(k.recovery), k.confidence)
        for k in kinds().values()
    )  # fmt: skip
    header = ("Kind", "Strikes", "Severity", "Unit", "Months", "Recovery", "Confidence")
    return HEAD + table(header, overview) + "".join(_section(kind) for kind in kinds().values())


def _told(sizes: Sizes) -> str:
    """Write base, and low and high where they differ."""
    low, base, high = (f"{value:g}" for value in (sizes.low, sizes.base, sizes.high))
    return base if low == high else f"{base} ({low} to {high})"


def _section(kind: Kind) -> str:
    moves = [
        f"moves the term `{m.quantity}` ({m.how} {'severity' if m.size is None else f'{m.size:g}'})"
        for m in kind.moves
    ]
    does = "; ".join([EFFECTS[name] for name in kind.does] + moves)
    return (
        f"\n## {kind.name}\n\n{kind.title}: it {does}.\n\nExpected response: {kind.expected}\n\n"
        f"Evidence ({kind.confidence}): {kind.evidence} {_cited(kind.source)}\n"
    )


def _cited(source: str) -> str:
    titles = sources()
    return "; ".join(titles.get(name, "modelling choice") for name in source.split("+")) + "."


def sources() -> dict[str, str]:
    """Return title and publisher of every source of the kinds, by id."""
    path = Path(__file__).with_name("sources.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: f"{row['title']} ({row['publisher']})" for row in csv.DictReader(file)}


if __name__ == "__main__":
    print(page(), end="")
