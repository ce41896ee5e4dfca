"""How far assumptions move a result, one at a time: the machinery of studies, for a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mobilize.lessons.measures import read
from mobilize.lessons.worlds import NONE, Bench
from policies.package import Package

WORLDS = 3  # of luck over which a swing is a mean


def known(bench: Bench, package: Package | None = None) -> tuple[str, ...]:
    """Return the addresses of what can be varied in a lesson's scenario."""
    from experiments.catalogue import catalogue

    packages = [package] if package else []
    return tuple(catalogue(bench.lesson.scenario, packages))


def swings(bench: Bench, varies: Mapping[str, str], a: Mapping[str, Any]) -> dict[str, float]:
    """Return by name how far a result moves from the low to the high end of each assumption.

    The result is the figure of a case less that of the case `against`, where there is one, so
    that what is asked is what drives the conclusion and not the level. Means over some worlds.

    Parameters
    ----------
    varies : mapping of str to str
        Addresses of :func:`experiments.catalogue.catalogue` by name.
    a : mapping
        Arguments of the calculation: what, of, until, since, case, against, worlds.
    """
    from experiments.factors import read_factors

    policy = _package(bench, a.get("case", NONE))
    asked = [{"name": name, "varies": address} for name, address in varies.items()]
    factors, faults = read_factors(asked, [], bench.lesson.scenario, [policy])
    if faults:
        raise ValueError("\n".join(faults))
    return {f.name: abs(_at(bench, a, f, 1.0) - _at(bench, a, f, 0.0)) for f in factors}


def _at(bench: Bench, a: Mapping[str, Any], factor: Any, place: float) -> float:
    """Return the result with one assumption at a place of its range."""
    from experiments.vary import vary

    lesson, until, since = bench.lesson, int(a["until"]), int(a.get("since", 0))
    policies = [_package(bench, a.get("case", NONE))]
    if "against" in a:
        policies.append(_package(bench, a["against"]))
    first = lesson.world if bench.world is None else bench.world
    found = []
    with vary(lesson.scenario, [factor], {factor.name: factor.at(place)}).holding() as varied:
        for world in range(first, first + int(a.get("worlds", WORLDS))):
            values = [
                read(varied.model(p, lesson.seed, world, until, panel=True).run(), a["what"],
                     a["of"], since)
                for p in policies
            ]  # fmt: skip
            found.append(values[0] - (values[1] if len(values) > 1 else 0.0))
    return float(np.mean(found))


def _package(bench: Bench, names: str | list[str]) -> Package:
    """Return the settings of cases as a package."""
    cases = [bench.case(name) for name in ([names] if isinstance(names, str) else names)]
    settings = (*bench.lesson.opening, *(s for case in cases for s in case.settings))
    return Package("lesson", "Lesson", settings)
