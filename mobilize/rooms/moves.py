"""What a seat may well begin with: a few of its own moves that help here, and soon.

The rule, from data alone. A lever is suggested if the seat decides it without asking anybody, it
takes effect within a year, and, set alone at the start, it helps: over thirty months, in the
scenario's own luck, a figure of what is delivered, ready or passed rises by a hundredth, or fewer
fires go unmet, and on balance of all such figures things get better. Every part of a team gets one
before any gets a second: those that bite first come first, then those whose evidence is better. A
part without such a lever is given its first act that takes nothing from anybody. No more than
five, so that a first turn can be understood. Where nothing helps alone, the levers that bite
first are named all the same. Not advice: nothing says that they go together.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from mobilize.game.after import start
from mobilize.game.game import Game, decide
from mobilize.game.worth import figures, totals
from mobilize.rooms.acting import doable
from mobilize.rooms.acts import acts
from mobilize.rooms.players import hidden_at_start
from mobilize.rooms.roles import DECIDES, Part, Place, aims, word
from mobilize.rooms.room import Room, found
from mobilize.scenario import Scenario, by_content
from mobilize.scenario.cells import CONFIDENCES
from mobilize.state import EPS, Floats
from policies.levers import OFF, Lever, catalogue
from policies.package import Setting

MOST = 5
YEAR = 12
SEEN = 30  # months over which a lever must help
FELT = 0.01  # share of a figure
VALUES = 2  # that are tried of a lever
WORK = 900  # targets tried times lines of the scenario: a large one takes longer to play
GOOD = {"delivered": 1.0, "fleet": 1.0, "milestones": 1.0, "unmet": -1.0}  # which way is better


@by_content(256)
def first_moves(scenario: Scenario, seat: str) -> tuple[str, ...]:
    """Return names of levers and acts that a seat may begin with, five at most; see the module.

    The first time in a process it plays a large scenario some dozens of times: seconds of work.

    Raises
    ------
    KeyError
        If the scenario offers no such seat.
    """
    room = found(Game(scenario, scenario.seed))
    parts = room.role(seat).parts
    best = tuple(islice(_in_turn([_of_part(room, seat, p) for p in parts]), MOST))
    return best or tuple(islice(_in_turn([_of_part(room, seat, p, False) for p in parts]), MOST))


def _in_turn(rows: list[Iterator[str]]) -> Iterator[str]:
    """Yield the first of every row, then the second of every row, and so on."""
    while rows:
        left = []
        for row in rows:
            one = next(row, "")
            if one:
                left.append(row)
                yield one
        rows = left


def _of_part(room: Room, seat: str, part: Part, tested: bool = True) -> Iterator[str]:
    """Yield the levers of a part that help here, or any; then the first act that it can do."""
    place, scenario = room.place(seat), room.game.scenario
    mine = [
        lever
        for lever in catalogue().values()
        if lever.group in part.groups
        and aims(place, lever, scenario)
        and word(room.role(seat), lever) == DECIDES
        and lever.onset.base <= YEAR
    ]
    mine.sort(key=lambda lever: (lever.onset.base, CONFIDENCES.index(lever.confidence)))
    yield from (lever.name for lever in mine if not tested or helping(scenario, lever, place))
    yield from islice((act for act in part.acts if gentle(act) and possible(room, seat, act)), 1)


def helping(scenario: Scenario, lever: Lever, place: Place) -> Setting | None:
    """Return the first setting of a lever that helps, made alone at the start; see the module."""
    tried = _tried(scenario, lever, place)
    return next((one for one in tried if _gain(scenario, one) > FELT), None)


def _tried(scenario: Scenario, lever: Lever, place: Place) -> Iterator[Setting]:
    """Yield a lever at a few of its targets and values, none of them hidden."""
    hidden, game = hidden_at_start(scenario), Game(scenario, scenario.seed)
    may = [target for target in aims(place, lever, scenario) if target not in hidden]
    values = [value for value in reversed(lever.values) if value != OFF]
    most = max(1, WORK // len(scenario.tables["lines"]))
    for target in may[:: -(-len(may) // most) or 1]:
        for value in values[:VALUES]:
            yield decide(game, lever.name, target, value)


@by_content(4096)
def _gain(scenario: Scenario, one: Setting) -> float:
    """Return the largest gain of a setting in a figure, a share; 0 if on balance there is none."""
    before, after = _figures(scenario, ()), _figures(scenario, (one,))
    large = np.maximum(np.maximum(np.abs(before), np.abs(after)), EPS)
    shares = (after - before) / large
    return float(shares.max()) if len(shares) and shares.sum() > FELT else 0.0


@by_content(256)
def _figures(scenario: Scenario, settings: tuple[Setting, ...]) -> Floats:
    """Return what was delivered, ready, passed and missed in the first years, more being better."""
    model = start(Game(scenario, scenario.seed, opening=settings))
    model.run(min(SEEN, scenario.horizon))
    signs = np.array([GOOD.get(figure.kind, 0.0) for figure in figures(scenario)])
    return (totals(model) * signs)[signs != 0.0]


def gentle(act: str) -> bool:
    """Return whether an act takes nothing from anybody."""
    return acts()[act].gentle


def possible(room: Room, seat: str, act: str) -> bool:
    """Return whether a scenario has anything that a seat can do an act about."""
    return any(row["name"] == act for row in doable(room, seat))
