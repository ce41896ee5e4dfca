"""World: everything there is, a part at a time, from stocks to plans and what befell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import solara

from mobilize.app.pages.filtered import use_filter
from mobilize.app.rooms.shared import Look
from mobilize.app.rooms.white.rulings import trouble_rows
from mobilize.app.seats.held import Act
from mobilize.app.views.charts import ALL, past, rounded, taker
from mobilize.app.views.paging import paged
from mobilize.game.game import play
from mobilize.game.telling import names_of
from mobilize.game.things import figure_titles
from mobilize.game.worth import figures
from mobilize.model import Model
from mobilize.rooms.room import Room
from mobilize.rooms.told import feed_told, lever_told, order_told, seat_name
from mobilize.scenario import months
from mobilize.state import BOUND
from mobilize.words import number

Plain = dict[str, Any]
Row = tuple[str | float | None, ...]
SIZE = 40  # rows of a page
ROUTINE = "contract"  # so many that they stand apart
PARTS = {
    "pictures": "Charts",
    "programs": "Programs",
    "countries": "Countries",
    "plants": "Plants",
    "troubles": "Disturbances",
    "plans": "Plans",
    "predictions": "Predictions",
    "feed": "What befell",
    "orders": "Orders placed",
}
Table = tuple[tuple[str, ...], list[Row]]
"""Titles of the columns, rows; columns of numbers have numbers alone."""


@solara.component_vue("world.vue")
def World(
    parts: list[Plain],
    part: str,
    columns: list[str],
    rows: list[Sequence[Any]],
    place: Plain,
    filter: Plain,
    pictures: list[Plain],
    event_show: Callable[[dict[str, Any]], None],
) -> None:
    """Show a part of the world: a table of it, or pictures."""


def programs(room: Room, sight: Mapping[str, Any], model: Model) -> Table:
    """Return every program: stock, wishes not met, orders, what was delivered."""
    world, s, net, names = model.world, model.world.s, model.world.net, names_of(room.game.scenario)
    made = model.record.series("delivered").sum(axis=0)
    rows: list[Row] = [
        (names(key), names(world.names.countries[net.p_country[i]]),
         names(world.names.items[net.p_item[i]]), float(s.stock[i]), float(s.unmet[i]),
         float(s.undelivered[i]), float(made[i]),
         float(s.appropriated[i] - s.obligated[i]) / 1000)
        for i, key in enumerate(world.names.programs)
    ]  # fmt: skip
    titles = ("Program", "Country", "Item", "In stock", "Asked for, not there", "On contract",
              "Delivered so far", "Money left, MUSD")  # fmt: skip
    return titles, rows


def countries(room: Room, sight: Mapping[str, Any], model: Model) -> Table:
    """Return every country: trust, own need, people looking for work."""
    s, names = model.world.s, names_of(room.game.scenario)
    rows: list[Row] = [
        (names(c), float(s.trust[i]), float(s.need[i]), float(s.pool[i]))
        for i, c in enumerate(model.world.names.countries)
    ]
    return (
        "Country",
        "Trust in the United States",
        "Own need felt",
        "People looking for work",
    ), rows


def plants(room: Room, sight: Mapping[str, Any], model: Model) -> Table:
    """Return every plant, also those that nobody has mapped."""
    world, s, net, names = model.world, model.world.s, model.world.net, names_of(room.game.scenario)
    rows: list[Row] = [
        (names(key), names(world.names.firms[net.l_firm[i]]),
         names(world.names.countries[net.l_country[i]]), "yes" if world.visible[i] else "no",
         "open" if s.alive[i] else "closed", BOUND[s.bound[i]], float(s.wanted[i]),
         float(s.capacity[i]), float(s.crew[i]), float(s.credibility[i]))
        for i, key in enumerate(world.names.lines)
    ]  # fmt: skip
    titles = ("Plant", "Firm", "Country", "Known to governments", "State", "Bound by",
              "Asked a month", "Capacity a month", "Crew", "Credibility of demand")  # fmt: skip
    return titles, rows


def troubles(room: Room, sight: Mapping[str, Any], model: Model) -> Table:
    """Return what is disturbed now."""
    found = trouble_rows(room, sight["world"]["all"]["troubles"])
    rows: list[Row] = [(t["text"], t["why"], t["left"]) for t in found]
    return ("Disturbance", "Why", "Months left"), rows


def plans(room: Room, sight: Mapping[str, Any], model: Model) -> Table:
    """Return every seat's plan for the coming turn, in words."""
    names = names_of(room.game.scenario)
    rows: list[Row] = []
    for place in room.seats:
        draft = room.draft(place.id)
        state = "handed in" if draft.submitted else "open"
        told = [(lever_told(names, s.lever, s.target, s.value), "") for s in draft.settings]
        told += [(order_told(names, o.what, o.target, o.amount), o.why) for o in draft.orders]
        rows += [(seat_name(room, place.id), state, what, why) for what, why in told]
    return ("Seat", "Plan", "What", "Why"), rows


def predictions(room: Room, sight: Mapping[str, Any], model: Model) -> Table:
    """Return what every team expects, and what came, the latest turn first."""
    titles = figure_titles(room.game.scenario)
    units = {(f.kind, f.key): f.unit for f in figures(room.game.scenario)}
    rows: list[Row] = [
        (p["turn"], seat_name(room, p["seat"]), p["name"], titles[p["kind"], p["key"]],
         units[p["kind"], p["key"]], p["value"], p.get("came"), p["text"])
        for p in reversed(sight["predictions"])
    ]  # fmt: skip
    return ("Turn", "Seat", "Who", "Figure", "Unit", "Expected", "Came", "Why"), rows


def befell(room: Room, sight: Mapping[str, Any], model: Model) -> Table:
    """Return what was decided and what befell, with its reason, the latest first."""
    return _feed(room, [row for row in sight["feed"] if row["kind"] != ROUTINE])


def orders(room: Room, sight: Mapping[str, Any], model: Model) -> Table:
    """Return the contracts that programs have let, the latest first."""
    return _feed(room, [row for row in sight["feed"] if row["kind"] == ROUTINE])


def _feed(room: Room, feed: list[Mapping[str, Any]]) -> Table:
    told = [feed_told(row, room.game.scenario) for row in reversed(feed)]
    rows: list[Row] = [(t["month"], t["what"], t["why"]) for t in told]
    return ("Month", "What", "Why"), rows


TABLES: dict[str, Callable[[Room, Mapping[str, Any], Model], Table]] = {
    "programs": programs,
    "countries": countries,
    "plants": plants,
    "troubles": troubles,
    "plans": plans,
    "predictions": predictions,
    "feed": befell,
    "orders": orders,
}


def found(table: Table, text: str, page: int) -> Plain:
    """Return a page of the rows in which every word of a search occurs."""
    words = text.casefold().split()
    rows = [r for r in table[1] if all(w in " ".join(map(str, r)).casefold() for w in words)]
    shown, place = paged(rows, page, SIZE)
    return {"columns": list(table[0]), "rows": [list(map(_cell, r)) for r in shown], "place": place}


def _cell(value: str | float | None) -> str | dict[str, str]:
    """Return a cell; a number is told apart, to stand on the right."""
    return value if isinstance(value, str) else {"n": number(value)}


def pictures(room: Room, sight: Mapping[str, Any]) -> list[Plain]:
    """Return the series that are drawn: what was delivered and missed by value, and the metrics."""
    game, scenario = room.game, room.game.scenario
    if not game.month:
        return []
    record = play(game).record
    first = scenario.start
    dates = [months.label(first + n) for n in range(game.month)]
    drawn = [
        {"title": title, "unit": "million USD a month",
         "values": rounded(past(record, taker(scenario, kind, ALL)))}
        for kind, title in (("delivered", "Delivered, all programs"),
                            ("unmet", "Asked for and not there, all programs"))
    ]  # fmt: skip
    drawn += [
        {"title": f"{m['metric']} {m['text']}", "unit": m["unit"], "values": m["values"]}
        for m in sight["world"].get("metrics", [])
    ]
    return [{**one, "dates": dates} for one in drawn]


def parts_of(room: Room, sight: Mapping[str, Any], part: str, text: str, page: int) -> Plain:
    """Return what is shown of a part of the world."""
    if part == "pictures":
        place = {"matched": 0, "page": 0, "pages": 1, "first": 0, "last": 0}
        return {"columns": [], "rows": [], "place": place, "pictures": pictures(room, sight)}
    table = TABLES[part](room, sight, play(room.game))
    return {**found(table, text, page), "pictures": []}


@solara.component
def WorldPage(key: str, room: Room, look: Look, act: Act, go: Any) -> None:
    """Show a part of the world."""
    wanted, show = use_filter("part", "text")
    part = wanted["part"] if wanted["part"] in PARTS else "pictures"
    sight = look.sight
    lasting = [room.game, room.play.drafts, sight["predictions"]]
    shown = solara.use_memo(
        lambda: parts_of(room, sight, part, wanted["text"], wanted["page"]),
        [*lasting, part, *wanted.values()],
    )
    World(
        parts=[{"id": name, "title": title} for name, title in PARTS.items()],
        part=part,
        filter=wanted,
        event_show=show,
        **shown,
    )
