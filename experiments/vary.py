"""A scenario with other values, and the model that runs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from agents.tables import Figures
from experiments.catalogue import MINDSET
from experiments.factor import Factor
from experiments.movable import cells, changed, figures, movable, moved
from experiments.sound import sound
from mobilize.model import Model
from mobilize.scenario import Scenario, Table, forget
from policies.levers import OFF, PLACES, Size
from policies.package import Package, Setting

Value = float | str
Values = Mapping[str, Value]


@dataclass(frozen=True, eq=False)
class Varied:
    """
    A scenario at one point of a design.

    Parameters
    ----------
    scenario : Scenario
        With the values of the point.
    base : Scenario
        The one that it was made from.
    sizes, onsets : dict of str to float
        How far the levers of packages are moved, by name: from each setting's own size (0)
        towards the low (-1) or high (1) one.
    figures : tuple of (str, float)
        Figures of the challenger, see :func:`agents.tables.moved`.
    mindset : str or None
        How the challenger thinks; None: as the scenario says.
    """

    scenario: Scenario
    base: Scenario
    sizes: Mapping[str, float] = field(default_factory=dict)
    onsets: Mapping[str, float] = field(default_factory=dict)
    figures: Figures = ()
    mindset: str | None = None

    def model(
        self,
        package: Package | None = None,
        seed: int | None = None,
        world: int = 0,
        months: int | None = None,
        panel: bool | None = False,
    ) -> Model:
        """Return the model of one world at this point, not yet run."""
        policy = None if package is None else self.package(package)
        return Model(self.scenario, policy, seed, world, months, panel,
                     mindset=self.mindset, figures=self.figures)  # fmt: skip

    def package(self, package: Package) -> Package:
        """Return a package with the sizes and onsets of this point."""
        if not (self.sizes or self.onsets):
            return package
        return replace(package, settings=tuple(map(self._setting, package.settings)))

    def _setting(self, setting: Setting) -> Setting:
        size, onset = (by.get(setting.lever, 0.0) for by in (self.sizes, self.onsets))
        if setting.value == OFF or not (size or onset):
            return setting
        of_onset = moved_size(setting.of_onset, onset)
        new = moved_size(setting.size, size)
        return replace(setting, size=new, onset=None if of_onset == new else of_onset)

    @contextmanager
    def holding(self) -> Iterator[Varied]:
        """
        Hold what is kept ready for this scenario while its runs last, then let it go.

        What a process has worked out of a scenario it keeps, for the next run of the same. A
        varied scenario is needed for the runs of one point only: ten thousand of them would
        fill the memory. Other scenarios are left alone, and so is a point that varies nothing.
        """
        try:
            yield self
        finally:
            if self.scenario is not self.base:
                forget(self.scenario)


def moved_size(own: Size, place: float) -> Size:
    """Return a size moved from itself (place 0) towards the low (-1) or high (1) one."""
    if not place:
        return own
    at = PLACES[own] if isinstance(own, str) else own
    return (1.0 - abs(place)) * at + place


def vary(scenario: Scenario, factors: Sequence[Factor], values: Values) -> Varied:
    """
    Return a scenario with the values of one point.

    Parameters
    ----------
    scenario : Scenario
    factors : sequence of Factor
        Factors of :func:`experiments.factors.read_factors` for this scenario.
    values : mapping of str to float or str
        Value of each factor by name, in natural units; one left out stays as it is.

    Raises
    ------
    KeyError
        If a value is given for a factor that is not there.
    """
    named = {factor.name: factor for factor in factors}
    chosen = {named[name]: value for name, value in values.items()}
    numbers = {factor: float(value) for factor, value in chosen.items() if not factor.words}
    by = {
        kind: {_name(f): value for f, value in numbers.items() if f.varies.startswith(f"{kind}:")}
        for kind in ("parameter", "lever", "onset", "challenger")
    }
    words = [str(value) for factor, value in chosen.items() if factor.varies == MINDSET]
    thinks = words[0] if words else None
    if scenario.challenger is not None and thinks == scenario.challenger.mindset:
        thinks = None
    new = _lists(scenario, numbers)
    tables = _parameters(scenario, by["parameter"])
    tables |= {name: new.pop(name) for name in list(new) if name in scenario.tables}
    other = scenario
    if tables or new:
        other = sound(replace(scenario, tables=scenario.tables | tables, **new), scenario)
    places = tuple(sorted((name, at) for name, at in by["challenger"].items() if at))
    return Varied(other, scenario, by["lever"], by["onset"], places, thinks)


def _name(factor: Factor) -> str:
    return factor.varies.partition(":")[2]


def _parameters(scenario: Scenario, values: Mapping[str, float]) -> dict[str, Table]:
    table = scenario["parameters"]
    new, index = table["value"].copy(), table.index("name")
    for name, value in values.items():
        new[index[name]] = value
    if np.array_equal(new, table["value"]):
        return {}
    return {"parameters": Table(table.name, table.columns | {"value": new}, table.file_rows)}


def _lists(scenario: Scenario, values: Mapping[Factor, float]) -> dict[str, Any]:
    """Return tables and lists with the figures that factors move together."""
    columns: dict[str, dict[str, np.ndarray[Any, Any]]] = {}
    for factor, place in values.items():
        kind = movable().get(factor.varies)
        if kind is None or not place:
            continue
        own = columns.setdefault(kind.of, {})
        for part in cells(scenario, factor.varies, factor.rows, factor.only):
            new = own.setdefault(part.column, figures(scenario, kind.of, part.column).copy())
            new[part.rows] = moved(scenario, kind, part, new[part.rows], place)
    found: dict[str, Any] = {}
    for of, by_column in columns.items():
        found |= changed(scenario, of, by_column)
    return found
