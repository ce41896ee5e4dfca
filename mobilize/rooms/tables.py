"""A session as tables: moves, messages, offers, predictions, the white cell's acts, all acts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from mobilize.game.export import as_csv, zipped
from mobilize.game.file import write_game
from mobilize.game.game import fingerprint, play
from mobilize.game.interventions import write_intervention
from mobilize.game.worth import turn_ends
from mobilize.interventions import CHANGE, Intervention
from mobilize.rooms import control, turns
from mobilize.rooms.file import write_room
from mobilize.rooms.kinds import WHITE
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.room import SYSTEM, Entry, Room
from mobilize.scenario import months
from policies.levers import catalogue
from policies.package import Setting

README = """A session of Mobilize, one file a table; UTF-8, comma-separated, one header line.

session.json     the session itself, every accepted act: it plays again exactly
game.json        the game that came of it: `mobilize replay game.json` plays it again
moves.csv        what counted in each turn, by seat; what was set aside, and what the rules played
messages.csv     messages between seats
offers.csv       offers between seats, what became of them, and the turn they were accepted for
promises.csv     words given in accepted offers, and whether they were kept
predictions.csv  what teams expected, and what came
overrides.csv    outcomes the white cell changed: old value, new value, who and why
white_cell.csv   everything else that the white cell did
acts.csv         every accepted act with turn, phase and role, in its order

Months are those of the scenario; seats are named role:country. Names are as people typed them.
"""
Row = tuple[Any, ...]


def files(room: Room) -> dict[str, str]:
    """Return every file of a session by name; the same room gives the same bytes."""
    return {
        "README.txt": README,
        "session.json": write_room(room),
        "game.json": write_game(room.game, fingerprint(play(room.game))),
        **tables(room),
    }


def session_zip(room: Room) -> bytes:
    """Return every file of a session as one archive; the same room gives the same bytes."""
    return zipped(files(room))


def tables(room: Room) -> dict[str, str]:
    """Return the tables of a session as CSV, by file name."""
    return {
        "moves.csv": as_csv(MOVES, list(moves(room))),
        "messages.csv": as_csv(MESSAGES, list(messages(room))),
        "offers.csv": as_csv(OFFERS, list(offers(room))),
        "promises.csv": as_csv(PROMISES, list(promises(room))),
        "predictions.csv": as_csv(PREDICTIONS, list(predictions(room))),
        "overrides.csv": as_csv(OVERRIDES, list(overrides(room))),
        "white_cell.csv": as_csv(WHITE_ACTS, list(white_acts(room))),
        "acts.csv": as_csv(
            ("number", "turn", "phase", "seat", "role", "name", "kind", "body"),
            [
                (e.number, e.turn, e.phase, e.seat, _role(room, e.seat), _name(room, e.who),
                 e.kind, json.dumps(dict(e.body), ensure_ascii=False, sort_keys=True))
                for e in room.log
            ],
        ),
    }  # fmt: skip


WHITE_KINDS = frozenset(
    name for name, kind in {**control.KINDS, **turns.KINDS}.items() if kind.who == WHITE
)
MOVES = (
    "turn",
    "month",
    "seat",
    "role",
    "state",
    "kind",
    "what",
    "title",
    "target",
    "value",
    "why",
)
PREDICTIONS = ("turn", "seat", "role", "name", "kind", "key", "expected", "came", "why")
OVERRIDES = ("turn", "month", "who", "role", "quantity", "target", "old", "new", "unit", "why")


MESSAGES = ("turn", "number", "seat", "role", "name", "to", "text")
OFFERS = ("number", "seat", "role", "to", "state", "turn", "text", "terms")
PROMISES = ("number", "offer", "seat", "role", "to", "text", "kept")
WHITE_ACTS = ("number", "turn", "phase", "name", "kind", "what")
KEPT = {None: "", True: "yes", False: "no"}


def messages(room: Room) -> Iterator[Row]:
    """Yield messages between seats: MESSAGES."""
    for m in room.messages:
        yield m.turn, m.number, m.by, _role(room, m.by), m.name, " ".join(m.to), m.text


def offers(room: Room) -> Iterator[Row]:
    """Yield offers between seats and what became of them: OFFERS."""
    for o in room.offers:
        terms = "; ".join(_term(t) for t in o.terms)
        yield o.number, o.by, _role(room, o.by), o.to, o.state, o.turn or "", o.text, terms


def promises(room: Room) -> Iterator[Row]:
    """Yield words given in accepted offers: PROMISES."""
    for p in room.promises:
        yield p.number, p.offer, p.by, _role(room, p.by), p.to, p.text, KEPT[p.kept]


def white_acts(room: Room) -> Iterator[Row]:
    """Yield what the white cell did beside overrides: WHITE_ACTS."""
    for e, name in of_white_cell(room):
        yield e.number, e.turn, e.phase, name, e.kind, _words(e.body)


def of_white_cell(room: Room) -> Iterator[tuple[Entry, str]]:
    """Yield the acts of the white cell beside overrides, and the name of whoever did each."""
    for e in room.log:
        if e.who != SYSTEM and e.kind in WHITE_KINDS and e.kind != "override":
            yield e, _name(room, e.who)


def _role(room: Room, seat: str) -> str:
    return room.place(seat).role if seat else SYSTEM


def _name(room: Room, who: str) -> str:
    """Return the name of somebody, also of one who has left."""
    joined = (e.body for e in room.log if e.kind == "join" and e.body["member"] == who)
    return SYSTEM if who == SYSTEM else next((str(b["name"]) for b in joined), who)


def _words(body: Mapping[str, Any]) -> str:
    return "; ".join(f"{key} = {_said(value)}" for key, value in body.items() if value is not None)


def _said(value: object) -> str:
    """Return a value of a body in words: lists are listed, tables are their keys and values."""
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_said(v)}" for k, v in value.items() if v is not None)
    if isinstance(value, list | tuple):
        return " + ".join(map(_said, value)) or "none"
    return str(value)


def _term(term: Any) -> str:
    if term.promise:
        return f"{term.by} promises: {term.promise}"
    size = "" if term.amount is None else f"{term.amount:g}"
    what = f"sets {term.lever} = {term.value}" if term.lever else f"{term.act} {size}"
    return f"{term.by} {what.strip()} at {term.target or 'base'}"


def moves(room: Room) -> Iterator[Row]:
    """Yield what counted in each turn, what was set aside, and what rules played: MOVES."""
    for turn in room.play.turns:
        for state, rows in (("counted", turn.settings), ("set aside", turn.set_aside)):
            for seat, one in rows:
                yield _setting(room, turn.number, seat, state, one)
        for seat, act in turn.interventions:
            yield _act(room, turn.number, seat, act)
        for seat in turn.stood_in:
            yield (turn.number, "", seat, _role(room, seat), "rules played", *([""] * 6))


def _setting(room: Room, turn: int, seat: str, state: str, one: Setting) -> Row:
    title = catalogue()[one.lever].title
    return (turn, months.label(one.date), seat, _role(room, seat), state, "lever", one.lever,
            title, one.target, one.value, "")  # fmt: skip


def _act(room: Room, turn: int, seat: str, one: Intervention) -> Row:
    role = SYSTEM if seat == SYSTEM else _role(room, seat)
    row = write_intervention(one)
    return (turn, row["date"], seat, role, "counted", one.kind, one.what, "", one.target,
            "" if one.amount is None else one.amount, one.why)  # fmt: skip


def predictions(room: Room) -> Iterator[Row]:
    """Yield what teams expected, and what came: PREDICTIONS."""
    ends = turn_ends(room.game)
    for p in room.play.predictions:
        came = ends[p.turn - 1][p.kind, p.key] if p.turn <= len(ends) else np.nan
        value = "" if np.isnan(came) else came
        yield (p.turn, p.seat, _role(room, p.seat), p.name, p.kind, p.key, p.value, value, p.text)


def overrides(room: Room) -> Iterator[Row]:
    """Yield what was overridden, as the log of the game tells it: OVERRIDES."""
    start, ends = room.game.scenario.start, 0
    turn_of = []
    for n, turn in enumerate(room.game.turns, 1):
        turn_of += [n] * turn.months
        ends += turn.months
    for d in play(room.game).decisions:
        told = CHANGE.fullmatch(d.why) if d.kind == "override" else None
        if told is not None and d.month < ends:
            date = months.label(start + d.month)
            yield (turn_of[d.month], date, d.who, WHITE_CELL, told["title"], d.target, told["old"],
                   told["new"], d.unit, told["why"])  # fmt: skip
