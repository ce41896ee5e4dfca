"""What teams do: plan levers and acts, predict, hand in, move in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from agents.adversary import STEP
from agents.industry import CLOSE, INVEST
from mobilize.game.game import Game, decide, play
from mobilize.game.interventions import faults_of
from mobilize.game.seen import unmapped
from mobilize.game.worth import Figure, figures
from mobilize.interventions import HONOUR, Intervention
from mobilize.model import compiled
from mobilize.network import HOME
from mobilize.rooms.fields import LINE, TEXT, number, optional, text, value_of_lever, whole
from mobilize.rooms.kinds import ANYBODY, TEAMS, TEAMS_AND_WHITE, Kind, RefusedError
from mobilize.rooms.roles import WHITE_CELL, aims, owners
from mobilize.rooms.room import Body, Draft, FreeMove, Member, Order, Phase, Prediction, Room
from mobilize.scenario import Scenario, by_content
from mobilize.world import QUARTER
from policies.levers import catalogue
from policies.package import PackageError, Setting

ASK_AGAIN = "ask for priority"
HOLD = "hold"  # a firm neither expands nor leaves by its rule
LEVERS, ORDERS, NOTES, MOVES = 60, 12, 200, 40  # most of a seat: a turn, a turn, a game, a game
LONGEST_HOLD = 24  # months


def mine(room: Room, member: Member, body: Body) -> str:
    """Return the seat an act is about: one's own, or one that the white cell plays for."""
    other = body.get("seat")
    if other is None or other == member.seat:
        return member.seat
    if member.seat != WHITE_CELL or other not in {p.id for p in room.seats}:
        raise RefusedError("That seat is not yours.")
    if not room.role(str(other)).plays:
        raise RefusedError(f"{room.role(str(other)).title} plans nothing.")
    return str(other)


def setting(room: Room, seat: str, lever: str, target: str, value: str | float) -> Setting:
    """Return a lever that a seat may set, or refuse: it names no target that is not known."""
    known = catalogue().get(lever)
    place = room.place(seat)
    if known is None or not (may := aims(place, known, room.game.scenario)):
        raise RefusedError(f"{room.role(seat).title} does not move the lever '{lever[:40]}'.")
    if target not in may:
        raise RefusedError(f"There is nothing called '{target[:40]}' that this seat can reach.")
    _hide(room, seat, target)
    try:
        return decide(room.game, lever, target, value)
    except PackageError:
        allowed = ", ".join(f"{v:g}" if isinstance(v, float) else v for v in known.values)
        kind = " to " if known.setting == "amount" else ", "
        told = f"{allowed.replace(', ', kind)} {known.unit}, or off"
        raise RefusedError(
            f"'{known.title}' cannot be {str(value)[:40]}; allowed: {told}."
        ) from None


def _hide(room: Room, seat: str, *ids: str) -> None:
    """Refuse plants and firms that this seat does not know of, as if there were none.

    A model is looked at only where an id is of those that are hidden at the start.
    """
    if seat != WHITE_CELL and hidden_at_start(room.game.scenario) & set(ids):
        hidden = unmapped(play(room.shown).world)
        if hidden & set(ids):
            raise RefusedError(f"There is nothing called '{ids[0][:40]}' that this seat can reach.")


@by_content()
def hidden_at_start(scenario: Scenario) -> frozenset[str]:
    """Return the ids of plants that governments do not know at the start, and of their firms."""
    net, names = compiled(scenario)
    lines = np.flatnonzero(net.l_hidden).tolist()
    return frozenset(names.lines[line] for line in lines) | {
        names.firms[net.l_firm[line]] for line in lines
    }


def own_part(room: Room, member: Member, group: str = "", act: str = "") -> None:
    """Refuse what another member of the team has for their own decision."""
    role = room.role(member.seat)
    for part in role.parts:
        if group in part.groups or act in part.acts:
            holders = [m for m in room.people(member.seat) if m.part == part.name]
            if holders and member.part != part.name:
                names = ", ".join(m.name for m in holders)
                raise RefusedError(f"That is the {part.title}'s decision: ask {names}.")


def _planning(room: Room, member: Member, body: Body) -> tuple[str, Draft]:
    """Return whose draft is edited; after the lock only the white cell's hand is left."""
    seat = mine(room, member, body)
    if room.phase == "lock" and member.seat != WHITE_CELL:
        raise RefusedError("The turn is locked: speak to the white cell.")
    if not room.game.left:
        raise RefusedError("The game is over.")
    draft = room.draft(seat)
    if draft.submitted and seat == member.seat and seat != WHITE_CELL:
        raise RefusedError("Your team has handed in: reopen the plan first.")
    return seat, draft


def _set(room: Room, member: Member, body: Body, _: float) -> Room:
    seat, draft = _planning(room, member, body)
    lever, target = body["lever"], body.get("target") or "base"
    one = setting(room, seat, lever, target, body["value"])
    if seat == member.seat:
        own_part(room, member, group=catalogue()[lever].group)
    rest = _less(draft.settings, lever, target)
    if len(rest) >= LEVERS:
        raise RefusedError(f"A plan holds {LEVERS} levers at most.")
    return room.drafted(seat, replace(draft, settings=(*rest, one)))


def _unset(room: Room, member: Member, body: Body, _: float) -> Room:
    seat, draft = _planning(room, member, body)
    lever, target = body["lever"], body.get("target") or "base"
    rest = _less(draft.settings, lever, target)
    if len(rest) == len(draft.settings):
        raise RefusedError("That lever is not in the plan.")
    if seat == member.seat:
        own_part(room, member, group=catalogue()[lever].group)
    return room.drafted(seat, replace(draft, settings=rest))


def _less(settings: tuple[Setting, ...], lever: str, target: str) -> tuple[Setting, ...]:
    return tuple(s for s in settings if (s.lever, s.target) != (lever, target))


def _order(room: Room, member: Member, body: Body, _: float) -> Room:
    seat, draft = _planning(room, member, body)
    what = body["what"]
    if what not in room.role(seat).acts:
        raise RefusedError(f"{room.role(seat).title} does not decide '{what[:40]}'.")
    if seat == member.seat:
        own_part(room, member, act=what)
    last = max((o.number for o in draft.orders), default=0)
    order = Order(last + 1, what, body["target"], body.get("amount"), body.get("why") or "")
    rest = tuple(o for o in draft.orders if (o.what, o.target) != (what, order.target))
    if len(rest) >= ORDERS:
        raise RefusedError(f"A plan holds {ORDERS} acts at most.")
    carried_out(room, seat, order)
    return room.drafted(seat, replace(draft, orders=(*rest, order)))


def carried_out(room: Room, seat: str, order: Order) -> tuple[Intervention, ...]:
    """Return what an act of a seat is in the game, or refuse it."""
    place, game = room.place(seat), room.game
    scenario, date = game.scenario, game.date
    length = min(room.months, game.left)  # of the turn
    if order.what in (INVEST, CLOSE, HOLD):
        _hide(room, seat, order.target)
        firm = order.target if order.what == HOLD else _firm(scenario, order.target)
        if firm not in _firms_at_home(scenario):
            told = f"There is nothing called '{order.target[:40]}' that this seat can reach."
            raise RefusedError(told)
        if order.what == HOLD:
            return _held(game, firm, int(order.amount or room.months), order.why)
        found = (Intervention(date, order.what, order.target, who=firm, why=order.why),)
    elif order.what == STEP:
        later = int(order.amount or 0)  # months into the turn
        if later >= length:
            raise RefusedError(f"The turn has {length} months: 0 is its first.")
        found = (Intervention(date + later, STEP, order.target, who=place.country, why=order.why),)
    elif order.what == HONOUR:
        share = 1.0 if order.amount is None else order.amount
        if order.target != place.country:
            raise RefusedError(f"'{HONOUR}' is about one's own country: {place.country}.")
        found = (Intervention(date, HONOUR, place.country, amount=share, months=room.months,
                              who=place.country, why=order.why),)  # fmt: skip
    else:
        if order.what == ASK_AGAIN:
            date = _between_rounds(room)
        found = (Intervention(date, "act", order.target, order.what, order.amount, room.months,
                              who=place.country, why=order.why),)  # fmt: skip
    if any(faults_of(one, scenario) for one in found):
        low = "a size that it allows" if order.what != STEP else "a step of the ladder"
        raise RefusedError(f"'{order.what}' needs a target of this scenario, and {low}.")
    return found


def _between_rounds(room: Room) -> int:
    """Return the first month of the coming turn in which an ally can be asked once more.

    Each quarter every request is answered anyway, and a turn may begin in such a month.
    """
    date, start = room.game.date, room.game.scenario.start
    asked = (date - start) % QUARTER == 0 and min(room.months, room.game.left) > 1
    return date + asked


def _held(game: Game, firm: str, length: int, why: str) -> tuple[Intervention, ...]:
    """Return that a firm's rules are off for some months: where an earlier hold ends, they stay."""
    if not 1 <= length <= LONGEST_HOLD:
        raise RefusedError(f"A firm can be held for 1 to {LONGEST_HOLD} months.")
    begins, ends = game.date, game.date + length
    risen = {one.date for one in game.interventions if (one.kind, one.target) == ("rise", firm)}
    turns = [(begins, "sit"), *((date, "sit") for date in sorted(risen) if begins < date < ends)]
    if ends < game.scenario.start + game.scenario.horizon:
        turns.append((ends, "rise"))
    return tuple(
        Intervention(when, kind, firm, what, who=firm, why=why)
        for when, kind in turns
        for what in (INVEST, CLOSE)
    )


def _firm(scenario: Scenario, line: str) -> str:
    table = scenario.tables["lines"]
    at = {str(i): str(f) for i, f in zip(table["id"], table["firm"], strict=True)}
    return at.get(line, "")


@by_content()
def _firms_at_home(scenario: Scenario) -> frozenset[str]:
    at = owners(scenario, "lines")
    table = scenario.tables["lines"]
    return frozenset(
        str(f) for i, f in zip(table["id"], table["firm"], strict=True) if HOME in at[str(i)]
    )


def _unorder(room: Room, member: Member, body: Body, _: float) -> Room:
    seat, draft = _planning(room, member, body)
    gone = next((o for o in draft.orders if o.number == body["number"]), None)
    if gone is None or body.get("target") not in (None, gone.target):
        raise RefusedError("That act is not in the plan.")
    if seat == member.seat:
        own_part(room, member, act=gone.what)
    rest = tuple(o for o in draft.orders if o is not gone)
    return room.drafted(seat, replace(draft, orders=rest))


def _submit(room: Room, member: Member, body: Body, _: float) -> Room:
    seat = mine(room, member, body)
    return room.drafted(seat, replace(room.draft(seat), submitted=True))


def _reopen(room: Room, member: Member, body: Body, _: float) -> Room:
    seat = mine(room, member, body)
    return room.drafted(seat, replace(room.draft(seat), submitted=False))


def predictable(room: Room, seat: str) -> tuple[Figure, ...]:
    """Return the figures a seat may predict: those whose outcome it may know."""
    every = figures(room.game.scenario)
    if "metrics" in room.role(seat).sees:
        return every
    return tuple(f for f in every if f.kind == "delivered")


def _predict(room: Room, member: Member, body: Body, _: float) -> Room:
    kind, key = body["kind"], body["key"]
    if not any((f.kind, f.key) == (kind, key) for f in predictable(room, member.seat)):
        raise RefusedError("There is no such figure to predict here.")
    new = Prediction(member.seat, member.name, room.turn, kind, key, float(body["value"]),
                     body.get("text") or "")  # fmt: skip
    same = (new.seat, new.turn, new.kind, new.key)
    rest = [p for p in room.play.predictions if (p.seat, p.turn, p.kind, p.key) != same]
    if sum((p.seat, p.turn) == same[:2] for p in rest) >= ORDERS:
        raise RefusedError(f"{ORDERS} predictions a turn are enough.")
    return room.planned(predictions=(*rest, new))


def _note(room: Room, member: Member, body: Body, _: float) -> Room:
    if sum(seat == member.seat for seat, _, _ in room.notes) >= NOTES:
        raise RefusedError(f"A team keeps {NOTES} notes at most.")
    return replace(room, notes=(*room.notes, (member.seat, room.turn, body["text"])))


def _move(room: Room, member: Member, body: Body, _: float) -> Room:
    if sum(m.seat == member.seat for m in room.moves) >= MOVES:
        raise RefusedError(f"A team makes {MOVES} moves in words at most.")
    new = FreeMove(len(room.moves) + 1, room.turn, member.seat, body["text"])
    return replace(room, moves=(*room.moves, new))


def _part(room: Room, member: Member, body: Body, _: float) -> Room:
    parts = [part.name for part in room.role(member.seat).parts]
    if body["part"] and body["part"] not in parts:
        raise RefusedError(f"This team has: {', '.join(parts) or 'no parts'}.")
    return room.with_member(replace(member, part=body["part"]))


WHERE = {"lever": text(80, 1), "target": optional(text(80)), "seat": optional(text(80))}
PLAN: tuple[Phase, ...] = ("plan", "lock")  # in the lock the white cell alone: see _planning
KINDS = {
    "set": Kind("set a lever", TEAMS_AND_WHITE, {**WHERE, "value": value_of_lever}, _set, PLAN),
    "unset": Kind("take a lever back", TEAMS_AND_WHITE, WHERE, _unset, PLAN),
    "order": Kind(
        "plan an act",
        TEAMS_AND_WHITE,
        {
            "what": text(40, 1),
            "target": text(80, 1),
            "amount": optional(number(0, 1e6)),
            "why": optional(text(LINE)),
            "seat": optional(text(80)),
        },
        _order,
        PLAN,
    ),
    "unorder": Kind(
        "take an act back",
        TEAMS_AND_WHITE,
        {"number": whole(1, 10_000), "target": optional(text(80)), "seat": optional(text(80))},
        _unorder,
        PLAN,
    ),
    "submit": Kind("hand in", TEAMS_AND_WHITE, {"seat": optional(text(80))}, _submit, ("plan",)),
    "reopen": Kind("reopen a plan", TEAMS_AND_WHITE, {"seat": optional(text(80))}, _reopen,
                   ("plan",)),
    "predict": Kind(
        "predict",
        TEAMS,
        {
            "kind": text(40, 1),
            "key": text(80, 1),
            "value": number(-1e12, 1e12),
            "text": optional(text(LINE)),
        },
        _predict,
        ("plan",),
    ),
    "note": Kind("write a note", TEAMS_AND_WHITE, {"text": text(TEXT, 1)}, _note),
    "move": Kind("move in words", TEAMS, {"text": text(TEXT, 1)}, _move, ("plan",)),
    "part": Kind("take a part", ANYBODY, {"part": text(40)}, _part),
}  # fmt: skip
