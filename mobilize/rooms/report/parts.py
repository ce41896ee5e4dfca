"""Parts of a session's report; each is HTML, "" where there is nothing to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mobilize.game.after import happened, value_text
from mobilize.game.deeds import VETO, deeds
from mobilize.game.page import Cell, facts, table, text
from mobilize.game.telling import names_of
from mobilize.game.things import about, thing
from mobilize.rooms import tables
from mobilize.rooms.acted import act_told, term_told, why_of
from mobilize.rooms.decided import Decided, decided
from mobilize.rooms.report.pictures import draw_expected, expected
from mobilize.rooms.room import EVERYBODY, Member, Prediction, Resolved, Room
from mobilize.rooms.told import feed_told, seat_name
from mobilize.scenario import months
from mobilize.world import Decision
from policies.levers import catalogue
from policies.package import Setting

SHOWN_KINDS = ("event", "conflict", "disturbance", "denial", "leak", "milestone", "adversary",
               "override", "loan", "gift", "exit")  # fmt: skip  # of what befell, turn by turn
KEPT = {None: "not judged", True: "yes", False: "no"}
MOST = 40  # rows of what befell in a turn
Own = Callable[[str], bool]


def people(room: Room) -> str:
    """Return who sat where."""
    rows = [
        (seat_name(room, place.id), ", ".join(_member(room, m) for m in room.people(place.id)))
        for place in room.seats
        if room.people(place.id)
    ]
    rest = [p.id for p in room.seats if room.role(p.id).plays and not room.people(p.id)]
    told = table(("seat", "people at the end"), rows) if rows else ""
    return told + (text(f"Played by their own rules: {_seats(room, rest)}.") if rest else "")


def _member(room: Room, who: Member) -> str:
    titles = {part.name: part.title for part in room.role(who.seat).parts}
    return f"{who.name} ({titles[who.part]})" if who.part else who.name


def _seats(room: Room, seats: Iterable[str]) -> str:
    return "; ".join(seat_name(room, seat) for seat in seats)


def counts(room: Room) -> dict[str, int]:
    """Return what a session comes to in numbers, by what is counted."""
    turns = room.play.turns
    kept = [p.kept for p in room.promises]
    return {
        "Acts accepted": len(room.log),
        "Turns played": len(turns),
        "Turns undone": sum(e.kind == "undo" for e in room.log),
        "Levers that counted": sum(len(t.settings) for t in turns),
        "Levers set aside": sum(len(t.set_aside) for t in turns),
        "Deeds beside levers": len(deeds(room.game)),
        "Turns in which rules stood in for a team": sum(len(t.stood_in) for t in turns),
        "Outcomes overridden": sum(1 for _ in tables.overrides(room)),
        "Vetoes": sum(d.kind == VETO for d in deeds(room.game)),
        "Messages": len(room.messages),
        "Offers accepted": sum(o.state == "accepted" for o in room.offers),
        "Offers in all": len(room.offers),
        "Promises kept": kept.count(True),
        "Promises broken": kept.count(False),
        "Promises not judged": kept.count(None),
        "Predictions": len(room.play.predictions),
    }


def in_short(room: Room) -> str:
    """Return the numbers of a session."""
    return facts({name: f"{value:,}" for name, value in counts(room).items()})


def turn_by_turn(room: Room) -> str:
    """Return each turn: what counted and whose it was, what was set aside, what befell."""
    by_turn: dict[int, list[Decided]] = {}
    for one in decided(room):
        by_turn.setdefault(one.turn, []).append(one)
    befell = [d for d in happened(room.game) if d.kind in SHOWN_KINDS]
    parts, begins = [], 0
    for turn, played in zip(room.play.turns, room.game.turns, strict=True):
        ends = begins + played.months
        title = f"Turn {turn.number}: {_label(room, begins)} to {_label(room, ends - 1)}"
        parts.append(f"<h3>{title}</h3>\n")
        parts.append(_turn(room, turn, by_turn.get(turn.number, [])))
        parts.append(_befell(room, [d for d in befell if begins <= d.month < ends]))
        begins = ends
    return "".join(parts) or text("No turn was played.")


def _turn(room: Room, turn: Resolved, done: list[Decided]) -> str:
    rows = [decided_row(room, one) for one in done]
    rows += [
        ("", seat_name(room, seat), catalogue()[one.lever].title, _at(room, one), value_text(one),
         "set aside", "")
        for seat, one in turn.set_aside
    ]  # fmt: skip
    told = table(HEAD, rows) if rows else text("Nobody decided anything.")
    if turn.stood_in:
        told += text(f"Rules stood in for: {_seats(room, turn.stood_in)}.")
    every = room.play.told
    said = [(_to(room, to), title, words) for n, to, title, words in every if n == turn.number]
    return told + (table(("told to", "event", "text"), said, "Told by the white cell")
                   if said else "")  # fmt: skip


def _to(room: Room, seats: tuple[str, ...]) -> str:
    return "everybody" if len(seats) == len(room.seats) else _seats(room, seats)


HEAD = ("", "seat", "what", "about", "value", "", "why")


def decided_row(room: Room, one: Decided) -> tuple[Cell, ...]:
    """Return a decision as a row under HEAD; its number is that of the whole report."""
    number, who = str(one.number), seat_name(room, one.seat)
    if isinstance(one.what, Setting):
        title = catalogue()[one.what.lever].title
        return number, who, title, _at(room, one.what), value_text(one.what), "counted", ""
    deed, names = one.what, names_of(room.game.scenario)
    return number, who, deed.title, about(names, deed), deed.size, "counted", deed.first.why


def _at(room: Room, one: Setting) -> str:
    return thing(names_of(room.game.scenario), one.target)


def _befell(room: Room, rows: list[Decision]) -> str:
    told = [
        feed_told({**d._asdict(), "month": _label(room, d.month)}, room.game.scenario)
        for d in rows[:MOST]
    ]
    cells = [(t["month"], t["what"], t["why"]) for t in told]
    more = f": the first {MOST} of {len(rows)}" if len(rows) > MOST else ""
    caption = f"What befell and what others did{more}"
    return table(("month", "what", "why"), cells, caption) if cells else ""


def overrides(room: Room) -> str:
    """Return how often outcomes were overridden, and each: old and new value, who and why."""
    names = names_of(room.game.scenario)
    rows = [
        (str(turn), month, who, title, thing(names, at), float(old), float(new), unit, why)
        for turn, month, who, _, title, at, old, new, unit, why in tables.overrides(room)
    ]
    if not rows:
        return text("No outcome was overridden.")
    head = ("turn", "month", "who", "outcome", "of", "old", "new", "unit", "why")
    return text(f"Overridden in all: {len(rows)}.") + table(head, rows)


def white_cell(room: Room) -> str:
    """Return everything else that the white cell did, as its log tells it."""
    rows = [
        (str(e.number), str(e.turn), e.phase, name, act_told(room, e.kind, e.body), why_of(e.body))
        for e, name in tables.of_white_cell(room)
    ]
    return table(("number", "turn", "phase", "name", "what", "why"), rows) if rows else ""


def moves_in_words(room: Room, own: Own) -> str:
    """Return moves in words and the rulings on them, of the seats that count."""
    rows = [
        (str(m.turn), seat_name(room, m.seat), m.text, m.ruling or "no ruling", str(m.ruled or "-"))
        for m in room.moves
        if own(m.seat)
    ]
    return table(("turn", "seat", "move", "ruling", "from turn"), rows) if rows else ""


def agreed(room: Room, own: Own) -> str:
    """Return offers and promises between seats of which one counts."""
    made = [
        (str(o.number), seat_name(room, o.by), seat_name(room, o.to), o.state, o.text,
         "; ".join(term_told(room, vars(term)) for term in o.terms))
        for o in room.offers
        if own(o.by) or own(o.to)
    ]  # fmt: skip
    words = [
        (str(p.offer), seat_name(room, p.by), seat_name(room, p.to), p.text, KEPT[p.kept])
        for p in room.promises
        if own(p.by) or own(p.to)
    ]
    told = table(("offer", "by", "to", "state", "text", "terms"), made, "Offers") if made else ""
    head = ("offer", "by", "to", "text", "kept")
    return told + (table(head, words, "Promises") if words else "")


def messages(room: Room, own: Own) -> str:
    """Return messages that a seat that counts sent or was sent."""
    rows = [
        (str(m.turn), seat_name(room, m.by), m.name, _seats(room, m.to), m.text)
        for m in room.messages
        if own(m.by) or any(own(seat) or seat == EVERYBODY for seat in m.to)
    ]
    return table(("turn", "seat", "name", "to", "text"), rows) if rows else ""


def predictions(room: Room, own: Own) -> str:
    """Return what teams expected against what came: a picture, and the table beside it."""
    said: list[Prediction] = [p for p in room.play.predictions if own(p.seat)]
    if not said:
        return ""
    over = len(room.shown.turns)
    known = expected(room, said)
    named = {(p.kind, p.key): (one.text, one.unit) for one in known for p in one.said}
    came = {(p.kind, p.key): one.came for one in known for p in one.said}
    rows = []
    for p in said:
        what, unit = named[p.kind, p.key]
        value = came[p.kind, p.key][p.turn - 1] if p.turn <= over else None
        rows.append((str(p.turn), seat_name(room, p.seat), p.name, what, unit, p.value, value,
                     None if value is None else value - p.value, p.text))  # fmt: skip
    head = ("turn", "seat", "name", "what", "unit", "expected", "came", "difference", "why")
    seats = {p.seat: seat_name(room, p.seat) for p in said}
    drawn = draw_expected(known, seats) if over else ""
    return drawn + table(head, rows, f"{len(rows)} predictions")


def _label(room: Room, month: int) -> str:
    return months.label(room.game.scenario.start + month)
