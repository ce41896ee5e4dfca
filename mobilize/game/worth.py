"""What each decision was worth: the game played again without it, in the same luck and in others.

The work comes in pieces that any process can do (:func:`jobs`, :func:`work`); put together
(:func:`review`) they give the same figures wherever they were done.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np

from mobilize.compare import ACCOUNTS, interval
from mobilize.conflicts import reference
from mobilize.deterrence import SERIES
from mobilize.game.after import Effect, by_item, choices, effect, start
from mobilize.game.deeds import here_only, left_out, numbers
from mobilize.game.game import Game, play
from mobilize.metrics import ROWS
from mobilize.model import Model, compiled
from mobilize.programs import DEVELOPMENT
from mobilize.scenario import Scenario
from mobilize.state import EPS, LEDGER, Floats

WORLDS = 16  # of other luck
LEAST = 5e-4  # share of a figure below which a difference counts as none
CHUNK = 4  # worlds in one piece of work
KEPT = 8  # reviews remembered in a process
_LOCK = threading.Lock()
KINDS = {
    "delivered": "Units delivered",
    "unmet": "Fires asked for and not met",
    "fleet": "Serviceable at the end",
    "milestones": "Milestones passed",
    "money": "Money",
    "metric": "Deterrence at the end",
}


@dataclass(frozen=True)
class Figure:
    """One thing that is compared at the end of a game; `metric` is M1 to M7, or empty."""

    kind: str
    key: str
    text: str
    unit: str
    metric: str = ""


@dataclass(frozen=True)
class Row:
    """What one figure was with and without a decision, in the game's own luck and in others.

    `here` is the difference in the luck of the game; `mean` that over other worlds, from `low` to
    `high` with 90 % confidence; `higher` the share of them in which the decision raised it.
    """

    figure: Figure
    played: float
    without: float
    here: float
    mean: float
    low: float
    high: float
    higher: float

    @property
    def felt(self) -> bool:
        """Return whether the decision changed it by more than a two-thousandth."""
        least = LEAST * max(abs(self.played), abs(self.without), EPS)
        return any(abs(v) > least for v in (self.here, self.mean))


@dataclass(frozen=True)
class Worth:
    """What one decision was worth, figure by figure; `worlds` of other luck."""

    number: int
    worlds: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Job:
    """A piece of work: the effect of a decision, or the ends of some worlds (None: as played)."""

    number: int | None
    worlds: tuple[int, ...] = ()


@dataclass(frozen=True)
class Review:
    """A game looked back on: each lever with its effect and worth, and the worth of all deeds."""

    game: Game
    effects: tuple[Effect, ...]
    worths: tuple[Worth, ...]
    deeds: tuple[Worth, ...] = ()


Key = tuple[str, str]  # kind and key of a figure
Found = Mapping[Job, "Effect | Floats"]


def figures(scenario: Scenario) -> tuple[Figure, ...]:
    """Return what is compared in a scenario, in order."""
    net, ids = compiled(scenario)
    names, units = _items(scenario)
    bought = sorted(set(net.p_item[net.p_kind != DEVELOPMENT].tolist()))
    found = [
        Figure(kind, ids.items[i], names[ids.items[i]], units[ids.items[i]])
        for kind in ("delivered", "unmet")
        for i in bought
    ]
    found += [Figure("fleet", name, name, "units") for name in ids.fleets]
    found += [Figure("milestones", name, name, "milestones") for name in ids.developments]
    found += [Figure("money", name, text, "MUSD") for name, text in ACCOUNTS.items()]
    if reference(scenario) is not None:
        found += [Figure("metric", key, text, unit, name) for name, text, key, unit in ROWS]
    return tuple(found)


def _items(scenario: Scenario) -> tuple[dict[str, str], dict[str, str]]:
    table = scenario.tables["items"]
    ids = table["id"].tolist()
    return (
        dict(zip(ids, table["name"].tolist(), strict=True)),
        dict(zip(ids, table["unit"].tolist(), strict=True)),
    )


def totals(model: Model, month: int | None = None) -> Floats:
    """Return the figures of a model at a month, in the order of :func:`figures`.

    Parameters
    ----------
    month : int, optional
        Months played; by default its present one. What is recorded of a month stays as it is.
    """
    month = model.month if month is None else month
    record, ids, last = model.record, model.world.names, month - 1
    series = {name: by_item(model, name)[:month].sum(axis=0) for name in ("delivered", "unmet")}
    out = []
    for figure in figures(model.world.scenario):
        if figure.kind in series:
            out.append(series[figure.kind][ids.items.index(figure.key)])
        elif month == 0:
            out.append(np.nan if figure.kind == "metric" else 0.0)
        elif figure.kind == "fleet":
            out.append(record.fleet("serviceable")[last, ids.fleets.index(figure.key)])
        elif figure.kind == "milestones":
            out.append(record.milestones[last, ids.developments.index(figure.key)])
        elif figure.kind == "money":
            out.append(record.ledger[last, LEDGER.index(figure.key)] / 1000)
        else:
            out.append(record.metrics[SERIES.index(figure.key), last])
    return np.array(out)


@dataclass(frozen=True)
class Standing:
    """One figure of a game at its present month, and the words of its kind."""

    figure: Figure
    kind: str
    value: float


def standing(game: Game) -> list[Standing]:
    """Return every figure of a game at its present month, in its own luck."""
    named = zip(figures(game.scenario), totals(play(game)).tolist(), strict=True)
    return [Standing(figure, KINDS[figure.kind], value) for figure, value in named]


def turn_ends(game: Game, model: Model | None = None) -> tuple[Mapping[Key, float], ...]:
    """Return every figure as it stood when each turn of a game was over, by kind and key.

    Parameters
    ----------
    model : Model, optional
        That of the game, or of it played on; never to be changed. By default it is played.
    """
    return _turn_ends(model or play(game), tuple(accumulate(turn.months for turn in game.turns)))


@lru_cache(maxsize=KEPT)
def _turn_ends(model: Model, months: tuple[int, ...]) -> tuple[Mapping[Key, float], ...]:
    known = [(figure.kind, figure.key) for figure in figures(model.world.scenario)]
    return tuple(dict(zip(known, totals(model, m).tolist(), strict=True)) for m in months)


def ends(game: Game, number: int | None, worlds: tuple[int, ...]) -> Floats:
    """Return the figures at the game's present month, shape (worlds, figures).

    Parameters
    ----------
    number : int or None
        The decision that is left out, a lever or a deed; None for the game as it was played.
    worlds : tuple of int
        Numbers of worlds of the game's seed; the game's own number is its own luck.
    """
    if number is None:
        return np.stack([totals(_reached(game, world, game.month)) for world in worlds])
    other, date = left_out(game, number)
    begun = min(date - game.scenario.start, game.month)
    rest = other.interventions
    forks = (
        _reached(game, world, begun).fork(other.policy(), interventions=rest) for world in worlds
    )
    return np.stack([totals(fork.run(game.month - begun)) for fork in forks])


def _reached(game: Game, world: int, month: int) -> Model:
    """Return the game in some world at a month, not to be changed: up to there all games agree.

    Stepped from an earlier month of the same world, if this process was there last.
    """
    key = (game.identity, world)
    with _LOCK:
        near = _REACHED.pop(key, None)
    model = start(game, world) if near is None or near.month > month else near.fork()
    model.run(month - model.month)
    with _LOCK:
        _REACHED[key] = model
        while len(_REACHED) > 2 * CHUNK:
            _REACHED.popitem(last=False)
    return model


_REACHED: OrderedDict[tuple[object, ...], Model] = OrderedDict()


def others(game: Game, worlds: int = WORLDS) -> tuple[int, ...]:
    """Return the first worlds of the game's seed, less its own."""
    return tuple(w for w in range(worlds + 1) if w != game.world)[:worlds]


def jobs(game: Game, worlds: int = WORLDS) -> tuple[Job, ...]:
    """Return all pieces of work of a review, the game's own luck first."""
    every, asked = others(game, worlds), numbers(game)
    effects = [Job(choice.number) for choice in choices(game)]
    here = [Job(n, (game.world,)) for n in (*asked, None)]
    wide = [n for n in asked if not here_only(game, n)]
    chunks = [every[n : n + CHUNK] for n in range(0, len(every), CHUNK)] if wide else []
    there = [Job(n, chunk) for chunk in chunks for n in (*wide, None)]
    return (*effects, *here, *there) if asked else ()


def work(game: Game, job: Job) -> Effect | Floats:
    """Do a piece of work."""
    if job.worlds:
        return ends(game, job.number, job.worlds)
    if job.number is None:
        raise ValueError("a job without worlds is about a decision; give its number")
    return effect(game, job.number)


def review(game: Game, worlds: int = WORLDS, found: Found | None = None) -> Review:
    """Return a game looked back on; what is not in `found` is worked out here."""
    done = dict(found or {})
    for job in jobs(game, worlds):
        if job not in done:
            done[job] = work(game, job)
    levers = len(choices(game))
    effects = [done[Job(n)] for n in range(levers)]
    worths = [_worth(game, n, done, worlds) for n in numbers(game)]
    known = tuple(e for e in effects if isinstance(e, Effect))
    return Review(game, known, tuple(worths[:levers]), tuple(worths[levers:]))


def worth(game: Game, number: int, worlds: int = WORLDS) -> Worth:
    """Return what one decision was worth.

    Raises
    ------
    ValueError
        If there is no such decision.
    """
    every = () if here_only(game, number) else others(game, worlds)
    done: dict[Job, Effect | Floats] = {
        Job(n, chosen): ends(game, n, chosen)
        for n in (None, number)
        for chosen in ((game.world,), every)
        if chosen
    }
    return _worth(game, number, done, worlds)


def _worth(game: Game, number: int, done: Found, worlds: int) -> Worth:
    """Put the ends of worlds with and without a decision together, in the order of worlds."""
    at: dict[tuple[int | None, int], Floats] = {}
    for job, values in done.items():
        if job.worlds and not isinstance(values, Effect):
            at.update({(job.number, w): row for w, row in zip(job.worlds, values, strict=True)})
    every = () if here_only(game, number) else others(game, worlds)
    here, gone = at[None, game.world], at[number, game.world]
    gaps = np.array([at[None, w] - at[number, w] for w in every])
    rows = []
    for n, figure in enumerate(figures(game.scenario)):
        mean, low, high = interval(gaps[:, n]) if every else (np.nan, np.nan, np.nan)
        higher = float((gaps[:, n] > 0).mean()) if every else float("nan")
        rows.append(Row(figure, float(here[n]), float(gone[n]), float(here[n] - gone[n]),
                        float(mean), float(low), float(high), higher))  # fmt: skip
    return Worth(number, len(every), tuple(rows))


_KEPT: OrderedDict[tuple[object, ...], Review] = OrderedDict()


def keep(found: Review) -> None:
    """Remember a review over the usual number of worlds, so that it need not be made again."""
    with _LOCK:
        _KEPT[found.game.identity] = found
        while len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)


def kept(game: Game) -> Review | None:
    """Return the review of a game if it is remembered."""
    with _LOCK:
        return _KEPT.get(game.identity)


def looked_back(game: Game) -> Review:
    """Return the review of a game over the usual number of worlds, made once a process."""
    found = kept(game)
    if found is None:
        found = review(game)
        keep(found)
    return found
