"""A player's handout: a seat's own side of a scenario, and nothing that it may not know.

What it says of the state of the world is what the seat is sent in a room that has just been
opened (:func:`mobilize.rooms.sight.sight`); the rest are the role, the catalogue and the shape.
"""

from __future__ import annotations

from mobilize.game.after import value_text
from mobilize.game.game import Game
from mobilize.game.page import facts, listed, page, table, text
from mobilize.playing import HONEST
from mobilize.rooms.acting import doable
from mobilize.rooms.acts import acts
from mobilize.rooms.moves import first_moves, helping
from mobilize.rooms.paper.levers import act_table, cost, few, lever_tables, onset
from mobilize.rooms.paper.style import MORE
from mobilize.rooms.paper.words import filled, meanings, names, words
from mobilize.rooms.paper.world import world_html
from mobilize.rooms.roles import ASKS, DECIDES, Place, country_name, seat_title
from mobilize.rooms.room import Room, found
from mobilize.rooms.shapes import Shape
from mobilize.rooms.sight import sight
from mobilize.scenario import Scenario
from policies.levers import GROUPS, catalogue


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
        "first": ("First moves", _first(scenario, room.place(seat))),
        "begin": ("What you begin with", _begin(room, seat)),
        "see": ("What you see", _see(room, seat)),
        "decide": ("What you decide", _decide(room, seat)),
        "ask": ("What you must ask for", _ask(room, seat)),
    }
    title = f"{scenario.title}: {seat_title(seat, scenario)}"
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


def _first(scenario: Scenario, place: Place) -> str:
    rows = [_move(scenario, place, name) for name in first_moves(scenario, place.id)]
    head = ("move", "what to know", "tried", "works after", "cost [MUSD]")
    return text(words()["handout"]["moves"]) + table(head, rows)


def _move(scenario: Scenario, place: Place, name: str) -> tuple[str, str, str, str, str]:
    if name in acts():
        act = acts()[name]
        return act.title, act.does, f"you choose: {act.about}", act.bites, act.cost
    lever = catalogue()[name]
    one = helping(scenario, lever, place)
    tried = f"{value_text(one)}; {few((one.target,), names(scenario))}" if one else "nothing helped"
    return lever.title, lever.lesson, tried, onset(lever), cost(lever)


def _see(room: Room, seat: str) -> str:
    told = words()["sees"]
    seen = listed(told[name] for name in ("public", *room.role(seat).sees))
    return seen + text(words()["handout"]["secret"])


def _decide(room: Room, seat: str) -> str:
    names = [row["name"] for row in doable(room, seat)]
    levers = lever_tables(room.game.scenario, room.place(seat), DECIDES)
    return (act_table(names) if names else "") + levers


def _ask(room: Room, seat: str) -> str:
    levers = lever_tables(room.game.scenario, room.place(seat), ASKS)
    return text(words()["handout"]["asking"]) + levers if levers else ""


def _begin(room: Room, seat: str) -> str:
    """Return what a seat is sent of the world when the room opens."""
    named = names(room.game.scenario)
    return world_html(sight(room, seat)["world"], named) or text("Nothing of your own.")
