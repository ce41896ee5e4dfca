"""The plan of a seat: levers to move, acts beside them, what is planned and what it costs."""

from __future__ import annotations

from itertools import zip_longest
from math import inf
from typing import Any

from mobilize.app.views.levers import told_of
from mobilize.game.telling import Names, names_of
from mobilize.rooms.acts import acts
from mobilize.rooms.roles import ADVERSARY
from mobilize.scenario import Scenario
from mobilize.scenario.cells import CONFIDENCES
from policies.levers import GROUPS, OFF, catalogue
from policies.package import BASE

Plain = dict[str, Any]
MOST = 5  # actions that are open in a first turn


def lever_board(menu: list[Plain], first: tuple[str, ...], scenario: Scenario) -> Plain:
    """Return the levers of a seat by group, those to begin with before all others.

    `aims` are lists of targets that several levers may share; `first` names the group that is
    open at first, or "".
    """
    names = names_of(scenario)
    keys: dict[tuple[str, ...], str] = {}
    groups: dict[str, list[Plain]] = {"first": [], **{group: [] for group in GROUPS}}
    for row in menu:
        targets = tuple(row["targets"])
        aim = "" if targets == (BASE,) else keys.setdefault(targets, f"a{len(keys)}")
        group = "first" if row["lever"] in first else row["group"]
        lever = told_of(catalogue()[row["lever"]], aim)
        groups[group].append({**lever, "asked": row["asked"], "group": row["group"]})
    groups["first"].sort(key=lambda row: first.index(row["name"]))
    titles = {"first": "To begin with", **GROUPS}
    return {
        "groups": [{"id": g, "title": titles[g], "levers": v} for g, v in groups.items() if v],
        "aims": {key: aims(names, targets) for targets, key in keys.items()},
        "first": "first" if groups["first"] else "",
    }


def soonest(menu: list[Plain], parts: list[Plain]) -> tuple[str, ...]:
    """Return levers to begin with: those that bite first, of each part of the team in turn.

    Only what the seat decides itself. Not advice: nothing says that they help.
    """
    known = catalogue()
    own = [known[row["lever"]] for row in menu if not row["asked"]]
    own.sort(key=lambda lever: (lever.onset.base, CONFIDENCES.index(lever.confidence), lever.name))
    of_parts = [[lever.name for lever in own if lever.group in part["groups"]] for part in parts]
    found = [name for row in zip_longest(*of_parts) for name in row if name]
    return tuple(dict.fromkeys(found))[:MOST]


def begin(suggested: tuple[str, ...], menu: list[Plain], parts: list[Plain]) -> tuple[str, ...]:
    """Return the levers that are open in a first turn: what is suggested, then what bites soonest.

    With the acts that are suggested, no more than five.
    """
    may = {row["lever"] for row in menu}
    levers = [name for name in suggested if name in may]
    room = MOST - (len(suggested) - len(levers))
    return tuple(dict.fromkeys([*levers, *soonest(menu, parts)]))[:room]


def aims(names: Names, targets: tuple[str, ...]) -> list[dict[str, str]]:
    """Return targets with their names, told apart where two share one, by the alphabet."""
    told = [names(t) for t in targets]
    twice = {name for name in told if told.count(name) > 1}
    rows = [{"id": t, "name": f"{n} ({t})" if n in twice else n}
            for t, n in zip(targets, told, strict=True)]  # fmt: skip
    return sorted(rows, key=lambda row: row["name"].casefold())


def lever_state(
    plan: Plain, results: list[Plain], parts: list[Plain], part: str, locked: bool
) -> Plain:
    """Return what is planned and what of earlier turns stands, for the board of one member."""
    latest: dict[tuple[str, str], Plain] = {}
    for turn in results:
        for one in turn["counted"]:
            latest[one["lever"], one["target"]] = {**one, "turn": turn["turn"]}
    return {
        "draft": plan["settings"],
        "decided": [one for one in latest.values() if one["value"] != OFF],
        "planned": [],
        "cost": cost(plan["settings"]),
        "taken": taken(parts, part, "groups"),
        "locked": locked,
    }


def taken(parts: list[Plain], part: str, what: str) -> dict[str, str]:
    """Return by group of levers, or by act, whose own decision it is, if not this member's."""
    found: dict[str, str] = {}
    for one in parts:
        if one["held_by"] and one["name"] != part:
            told = f"{one['title']} decides: {', '.join(one['held_by'])}"
            found |= dict.fromkeys(one[what], told)
    return found


def cost(settings: list[Plain]) -> dict[str, float]:
    """Return what settings cost once and by year, MUSD."""
    levers = [catalogue()[s["lever"]] for s in settings if s["value"] != OFF]
    return {"once": sum(v.once for v in levers), "yearly": sum(v.yearly for v in levers)}


def act_rows(deeds: list[Plain], world: Plain, scenario: Scenario) -> list[Plain]:
    """Return the acts of a seat with the names of their targets."""
    names = names_of(scenario)
    steps = {s["step"]: s for s in world.get("ladder", {}).get("steps", [])}
    own = world.get("programs", [])
    short = {r["program"]: r["stock"] / r["objective"] for r in own
             if r["objective"] and (r["stock"] or r["on_contract"])}  # fmt: skip
    rows = []
    for act in deeds:
        if act["aim"] == "steps":
            told = [{"id": t, "name": step_name(steps.get(t), t)} for t in act["targets"]]
            told.sort(key=lambda row: bool(steps.get(row["id"], {}).get("stands")))
        elif act["aim"] == "countries":
            told = [{"id": t, "name": names(*names.owners(t)[:1])} for t in act["targets"]]
        else:
            told = aims(names, tuple(act["targets"]))
            if act["aim"] == "own":
                told.sort(
                    key=lambda row: short.get(row["id"], inf)
                )  # what lacks most is offered first
        rows.append({**act, "targets": told})
    return rows


def step_name(step: Plain | None, key: str) -> str:
    """Return how a step of the ladder is called, and whether it stands already."""
    if step is None:
        return key
    title = str(step["title"])
    return title[:1].upper() + title[1:] + (" (stands already)" if step["stands"] else "")


def plan_rows(plan: Plain, granted: list[Plain], asked: frozenset[str], deeds: list[Plain],
              offers: list[Plain], seat: str, turn: int, scenario: Scenario) -> Plain:  # fmt: skip
    """Return the plan so far: levers and acts in words, what was agreed, and what it costs."""
    words = {(g["lever"], g["target"]): g["yes"] for g in granted}

    def word(one: Plain) -> Plain:
        needs = one["lever"] in asked
        state = words.get((one["lever"], one["target"] or BASE)) if needs else None
        return {"asked": needs, "granted": state}

    return {
        "settings": [{**said(one, scenario), **word(one)} for one in plan["settings"]],
        "orders": [order_row(o, deeds, scenario) for o in plan["orders"]],
        "agreed": [
            {"offer": o["number"], **term_row(t, deeds, scenario), **word(t)}
            for o in offers
            if o["state"] == "accepted" and o["turn"] == turn
            for t in o["terms"]
            if t["by"] == seat and not t["promise"]
        ],
        "cost": cost(plan["settings"]),
        "submitted": plan["submitted"],
    }


def said(one: Plain, scenario: Scenario) -> Plain:
    """Return a lever that is set, in words."""
    lever = catalogue()[one["lever"]]
    target = "" if one["target"] == BASE else names_of(scenario)(one["target"])
    value = one["value"]
    number = isinstance(value, int | float)
    return {
        "lever": lever.name,
        "target": one["target"],
        "title": lever.title,
        "at": target,
        "value": value if number else {"on": "on", OFF: "off"}.get(str(value), str(value)),
        "unit": lever.unit if number else "",
        "once": 0.0 if value == OFF else lever.once,
        "yearly": 0.0 if value == OFF else lever.yearly,
        "confidence": lever.confidence,
        "onset": [lever.onset.low, lever.onset.high],
    }


def order_row(order: Plain, deeds: list[Plain], scenario: Scenario) -> Plain:
    """Return an act that is planned, in words; of `deeds` the names of targets count."""
    return {
        "number": order["number"],
        "what": order["what"],
        "target": order["target"],
        "title": acts()[order["what"]].title,
        "at": target_name(order["what"], order["target"], deeds, scenario),
        "size": size_said(order["amount"], acts()[order["what"]].unit),
        "why": order["why"],
    }


def target_name(what: str, target: str, deeds: list[Plain], scenario: Scenario) -> str:
    """Return how the target of an act is called."""
    act = next((a for a in deeds if a["name"] == what), None)
    known = {t["id"]: t["name"] for t in act["targets"]} if act else {}
    return known.get(target) or names_of(scenario)(target)


def term_row(term: Plain, deeds: list[Plain], scenario: Scenario) -> Plain:
    """Return a term of an offer, in words."""
    text = str(term["promise"])
    if term["lever"]:
        row = said({**term, "target": term["target"] or BASE}, scenario)
        at = f" for {row['at']}" if row["at"] else ""
        value = f"{row['value']:,g} {row['unit']}" if row["unit"] else row["value"]
        text = f"{row['title']}{at}: {value}"
    elif term["act"]:
        size = size_said(term["amount"], acts()[term["act"]].unit)
        at = target_name(term["act"], term["target"], deeds, scenario)
        text = f"{acts()[term['act']].title}: {at}" + (f", {size}" if size else "")
    return {"by": term["by"], "text": text, "promise": bool(term["promise"])}


def size_said(amount: float | None, unit: str) -> str:
    """Return the size of an act in words; shares as percentages."""
    if amount is None or not unit:
        return ""
    if unit.startswith("share"):
        return f"{amount:.0%} {unit.removeprefix('share ')}"
    if unit == "months into the turn":
        return f"month {amount + 1:g} of the turn"
    return f"{amount:g} {unit}"


def checklist(sight: Plain, part: str) -> list[Plain]:
    """Return what a newcomer does in a first turn; each is done when the room has it.

    Whether somebody has read who they are the browser alone can say.
    """
    you, plan, seat = sight["you"], sight["plan"], sight["you"]["seat"]
    turn = sight["room"]["turn"]
    own = [*sight["messages"], *sight["offers"]]
    act = "Move a lever or plan an act" if you["role"] != ADVERSARY else "Choose a step, or none"
    rows = [
        ("read", "Read who you are", "Your role and the parts of your team stand next to "
         "this list.", False),
        ("part", "Take a part of the team", "What a part decides, its holder decides alone.",
         bool(part)),
        ("act", act, "Each says what it costs and when it bites. It counts once "
         "the turn is played.",
         bool(plan["settings"] or plan["orders"])),
        ("predict", "Predict one figure", "It comes back beside what happened.",
         any(p["turn"] == turn for p in sight["predictions"])),
        ("write", "Write one message", "On the page Talk: to another seat or the white cell.",
         any(one["by"] == seat for one in own)),
        ("submit", "Hand in", "The button is in the bar above. You can reopen until plans "
         "are locked.",
         plan["submitted"]),
    ]  # fmt: skip
    return [
        {"id": i, "title": t, "text": x, "done": bool(d)}
        for i, t, x, d in rows
        if i != "part" or you["parts"]
    ]
