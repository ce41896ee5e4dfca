"""Levers as a player meets them: what each costs, when it bites, how sure anyone is."""

from __future__ import annotations

from typing import Any

import numpy as np

from mobilize.game.sitting import View
from mobilize.scenario import Scenario, months
from mobilize.terms import SCOPES
from policies.levers import BEGINS, GROUPS, OFF, Lever, Move, catalogue
from policies.package import BASE, Setting
from policies.targets import targets

Names = dict[str, str]
MEANINGS = {term.name: term.text for terms in SCOPES.values() for term in terms}


def lever_board(view: View) -> dict[str, Any]:
    """Return every lever that can be moved in a game, by group, and what each may aim at.

    It changes only when a supplier is mapped: nobody can aim at one that is not known.
    """
    scenario, hidden = view.game.scenario, _unmapped(view)
    aims: dict[str, list[dict[str, str]]] = {}
    groups: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for lever in catalogue().values():
        key = "" if lever.target == BASE else f"{lever.target}/{lever.only}"
        if key and key not in aims:
            names = names_of(scenario, lever.target)
            found = [t for t in targets(lever, scenario) if t not in hidden]
            aims[key] = [{"id": t, "name": names.get(t, t)} for t in found]
        if not key or aims[key]:
            groups[lever.group].append(told_of(lever, key))
    told = [{"id": g, "title": GROUPS[g], "levers": rows} for g, rows in groups.items() if rows]
    return {"groups": told, "aims": aims}


def _unmapped(view: View) -> set[str]:
    """Return the ids of lines whose firm no government knows of."""
    world = view.model.world
    return {world.names.lines[line] for line in np.flatnonzero(~world.visible)}


def names_of(scenario: Scenario, table: str) -> Names:
    """Return the names of the rows of a table by id; a line is called by item and place."""
    rows = scenario.tables[table]
    ids = [str(i) for i in rows["id"]]
    if table == "lines":
        items = names_of(scenario, "items")
        return {
            line: f"{items.get(str(item), item)}, {place} ({line})"
            for line, item, place in zip(ids, rows["item"], rows["place"], strict=True)
        }
    if "name" not in rows.columns:
        return dict(zip(ids, ids, strict=True))
    return {key: str(name) for key, name in zip(ids, rows["name"], strict=True)}


def told_of(lever: Lever, aim: str) -> dict[str, Any]:
    """Return all that is told of a lever; `aim` names the list of what it may be aimed at."""
    return {
        "name": lever.name,
        "title": lever.title,
        "mover": lever.mover,
        "basis": lever.basis,
        "aim": aim,
        "setting": lever.setting,
        "values": [v for v in lever.values if v != OFF],
        "unit": lever.unit,
        "once": lever.once,
        "yearly": lever.yearly,
        "cost": lever.cost,
        "onset": [lever.onset.low, lever.onset.base, lever.onset.high],
        "lapse": lever.lapse,
        "confidence": lever.confidence,
        "evidence": lever.evidence,
        "source": lever.source,
        "lesson": lever.lesson,
        "moves": [_move(m) for m in lever.moves],
        "side": [_move(m) for m in lever.side],
    }


def _move(move: Move) -> str:
    """Return in words what a lever moves, a term by its meaning."""
    if move.how == "act" and move.quantity == BEGINS:
        return f"starts the project{f'; {move.note}' if move.note else ''}"
    verbs = {"set": "sets", "add": "adds to", "scale": "scales", "act": "acts on"}
    what = MEANINGS.get(move.quantity, move.quantity.replace("_", " "))
    size = f"{move.size.base:g}"
    if move.size.low != move.size.high:
        size += f" ({move.size.low:g} to {move.size.high:g})"
    note = f"; {move.note}" if move.note else ""
    return f"{verbs[move.how]} {what}: {size} {move.unit}{note}".strip()


def lever_state(view: View) -> dict[str, Any]:
    """Return what is decided and in force, and what is in the draft."""
    start, now = view.game.scenario.start, view.game.month
    latest = {(m.setting.lever, m.setting.target): m for m in view.model.world.made}
    decided = [
        {
            **_setting(made.setting),
            "since": months.label(start + made.month),
            "due": months.label(start + made.due),
            "waits": max(0, made.due - now),
            "own": not made.rule,
        }
        for made in latest.values()
        if made.setting.value != OFF
    ]
    planned = [
        {**_setting(s), "since": months.label(s.date), "due": "", "waits": 0, "own": True}
        for s in view.game.opening
        if s.date >= view.game.date
    ]
    draft = [_setting(s) for s in view.draft]
    return {"decided": decided, "planned": planned, "draft": draft, "cost": _cost(view.draft)}


def _setting(setting: Setting) -> dict[str, Any]:
    return {"lever": setting.lever, "target": setting.target, "value": setting.value}


def _cost(draft: tuple[Setting, ...]) -> dict[str, float]:
    """Return what a draft costs once and by year, MUSD."""
    levers = [catalogue()[s.lever] for s in draft if s.value != OFF]
    return {"once": sum(v.once for v in levers), "yearly": sum(v.yearly for v in levers)}
