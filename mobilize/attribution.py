"""What each lever of a package contributed, over worlds in the same luck.

A lever's worth depends on what else is moved. Two answers frame it: what it brings *alone*
against no policy, and what is *lost without* it from the whole package. The share of each is
the mean of what it adds over orders in which the levers could be put together (Shapley 1953);
the shares add up to the effect of the package. With few levers every order is counted, with
many a sample of orders, each with its reverse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np

from mobilize.compare import interval
from mobilize.runs import run_worlds
from mobilize.scenario import Scenario
from mobilize.state import Floats
from policies.package import Package, no_package

EVERY = 4  # levers up to which every order is counted
ORDERS = 12  # orders sampled beyond that, half of them the reverse of the others
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Part:
    """One lever's part of a package's effect on deliveries of an item, units over the run."""

    lever: str
    item: str
    share: float
    low: float
    high: float
    alone: float
    lost_without: float


@dataclass(frozen=True)
class Attribution:
    """Parts of every lever and item, the whole effect by item, and how many runs it took."""

    parts: tuple[Part, ...]
    whole: dict[str, float]
    packages: int
    worlds: int


def attribution(
    scenario: Scenario,
    package: Package,
    worlds: int = 16,
    seed: int | None = None,
    length: int | None = None,
    processes: int = 1,
    progress: Progress | None = None,
) -> Attribution:
    """Split the effect of a package on deliveries among its levers.

    Parameters
    ----------
    worlds : int
        Worlds per combination of levers; all meet the same luck.
    progress : callable, optional
        Called with the number of combinations run and how many there are.

    Raises
    ------
    ValueError
        If the package moves no lever.
    """
    sets = combinations(package, seed or scenario.seed)
    found = {}
    for n, chosen in enumerate(sets, 1):
        if progress is not None:
            progress(n, len(sets))
        part = package.only(*sorted(chosen)) if chosen else no_package()
        found[chosen] = totals(scenario, part, worlds, seed, length, processes)
    return divide(scenario, package, worlds, seed or scenario.seed, found)


def combinations(package: Package, seed: int) -> list[frozenset[str]]:
    """Return every set of a package's levers that the answer needs runs of, the smallest first.

    Raises
    ------
    ValueError
        If the package moves no lever.
    """
    levers = package.levers()
    if not levers:
        raise ValueError(f"{package.name} moves no lever: nothing to attribute")
    sets = _combinations(levers, _orders(levers, seed))
    return sorted(sets, key=lambda s: (len(s), sorted(s)))


def totals(
    scenario: Scenario,
    package: Package,
    worlds: int | tuple[int, ...],
    seed: int | None,
    length: int | None,
    processes: int = 1,
) -> Floats:
    """Return units delivered over the run, shape (worlds, items that programs buy)."""
    results = run_worlds(scenario, package, worlds, seed, length, processes)
    delivered = results.by_item("delivered").sum(axis=1)
    ids = results.names.items
    return np.asarray(delivered[:, [ids.index(i) for i in _bought(scenario)]])


def divide(
    scenario: Scenario,
    package: Package,
    worlds: int,
    seed: int,
    found: Mapping[frozenset[str], Floats],
) -> Attribution:
    """Split the effect of a package among its levers, from the runs of every combination.

    Parameters
    ----------
    found : mapping of frozenset to ndarray, shape (worlds, items)
        What :func:`totals` gave for each of :func:`combinations`.
    """
    levers = package.levers()
    orders = _orders(levers, seed)
    none, everything = frozenset[str](), frozenset(levers)
    shares = {lever: np.zeros_like(found[none]) for lever in levers}
    for order in orders:
        for n, lever in enumerate(order):
            before, after = frozenset(order[:n]), frozenset(order[: n + 1])
            shares[lever] += (found[after] - found[before]) / len(orders)
    items = _bought(scenario)
    parts = []
    for lever in levers:
        alone = (found[frozenset([lever])] - found[none]).mean(axis=0)
        lost = (found[everything] - found[everything - {lever}]).mean(axis=0)
        for column, item in enumerate(items):
            middle, low, high = interval(shares[lever][:, column])
            parts.append(Part(lever, item, middle, low, high, float(alone[column]),
                              float(lost[column])))  # fmt: skip
    effect = (found[everything] - found[none]).mean(axis=0)
    whole = {item: float(effect[column]) for column, item in enumerate(items)}
    return Attribution(tuple(parts), whole, len(found), worlds)


def _orders(levers: tuple[str, ...], seed: int) -> list[tuple[str, ...]]:
    """Return the orders in which the levers are put together."""
    if len(levers) <= EVERY:
        return list(permutations(levers))
    chance = np.random.default_rng(seed)
    wanted = min(ORDERS, factorial(len(levers)))
    found: list[tuple[str, ...]] = []
    while len(found) < wanted:
        order = tuple(levers[n] for n in chance.permutation(len(levers)))
        found += [order, order[::-1]]
    return found


def _combinations(levers: tuple[str, ...], orders: list[tuple[str, ...]]) -> set[frozenset[str]]:
    """Return every set of levers that the answer needs a run of."""
    sets = {frozenset(order[:n]) for order in orders for n in range(len(levers) + 1)}
    sets |= {frozenset([lever]) for lever in levers}
    return sets | {frozenset(levers) - {lever} for lever in levers}


def _bought(scenario: Scenario) -> list[str]:
    return list(dict.fromkeys(str(i) for i in scenario.tables["programs"]["item"]))
