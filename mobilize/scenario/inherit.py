"""A scenario based on another: the tables of that one first, then the rows of this folder.

A row with the key of a row of the base stands in its place; one with a new key is added; keys
listed under ``[without]`` are taken away. Neither ``scenario.toml`` nor the tables of history are
inherited: a variant sets its own scene, and history does not vouch for it.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from mobilize.scenario.faults import Fault, hint, listed, shown
from mobilize.scenario.schema import key_columns, tables
from mobilize.scenario.settings import Settings, read_settings
from mobilize.scenario.table import Table, array, empty, missing, overlaid

NOT_INHERITED = ("hindcast", "constraints")
Tables = dict[str, Table]
Said = tuple[str, str]  # source and confidence


def no_base(path: Path, base: Path, settings: Settings, shipped: list[str]) -> Iterator[Fault]:
    """Yield what keeps a scenario from being based on a folder."""
    name = str(settings.top.get("based_on"))
    if not os.path.isdir(base):
        problem = f"no such folder or shipped scenario{hint(name, shipped)}"
        allowed = f"a folder beside this one, or one of {listed(shipped)}"
        yield settings.top.fault("based_on", problem, allowed)
    elif base.resolve() == path.resolve():
        yield settings.top.fault("based_on", "based on itself", "another scenario")
    else:
        other, faults = read_settings(base)
        if other is None:
            yield from of_base(name, faults)
        elif other.top.given("based_on"):
            problem = f"{shown(name)} is itself based on {shown(other.top.get('based_on'))}"
            yield settings.top.fault("based_on", problem, "a scenario that stands alone")


def of_base(name: str, faults: Iterable[Fault]) -> list[Fault]:
    """Say of faults that they stand in files of the base."""
    return [replace(fault, file=f"{name}/{fault.file}") for fault in faults]


def inherit(base: Tables, own: Tables, settings: Settings) -> tuple[Tables, list[Fault]]:
    """Lay the rows of a folder over those of its base; the latter have negative file rows."""
    away, faults = _taken_away(base, own, settings)
    found = {}
    for name, table in base.items():
        keys = table.keys()
        kept = [row for row, key in enumerate(keys) if key not in away.get(name, ())]
        below = table.take(np.array([] if name in NOT_INHERITED else kept, np.intp))
        marked = Table(name, below.columns, -below.file_rows)
        found[name] = overlaid(marked, own[name])
    gone = {(name, key) for name, keys in away.items() for key in keys} | _replaced(base, own)
    provenance = found["provenance"]
    rows = zip(provenance["table"], provenance["id"], provenance.file_rows < 0, strict=True)
    stay = [place for place, (name, key, inherited) in enumerate(rows)
            if not (inherited and (name, key) in gone)]  # fmt: skip
    found["provenance"] = provenance.take(np.array(stay, np.intp))
    return found, faults


def _taken_away(
    base: Tables, own: Tables, settings: Settings
) -> tuple[dict[str, set[str]], list[Fault]]:
    """Return the keys under ``[without]`` by table, and those that are none of the base."""
    away: dict[str, set[str]] = {}
    faults = []
    for name, key in settings.top.get("without") or ():
        problem, allowed = "", f"{'>'.join(key_columns(name))} of a row of the base"
        known = set(base[name].keys())
        if key not in known:
            problem = f"{name}.csv of the base has no row {shown(key)}{hint(key, known)}"
        elif key in own[name].keys():  # noqa: SIM118
            problem, allowed = f"{shown(key)} stands in {name}.csv too", "either of them"
        if problem:
            faults.append(settings.top.fault("without", problem, allowed))
        away.setdefault(name, set()).add(key)
    return away, faults


def _replaced(base: Tables, own: Tables) -> set[tuple[str, str]]:
    return {(name, key) for name in own for key in set(own[name].keys()) & set(base[name].keys())}


def implied(base: Tables, own: Tables) -> Table:
    """Return where the figures of a variant's rows come from, as rows of ``provenance.csv``.

    A figure that a row repeats from the base unchanged keeps the base's source; any other has
    that of its row, whatever the base says of the column. What the variant's own
    ``provenance.csv`` says comes before.
    """
    said = _overrides(own["provenance"])
    rows = [
        (name, key, column, *source)
        for name, table in own.items()
        if "source" in table.columns and name != "provenance"
        for key, column, source in _origins(base, table)
        if (name, key, column) not in said and (name, "*", column) not in said
    ]
    columns = {column: array([missing(attribute)] * len(rows), attribute)
               for column, attribute in tables()["provenance"].items()}  # fmt: skip
    names = ("table", "id", "column", "source", "confidence")
    for place, column in enumerate(names):
        columns[column][:] = [row[place] for row in rows]
    return Table("provenance", columns, np.zeros(len(rows), np.int64))


def _origins(base: Tables, table: Table) -> Iterator[tuple[str, str, Said]]:
    """Yield key, column and origin of each cell for which its row does not speak by itself."""
    below, said = base.get(table.name, empty(table.name)), _overrides(base["provenance"])
    there = {key: place for place, key in enumerate(below.keys())}
    figures = set(table.columns) - {*key_columns(table.name), "source", "confidence"}
    for row, key in enumerate(table.keys()):
        mine = (table["source"][row], table["confidence"][row])
        for column in sorted(figures):
            whole = said.get((table.name, "*", column))
            origin = mine
            if key in there and _same(table[column][row], below[column][there[key]]):
                theirs = (below["source"][there[key]], below["confidence"][there[key]])
                origin = said.get((table.name, key, column)) or whole or theirs
            if origin != (whole or mine):
                yield key, column, origin


def _same(one: object, other: object) -> bool:
    return one == other or (one != one and other != other)


def _overrides(provenance: Table) -> dict[tuple[str, str, str], Said]:
    return {(row["table"], row["id"], row["column"]): (row["source"], row["confidence"])
            for row in provenance.rows()}  # fmt: skip
