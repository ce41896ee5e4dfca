"""After a game: what was decided, when it took effect, and what was first seen of it.

Everything here comes from playing the same game again, with and without one decision.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from mobilize.game.game import PLAYED, Game, play
from mobilize.game.seen import seen, unmapped, without_names
from mobilize.model import Model
from mobilize.network import CHANNELS, CONTRACTS, RATINGS
from mobilize.scenario import months
from mobilize.script import BEFORE
from mobilize.state import EPS, Floats
from mobilize.terms import SCOPES
from mobilize.words import number as figure
from mobilize.world import Decision, Made, World
from policies.levers import OFF, Lever, catalogue
from policies.package import BASE, WHOLE, Setting

VISIBLE = 0.01  # share of a month's flow from which a difference counts as seen
TOLD = 3  # terms that are named
CHOICES = {"rating": RATINGS, "contract": CONTRACTS, "channel": CHANNELS}
ROUTINE = ("contract", "invest", "need", "ask", "repayment")  # told in files, not in pictures


@dataclass(frozen=True)
class Choice:
    """One thing the players decided: a lever set in a turn (0: before the first)."""

    number: int
    turn: int
    setting: Setting

    @property
    def lever(self) -> Lever:
        """Return the lever that was set."""
        return catalogue()[self.setting.lever]


@dataclass(frozen=True)
class First:
    """The first month in which a flow differs from the same game without a decision."""

    month: int
    item: str
    difference: float
    unit: str


@dataclass(frozen=True)
class Effect:
    """What became of a decision; months count from 0, None is not (yet).

    `due` is when it took or takes effect; `moved` the first month in which terms differ from the
    same game without it, `terms` which; `made` and `delivered` where output and deliveries first
    do, in the item that differs most in that month.
    """

    number: int
    month: int
    due: int | None
    state: str
    moved: int | None
    terms: tuple[str, ...]
    made: First | None
    delivered: First | None


def choices(game: Game) -> tuple[Choice, ...]:
    """Return what was decided up to the present month, in the order in which it was decided."""
    rows = [(0, s) for s in game.opening if s.date < game.date]
    rows += [(n, s) for n, turn in enumerate(game.turns, 1) for s in turn.settings]
    return tuple(Choice(n, turn, setting) for n, (turn, setting) in enumerate(rows))


def without(game: Game, number: int) -> Game:
    """Return the game as it would have been without one decision, all others as they were.

    Raises
    ------
    ValueError
        If there is no such decision.
    """
    known = choices(game)
    if not 0 <= number < len(known):
        raise ValueError(f"decision {number}; allowed: 0 to {len(known) - 1}")
    choice = known[number]
    if not choice.turn:
        return replace(game, opening=_less(game.opening, choice.setting))
    turns = list(game.turns)
    turn = turns[choice.turn - 1]
    turns[choice.turn - 1] = replace(turn, settings=_less(turn.settings, choice.setting))
    return replace(game, turns=tuple(turns))


def _less(settings: tuple[Setting, ...], one: Setting) -> tuple[Setting, ...]:
    at = settings.index(one)
    return (*settings[:at], *settings[at + 1 :])


def start(game: Game, world: int | None = None) -> Model:
    """Return the model of a game before its first month, in its own luck or another world's."""
    number = game.world if world is None else world
    return Model(game.scenario, game.policy(), game.seed, number, panel=False,
                 mindset=game.mindset, figures=game.figures,
                 interventions=game.interventions)  # fmt: skip


def fate(game: Game, number: int) -> Effect:
    """Return when a decision took effect; what was seen of it is left open."""
    setting = choices(game)[number].setting
    begun, world = setting.date - game.scenario.start, play(game).world
    made = _made(world, setting, begun)
    due = None if made is None else made.due
    return Effect(number, begun, due, _state(world, made, game.month), None, (), None, None)


def effect(game: Game, number: int) -> Effect:
    """Return when a decision took effect and what was first seen of it, in the game's own luck."""
    known, model = fate(game, number), start(game)
    begun = known.month
    moved: int | None = None
    terms: tuple[str, ...] = ()
    other = model.run(begun).fork(without(game, number).policy())
    while model.month < game.month:
        model.step()
        other.step()
        if moved is None and (terms := differing(model.world, other.world)):
            moved = model.month - 1
    names, units = model.world.names.items, _units(game)
    flows = (
        (model.record.items, other.record.items),
        (by_item(model, "delivered"), by_item(other, "delivered")),
    )
    seen = [_first(a[: game.month], b[: game.month], names, units) for a, b in flows]
    return replace(known, moved=moved, terms=terms, made=seen[0], delivered=seen[1])


def _made(world: World, setting: Setting, month: int) -> Made | None:
    for made in world.made:
        if (made.setting, made.month, made.rule) == (setting, month, ""):
            return made
    return None


def _state(world: World, made: Made | None, now: int) -> str:
    """Say in a word or two what became of a setting by month `now` (not yet played)."""
    if made is None:
        return "set anew in the same month"
    key = (made.setting.lever, made.setting.target)
    place = world.made.index(made)
    later = [m for m in world.made[place + 1 :] if (m.setting.lever, m.setting.target) == key]
    lever = catalogue()[made.setting.lever]
    if any(m.setting.value == OFF and m.month < made.due for m in later):
        return "ended before it took effect"
    if made.due >= now:
        return "not yet in effect"
    if made.setting.value == OFF:
        return "ended it"
    if not lever.moves_terms:
        return "done once"
    for m in later:
        if m.due < now:
            return "ended later" if m.setting.value == OFF else "replaced later"
    if lever.lapse and now - made.due >= lever.lapse:
        return "lapsed"
    return "in effect"


def _first(a: Floats, b: Floats, names: tuple[str, ...], units: dict[str, str]) -> First | None:
    """Return where two flows, shape (months, items), first differ so that one would see it."""
    gap = a - b
    seen = np.abs(gap) > np.maximum(VISIBLE * np.maximum(a, b), EPS)
    if not seen.any():
        return None
    month = int(seen.any(axis=1).argmax())
    item = int(np.where(seen[month], np.abs(gap[month]), 0.0).argmax())
    return First(month, names[item], float(gap[month, item]), units[names[item]])


def by_item(model: Model, name: str) -> Floats:
    """Return a program series added up by item, shape (months, items)."""
    series = model.record.series(name)
    out = np.zeros((len(series), len(model.world.names.items)))
    for program, item in enumerate(model.world.net.p_item):
        out[:, item] += series[:, program]
    return out


def _units(game: Game) -> dict[str, str]:
    table = game.scenario.tables["items"]
    return dict(zip(table["id"].tolist(), table["unit"].tolist(), strict=True))


def differing(a: World, b: World) -> tuple[str, ...]:
    """Return in words which terms and choices differ between two worlds, as `a` has them."""
    found = []
    for scope, terms in SCOPES.items():
        one, two = (np.atleast_2d(getattr(w.s, f"of_{scope}").T).T for w in (a, b))
        ids = {"base": ("",), "country": a.names.countries, "program": a.names.programs}[scope]
        for row, column in np.argwhere(np.abs(one - two) > EPS).tolist():
            t, at = terms[row], f" of {ids[column]}" if ids[column] else ""
            before, after = figure(two[row, column]), figure(one[row, column])
            found.append(f"{t.text}{at}: {after} instead of {before} ({t.unit})")
    for name, words in CHOICES.items():
        one, two = getattr(a.s, name), getattr(b.s, name)
        found += [
            f"{name} of {a.names.programs[i]}: {words[one[i]]} instead of {words[two[i]]}"
            for i in np.flatnonzero(one != two).tolist()
        ]
    more = len(found) - TOLD
    return (*found[:TOLD], *((f"and {more} more",) if more > 0 else ()))


def target_name(game: Game, setting: Setting) -> str:
    """Return what a setting is aimed at, by name."""
    if setting.target == BASE:
        return WHOLE
    table = game.scenario.tables[catalogue()[setting.lever].target]
    at = table["id"].tolist().index(setting.target)
    name = str(table["name"][at]) if "name" in table.columns else setting.target
    return name if name == setting.target else f"{name} ({setting.target})"


def value_text(setting: Setting) -> str:
    """Return what a lever was set to, with its unit."""
    if isinstance(setting.value, float):
        return f"{setting.value:,g} {catalogue()[setting.lever].unit}"
    return str(setting.value)


def happened(game: Game) -> list[Decision]:
    """Return what others decided and what befell, without what players may not know yet.

    The challenger's own reasons and unmapped suppliers are told when the game is over; what was
    under way when it began is not told.
    """
    model = play(game)
    log = (d for d in model.decisions if d.why != BEFORE)
    others = (d for d in log if d.kind != "policy" or d.who != PLAYED)
    if not game.left:
        return list(others)
    hidden = unmapped(model.world)
    return [without_names(d, hidden) for d in others if seen(d, game.scenario)]


def timeline(game: Game, effects: tuple[Effect, ...]) -> list[dict[str, Any]]:
    """Return decision -> delay -> effect as plain data, one row a decision."""
    first = game.scenario.start

    def label(month: int | None) -> str | None:
        return None if month is None else months.label(first + month)

    def told(seen: First | None) -> dict[str, Any] | None:
        return None if seen is None else {**asdict(seen), "month": label(seen.month)}

    rows = []
    for choice, found in zip(choices(game), effects, strict=True):
        lever, setting = choice.lever, choice.setting
        off = setting.value == OFF
        rows.append(
            {
                "number": choice.number + 1,
                "turn": choice.turn,
                "decided": label(found.month),
                "lever": setting.lever,
                "title": lever.title,
                "target": target_name(game, setting),
                "value": value_text(setting),
                "once_musd": 0.0 if off else lever.once,
                "yearly_musd": 0.0 if off else lever.yearly,
                "authority": lever.mover,
                "basis": lever.basis,
                "confidence": lever.confidence,
                "due": label(found.due),
                "delay": None if found.due is None else found.due - found.month,
                "state": found.state,
                "moved": label(found.moved),
                "terms": list(found.terms),
                "made": told(found.made),
                "delivered": told(found.delivered),
            }
        )
    return rows
