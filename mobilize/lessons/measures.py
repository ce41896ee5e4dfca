"""What can be read off a run for a lesson: each figure by name, with its unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.requests import honour_chance
from mobilize.compare import ACCOUNTS
from mobilize.deterrence import SERIES
from mobilize.model import Model, compiled
from mobilize.network import HOME
from mobilize.physics.contracts import STAGES, stage_months
from mobilize.physics.sourcing import welcome
from mobilize.scenario import Scenario
from mobilize.state import LEDGER, Floats
from mobilize.terms import ELIGIBLE, NEW_SOURCE_TIME

ALL = "all"

Of = Callable[[Scenario], tuple[str, ...]]


@dataclass(frozen=True)
class Measure:
    """One kind of figure.

    `flow`: it adds up over months, and `series` gives it month by month; otherwise `state` reads
    it from a model at its present month. `of` returns what it may be asked of.
    """

    text: str
    unit: str
    of: Of
    series: Callable[[Model, str], Floats] | None = None
    state: Callable[[Model, str], float] | None = None

    @property
    def flow(self) -> bool:
        """Return whether it adds up over months."""
        return self.series is not None


def _ids(table: str) -> Of:
    return lambda scenario: tuple(str(i) for i in scenario.tables[table]["id"])


def _programs(scenario: Scenario) -> tuple[str, ...]:
    return (*_ids("programs")(scenario), *_end_items(scenario), ALL)


def _end_items(scenario: Scenario) -> tuple[str, ...]:
    net, names = compiled(scenario)
    return tuple(dict.fromkeys(names.items[i] for i in net.p_item.tolist()))


def _base(scenario: Scenario) -> tuple[str, ...]:
    return (ALL,)


def _accounts(scenario: Scenario) -> tuple[str, ...]:
    return (*ACCOUNTS, ALL)


def _metrics(scenario: Scenario) -> tuple[str, ...]:
    from mobilize.conflicts import reference

    return SERIES if reference(scenario) is not None else ()


def _sets(scenario: Scenario) -> tuple[str, ...]:
    return tuple(one.name for one in scenario.sets)


def _by_program(name: str) -> Callable[[Model, str], Floats]:
    def series(model: Model, of: str) -> Floats:
        values, names, net = model.record.series(name), model.world.names, model.world.net
        if of in names.programs:
            return np.asarray(values[:, names.programs.index(of)])
        if of == ALL:
            return np.asarray(values.sum(axis=1))
        return np.asarray(values[:, net.p_item == names.items.index(of)].sum(axis=1))

    return series


def _made(model: Model, of: str) -> Floats:
    return np.asarray(model.record.items[: model.month, model.world.names.items.index(of)])


def _output(model: Model, of: str) -> Floats:
    return np.asarray(model.record.output[: model.month, model.world.names.lines.index(of)])


def _complete(model: Model, of: str) -> Floats:
    """Return complete sets by month: what the least of the parts has added."""
    parts = next(one.parts for one in model.world.scenario.sets if one.name == of)
    series = _by_program("delivered")
    sums = [np.cumsum(series(model, program)) / units for program, units in parts.items()]
    return np.diff(np.min(sums, axis=0), prepend=0.0)


def _stock(model: Model, of: str) -> float:
    return float(model.world.s.stock[model.world.names.programs.index(of)])


def _capacity(model: Model, of: str) -> float:
    line = model.world.names.lines.index(of)
    return float(model.world.s.equip[line] * model.world.net.l_rate[line, 2])


def _paid(model: Model, of: str) -> float:
    accounts = list(ACCOUNTS) if of == ALL else [of]
    return float(sum(model.world.s.ledger[LEDGER.index(name)] for name in accounts)) / 1000


def _honour(model: Model, of: str) -> float:
    """Return the mean chance that a plant of a country honours a request for priority."""
    mine = model.world.net.l_country == model.world.names.countries.index(of)
    return float(honour_chance(model.world)[mine].mean()) if mine.any() else float("nan")


def _considered(model: Model, of: str) -> float:
    """Return how far American buyers consider a country's plants, mean over routes."""
    net, s, p = model.world.arrays
    home, there = (model.world.names.countries.index(c) for c in (HOME, of))
    mine = (model.world.net.r_buyer == home) & (
        model.world.net.l_country[model.world.net.r_supplier] == there
    )
    found = [welcome(net, s, p, r) for r in np.flatnonzero(mine).tolist()]
    return float(np.mean(found)) if found else float("nan")


def _eligible(model: Model, of: str) -> float:
    return float(model.world.s.of_country[ELIGIBLE, model.world.names.countries.index(of)])


def _qualifying(model: Model, of: str) -> float:
    at = model.world.names.countries.index(of)
    return float(model.world.s.of_country[NEW_SOURCE_TIME, at])


def _contract(model: Model, of: str) -> float:
    months = np.zeros(len(STAGES))
    stage_months(*model.world.arrays, model.world.names.programs.index(of), months)
    return float(months.sum())


def _metric(model: Model, of: str) -> float:
    return float(model.record.metrics[SERIES.index(of), max(0, model.month - 1)])


def _seen_countries(scenario: Scenario) -> tuple[str, ...]:
    """Return the countries with plants."""
    net, names = compiled(scenario)
    return tuple(names.countries[c] for c in sorted(set(net.l_country.tolist())))


MEASURES: dict[str, Measure] = {
    "delivered": Measure("delivered", "units", _programs, _by_program("delivered")),
    "unmet": Measure("asked for and not met", "units", _programs, _by_program("unmet")),
    "made": Measure("made", "units", _ids("items"), _made),
    "output": Measure("made at one plant", "units", _ids("lines"), _output),
    "complete": Measure("complete sets", "sets", _sets, _complete),
    "stock": Measure("in store", "units", _ids("programs"), state=_stock),
    "capacity": Measure("qualified capacity", "units/month", _ids("lines"), state=_capacity),
    "paid": Measure("paid since the start", "MUSD", _accounts, state=_paid),
    "honour": Measure("chance that a plant honours a request for priority", "0-1",
                      _seen_countries, state=_honour),
    "considered": Measure("how far American buyers consider its plants", "0-1",
                          _seen_countries, state=_considered),
    "eligible": Measure("domestic source under Title III", "yes or no", _ids("countries"),
                        state=_eligible),
    "qualifying": Measure("time to qualify a new source on its soil, against today", "multiplier",
                          _ids("countries"), state=_qualifying),
    "contract": Measure("money to contract", "months", _ids("programs"), state=_contract),
    "metric": Measure("index of deterrence", "index", _metrics, state=_metric),
}  # fmt: skip


def read(model: Model, what: str, of: str, first: int = 0) -> float:
    """Return a figure of a model at its present month; a flow from month `first` on.

    Raises
    ------
    KeyError
        If there is no such measure.
    """
    measure = MEASURES[what]
    if measure.series is not None:
        return float(measure.series(model, of)[first:].sum())
    assert measure.state is not None
    return measure.state(model, of)
