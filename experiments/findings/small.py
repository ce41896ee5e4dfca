"""Small made-up networks for one lesson each, checked by the loader like any scenario folder.

A plant is a firm with one line. All numbers are chosen to show one mechanism alone: rates of a
round hundred, no accidents, no learning, firms that build nothing on their own. What is not
given has the default of the scenario schema.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from mobilize.model import Model
from mobilize.scenario import Scenario, load, schema
from policies.levers import Value
from policies.package import Package, Setting

Row = dict[str, object]

START = "2026-01"
COST = 10.0  # kUSD a unit of anything
NEVER = 1.0  # cash discipline of a firm that never builds ahead of a contract
TIERS = {"end_item": 1, "component": 2, "material": 3}
SOURCE: Row = {"source": "MODEL", "confidence": "notional"}
ALWAYS: dict[str, Row] = {
    "countries": {"alignment": 0.8, "labour_pool": 100_000},
    "items": {"unit": "unit", "cost": COST, "learning": 1},
    "bom": {"quantity": 1},
    "programs": {"stock": 0, "objective": 1e6, "span": 12},
    "projects": {"spread": 0},
}  # what a row has unless it says otherwise


def good(name: str, kind: str = "component") -> Row:
    """Return a good: an end_item, a component or a material."""
    return {"id": name, "kind": kind}


def program(
    name: str, buys: str, units: float, running: float, country: str = "US", rating: str = "DO"
) -> Row:
    """Return a government that buys an item at home.

    Parameters
    ----------
    units : float
        A month, that its money orders, from the second year on.
    running : float
        Units a month on contract in the first year.
    """
    return {
        "id": name,
        "country": country,
        "item": buys,
        "rating": rating,
        "channel": "domestic",
        "on_order": 12 * running,
        "award": 12,
        "money": units * 12 * COST / 1000,
    }


def plant(name: str, item: str, rate: float, country: str = "US", **figures: object) -> Row:
    """Return a plant that makes at most `rate` units of an item a month."""
    usual: Row = {"rate": rate, "country": country, "start_rate": 0, "cycle": 1, "lead": 3}
    return {"id": name, "item": item, **usual, **figures}


def route(buyer: str, supplier: str, share: float = 1.0, **figures: object) -> Row:
    """Return who buys from whom, and the share of the buyer's need at the start."""
    return {"buyer": buyer, "supplier": supplier, "share": share, **figures}


def network(
    name: str,
    items: Sequence[Row],
    plants: Sequence[Row],
    routes: Sequence[Row],
    programs: Sequence[Row],
    months: int,
    bom: Sequence[tuple[str, str]] = (),
    countries: Sequence[Row] = (),
    projects: Sequence[Row] = (),
    events: str = "",
    parameters: dict[str, float] | None = None,
) -> Scenario:
    """Return a scenario of a few plants that passes every check of a scenario folder.

    Parameters
    ----------
    bom : pairs
        Item and component, one a unit.
    events : str
        Disturbances, a war and a challenger, in the words of ``scenario.toml``.
    parameters : dict
        Numbers of the model in the place of the defaults. There are no accidents and no
        scarcity prices otherwise, so that a budget buys the same units in every month.
    """
    kinds = {row["id"]: row["kind"] for row in items}
    numbers = {"incident_rate": 0.0, "price_elasticity": 0.0} | (parameters or {})
    tables: dict[str, Sequence[Row]] = {
        "countries": [{"id": "US", "alignment": 1}, *countries],
        "items": items,
        "bom": [{"item": item, "component": part} for item, part in bom],
        "firms": [_firm(p, kinds) for p in plants],
        "lines": [_line(p, kinds) for p in plants],
        "routes": routes,
        "programs": programs,
        "budgets": [_budget(p) for p in programs],
        "projects": projects,
        "parameters": [_parameter(key, value) for key, value in numbers.items()],
        "sources": [],
    }
    head = (
        f'title = "{name}"\nsummary = "Made up."\nstart = "{START}"\nhorizon = {months}\nseed = 1'
    )
    with TemporaryDirectory() as folder:
        place = Path(folder) / name
        place.mkdir()
        (place / "scenario.toml").write_text(f"{head}\n{events}", encoding="utf-8")
        for table, rows in tables.items():
            _write(place / f"{table}.csv", table, rows)
        return load(place)


def at(scenario: Scenario, month: int, lever: str, target: str, value: Value = "on") -> Setting:
    """Return a lever set in a month counted from the scenario's start."""
    return Setting(scenario.start + month, lever, target, value)


def play(
    scenario: Scenario, *settings: Setting, world: int = 0, months: int | None = None
) -> Model:
    """Return a world of a scenario, run to its end under some settings."""
    package = Package("experiment", "Experiment", settings)
    return Model(scenario, package, world=world, months=months, panel=True).run()


def closure(buyer: str, supplier: str, start: str, months: int) -> str:
    """Return a border closed to one route for some months."""
    return _event("closure", f"{buyer}>{supplier}", start, months, "")


def outage(line: str, start: str, months: int, severity: float = 1.0) -> str:
    """Return a plant that loses the share `severity` of its output for some months."""
    return _event("outage", line, start, months, f"severity = {severity}\n")


def war(uses: str, per_day: float, months: int, need_days: float) -> str:
    """Return a war that waits for the challenger's attack and uses `per_day` units of a program.

    `need_days` is how many days of fires the plan requires; `months` how long the war lasts.
    """
    rests = 'source = "MODEL"\nconfidence = "notional"\n'
    return (
        f'[[conflict]]\nid = "war"\nname = "War"\noutbreak = "attack"\nneed_days = {need_days}\n'
        f'{rests}[[conflict.phase]]\nname = "whole"\nmonths = {months}\n'
        f'[[conflict.use]]\nprogram = "{uses}"\nphase = "whole"\nper_day = {per_day}\n{rests}'
    )


def challenger(country: str, near: str) -> str:
    """Return a challenger that acts, of a mindset that luck draws unless one is named."""
    return (
        f'[challenger]\ncountry = "{country}"\nacts = true\nnear = "{near}"\n'
        'source = "MODEL"\nconfidence = "notional"\n'
    )


def _event(kind: str, target: str, start: str, months: int, more: str) -> str:
    return (
        f'[[disturbance]]\nid = "{kind}"\nkind = "{kind}"\ntarget = "{target}"\n'
        f'start = "{start}"\nmonths = {months}\nrecovery = 0\n{more}'
        'text = "Made up"\nsource = "MODEL"\nconfidence = "notional"\n'
    )


def _firm(one: Row, kinds: dict[object, object]) -> Row:
    role = "prime" if kinds[one["item"]] == "end_item" else "supplier"
    return {
        "id": f"{one['id']}-firm",
        "country": one["country"],
        "role": role,
        "cash_discipline": NEVER,
    }


def _line(one: Row, kinds: dict[object, object]) -> Row:
    rate = float(str(one["rate"]))
    own = {column: value for column, value in one.items() if column not in ("rate", "country")}
    rates = {"msr": 0, "rate_185": 0.8 * rate, "rate_max": rate, "labour": 0.1}
    place: Row = {"firm": f"{one['id']}-firm", "place": "nowhere", "lat": 0, "lon": 0}
    return {**place, **rates, "tier": TIERS[str(kinds[one["item"]])], **own}


def _budget(program: Row) -> Row:
    return {
        "id": f"money-{program['id']}",
        "country": program["country"],
        "purpose": program["id"],
        "date": START,
        "amount": program["money"],
        "repeat": "yearly",
    }


def _parameter(name: str, value: float) -> Row:
    from mobilize.scenario.defaults import default

    known = default("parameters")
    unit = known["unit"][known.index("name")[name]]
    return {"name": name, "value": value, "unit": unit, "description": "for the experiment"}


def _write(path: Path, table: str, rows: Sequence[Row]) -> None:
    columns = schema.tables()[table]
    usual = {**SOURCE, **ALWAYS.get(table, {})}
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        write.writerow([attribute.header for attribute in columns.values()])
        for row in rows:
            full = {"name": row.get("id", ""), **usual, **row}
            write.writerow([full.get(column, "") for column in columns])
