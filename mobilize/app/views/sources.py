"""Every number that a game rests on, with its unit, its source and how sure anyone is of it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import agents
import mobilize.crises
import mobilize.scenario
import policies
from agents.rules import rules
from agents.tables import rows as challenger_rows
from mobilize.app.views.paging import paged
from mobilize.crises.kinds import kinds
from mobilize.dictionary import RANGE
from mobilize.game.seen import ID, unmapped
from mobilize.game.sitting import View
from mobilize.game.telling import names_of
from mobilize.ladder import MINDSETS
from mobilize.scenario import Scenario, by_content, months
from mobilize.scenario.cells import CONFIDENCES
from mobilize.scenario.schema import Attribute, tables
from policies.handbook import sizes
from policies.levers import GROUPS, catalogue

ABOUT = ("title", "publisher", "year", "url")
PAGE = 40  # rows sent at a time
SETTINGS = "scenario.toml"
LISTS = tuple(
    Path(str(package.__file__)).parent / name
    for package, name in (
        (mobilize.scenario, "sources.csv"),
        (policies, "catalogue/sources.csv"),
        (mobilize.crises, "sources.csv"),
        (agents, "sources.csv"),
    )
)  # lists of sources that come with Mobilize
TITLES = {
    SETTINGS: "Conflicts, disturbances, hazards",
    "levers": "Levers",
    "kinds": "Kinds of disturbance",
    "responses": "Rules of responses",
    "mindsets": "The challenger's mindsets",
    "ladder": "The challenger's ladder",
    "bom": "What goes into what",
    "hindcast": "History to test against",
    "parameters": "Parameters of the model",
}  # of tables whose name does not say what they hold
MEANING = {
    "documented": "read in the source: somebody says so, which does not make it true",
    "estimate": "computed from sources or judged near one",
    "unverified": "a known public figure whose text was not read",
    "notional": "a modelling choice",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: where it stands, what it is, what it rests on; `name` is that of its row."""

    table: str
    row: str
    column: str
    value: str
    unit: str
    source: str
    confidence: str
    note: str
    name: str
    search: str


def figure(
    table: str, row: str, column: str, value: str, unit: str, source: str, confidence: str,
    note: str = "", name: str = "",
) -> Figure:  # fmt: skip
    """Return a figure that can be searched for by every word of it, its row's name among them."""
    words = (table, row, column, value, unit, source, confidence, note, name)
    search = " ".join((*words, column.replace("_", " "))).casefold()
    return Figure(*words, search)


@by_content(8)
def figures(scenario: Scenario) -> tuple[Figure, ...]:
    """Return every number of a scenario and of what is common to all, table by table.

    Disturbances that a scenario plans are not among them, see :func:`happened`.
    """
    cells = [f for name in tables() for f in _cells(scenario, name)]
    return (*cells, *_settings(scenario), *_common())


def _cells(scenario: Scenario, name: str) -> list[Figure]:
    """Return the filled numeric cells of a table; low and high of a parameter are its note."""
    columns = {c: a for c, a in tables()[name].items() if a.is_number and c not in RANGE}
    if "source" not in tables()[name]:
        return []
    notes = {(row["table"], row["id"], row["column"]): str(row["note"])
             for row in scenario["provenance"].rows()}  # fmt: skip
    names, found = names_of(scenario), []
    for key, row in zip(scenario[name].keys(), scenario[name].rows(), strict=True):
        for column, attribute in columns.items():
            value = row[column]
            if value != value:
                continue
            rests = scenario.provenance(name, key, column)
            note = notes.get((name, key, column)) or notes.get((name, "*", column)) or ""
            if name == "parameters":
                note = f"{row['low']:g} to {row['high']:g}; {row['description']}"
            label = str(row["metric"]) if name == "hindcast" else column
            about = rests.source, rests.confidence, note
            unit, told = _unit(attribute, row), names(key)
            found.append(figure(name, key, label, _number(value), unit, *about, told))
    return found


def _unit(attribute: Attribute, row: dict[str, Any]) -> str:
    return attribute.unit or str(row.get("unit") or "")


def _number(value: float) -> str:
    """Return a figure as it stands in the data, with thousands separators.

    >>> _number(14500.0), _number(0.93), _number(1e-05)
    ('14,500', '0.93', '0.00001')
    """
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.10f}".rstrip("0")


def _settings(scenario: Scenario) -> Iterator[Figure]:
    """Yield the numbers that ``scenario.toml`` gives with a source, disturbances to come not."""
    for c in scenario.conflicts:
        if c.confidence and c.need_days is not None:
            rests = c.source or "", c.confidence, c.name
            days = _number(c.need_days)
            yield figure(SETTINGS, c.id, "fires that the plan needs", days, "days", *rests)
    for u in scenario.uses:
        rests = u.source, u.confidence, u.phase or _dates(u.start, u.end)
        row = f"{u.conflict}: {u.program}"
        yield figure(SETTINGS, row, "use", _number(u.per_day), "units/day", *rests)
    for s in scenario.substitutes:
        row, unit = f"{s.conflict}: {s.program}", f"units of {s.instead} for one"
        size = _number(s.units)
        yield figure(SETTINGS, row, "fired instead", size, unit, s.source, s.confidence)
    for h in scenario.hazards:
        rests = h.source, h.confidence, h.text
        yield figure(SETTINGS, h.id, "chance", _number(h.per_year), "1/year", *rests)


def happened(view: View) -> tuple[Figure, ...]:
    """Return the numbers of the scenario's disturbances that have happened in a game."""
    told = {(d.target, d.why) for d in view.model.decisions if d.kind == "disturbance"}
    found = []
    for d in view.game.scenario.disturbances:
        of = kinds()[d.kind]
        if (d.target, d.text or of.title) in told and "motivate" not in of.does:
            note = f"{d.text} ({d.months} months, then {d.recovery} to recover)"
            rests = d.source, d.confidence, note
            found.append(figure(SETTINGS, d.id, "severity", _number(d.severity), of.unit, *rests))
    return tuple(found)


def _dates(start: int | None, end: int | None) -> str:
    ends = [months.label(month) for month in (start, end) if month is not None]
    return " to ".join(dict.fromkeys(ends))


@cache
def _common() -> tuple[Figure, ...]:
    """Return the numbers that every scenario has."""
    return (*_levers(), *_troubles(), *_responses(), *_challenger())


def _levers() -> Iterator[Figure]:
    for lever in catalogue().values():
        rests = lever.source, lever.confidence
        told = f"{lever.title} ({GROUPS[lever.group]})"
        yield figure("levers", lever.name, "onset", sizes(lever.onset), "months", *rests, told)
        for move in lever.moves:
            size = sizes(move.size)
            yield figure("levers", lever.name, move.quantity, size, move.unit, *rests, told)
        for name, cost, unit in (
            ("cost once", lever.once, "MUSD"),
            ("cost a year", lever.yearly, "MUSD/year"),
        ):
            if cost:
                yield figure("levers", lever.name, name, _number(cost), unit, *rests, lever.cost)


def _troubles() -> Iterator[Figure]:
    for kind in kinds().values():
        for name, size, unit in (
            ("severity", kind.severity, kind.unit),
            ("lasts", kind.months, "months"),
            ("recovery", kind.recovery, "months"),
        ):
            value = " / ".join(dict.fromkeys(f"{v:g}" for v in (size.low, size.base, size.high)))
            rests = kind.source, kind.confidence
            yield figure("kinds", kind.name, name, value, unit, *rests, kind.evidence)


def _responses() -> Iterator[Figure]:
    for rule in rules():
        size, rests = _number(rule.size), (rule.source, rule.confidence)
        yield figure("responses", rule.name, rule.action, size, rule.unit, *rests, rule.title)


def _challenger() -> Iterator[Figure]:
    for row in challenger_rows("mindsets.csv"):
        value = " / ".join(row[name] for name in MINDSETS)
        rests = row["source"], row["confidence"], row["description"]
        yield figure("mindsets", row["name"], ", ".join(MINDSETS), value, row["unit"], *rests)
    for row in challenger_rows("ladder.csv"):
        rests = row["source"], row["confidence"], row["description"]
        chance = row["opportunity"]
        yield figure("ladder", row["title"], "opportunity", chance, "1/quarter", *rests)


@cache
def _shipped_sources() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in LISTS:
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row["id"]: row for row in csv.DictReader(file)}
    return found


def cited(scenario: Scenario, source: str) -> list[dict[str, str]]:
    """Return what a source of the data stands for: title, publisher, year and address."""
    own = scenario["sources"].index()
    found = []
    for name in source.split("+"):
        if name in own:
            row = {
                c: str(scenario["sources"][c][own[name]])
                for c in ("title", "publisher", "year", "url")
            }
        else:
            row = _shipped_sources().get(name, {"title": name})
        url = row.get("url", "")
        found.append({
            "id": name,
            "title": row.get("title", name),
            "by": ", ".join(w for w in (row.get("publisher", ""), row.get("year", "")) if w),
            "url": url if url.startswith(("https://", "http://")) else "",
        })  # fmt: skip
    return found


def sources(
    view: View, table: str = "", confidence: str = "", text: str = "", page: int = 0,
    size: int = PAGE,
) -> dict[str, Any]:  # fmt: skip
    """Return one page of the numbers that match, and the shares of confidences among all of them.

    Parameters
    ----------
    table, confidence : str
        Of the numbers wanted, or "" for all.
    text : str
        Words that must stand in a number's row, whatever their case.
    page : int
        From 0; one that is not there is the last.

    Notes
    -----
    What is known of suppliers that governments have not mapped is `hidden`: counted, not told.
    """
    scenario, hidden = view.game.scenario, unmapped(view.model.world)
    whole = figures(scenario)
    known = [f for f in whole if hidden.isdisjoint(ID.findall(f.row))]
    every = (*known, *happened(view))
    words = text.casefold().split()
    here = [f for f in every if not table or f.table == table]
    here = [f for f in here if all(word in f.search for word in words)]
    found = [f for f in here if not confidence or f.confidence == confidence]
    rows, place = paged(found, page, size)
    counts = Counter(f.table for f in every)
    ids = {i for f in rows for i in f.source.split("+")}
    return {
        "rows": [_plain(f) for f in rows],
        "cited": {i: cited(scenario, i)[0] for i in sorted(ids)},
        "tables": [{"id": t, "title": title(t), "count": n} for t, n in counts.items()],
        "shares": shares(here),
        "all": shares(every),
        "total": len(every),
        "hidden": len(whole) - len(known),
        **place,
        "filter": {"table": table, "confidence": confidence, "text": text},
    }


def title(table: str) -> str:
    """Return what a table is called on the page."""
    return TITLES.get(table) or table.capitalize()


def shares(found: list[Figure] | tuple[Figure, ...]) -> list[dict[str, Any]]:
    """Return how many of some numbers have each confidence."""
    counts = Counter(f.confidence for f in found)
    whole = max(1, len(found))
    return [
        {"id": word, "count": counts[word], "share": counts[word] / whole, "means": MEANING[word]}
        for word in CONFIDENCES
    ]


def _plain(f: Figure) -> dict[str, Any]:
    return {
        "table": title(f.table),
        "row": f.row if f.name and f.name != f.row else "",
        "name": f.name or f.row,
        "column": f.column.replace("_", " "),
        "value": f.value,
        "unit": f.unit,
        "sources": f.source.split("+") if f.source else [],
        "confidence": f.confidence,
        "note": f.note,
    }
