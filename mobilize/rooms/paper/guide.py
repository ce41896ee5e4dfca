"""The facilitator's guide of a scenario in a session shape: for the white cell alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from mobilize.crises.kinds import kinds
from mobilize.game.game import Game, play
from mobilize.game.page import Cell, facts, listed, page, table, text
from mobilize.game.report import confidence
from mobilize.ladder import MINDSETS
from mobilize.model import Model
from mobilize.playing import HONEST
from mobilize.rooms.accept import KINDS
from mobilize.rooms.acts import acts
from mobilize.rooms.codes import SPAN, WRONG
from mobilize.rooms.control import listeners
from mobilize.rooms.kinds import WHITE, WHITE_OR_CLOCK
from mobilize.rooms.moves import first_moves
from mobilize.rooms.oversight import events, everything
from mobilize.rooms.paper.plan import by_the_minute
from mobilize.rooms.paper.style import MORE
from mobilize.rooms.paper.words import command, filled, meanings, names, words
from mobilize.rooms.roles import WHITE_CELL, seat_title
from mobilize.rooms.room import Room, found
from mobilize.rooms.shapes import Shape, fitted
from mobilize.scenario import Scenario
from mobilize.scenario.cells import CONFIDENCES
from mobilize.words import number
from policies.levers import catalogue


def guide_html(scenario: Scenario, shape: Shape) -> str:
    """Return the facilitator's guide as one self-contained HTML page; the same bytes every time.

    Raises
    ------
    ShapeError
        If the shape does not fit the scenario.
    """
    room = found(Game(scenario, scenario.seed), **fitted(shape, scenario))
    model, means = play(room.game), meanings(scenario, shape)
    told = words()["guide"]
    sections = {
        "need": ("What you need, and before", listed(told["need"]) + listed(
            filled(told["before"], means))),
        "open": ("Open the room", _opening(scenario, shape, means)),
        "plan": ("Plan by the minute", _plan(shape)),
        "turn": ("A turn", _turn(means)),
        "practice": ("The practice turn", _practice(shape, means)),
        "teams": ("Teams", _teams(room, shape)),
        "acts": ("What the white cell can do", _acts()),
        "events": ("Events list", _events(room, model)),
        "hidden": ("What is hidden, and from whom", _hidden(room, model)),
        "breaks": ("When something breaks", _breaks()),
        "debrief": ("Debrief: four questions", _debrief(shape, means)),
        "notional": ("What is notional here, and how to say so", _notional(scenario, means)),
    }  # fmt: skip
    title = f"Facilitator's guide: {scenario.title}"
    return page(title, _head(scenario, shape, room), sections, MORE)


def _head(scenario: Scenario, shape: Shape, room: Room) -> str:
    teams = [p.id for p in room.seats if room.role(p.id).plays]
    staff = "you are the white cell too" if shape.alone else f"white cell of {shape.staff}"
    rows = {
        "Shape": f"{shape.title}: {shape.length} minutes, {shape.turns} turns of {room.months} "
        "months",
        "Objective": shape.objective,
        "Teams": f"{len(teams)} of {shape.people}; {staff}",
        "Scenario": f"{scenario.name} (content {scenario.digest[:12]})",
    }
    warned = '<p class="keep">For the white cell only: it says what teams must not know.</p>\n'
    return warned + text(scenario.summary) + facts(rows) + text(HONEST, "note")


def _opening(scenario: Scenario, shape: Shape, means: dict[str, str]) -> str:
    typed = f'<p class="do">{escape(command(scenario, shape))}</p>\n'
    told = words()["guide"]["alone"] if shape.alone else words()["guide"]
    steps = listed(filled(told["opening"], means), True)
    if shape.alone:
        return typed + steps
    said = filled([words()["guide"]["story"], words()["guide"]["notional_said"]], means)
    return typed + steps + "".join(text(line, "say") for line in said)


def _plan(shape: Shape) -> str:
    rows = [(slot.clock, slot.minutes, slot.what) for slot in by_the_minute(shape)]
    back = shape.turns * shape.brief + shape.debrief
    caption = (
        f"{shape.length} minutes, of which {back} to look back: briefs of {shape.brief} after each "
        f"turn and {shape.debrief} at the end"
    )
    return table(("at", "minutes", "what"), rows, caption)


def _turn(means: dict[str, str]) -> str:
    told = words()["guide"]["phase"]
    rows = [(p["name"], p["teams"], p["white"].format_map(means), p["button"]) for p in told]
    return table(("phase", "teams", "white cell", "button that ends it"), rows)


def _practice(shape: Shape, means: dict[str, str]) -> str:
    told = words()["guide"]["practice"]
    return listed(filled(told["does" if shape.practice else "none"], means), True)


def _teams(room: Room, shape: Shape) -> str:
    scenario = room.game.scenario
    rows = [
        (seat_title(p.id, scenario), room.role(p.id).about,
         ", ".join(part.title for part in room.role(p.id).parts),
         "; ".join(_title(m) for m in first_moves(scenario, p.id)))
        for p in room.seats
        if room.role(p.id).plays
    ]  # fmt: skip
    caption = f"{shape.people} people in a team; every other seat plays by its own rules"
    return table(("seat", "task", "parts", "first moves on its handout"), rows, caption)


def _title(move: str) -> str:
    return acts()[move].title if move in acts() else catalogue()[move].title


def _acts() -> str:
    told = words()["guide"]["acts"]
    rows = [
        (
            kind.title,
            told[name]["page"],
            told[name]["does"],
            " or ".join(kind.phases) if len(kind.phases) < 4 else "any",
        )
        for name, kind in KINDS.items()
        if kind.who in (WHITE, WHITE_OR_CLOCK)
    ]
    more = "It can also plan for any team, take a part, write notes and speak to everybody."
    return table(("act", "page", "what it does", "phase"), rows) + text(more)


def _events(room: Room, model: Model) -> str:
    agenda, called = events(model), names(room.game.scenario)
    if not agenda:
        rows = [(k.title, k.unit, k.expected) for k in kinds().values()]
        said = (
            "This scenario has no list of its own: what befell in history happens by itself. Write "
            "events of your own where the room needs one. These disturbances can be part of them:"
        )
        return text(said) + table(("disturbance", "size in", "what to expect"), rows)
    cells = [
        (e["title"],
         f"{e['when'] or _trigger(e['trigger'], called)}; to {_heard(room, e['audience'])}",
         e["text"], ", ".join(e["effects"]) or "none", e["expected"], e["objective"])
        for e in agenda
    ]  # fmt: skip
    head = ("event", "when, and to whom", "text", "effect", "expected response", "objective")
    caption = f"{len(cells)} events. All come by themselves unless you put them off or skip them"
    return table(head, cells, caption)


def _trigger(trigger: dict[str, object], called: dict[str, str]) -> str:
    """Return in words what sets an event off."""
    told = f"when {trigger['on']} of {called.get(str(trigger['of']), trigger['of'])}"
    for word in ("below", "above"):
        if trigger[word] is not None:
            told += f" is {word} {trigger[word]:g}"
    return told + (f" for {trigger['months']} months" if trigger["months"] else "")


def _heard(room: Room, audience: list[str]) -> str:
    """Return an audience, and how many of the room's seats it stands for."""
    heard = (s for s in listeners(room, tuple(audience)) if room.role(s).plays)
    seats = [seat_title(s, room.game.scenario) for s in heard]
    return f"{', '.join(audience)} ({'; '.join(seats) or 'no team here'})"


def _hidden(room: Room, model: Model) -> str:
    seen, ids = everything(room, WHITE_CELL, model), model.world.names
    called = names(room.game.scenario)
    challenger = room.game.scenario.challenger
    parts = [listed(_kept_from(room))]
    if challenger is not None:
        drawn = challenger.mindset == "drawn"
        how = f"drawn for every session from {', '.join(MINDSETS)}" if drawn else challenger.mindset
        parts.append(text(f"The challenger's mindset is {how}. You see it on your page."))
    lines, net = seen["hidden"], model.world.net
    at = [called[ids.countries[country]] for country in net.l_country]
    where = {
        line: f"{line}: {called[line]}, {country}"
        for line, country in zip(ids.lines, at, strict=True)
    }
    stocks = [f"{called[n]}: {number(row['stock'])}" for n, row in seen["programs"].items()]
    unmapped = _columns([where[line] for line in lines])
    parts += ["<h3>Plants that no government has mapped when the session begins</h3>",
              unmapped if lines else text("None: every plant is mapped.")]  # fmt: skip
    parts += ["<h3>Stocks as they truly are</h3>", _columns(stocks)]
    return "".join(parts)


def _columns(lines: list[str]) -> str:
    return listed(lines).replace("<ul>", '<ul class="columns">', 1)


def _kept_from(room: Room) -> list[str]:
    """Return who does not see what."""
    teams = [p.id for p in room.seats if room.role(p.id).plays]
    blind = {what: [s for s in teams if what not in room.role(s).sees]
             for what in ("metrics", "base", "programs")}  # fmt: skip
    told = {"metrics": "metrics of deterrence", "base": "list of known plants",
            "programs": "program stocks, not even its own"}  # fmt: skip
    return [
        "No team sees stocks, plans, notes or messages of another.",
        *(f"No {told[what]}: {_seats(room, seats)}." for what, seats in blind.items() if seats),
    ]


def _seats(room: Room, seats: list[str]) -> str:
    return "; ".join(seat_title(seat, room.game.scenario) for seat in seats)


def _breaks() -> str:
    means = {"wrong": str(WRONG), "span": f"{SPAN / 60:g}"}
    rows = [filled((row["what"], row["do"]), means) for row in words()["guide"]["breaks"]]
    return table(("what", "what to do"), rows)


def _debrief(shape: Shape, means: dict[str, str]) -> str:
    told = words()["guide"]["debrief"]
    asked = listed(told["questions"], True)
    lines = words()["guide"]["alone"]["memo"] if shape.alone else told["agenda"]
    return text(told["download"].format_map(means)) + asked + listed(filled(lines, means))


def _notional(scenario: Scenario, means: dict[str, str]) -> str:
    rows: list[Sequence[Cell]] = [
        (name, *(count[tag] for tag in CONFIDENCES)) for name, count in confidence(scenario).items()
    ]
    tags = Counter(lever.confidence for lever in catalogue().values())
    rows.append(("levers", *(tags.get(tag, 0) for tag in CONFIDENCES)))
    said = filled([words()["guide"]["notional_said"]], means)
    weak = "Weakest: " + ", ".join(_weakest(scenario)) + "." if _weakest(scenario) else ""
    caption = "Rows of the scenario and levers of the catalogue, by confidence"
    return text(said[0], "say") + table(("table", *CONFIDENCES), rows, caption) + text(weak)


def _weakest(scenario: Scenario) -> list[str]:
    """Return tables of which most rows are notional."""
    counts = confidence(scenario).items()
    return [name for name, count in counts if 2 * count["notional"] > sum(count.values())]
