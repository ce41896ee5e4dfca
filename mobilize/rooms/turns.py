"""Phases, the clock, and how a turn is resolved: plans become settings and interventions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType

from agents.actions import ACTIONS
from agents.adversary import STEP
from mobilize.interventions import Intervention
from mobilize.rooms.fields import number, one_of, optional, text, whole, yes_or_no
from mobilize.rooms.kinds import ALONE, WHITE, WHITE_OR_CLOCK, Kind, RefusedError
from mobilize.rooms.players import carried_out, setting
from mobilize.rooms.roles import ASKS, WHITE_CELL, Role, word
from mobilize.rooms.room import (
    PHASES,
    SYSTEM,
    Act,
    Body,
    Clock,
    Key,
    Member,
    Order,
    Play,
    Resolved,
    Room,
)
from mobilize.rooms.talk import order_of
from policies.levers import catalogue
from policies.package import Setting

CROWD = 120  # people in a room
NAMES = 40  # letters of a name
HOURS = 36_000  # seconds that a clock holds at most


def due(room: Room, now: float) -> Act | None:
    """Return the act by which the clock moves the room on, if its time has come."""
    ticking = room.auto and room.phase == "plan" and room.clock.ends is not None
    if ticking and room.game.left and room.clock.remaining(now) <= 0:
        return Act("next", {}, len(room.log) + 1)
    return None


def waiting_for(room: Room) -> tuple[str, ...]:
    """Return the seats with people in them that have not handed in."""
    teams = [p.id for p in room.seats if room.role(p.id).plays and room.people(p.id)]
    return tuple(seat for seat in teams if not room.draft(seat).submitted)


def _next(room: Room, member: Member, body: Body, at: float) -> Room:
    if member.id == SYSTEM and due(room, at) is None:
        raise RefusedError("The clock has not run out.")
    if body.get("phase") not in (None, room.phase):  # pressed twice, or as the clock ran out
        raise RefusedError(f"The room has gone on already: it is in the phase {room.phase}.")
    if room.phase == "plan" and not room.game.left:
        raise RefusedError("The game is over.")
    after = PHASES[(PHASES.index(room.phase) + 1) % len(PHASES)]
    if after == "resolve":
        room = resolve(room)
    if after == "plan":
        room = replace(room, clock=_wound(room.clock, at))
    elif room.clock.ends is not None:
        room = replace(room, clock=Clock(room.clock.length, room.clock.remaining(at)))
    return replace(room, phase=after)


def _wound(clock: Clock, at: float) -> Clock:
    """Return the clock of a new turn, running where there is a limit."""
    return Clock(clock.length, clock.length, at + clock.length if clock.length else None)


def _unlock(room: Room, member: Member, body: Body, at: float) -> Room:
    return replace(room, phase="plan")


def _timer(room: Room, member: Member, body: Body, at: float) -> Room:
    """Start, pause, extend or set the clock."""
    clock, do = room.clock, body["do"]
    left = clock.remaining(at)
    running = clock.ends is not None
    if do == "set":
        seconds = float(body.get("seconds") or 0.0)
        clock = Clock(seconds, seconds)
        running, left = running and seconds > 0, seconds
    elif do == "add":
        left = min(HOURS, left + float(body.get("seconds") or 0.0))
    else:
        running = do == "start"
    if do == "start" and left <= 0:
        raise RefusedError("The clock has run out: add time first.")
    ends = at + left if running else None
    return replace(room, clock=Clock(clock.length, left, ends))


def resolve(room: Room) -> Room:
    """Return the room after its turn: what counts of the plans is in the game.

    What was agreed in offers comes first, then seats in the order of the roles; the white cell's
    acts come last, so that it has the last word.
    """
    play = room.play
    game, stood = play.game, stood_in(room)
    settings, set_aside = _settled(room, stood)
    acts = [*_sits(room, stood), *_acts(room, stood)]
    acts += [(WHITE_CELL, one) for one in play.pending]
    played = min(room.months, game.left)
    after = game.after((s for _, s in settings), played, (one for _, one in acts))
    turn = Resolved(len(play.turns) + 1, settings, set_aside, tuple(acts), stood)
    now = Play(
        after,
        stand_ins=play.stand_ins,
        seated=seated(room, stood),
        predictions=play.predictions,
        turns=(*play.turns, turn),
        told=play.told,
    )
    return replace(room, play=now, starts=(*room.starts, play))


def stood_in(room: Room) -> tuple[str, ...]:
    """Return the seats with people in them that their rules play for in this turn.

    Those that the white cell has named, and those that planned nothing and did not hand in.
    """
    late = [s for s in waiting_for(room) if room.draft(s).empty and not _bound(room, s)]
    return tuple(sorted({*late, *(s for s in room.play.stand_ins if room.people(s))}))


def _bound(room: Room, seat: str) -> bool:
    return any(term.by == seat for term in room.play.bound)


def seated(room: Room, stood: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """Return whose rules for what are off in this turn: (country, action)."""
    return frozenset(
        (place.country, what)
        for place in room.seats
        if room.role(place.id).plays and room.people(place.id) and place.id not in stood
        for what in taken(room.role(place.id))
    )


def taken(role: Role) -> tuple[str, ...]:
    """Return the actions that somebody in a seat of a role decides instead of a rule."""
    return tuple(a for a in (*role.rules, *role.acts) if a in ACTIONS or a == STEP)


def _sits(room: Room, stood: tuple[str, ...]) -> Iterator[tuple[str, Intervention]]:
    """Return who takes a decision from a rule this turn, and who gives it back."""
    before, now, date = room.play.seated, seated(room, stood), room.game.date
    for kind, pairs in (("sit", now - before), ("rise", before - now)):
        for country, what in sorted(pairs):
            yield SYSTEM, Intervention(date, kind, country, what, who=SYSTEM)


def _settled(
    room: Room, stood: tuple[str, ...]
) -> tuple[tuple[tuple[str, Setting], ...], tuple[tuple[str, Setting], ...]]:
    """Return the settings that count and those set aside: refused, or of a later seat."""
    counted: dict[tuple[str, str], tuple[str, Setting]] = {}
    aside = []
    for seat, one in _wishes(room, stood):
        if not granted(room, seat, one) or (one.lever, one.target) in counted:
            aside.append((seat, one))
        else:
            counted[one.lever, one.target] = (seat, one)
    return tuple(counted.values()), tuple(aside)


def _wishes(room: Room, stood: tuple[str, ...]) -> Iterator[tuple[str, Setting]]:
    """Return the settings of offers, the latest agreement first, then those of plans."""
    for term in reversed(room.play.bound):
        if term.lever:
            with suppress(RefusedError):  # what was agreed in an earlier turn may not be any more
                target = term.target or "base"
                yield term.by, setting(room, term.by, term.lever, target, term.value)
    for place in room.seats:
        if place.id not in stood:
            yield from ((place.id, one) for one in room.draft(place.id).settings)


def asked(room: Room) -> tuple[tuple[str, Setting], ...]:
    """Return what seats ask of Congress, President or NATO: as agreed in offers, then in plans.

    Of one lever at one target a seat asks once: what it agreed to is what would count.
    """
    found: dict[Key, tuple[str, Setting]] = {}
    for seat, one in _wishes(room, ()):
        if _asks(room, seat, one):
            found.setdefault((seat, one.lever, one.target), (seat, one))
    return tuple(found.values())


def _asks(room: Room, seat: str, one: Setting) -> bool:
    return word(room.role(seat), catalogue()[one.lever]) == ASKS


def granted(room: Room, seat: str, one: Setting) -> bool:
    """Return whether a setting counts: the seat decides it, or is granted what it asks for."""
    if not _asks(room, seat, one):
        return True
    return room.play.answers.get((seat, one.lever, one.target), room.congress)


def _acts(room: Room, stood: tuple[str, ...]) -> Iterator[tuple[str, Intervention]]:
    """Return the acts of seats beside levers: those agreed first."""
    for seat, order in ordered(room, stood):
        with suppress(RefusedError):
            yield from [(seat, one) for one in carried_out(room, seat, order)]


def ordered(room: Room, stood: tuple[str, ...]) -> tuple[tuple[str, Order], ...]:
    """Return the acts that count: those agreed, of two about one thing the latest, then planned.

    Where a seat has agreed to an act about something, its own plan for the same does not count.
    """
    found = {
        (term.by, term.act, term.target): (term.by, order_of(term))
        for term in room.play.bound
        if term.act
    }
    for place in room.seats:
        for order in room.draft(place.id).orders if place.id not in stood else ():
            found.setdefault((place.id, order.what, order.target), (place.id, order))
    return tuple(found.values())


def _undo(room: Room, member: Member, body: Body, at: float) -> Room:
    """Go back to the plan of an earlier turn; messages and notes stay."""
    turn = body["turn"]
    if not 1 <= turn <= len(room.starts):
        told = f"1 to {len(room.starts)}" if room.starts else "none yet"
        raise RefusedError(f"There is no turn {turn} to go back to; there is: {told}.")
    play = room.starts[turn - 1]
    drafts = {seat: replace(draft, submitted=False) for seat, draft in play.drafts.items()}
    play = replace(play, drafts=MappingProxyType(drafts))
    clock = Clock(room.clock.length, room.clock.length)
    room = replace(room, play=play, starts=room.starts[: turn - 1], phase="plan", clock=clock)
    return _unsaid(room, turn)


def _unsaid(room: Room, turn: int) -> Room:
    """Open again what was agreed or ruled for turns that are undone: it has no effect any more."""
    again = {o.number for o in room.offers if o.turn > turn}
    return replace(
        room,
        offers=tuple(
            replace(o, state="open", turn=0) if o.number in again else o for o in room.offers
        ),
        promises=tuple(p for p in room.promises if p.offer not in again),
        moves=tuple(replace(m, ruling="", ruled=0) if m.ruled > turn else m for m in room.moves),
    )


def _answer(room: Room, member: Member, body: Body, at: float) -> Room:
    """Grant or refuse what a seat asks Congress, President or NATO for."""
    key = (body["seat"], body["lever"], body.get("target") or "base")
    if key not in {(seat, one.lever, one.target) for seat, one in asked(room)}:
        raise RefusedError("Nobody asks for that.")
    return room.planned(answers=MappingProxyType({**room.play.answers, key: body["yes"]}))


def _stand_in(room: Room, member: Member, body: Body, at: float) -> Room:
    """Let a seat's rules play for it in the coming turn, or its people again."""
    seat = body["seat"]
    if seat not in {p.id for p in room.seats} or not room.role(seat).plays:
        raise RefusedError("There is no such team.")
    others = room.play.stand_ins - {seat}
    return room.planned(stand_ins=others | {seat} if body["on"] else others)


def _join(room: Room, member: Member, body: Body, at: float) -> Room:
    if body["member"] in room.members or body["member"] == SYSTEM:
        raise RefusedError("That place is taken.")
    if len(room.members) >= CROWD:
        raise RefusedError(f"The room is full: {CROWD} people.")
    _seat(room, body["seat"])
    if any(m.name.casefold() == body["name"].strip().casefold() for m in room.members.values()):
        raise RefusedError("Somebody here has that name already: add a letter.")
    return room.with_member(Member(body["member"], body["name"].strip(), body["seat"]))


def _seat(room: Room, seat: str) -> None:
    if seat not in {p.id for p in room.seats}:
        raise RefusedError(f"There is no seat '{seat[:40]}' in this room.")


def _reseat(room: Room, member: Member, body: Body, at: float) -> Room:
    """Let somebody sit elsewhere."""
    other = room.members.get(body["member"])
    if other is None:
        raise RefusedError("Nobody of that number is in the room.")
    _seat(room, body["seat"])
    if other.id == member.id:
        raise RefusedError("You keep your own seat.")
    return room.with_member(replace(other, seat=body["seat"], part=""))


def _remove(room: Room, member: Member, body: Body, at: float) -> Room:
    if body["member"] not in room.members or body["member"] == member.id:
        raise RefusedError("Nobody else of that number is in the room.")
    rest = {key: m for key, m in room.members.items() if key != body["member"]}
    return replace(room, members=MappingProxyType(rest))


KINDS = {
    "next": Kind("go on to the next phase", WHITE_OR_CLOCK,
                 {"phase": optional(one_of(*PHASES))}, _next),
    "unlock": Kind("unlock the plans", WHITE, {}, _unlock, ("lock",)),
    "timer": Kind("set the clock", WHITE,
                  {"do": one_of("start", "pause", "add", "set"),
                   "seconds": optional(number(0, HOURS))}, _timer, ("plan",)),
    "undo": Kind("undo turns", WHITE, {"turn": whole(1, 1000), "why": text(200, 1)}, _undo),
    "grant": Kind("grant or refuse what is asked", WHITE,
                  {"seat": text(80, 1), "lever": text(80, 1), "target": optional(text(80)),
                   "yes": yes_or_no, "why": optional(text(200))}, _answer, ("plan", "lock")),
    "stand-in": Kind("let the rules play for a seat", WHITE,
                     {"seat": text(80, 1), "on": yes_or_no}, _stand_in, ("plan", "lock")),
    "join": Kind("let somebody in", ALONE,
                 {"member": text(40, 1), "name": text(NAMES, 1), "seat": text(80, 1)}, _join),
    "reseat": Kind("seat somebody elsewhere", WHITE,
                   {"member": text(40, 1), "seat": text(80, 1)}, _reseat),
    "remove": Kind("remove somebody", WHITE, {"member": text(40, 1)}, _remove),
}  # fmt: skip
