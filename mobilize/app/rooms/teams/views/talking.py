"""Talk between seats: threads of messages, offers and their terms, promises, notes."""

from __future__ import annotations

from typing import Any

from mobilize.app.rooms.teams.views.planning import act_rows, aims, term_row
from mobilize.app.rooms.teams.views.seats import seat_names
from mobilize.game.telling import names_of
from mobilize.rooms.room import EVERYBODY
from mobilize.scenario import Scenario
from policies.levers import OFF, catalogue
from policies.package import BASE

Plain = dict[str, Any]
NOTHING: Plain = {}  # of the world is known of another seat
KEPT = {None: ("open", ""), True: ("kept", "good"), False: ("broken", "bad")}
STATES = {"open": "info", "accepted": "good", "declined": "bad", "withdrawn": ""}


def threads(messages: list[Plain], seats: list[Plain], me: str) -> list[Plain]:
    """Return messages by whom they are between, the thread with the latest word first."""
    names = seat_names(seats)
    found: dict[tuple[str, ...], list[Plain]] = {}
    for one in messages:
        others = tuple(sorted({one["by"], *one["to"]} - {me}))
        found.setdefault(others, []).append(
            {
                "number": one["number"],
                "turn": one["turn"],
                "mine": one["by"] == me,
                "who": f"{one['name']}, {names.get(one['by'], one['by'])}",
                "text": one["text"],
            }
        )
    rows = [
        {
            "id": "+".join(others),
            "to": [s for s in others if s != EVERYBODY],
            "title": ", ".join(names.get(s, s) for s in others if s != EVERYBODY)
            + (" to everybody" if EVERYBODY in others else ""),
            "messages": told,
        }
        for others, told in found.items()
    ]
    return sorted(rows, key=lambda row: -int(row["messages"][-1]["number"]))


def offer_rows(
    offers: list[Plain], seats: list[Plain], me: str, table: Plain, scenario: Scenario
) -> list[Plain]:
    """Return offers in words, the latest first: what each side gives, and what can be done now."""
    names = seat_names(seats)
    answer = table["phase"] in ("plan", "brief") and table["left"] > 0
    rows = []
    for one in reversed(offers):
        mine = one["by"] == me
        other = one["to"] if mine else one["by"]
        terms = [term_row(t, [], scenario) for t in one["terms"]]
        rows.append(
            {
                "number": one["number"],
                "mine": mine,
                "other": names.get(other, other),
                "text": one["text"],
                "gives": [t["text"] for t in terms if t["by"] == me],
                "gets": [t["text"] for t in terms if t["by"] != me],
                "state": one["state"],
                "tone": STATES[one["state"]],
                "turn": one["turn"],
                "answer": answer and not mine and one["state"] == "open",
                "decline": table["phase"] in ("plan", "brief") and not mine
                and one["state"] == "open",
                "withdraw": mine and one["state"] == "open",
            }
        )  # fmt: skip
    return rows


def promise_rows(promises: list[Plain], seats: list[Plain], me: str) -> list[Plain]:
    """Return promises, whose they are, and whether the white cell says they were kept."""
    names = seat_names(seats)
    rows = []
    for one in reversed(promises):
        other = one["to"] if one["by"] == me else one["by"]
        name = names.get(other, other)
        state, tone = KEPT[one["kept"]]
        rows.append(
            {
                "number": one["number"],
                "text": one["text"],
                "who": f"You promised {name}" if one["by"] == me else f"{name} promised you",
                "state": state,
                "tone": tone,
            }
        )
    return rows


def deal_board(menu: list[Plain], acts: list[Plain], world: Plain, scenario: Scenario) -> Plain:
    """Return what a side can give in an offer: levers and acts, with what they may aim at."""
    names = names_of(scenario)
    keys: dict[tuple[str, ...], str] = {}
    levers = []
    for row in menu:
        lever = catalogue()[row["lever"]]
        targets = tuple(row["targets"])
        aim = "" if targets == (BASE,) else keys.setdefault(targets, f"a{len(keys)}")
        levers.append(
            {
                "name": lever.name,
                "title": lever.title,
                "setting": lever.setting,
                "values": [v for v in lever.values if v != OFF],
                "unit": lever.unit,
                "aim": aim,
            }
        )
    return {
        "levers": sorted(levers, key=lambda row: str(row["title"]).casefold()),
        "aims": {key: aims(names, targets) for targets, key in keys.items()},
        "acts": act_rows(acts, world, scenario),
    }
