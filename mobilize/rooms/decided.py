"""What was decided in a room, by whom; and the same game without one decision."""

from __future__ import annotations

from dataclasses import dataclass

from mobilize.game.after import choices
from mobilize.game.deeds import Deed, deeds, left_out
from mobilize.game.game import Game, play
from mobilize.game.worth import Figure, figures, totals
from mobilize.rooms.room import Room
from policies.package import Setting


@dataclass(frozen=True)
class Decided:
    """One thing that counted in a turn (from 1): a lever set, or something done beside levers.

    `number` (from 1) is that of the decision in reports, levers first.
    """

    number: int
    turn: int
    seat: str
    what: Setting | Deed


@dataclass(frozen=True)
class Difference:
    """A figure at the end of the game with a decision and without it, in the game's own luck."""

    figure: Figure
    played: float
    without: float


def decided(room: Room) -> tuple[Decided, ...]:
    """Return everything that counted, levers first; who takes a seat is no decision."""
    by = [seat for turn in room.play.turns for seat, _ in turn.settings]
    levers = [
        Decided(c.number + 1, c.turn, seat, c.setting)
        for seat, c in zip(by, choices(room.game), strict=True)
    ]
    return (*levers, *(Decided(d.number + 1, d.turn, _doer(room, d), d) for d in deeds(room.game)))


def _doer(room: Room, deed: Deed) -> str:
    """Return the seat whose deed it was."""
    acts = room.play.turns[deed.turn - 1].interventions
    return next(seat for seat, one in acts if one is deed.first or one == deed.first)


def seats_of(room: Room) -> tuple[str, ...]:
    """Return who decided, by number of a decision as :mod:`mobilize.game.worth` counts them."""
    return tuple(one.seat for one in decided(room))


def without(game: Game, one: Decided) -> Game:
    """Return the game as it would have been without one decision, all others as they were."""
    return left_out(game, one.number - 1)[0]


def difference(room: Room, one: Decided) -> tuple[Difference, ...]:
    """Return every figure that differs at the end of a room's game without one decision."""
    played, gone = totals(play(room.game)), totals(play(without(room.game, one)))
    rows = zip(figures(room.game.scenario), played.tolist(), gone.tolist(), strict=True)
    return tuple(Difference(figure, a, b) for figure, a, b in rows if a != b and (a == a or b == b))
