"""What people did beside setting levers, as decisions: one or several interventions each.

Numbered after the levers of the same game (:func:`mobilize.game.after.choices`), so that a number
names a decision of either sort.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from agents.adversary import STEP
from agents.industry import CLOSE, INVEST
from mobilize.game.after import choices, without
from mobilize.game.game import Game
from mobilize.interventions import Intervention
from mobilize.words import number as figure

SEATING = ("sit", "rise")  # no decisions: whose rules are off; a firm's own are, see `hold`
HOLD, OVERRIDE, VETO = "hold", "override", "veto"
HERE_ONLY = (OVERRIDE,)  # an outcome set in one world means nothing in another
TITLES = {
    "fire": "Event fired",
    "delay": "Event put off",
    "skip": "Event skipped",
    "befall": "Disturbance",
    "lift": "Disturbance ended",
    OVERRIDE: "Outcome overridden",
    VETO: "Step vetoed",
    "mindset": "Mindset set",
    STEP: "Step of the ladder",
    INVEST: "Line expanded",
    CLOSE: "Line closed",
    HOLD: "Firm neither expands nor leaves",
}


@dataclass(frozen=True)
class Deed:
    """One thing done beside levers in a turn (from 1), in as many interventions as it took."""

    number: int
    turn: int
    done: tuple[Intervention, ...]

    @property
    def first(self) -> Intervention:
        """Return the intervention it begins with."""
        return self.done[0]

    @property
    def kind(self) -> str:
        """Return what sort of deed it is."""
        return HOLD if self.first.kind in SEATING else self.first.kind

    @property
    def title(self) -> str:
        """Return in words what was done; an action of a government is called by its name."""
        named = self.first.what if self.kind == "act" else self.kind
        return TITLES.get(self.kind) or named.capitalize()

    @property
    def target(self) -> str:
        """Return what it was about, with the quantity, disturbance or mindset that it named."""
        one = self.first
        named = one.what if self.kind in ("befall", "lift", OVERRIDE, "mindset") else ""
        return " ".join(part for part in (named, one.target) if part) or "whatever is chosen"

    @property
    def size(self) -> str:
        """Return its amount in words, and over how many months it goes."""
        told = [] if self.first.amount is None else [figure(self.first.amount)]
        length = len(self.done) if self.kind == VETO else self.first.months
        return ", ".join(told + ([f"{length} months"] if length else []))


def deeds(game: Game) -> tuple[Deed, ...]:
    """Return what was done beside levers, turn by turn, in the order in which it was done."""
    found: list[Deed] = []
    first = len(choices(game))
    for turn, done in enumerate(game.turns, 1):
        for _, same in groupby(_decisions(done.interventions), lambda pair: pair[0]):
            found.append(Deed(first + len(found), turn, tuple(one for _, one in same)))
    return tuple(found)


def _decisions(given: tuple[Intervention, ...]) -> Iterator[tuple[Hashable, Intervention]]:
    """Return each intervention that is of a decision, with what tells the decision from others."""
    for n, one in enumerate(given):
        if one.kind == VETO:  # one a month
            yield (one.kind, one.target, one.who, one.why), one
        elif one.kind not in SEATING:
            yield n, one
        elif one.who == one.target:
            yield (HOLD, one.who, one.why), one


def left_out(game: Game, number: int) -> tuple[Game, int]:
    """Return the game as it would have been without a decision, and the month (absolute) it began.

    Parameters
    ----------
    number : int
        Of a lever or a deed; all others stay as they were.

    Raises
    ------
    ValueError
        If there is no such decision.
    """
    known = choices(game)
    if number < len(known):
        return without(game, number), known[number].setting.date
    rest = deeds(game)
    if number - len(known) >= len(rest):
        raise ValueError(f"decision {number}; allowed: 0 to {len(known) + len(rest) - 1}")
    deed = rest[number - len(known)]
    turns = list(game.turns)
    turn = turns[deed.turn - 1]
    given = list(turn.interventions)
    for one in deed.done:
        given.remove(one)
    turns[deed.turn - 1] = replace(turn, interventions=tuple(given))
    return replace(game, turns=tuple(turns)), min(one.date for one in deed.done)


def numbers(game: Game) -> range:
    """Return the numbers of all decisions, levers first."""
    return range(len(choices(game)) + len(deeds(game)))


def here_only(game: Game, number: int) -> bool:
    """Return whether a decision can only be weighed in the game's own luck."""
    at = number - len(choices(game))
    return at >= 0 and deeds(game)[at].kind in HERE_ONLY
