"""Loading a scenario folder: all of it, or every reason why not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mobilize.crises.kinds import kinds
from mobilize.scenario import defaults, schema
from mobilize.scenario.content import (
    Challenger,
    CompleteSet,
    Conflict,
    Disturbance,
    Event,
    Hazard,
    Objective,
    Phase,
    Scenario,
    Substitute,
    Trigger,
    Use,
)
from mobilize.scenario.draft import Draft
from mobilize.scenario.faults import Fault, ScenarioError, hint, listed
from mobilize.scenario.inherit import implied, inherit, no_base, of_base
from mobilize.scenario.read import read_optional, read_table
from mobilize.scenario.settings import FILE, Entry, Settings, read_settings
from mobilize.scenario.table import Table, overlaid
from mobilize.scenario.validate import violations

SHIPPED = Path(__file__).parent.parent / "scenarios"
"""Folder of the scenarios that come with the package."""


def shipped() -> list[str]:
    """Name the scenarios that come with the package."""
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{FILE}"))


def load(folder: str | Path) -> Scenario:
    """
    Load a scenario.

    Parameters
    ----------
    folder : str or Path
        Path of a scenario folder, or name of a shipped scenario (which comes first).

    Raises
    ------
    ScenarioError
        If anything is wrong with it; all faults at once.
    """
    path, draft, faults = _examined(folder)
    if faults:
        raise ScenarioError(faults)
    return _scenario(path.resolve().name, draft)


def check(folder: str | Path) -> list[Fault]:
    """Return all that is wrong with a scenario; nothing if it can be used."""
    return _examined(folder)[2]


def _examined(folder: str | Path) -> tuple[Path, Draft, list[Fault]]:
    path = _path(folder)
    nothing = Draft({}, Settings(), frozenset())
    try:
        if not path.is_dir():
            return path, nothing, [_no_folder(folder, path)]
        draft, faults = _read(path)
    except OSError as error:
        problem = f"the folder cannot be read: {error.strerror or error}"
        return path, nothing, [Fault(str(folder), None, None, problem, "a folder you may read")]
    faults.extend(violations(draft))
    return path, draft, _in_order(faults)


def _path(folder: str | Path) -> Path:
    name = str(folder)
    return SHIPPED / name if name in shipped() else Path(folder)


def _no_folder(folder: str | Path, path: Path) -> Fault:
    names = shipped()
    problem = "this is not a folder" if path.exists() else "no such folder or shipped scenario"
    allowed = f"a scenario folder, or one of {listed(names)}" if names else "a scenario folder"
    return Fault(str(folder), None, None, problem + hint(str(folder), names), allowed)


def _read(path: Path) -> tuple[Draft, list[Fault]]:
    """Read every file of the folder, and of the one it is based on."""
    found, faults = read_settings(path)
    settings = found or Settings()
    faults.extend(_strays(path))
    faults.extend(defaults.faults())
    base = settings.top.get("based_on")
    tables, incomplete, wrong = _tables(path, optional=settings.top.given("based_on"))
    faults.extend(wrong)
    if base is None:
        if settings.top.get("without"):
            faults.append(settings.top.fault("without", "there is no base", 'based_on = "..."'))
        if settings.top.given("based_on"):
            incomplete = set(tables)
        return _draft(tables, settings, incomplete), faults
    return _read_over(base, path, tables, settings, incomplete, faults)


def _read_over(
    base: str,
    path: Path,
    own: dict[str, Table],
    settings: Settings,
    incomplete: set[str],
    faults: list[Fault],
) -> tuple[Draft, list[Fault]]:
    """Read the base and lay the folder's own tables over its."""
    folder = SHIPPED / base if base in shipped() else path / base
    obstacles = list(no_base(path, folder, settings, shipped()))
    if obstacles:
        return _draft(own, settings, set(own)), [*faults, *obstacles]
    below, lacking, wrong = _tables(folder, optional=False)
    tables, unknown = inherit(below, own, settings)
    draft = _draft(tables, settings, incomplete | lacking, base, implied(below, own))
    return draft, [*faults, *of_base(base, wrong), *unknown]


def _tables(path: Path, optional: bool) -> tuple[dict[str, Table], set[str], list[Fault]]:
    """Read the tables of a folder, which tables are incomplete, and all that is wrong."""
    tables: dict[str, Table] = {}
    incomplete: set[str] = set()
    faults: list[Fault] = []
    for name in schema.tables():
        read = read_optional if optional or name in schema.OPTIONAL_TABLES else read_table
        reading = read(path / f"{name}.csv", name)
        tables[name] = reading.table
        faults.extend(reading.faults)
        if not reading.complete:
            incomplete.add(name)
    faults.extend(defaults.parameter_faults(tables["parameters"]))
    return tables, incomplete, faults


def _draft(
    tables: dict[str, Table],
    settings: Settings,
    incomplete: set[str],
    base: str = "",
    origins: Table | None = None,
) -> Draft:
    """Add the package's parameters and sources to what was read."""
    whole = tables | {
        "parameters": defaults.with_parameters(tables["parameters"]),
        "sources": defaults.with_sources(tables["sources"]),
    }
    return Draft(whole, settings, frozenset(incomplete), base, origins)


def _strays(path: Path) -> Iterator[Fault]:
    """Yield a fault for each CSV file that is no table: a misspelt one would be ignored."""
    tables = [f"{name}.csv" for name in schema.tables()]
    for name in sorted(file.name for file in path.iterdir()):
        if name.lower().endswith(".csv") and name[0] != "." and name not in tables:
            problem = f"no table has this name{hint(name, tables)}"
            yield Fault(name, None, None, problem, listed(tables))


def _in_order(faults: list[Fault]) -> list[Fault]:
    """Sort by file, row and column, as a person would go through them; each fault once."""
    files = {f"{name}.csv": place for place, name in enumerate(schema.tables(), start=1)}
    columns = {(f"{a.table}.csv", a.column): n for n, a in enumerate(schema.attributes())}

    def place(fault: Fault) -> tuple[int, str, int, int]:
        order = 0 if fault.file == FILE else files.get(fault.file, len(files) + 1)
        column = columns.get((fault.file, fault.column or ""), 0)
        return order, fault.file, fault.row or 0, column

    return sorted(dict.fromkeys(faults), key=place)


def _scenario(name: str, draft: Draft) -> Scenario:
    settings = draft.settings
    top = {key: value for key, value in settings.top.values.items() if key != "without"}
    return Scenario(
        name=name,
        **top,
        tables=_with_origins(draft),
        conflicts=tuple(Conflict(**entry.values) for entry in settings.conflicts),
        uses=tuple(map(_use, settings.uses)),
        disturbances=tuple(map(_disturbance, settings.disturbances)),
        events=tuple(map(_event, settings.events)),
        hazards=tuple(Hazard(**entry.values) for entry in settings.hazards),
        sets=tuple(CompleteSet(**entry.values) for entry in settings.sets),
        objectives=tuple(Objective(**entry.values) for entry in settings.objectives),
        phases=tuple(Phase(**entry.values) for entry in settings.phases),
        substitutes=tuple(Substitute(**entry.values) for entry in settings.substitutes),
        challenger=next((Challenger(**entry.values) for entry in settings.challenger), None),
    )


def _with_origins(draft: Draft) -> dict[str, Table]:
    """Return the tables; what a variant's rows imply of their sources is provenance too."""
    if draft.origins is None:
        return draft.tables
    provenance = overlaid(draft.origins, draft["provenance"])
    return draft.tables | {"provenance": provenance}


def _use(entry: Entry) -> Use:
    values: dict[str, Any] = dict(entry.values)
    return Use(start=values.pop("from"), end=values.pop("to"), **values)


def _disturbance(entry: Entry) -> Disturbance:
    of = kinds()[entry.values["kind"]]
    usual = {
        "severity": of.severity.base,
        "months": round(of.months.base),
        "recovery": round(of.recovery.base),
    }
    given = {key: value for key, value in entry.values.items() if value is not None}
    return Disturbance(**{"start": None} | usual | given)


def _event(entry: Entry) -> Event:
    trigger = entry.get("trigger")
    return Event(**entry.values | {"trigger": trigger and Trigger(**trigger)})
