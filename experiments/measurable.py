"""What can be measured of a run: name, words, unit, of what, and which way is better.

Every measure is a series with one value a month. The table is :data:`MEASURES`; what a scenario
lacks is said in words, so that a study is refused before it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from mobilize.compare import ACCOUNTS
from mobilize.conflicts import reference
from mobilize.deterrence import SERIES
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.metrics import ROWS
from mobilize.model import Model, compiled
from mobilize.network import Network
from mobilize.physics.reasons import TERMS
from mobilize.programs import DEVELOPMENT, PRODUCTION
from mobilize.scenario import Scenario
from mobilize.state import LEDGER, Flags, Floats

Goal = Literal["more", "less"]
Kind = Literal["flow", "stock"]  # what happens in a month, or what stands at its end
ALL = "all"
MUSD, YES_OR_NO = "MUSD", "yes or no"
OWN = ""  # unit: that of the item measured
TOLD = {series: (words, unit) for _, words, series, unit in ROWS}


@dataclass(frozen=True)
class Measure:
    """A series that a run has.

    `words` name it, with ``{of}`` for what it is of; `unit` is that of a month's value (OWN: of
    the item); `of` lists what it may be of in a scenario, nothing for a measure of the whole;
    `lacks` says why a scenario has none of it, empty where it has; `take` returns the series,
    shape (months,). `goal` is which way is better, None where that depends on the question.
    """

    name: str
    words: str
    unit: str
    kind: Kind
    goal: Goal | None
    of: Callable[[Scenario], tuple[str, ...]]
    lacks: Callable[[Scenario], str]
    take: Callable[[Model, str], Floats]


def programs_of(net: Network, names: tuple[str, ...], items: tuple[str, ...], of: str) -> Flags:
    """Return the programs meant by a program, an item or all of them, developments left out.

    An id that is both a program's and an item's means the program.
    """
    bought = net.p_kind != DEVELOPMENT
    if of == ALL:
        return np.asarray(bought)
    if of in names:
        return np.asarray(bought & (np.arange(len(names)) == names.index(of)))
    return np.asarray(bought & (net.p_item == items.index(of)))


def _chosen(model: Model, of: str) -> Flags:
    names = model.world.names
    return programs_of(model.world.net, names.programs, names.items, of)


def _weights(model: Model, of: str) -> Floats:
    """Return what a unit of each program counts: 1, or together with others its cost in MUSD."""
    cost = model.world.net.p_cost / 1000
    return np.where(_chosen(model, of), cost if of == ALL else 1.0, 0.0)


def _delivered(model: Model, of: str) -> Floats:
    return np.asarray(model.record.series("delivered") @ _weights(model, of))


def _unmet(model: Model, of: str) -> Floats:
    """Return what was asked for and not there; together, fires alone, without spare parts."""
    fired = model.world.net.p_kind == PRODUCTION if of == ALL else True
    return np.asarray(model.record.series("unmet") @ (_weights(model, of) * fired))


def _stock(model: Model, of: str) -> Floats:
    weights = _weights(model, of)
    wanted = float(model.world.net.p_objective @ weights)
    return np.asarray(model.record.series("stock") @ weights / wanted)


def _finished(model: Model, of: str) -> Floats:
    record = model.record
    return record.items[: record.months, model.world.names.items.index(of)]


def _paid(model: Model, of: str) -> Floats:
    """Return the money paid each month; the ledger counts from the start."""
    accounts = [LEDGER.index(name) for name in (ACCOUNTS if of == ALL else (of,))]
    total = model.record.ledger[: model.record.months, accounts].sum(axis=1) / 1000
    return np.diff(total, prepend=0.0)


def _ready(model: Model, of: str) -> Floats:
    fleet = model.world.names.fleets.index(of)
    return np.asarray(
        model.record.fleet("serviceable")[:, fleet] / model.world.net.f_fielded[fleet]
    )


def _milestones(model: Model, of: str) -> Floats:
    record = model.record
    return record.milestones[: record.months, model.world.names.developments.index(of)]


def _metric(name: str, model: Model, of: str) -> Floats:
    """Return a series of deterrence, called `name` or by name and what it is of."""
    row = SERIES.index(name.format(of=of))
    return model.record.metrics[row, : model.record.months]


def _bought(scenario: Scenario) -> tuple[str, ...]:
    """Return all, the programs that buy, and the items they buy."""
    net, ids = compiled(scenario)
    programs = [ids.programs[i] for i in np.flatnonzero(net.p_kind != DEVELOPMENT)]
    items = [ids.items[i] for i in sorted(set(net.p_item[net.p_kind != DEVELOPMENT].tolist()))]
    return tuple(dict.fromkeys([ALL, *programs, *items]))


def _stocked(scenario: Scenario) -> tuple[str, ...]:
    """Return those of which the scenario wants some in stock."""
    net, ids = compiled(scenario)
    return tuple(
        of for of in _bought(scenario)
        if net.p_objective[programs_of(net, ids.programs, ids.items, of)].sum() > 0.0
    )  # fmt: skip


def _nothing(scenario: Scenario) -> tuple[str, ...]:
    return ()


def _words(*words: str) -> Callable[[Scenario], tuple[str, ...]]:
    return lambda scenario: words


def _has_all(scenario: Scenario) -> str:
    return ""


def _no_stock(scenario: Scenario) -> str:
    return "" if _stocked(scenario) else "no program with an objective for its stock"


def _no_fleet(scenario: Scenario) -> str:
    return "" if compiled(scenario)[1].fleets else "no fleet"


def _no_development(scenario: Scenario) -> str:
    return "" if compiled(scenario)[1].developments else "no development program"


def _no_war(scenario: Scenario) -> str:
    return "" if reference(scenario) else "no reference war (a conflict with need_days)"


def _no_ladder(scenario: Scenario) -> str:
    acts = scenario.challenger is not None and scenario.challenger.acts
    return _no_war(scenario) or ("" if acts else "no challenger that acts")


def _index(name: str, goal: Goal | None, told: tuple[str, str] | None = None) -> Measure:
    """Return a measure of deterrence, of the whole; most have their words already."""
    words, unit = told or TOLD[name]
    return Measure(name, words, unit, "stock", goal, _nothing, _no_war, partial(_metric, name))


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("deliveries", "delivered: {of}", OWN, "flow", "more", _bought, _has_all,
                _delivered),
        Measure("unmet", "asked for and not there: {of}", OWN, "flow", "less", _bought, _has_all,
                _unmet),
        Measure("stock", "stock: {of}", "share of objective", "stock", "more", _stocked, _no_stock,
                _stock),
        Measure("finished", "made: {of}", OWN, "flow", "more",
                lambda scenario: compiled(scenario)[1].items, _has_all, _finished),
        Measure("paid", "money: {of}", MUSD, "flow", "less", _words(ALL, *ACCOUNTS), _has_all,
                _paid),
        Measure("ready", "serviceable: {of}", "share of the fleet", "stock", "more",
                lambda scenario: compiled(scenario)[1].fleets, _no_fleet, _ready),
        Measure("milestones", "milestones passed: {of}", "milestones", "stock", "more",
                lambda scenario: compiled(scenario)[1].developments, _no_development, _milestones),
        _index("fires", "more"),
        _index("replenish", "less"),
        _index("replenish_seen", "less", ("months to replenish, as it is seen", "months")),
        _index("output", "more"),
        _index("announced", "more", ("deliveries announced, 3 years ahead", "ratio to the start")),
        _index("fragile", "less"),
        _index("assured", "more"),
        _index("dependence", "less"),
        _index("exposure", "less", ("critical chains through its plants", "fraction")),
        _index("visibility", None, ("share of the base that is public", "fraction")),
        _index("cohesion", "more"),
        _index("kept", "more"),
        Measure("ladder", "highest rung that stands", f"rung, 0-{len(RUNGS)}", "stock", "less",
                _nothing, _no_ladder, partial(_metric, "rung")),
        Measure("view", "challenger's view: {of}", "0-100", "stock", "less",
                _words(*MINDSETS), _no_war, partial(_metric, "view {of}")),
        Measure("reason", "in the challenger's view: {of}", "index", "stock", None,
                _words(*(f"{mind} {term}" for mind in MINDSETS for term in TERMS)), _no_war,
                partial(_metric, "{of}")),
        Measure("rung", "rung stands: {of}", YES_OR_NO, "stock", "less", _words(*RUNGS),
                _no_ladder, partial(_metric, "rung {of}")),
    )
}  # fmt: skip
"""Every measure by name; series that name a program or a mindset are no amounts, so not here."""
