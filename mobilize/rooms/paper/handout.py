"""A player's handout: a seat's own side of a scenario, and nothing that it may not know.

What it says of the state of the world is what the seat is sent in a room that has just been
opened (:func:`mobilize.rooms.sight.sight`); the rest are the role, the catalogue and the shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from mobilize.game.game import Game
from mobilize.game.page import facts, listed, page, table, text
from mobilize.playing import HONEST
from mobilize.rooms.acts import acts
from mobilize.rooms.moves import first_moves
from mobilize.rooms.paper.levers import act_table, cost, lever_tables, onset
from mobilize.rooms.paper.style import MORE
from mobilize.rooms.paper.words import filled, meanings, seat_name, words
from mobilize.rooms.roles import ASKS, DECIDES, country_name
from mobilize.rooms.room import Room, found
from mobilize.rooms.shapes import Shape
from mobilize.rooms.sight import sight
from mobilize.scenario import Scenario
from policies.levers import GROUPS, catalogue

LONGEST = 24  # rows of what a seat begins with; more are on its page


def handout_html(scenario: Scenario, shape: Shape, seat: str) -> str:
    """Return the handout of a seat as one self-contained HTML page; the same bytes every time.

    Raises
    ------
    ValueError
        If the scenario has no team of this name: white cell and watchers have no handout.
    """
    room = found(Game(scenario, scenario.seed))
    teams = [place.id for place in room.seats if room.role(place.id).plays]
    if seat not in teams:
        raise ValueError(f"seat '{seat}'; allowed: {', '.join(teams)}")
    means = meanings(scenario, shape)
    sections = {
        "you": ("Who you are", _you(room, seat)),
        "turn": ("How a turn goes", _turn(shape, means)),
        "first": ("First moves", _first(scenario, seat)),
        "begin": ("What you begin with", _begin(room, seat)),
        "see": ("What you see", _see(room, seat)),
        "decide": ("What you decide", _decide(room, seat)),
        "ask": ("What you must ask for", _ask(room, seat)),
    }
    title = f"{scenario.title}: {seat_name(seat, scenario)}"
    return page(title, _head(scenario, means), sections, MORE)


def _head(scenario: Scenario, means: dict[str, str]) -> str:
    span = f"{means['start']} to {means['end']}: {means['turns']} turns of {means['months']} months"
    said = words()["handout"]["unclassified"]
    return text(scenario.summary) + facts({"Played": span}) + text(f"{HONEST} {said}", "note")


def _you(room: Room, seat: str) -> str:
    role, country = room.role(seat), room.place(seat).country
    who = {"Role": role.title, "Task": role.about}
    named = country_name(country, room.game.scenario)
    if named:
        who["You sit for"] = named
    rows = [
        (part.title, ", ".join(GROUPS[g] for g in part.groups) or "-",
         ", ".join(acts()[a].title for a in part.acts) or "-")
        for part in role.parts
    ]  # fmt: skip
    caption = "Parts of your team: whoever takes one decides it alone; the others are everybody's"
    return facts(who) + table(("part", "levers", "acts"), rows, caption)


def _turn(shape: Shape, means: dict[str, str]) -> str:
    told = words()["handout"]
    alone = text(told["alone"]["turn"]) if shape.alone else ""
    more = "" if shape.alone else text(told["agree"])
    return listed(filled(told["turn"], means), True) + alone + more + text(told["words"])


def _first(scenario: Scenario, seat: str) -> str:
    rows = [_move(name) for name in first_moves(scenario, seat)]
    head = ("move", "what to know", "works after", "cost [MUSD]")
    return text(words()["handout"]["moves"]) + table(head, rows)


def _move(name: str) -> tuple[str, str, str, str]:
    if name in acts():
        act = acts()[name]
        return act.title, act.does, act.bites, act.cost
    lever = catalogue()[name]
    return lever.title, lever.lesson, onset(lever), cost(lever)


def _see(room: Room, seat: str) -> str:
    told = words()["sees"]
    seen = listed(told[name] for name in ("public", *room.role(seat).sees))
    return seen + text(words()["handout"]["secret"])


def _decide(room: Room, seat: str) -> str:
    role, place = room.role(seat), room.place(seat)
    levers = lever_tables(room.game.scenario, place, DECIDES)
    return (act_table(role.acts) if role.acts else "") + levers


def _ask(room: Room, seat: str) -> str:
    levers = lever_tables(room.game.scenario, room.place(seat), ASKS)
    return text(words()["handout"]["asking"]) + levers if levers else ""


def _begin(room: Room, seat: str) -> str:
    """Return what a seat is sent of the world when the room opens."""
    world = sight(room, seat)["world"]
    told = "".join(BEGINS[name](world[name]) for name in ("public", *room.role(seat).sees))
    return told or text("Nothing of your own.")


def _public(seen: dict[str, Any]) -> str:
    return facts({"Wars now": ", ".join(seen["wars"])}) if seen["wars"] else ""


def _programs(rows: list[dict[str, Any]]) -> str:
    head = ("program", "item", "stock", "objective", "on contract", "money not yet bound [MUSD]")
    cells = [
        (r["program"], r["item"], r["stock"], r["objective"], r["on_contract"], r["money_musd"])
        for r in rows
    ]
    return _cut(head, cells, "Your programs") if cells else text("You have no programs here.")


def _base(rows: list[dict[str, Any]]) -> str:
    known = Counter(row["country"] for row in rows if row["open"])
    cells = [(country, number) for country, number in known.most_common()]
    return _cut(("country", "open lines that governments know of"), cells, "Plants, by country")


def _firms(rows: list[dict[str, Any]]) -> str:
    head = ("line", "firm", "item", "asked a month", "could make", "held up by", "cash [MUSD]")
    cells = [
        (r["line"], r["firm"], r["item"], r["asked"], r["capacity"], r["bound"], r["cash_musd"])
        for r in rows
    ]
    return _cut(head, cells, "Plants at home") if cells else ""


def _metrics(rows: list[dict[str, Any]]) -> str:
    return table(("metric", "what", "unit"), [(r["metric"], r["text"], r["unit"]) for r in rows],
                 "Metrics of deterrence that you see by month") if rows else ""  # fmt: skip


def _ladder(seen: dict[str, Any]) -> str:
    rows = [(s["title"], s["months"], "yes" if s["stands"] else "no") for s in seen["steps"]]
    return table(("step", "lasts, months", "stands now"), rows,
                 f"Steps of the ladder; {seen['at_once']} at once")  # fmt: skip


def _cut(head: tuple[str, ...], rows: list[Any], caption: str) -> str:
    """Return a table of the first rows, which says how many there are in all."""
    more = f"; the first {LONGEST} of {len(rows)}, the rest on your page" * (len(rows) > LONGEST)
    return table(head, rows[:LONGEST], caption + more)


BEGINS: dict[str, Callable[[Any], str]] = {
    "public": _public,
    "programs": _programs,
    "base": _base,
    "firms": _firms,
    "metrics": _metrics,
    "ladder": _ladder,
}
