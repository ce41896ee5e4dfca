"""Parts of a session's report; each is HTML, "" where there is nothing to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mobilize.game.after import happened, target_name, value_text
from mobilize.game.deeds import VETO, deeds
from mobilize.game.page import Cell, facts, table, text
from mobilize.rooms import tables
from mobilize.rooms.decided import Decided, decided
from mobilize.rooms.report.pictures import draw_expected, expected
from mobilize.rooms.roles import country_name
from mobilize.rooms.room import Prediction, Resolved, Room
from mobilize.scenario import months
from mobilize.world import Decision
from policies.levers import catalogue
from policies.package import Setting

SHOWN_KINDS = ("event", "conflict", "disturbance", "denial", "leak", "milestone", "adversary",
               "override", "loan", "gift", "exit")  # fmt: skip  # of what befell, turn by turn
MOST = 40  # rows of what befell in a turn
Own = Callable[[str], bool]


def people(room: Room) -> str:
    """Return who sat where."""
    rows = [
        (place.id, room.role(place.id).title, country_name(place.country, room.game.scenario),
         ", ".join(f"{m.name} ({m.part})" if m.part else m.name for m in room.people(place.id)))
        for place in room.seats
        if room.people(place.id)
    ]  # fmt: skip
    rest = [p.id for p in room.seats if room.role(p.id).plays and not room.people(p.id)]
    told = table(("seat", "role", "country", "people at the end"), rows) if rows else ""
    return told + (text(f"Played by their own rules: {', '.join(rest)}.") if rest else "")


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
        ("", seat, catalogue()[one.lever].title, target_name(room.game, one), value_text(one),
         "set aside", "")
        for seat, one in turn.set_aside
    ]  # fmt: skip
    told = table(HEAD, rows) if rows else text("Nobody decided anything.")
    if turn.stood_in:
        told += text(f"Rules stood in for: {', '.join(turn.stood_in)}.")
    said = [(_to(room, to), title, words) for n, to, title, words in room.told if n == turn.number]
    return told + (table(("told to", "event", "text"), said, "Told by the white cell")
                   if said else "")  # fmt: skip


def _to(room: Room, seats: tuple[str, ...]) -> str:
    return "everybody" if len(seats) == len(room.seats) else ", ".join(seats)


HEAD = ("", "seat", "what", "about", "value", "", "why")


def decided_row(room: Room, one: Decided) -> tuple[Cell, ...]:
    """Return a decision as a row under HEAD; its number is that of the whole report."""
    if isinstance(one.what, Setting):
        what, about = catalogue()[one.what.lever].title, target_name(room.game, one.what)
        return str(one.number), one.seat, what, about, value_text(one.what), "counted", ""
    deed = one.what
    return (str(one.number), one.seat, deed.title, deed.target, deed.size, "counted",
            deed.first.why)  # fmt: skip


def _befell(room: Room, rows: list[Decision]) -> str:
    cells = [(_label(room, d.month), d.kind, d.who, d.target, d.why) for d in rows[:MOST]]
    more = f": the first {MOST} of {len(rows)}" if len(rows) > MOST else ""
    head = ("month", "kind", "who", "about", "what")
    return table(head, cells, f"What befell and what others did{more}") if cells else ""


def overrides(room: Room) -> str:
    """Return how often outcomes were overridden, and each: old and new value, who and why."""
    rows = list(tables.overrides(room))
    if not rows:
        return text("No outcome was overridden.")
    return text(f"Overridden in all: {len(rows)}.") + table(tables.OVERRIDES, rows)


def white_cell(room: Room) -> str:
    """Return everything else that the white cell did."""
    rows = list(tables.white_acts(room))
    return table(tables.WHITE_ACTS, rows) if rows else ""


def moves_in_words(room: Room, own: Own) -> str:
    """Return moves in words and the rulings on them, of the seats that count."""
    rows = [
        (str(m.turn), m.seat, m.text, m.ruling or "no ruling", str(m.ruled or "-"))
        for m in room.moves
        if own(m.seat)
    ]
    return table(("turn", "seat", "move", "ruling", "from turn"), rows) if rows else ""


def agreed(room: Room, own: Own) -> str:
    """Return offers and promises between seats of which one counts."""
    made = [r for r in tables.offers(room) if own(str(r[1])) or own(str(r[3]))]
    words = [r for r in tables.promises(room) if own(str(r[2])) or own(str(r[4]))]
    told = table(tables.OFFERS, [_plain(r) for r in made], "Offers") if made else ""
    if words:
        rows = [(*_plain(r[:-1]), r[-1] or "not judged") for r in words]
        told += table(tables.PROMISES, rows, "Promises")
    return told


def messages(room: Room, own: Own) -> str:
    """Return messages that a seat that counts sent or was sent."""
    rows = [
        _plain(r)
        for r, m in zip(tables.messages(room), room.messages, strict=True)
        if own(m.by) or any(own(seat) or seat == "all" for seat in m.to)
    ]
    return table(tables.MESSAGES, rows) if rows else ""


def _plain(row: Iterable[object]) -> tuple[Cell, ...]:
    """Return a row whose numbers of things are words, not figures."""
    return tuple(str(cell) for cell in row)


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
        rows.append((str(p.turn), p.seat, p.name, what, unit, p.value, value,
                     None if value is None else value - p.value, p.text))  # fmt: skip
    head = ("turn", "seat", "name", "what", "unit", "expected", "came", "difference", "why")
    seats = list(dict.fromkeys(p.seat for p in said))
    drawn = draw_expected(known, seats) if over else ""
    return drawn + table(head, rows, f"{len(rows)} predictions")


def _label(room: Room, month: int) -> str:
    return months.label(room.game.scenario.start + month)
