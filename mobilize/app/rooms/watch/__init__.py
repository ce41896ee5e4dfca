"""The observer's page and the projector's: the public picture, which asks nothing of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import solara

from mobilize.app.rooms import shared
from mobilize.app.rooms.shared import Look, the_hall
from mobilize.app.seats.held import Act
from mobilize.app.seats.invitation import joining
from mobilize.game.telling import amount, names_of
from mobilize.model import compiled
from mobilize.rooms.room import EVERYBODY, Room
from mobilize.rooms.told import feed_told, seat_called, seat_name
from mobilize.scenario import Scenario

Plain = dict[str, Any]
WATCH_PAGES = {"picture": "Picture"}
TOLD, BEFELL, MADE, SHORT = 3, 5, 6, 8  # most that a wall shows of each
FEED = 100  # most that the observer is shown of what befell


@solara.component_vue("projector.vue")
def Projector(room: Plain, teams: list[Plain], picture: Plain, join: Plain | None) -> None:
    """Show the picture on a wall."""


@solara.component_vue("observer.vue")
def Observer(room: Plain, teams: list[Plain], picture: Plain, metrics: list[Plain]) -> None:
    """Show the picture on a desk, with the feed."""


def team_rows(sight: Mapping[str, Any]) -> list[Plain]:
    """Return the teams that people sit in, and whether each has handed in."""
    return [
        {"id": s["id"], "title": seat_called(s), "submitted": s["submitted"]}
        for s in sight["seats"]
        if s["plays"] and s["people"]
    ]  # fmt: skip


def picture(room: Room, scenario: Scenario, sight: Mapping[str, Any]) -> Plain:
    """Return what everybody may know, in words: wars, wants, what was made, what befell."""
    names, public = names_of(scenario), sight["world"]["public"]
    spoken = [
        {"turn": m["turn"], "title": seat_name(room, m["by"]), "text": m["text"]}
        for m in sight["messages"]
        if EVERYBODY in m["to"]
    ]
    return {
        "wars": [names(war) for war in public["wars"]],
        "unmet": [names(program) for program in public["unmet"]],
        "made": made_rows(scenario, public["made"]),
        "told": [*reversed(sight["told"])],
        "spoken": spoken[::-1],
        "feed": [feed_told(row, scenario) for row in reversed(sight["feed"])][:FEED],
    }


def made_rows(scenario: Scenario, made: Mapping[str, float]) -> list[Plain]:
    """Return what was made, the largest value first: units, and the share of the largest."""
    net, ids = compiled(scenario)
    names, prices = names_of(scenario), dict(zip(net.p_item.tolist(), net.p_cost, strict=True))
    units = {str(row["id"]): str(row["unit"]) for row in scenario["items"].rows()}
    value = {i: n * float(prices.get(ids.items.index(i), 0.0)) for i, n in made.items() if n > 0}
    most = max(value.values(), default=0.0)
    return [
        {"name": names(i), "count": amount(made[i], units[i]), "share": v / most if most else 0.0}
        for i, v in sorted(value.items(), key=lambda pair: -pair[1])
    ]


def for_wall(found: Plain) -> Plain:
    """Return as much of the picture as can be read from the back of a room."""
    return {
        **found,
        "unmet": found["unmet"][:SHORT],
        "more": max(0, len(found["unmet"]) - SHORT),
        "made": found["made"][:MADE],
        "told": found["told"][:TOLD],
        "spoken": found["spoken"][:1],
        "feed": found["feed"][:BEFELL],
    }


def join_told(key: str) -> Plain:
    """Return how players join, with the players' code alone."""
    how = joining(shared.address, the_hall().row(key).code)
    return {"address": how.address, "code": how.code, "path": how.path, "size": how.size}


@solara.component
def WatchPage(key: str, look: Look, page: str, act: Act, go: Any) -> None:
    """Show the picture; how to join until the first turn is resolved."""
    sight = look.sight
    room = the_hall().room(key)
    scenario = room.game.scenario
    parts = [sight["world"], sight["told"], sight["messages"], sight["feed"]]
    found = solara.use_memo(lambda: picture(room, scenario, sight), parts)
    wall = solara.use_memo(lambda: for_wall(found), [found])
    teams = solara.use_memo(lambda: team_rows(sight), [sight["seats"]])
    if sight["you"]["role"] == "projector":
        begins = sight["room"]["turn"] == 1 and sight["room"]["phase"] == "plan"
        Projector(
            room=sight["room"],
            teams=teams,
            picture=wall,
            join=join_told(key) if begins else None,
        )
    else:
        metrics = sight["world"].get("metrics", [])
        Observer(room=sight["room"], teams=teams, picture=found, metrics=metrics)
