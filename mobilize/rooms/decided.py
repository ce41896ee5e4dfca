"""What was decided in a room, by whom; and the same game without one decision."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mobilize.game.game import Game, play
from mobilize.game.worth import Figure, figures, totals
from mobilize.interventions import Intervention
from mobilize.rooms.room import Room
from policies.package import Setting


@dataclass(frozen=True)
class Decided:
    """One thing that counted in a turn (from 1): a lever set, or something done beside levers."""

    number: int
    turn: int
    seat: str
    what: Setting | Intervention


@dataclass(frozen=True)
class Difference:
    """A figure at the end of the game with a decision and without it, in the game's own luck."""

    figure: Figure
    played: float
    without: float


def decided(room: Room) -> tuple[Decided, ...]:
    """Return everything that counted, in its order; who takes a seat is no decision."""
    rows: list[tuple[int, str, Setting | Intervention]] = []
    for turn in room.play.turns:
        rows += [(turn.number, seat, one) for seat, one in turn.settings]
        rows += [
            (turn.number, seat, one)
            for seat, one in turn.interventions
            if one.kind not in ("sit", "rise")
        ]
    return tuple(Decided(n, *row) for n, row in enumerate(rows, 1))


def without(game: Game, one: Decided) -> Game:
    """Return the game as it would have been without one decision, all others as they were."""
    turns = list(game.turns)
    turn = turns[one.turn - 1]
    if isinstance(one.what, Setting):
        at = turn.settings.index(one.what)
        turn = replace(turn, settings=(*turn.settings[:at], *turn.settings[at + 1 :]))
    else:
        given = turn.interventions
        at = given.index(one.what)
        turn = replace(turn, interventions=(*given[:at], *given[at + 1 :]))
    turns[one.turn - 1] = turn
    return replace(game, turns=tuple(turns))


def difference(room: Room, one: Decided) -> tuple[Difference, ...]:
    """Return every figure that differs at the end of a room's game without one decision."""
    played, gone = totals(play(room.game)), totals(play(without(room.game, one)))
    rows = zip(figures(room.game.scenario), played.tolist(), gone.tolist(), strict=True)
    return tuple(Difference(figure, a, b) for figure, a, b in rows if a != b and (a == a or b == b))
