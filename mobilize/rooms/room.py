"""A room as a value: who sits where, what is planned, said and promised, and the game so far.

Everything here is plain and never changed; :func:`mobilize.rooms.accept.accept` makes the next
room from an act. The state of the world is not here: it follows from the game alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from mobilize.game.game import Game
from mobilize.interventions import Intervention
from mobilize.rooms.roles import WHITE_CELL, Place, Role, places, roles
from policies.package import Setting

Phase = Literal["plan", "lock", "resolve", "brief"]
PHASES: tuple[Phase, ...] = ("plan", "lock", "resolve", "brief")
SYSTEM = "system"  # who opens the room, lets people in, and moves on when the clock has run out
EVERYBODY = "all"
BANNER = 80  # letters
Body = Mapping[str, Any]


class RoomError(Exception):
    """A room that cannot be opened or played again; the text says why."""


@dataclass(frozen=True)
class Refusal:
    """An act that was not accepted, and why, in words for whoever tried it."""

    why: str
    known: bool = False  # this very act was accepted before: all is well


@dataclass(frozen=True)
class Act:
    """What somebody wants: a kind of act, what it says, and its number among theirs (from 1)."""

    kind: str
    body: Body
    sequence: int


@dataclass(frozen=True)
class Entry:
    """An accepted act in the log of a room; `at` are seconds on the server's clock."""

    number: int
    at: float
    who: str
    seat: str
    turn: int
    phase: str
    kind: str
    body: Body
    sequence: int


@dataclass(frozen=True)
class Member:
    """Somebody in a room, known by a name; `sequence` is that of the last act accepted."""

    id: str
    name: str
    seat: str
    part: str = ""
    sequence: int = 0
    last: tuple[str, str] = ("", "")  # kind and text of the last act, to know it again


@dataclass(frozen=True)
class Order:
    """An act of a seat beside levers, for the coming turn."""

    number: int
    what: str
    target: str
    amount: float | None
    why: str


@dataclass(frozen=True)
class Draft:
    """What a team plans for the coming turn; `asked` are levers that need the white cell's word."""

    settings: tuple[Setting, ...] = ()
    orders: tuple[Order, ...] = ()
    submitted: bool = False

    @property
    def empty(self) -> bool:
        """Return whether nothing is planned."""
        return not (self.settings or self.orders)


@dataclass(frozen=True)
class Term:
    """One thing that a seat gives in an offer: a lever, an act of its own, or its word."""

    by: str
    lever: str = ""
    target: str = ""
    value: str | float = ""
    act: str = ""
    amount: float | None = None
    promise: str = ""


@dataclass(frozen=True)
class Offer:
    """What one seat offers another; `state` is open, accepted, declined or withdrawn."""

    number: int
    by: str
    to: str
    text: str
    terms: tuple[Term, ...]
    state: str = "open"
    turn: int = 0  # that it was accepted for


@dataclass(frozen=True)
class Message:
    """Text from a seat to others, which the white cell sees too."""

    number: int
    turn: int
    by: str
    name: str
    to: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Promise:
    """A word given in an accepted offer; whether it was kept the white cell says."""

    number: int
    offer: int
    by: str
    to: str
    text: str
    kept: bool | None = None


@dataclass(frozen=True)
class Prediction:
    """What a seat expects a figure to be when the coming turn is over."""

    seat: str
    name: str
    turn: int
    kind: str
    key: str
    value: float
    text: str


@dataclass(frozen=True)
class FreeMove:
    """A move in words; the white cell says what it does."""

    number: int
    turn: int
    seat: str
    text: str
    ruling: str = ""
    ruled: int = 0  # turn from which the ruling counts


@dataclass(frozen=True)
class Clock:
    """Time to plan, seconds: `left` when it was stopped, or `ends` while it runs."""

    length: float = 0.0
    left: float = 0.0
    ends: float | None = None

    def remaining(self, now: float) -> float:
        """Return the seconds left."""
        return max(0.0, self.left if self.ends is None else self.ends - now)


@dataclass(frozen=True)
class Resolved:
    """What a turn was made of: settings by seat, and which of them another seat's word undid."""

    number: int
    settings: tuple[tuple[str, Setting], ...]
    set_aside: tuple[tuple[str, Setting], ...]
    interventions: tuple[tuple[str, Intervention], ...]
    stood_in: tuple[str, ...]  # seats with people in them that their rules played for


Key = tuple[str, str, str]  # seat, lever, target


@dataclass(frozen=True)
class Play:
    """All that an undo takes back: the game, what was told of it, and the plan of its next turn."""

    game: Game
    drafts: Mapping[str, Draft] = field(default_factory=lambda: MappingProxyType({}))
    bound: tuple[Term, ...] = ()  # agreed in offers, for the coming turn
    pending: tuple[Intervention, ...] = ()  # of the white cell
    answers: Mapping[Key, bool] = field(default_factory=lambda: MappingProxyType({}))
    stand_ins: frozenset[str] = frozenset()
    seated: frozenset[tuple[str, str]] = frozenset()
    predictions: tuple[Prediction, ...] = ()
    turns: tuple[Resolved, ...] = ()
    told: tuple[tuple[int, tuple[str, ...], str, str], ...] = ()  # turn, seats, title, text


@dataclass(frozen=True)
class Room:
    """One game that several people play; see the module."""

    title: str
    seats: tuple[Place, ...]
    play: Play
    months: int = 3  # of a turn
    minutes: float = 0.0  # to plan the first turn
    congress: bool = True  # what is asked of the white cell and not answered is granted
    auto: bool = False  # when the clock has run out, the turn is locked
    shape: str = ""  # name of the session shape it was opened in
    banner: str = ""  # above and below every page: how the exercise is marked
    phase: Phase = "plan"
    clock: Clock = Clock()
    members: Mapping[str, Member] = field(default_factory=lambda: MappingProxyType({}))
    starts: tuple[Play, ...] = ()  # as each turn stood before it was resolved
    messages: tuple[Message, ...] = ()
    offers: tuple[Offer, ...] = ()
    promises: tuple[Promise, ...] = ()
    moves: tuple[FreeMove, ...] = ()
    notes: tuple[tuple[str, int, str], ...] = ()  # seat, turn, text
    log: tuple[Entry, ...] = ()

    @property
    def game(self) -> Game:
        """Return the game as far as it is resolved."""
        return self.play.game

    @property
    def turn(self) -> int:
        """Return the turn that is planned, or was resolved last and is being told (from 1)."""
        told = self.phase in ("resolve", "brief")
        return len(self.game.turns) + (0 if told else 1)

    @property
    def ahead(self) -> int:
        """Return the turn that is resolved next (from 1)."""
        return len(self.game.turns) + 1

    @property
    def shown(self) -> Game:
        """Return the game as players may know it: a turn is told in its brief."""
        return self.game.before(-1) if self.phase == "resolve" else self.game

    def place(self, seat: str) -> Place:
        """Return the place of a seat; raises KeyError if the room has none of this name."""
        return self._places[seat]

    def role(self, seat: str) -> Role:
        """Return the role of a seat."""
        return roles()[self._places[seat].role]

    @property
    def _places(self) -> dict[str, Place]:
        return {place.id: place for place in self.seats}

    def people(self, seat: str) -> tuple[Member, ...]:
        """Return who sits there."""
        return tuple(m for m in self.members.values() if m.seat == seat)

    def draft(self, seat: str) -> Draft:
        """Return what a seat plans."""
        return self.play.drafts.get(seat, Draft())

    def planned(self, **parts: object) -> Room:
        """Return the room with other parts of its play."""
        return replace(self, play=replace(self.play, **parts))  # type: ignore[arg-type]

    def drafted(self, seat: str, draft: Draft) -> Room:
        """Return the room with another draft of a seat."""
        return self.planned(drafts=MappingProxyType({**self.play.drafts, seat: draft}))

    def with_member(self, member: Member) -> Room:
        """Return the room in which a member is as given."""
        return replace(self, members=MappingProxyType({**self.members, member.id: member}))


def found(
    game: Game,
    seats: tuple[str, ...] = (),
    title: str = "",
    months: int = 3,
    minutes: float = 0.0,
    congress: bool = True,
    auto: bool = False,
    banner: str = "",
    shape: str = "",
) -> Room:
    """Return a room in which nobody sits yet.

    Parameters
    ----------
    game : Game
        Where it begins: no turns played.
    seats : tuple of str
        Ids of the seats that are open (see :func:`mobilize.rooms.roles.places`); by default all.
        The white cell always is.
    months : int
        Months of a turn.
    minutes : float
        Time to plan a turn; 0 is no limit.
    banner : str
        How the exercise is marked, such as "UNCLASSIFIED - EXERCISE"; 80 letters at most.
    shape : str
        Name of the session shape (:mod:`mobilize.rooms.shapes`) that it follows, or "".

    Raises
    ------
    RoomError
        With everything that is wrong.
    """
    known = {place.id: place for place in places(game.scenario)}
    faults = [f"seat '{s}'; allowed: {', '.join(known)}" for s in seats if s not in known]
    if not 1 <= months <= 12:
        faults.append(f"a turn of {months} months; allowed: 1 to 12")
    if not 0 <= minutes <= 600:
        faults.append(f"{minutes:g} minutes to plan; allowed: 0 to 600")
    if len(banner) > BANNER:
        faults.append(f"a banner of {len(banner)} letters; allowed: at most {BANNER}")
    if len(shape) > BANNER:
        faults.append(f"a shape of {len(shape)} letters; allowed: at most {BANNER}")
    if game.turns or game.opening:
        faults.append("the game has begun; a room begins with its scenario")
    if faults:
        raise RoomError("\n".join(faults))
    chosen = tuple(p for p in known.values() if not seats or p.id in seats or p.id == WHITE_CELL)
    clock = Clock(60 * minutes, 60 * minutes)
    title = title or game.scenario.title
    return Room(title, chosen, Play(game), months, minutes, congress, auto, shape, banner,
                clock=clock)  # fmt: skip
