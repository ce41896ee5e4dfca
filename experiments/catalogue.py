"""The catalogue: all of a scenario and its packages that may vary, by address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.tables import OPPORTUNITY, rows
from experiments.factor import CONFIDENCES, Factor, usual_shape, weakest
from experiments.movable import Movable, cells, movable
from mobilize.conflicts import reference
from mobilize.ladder import MINDSETS
from mobilize.scenario import Scenario, by_content
from policies.levers import OFF, Lever
from policies.levers import catalogue as levers
from policies.package import Package, Setting

PLACE = "place from low (-1) to high (1)"
MINDSET = "mindset"
OF_OPPORTUNITY = f"challenger:{OPPORTUNITY}"


def catalogue(scenario: Scenario, packages: Sequence[Package] = ()) -> dict[str, Factor]:
    """
    Return all that may vary, by address.

    Parameters
    ----------
    scenario : Scenario
    packages : sequence of Package
        The packages compared; their levers may vary too.

    Returns
    -------
    dict of str to Factor
        ``parameter:NAME``; ``table:TABLE.FIGURES`` and the lists of ``scenario.toml``, such as
        ``use:per_day`` (see :mod:`experiments.movable`); ``lever:NAME`` and ``onset:NAME``;
        ``challenger:FIGURE`` and ``mindset`` where a challenger makes a difference. Nothing whose
        whole range leaves the scenario as it is.
    """
    return _of_scenario(scenario) | {f.varies: f for f in _of_levers(packages)}


@by_content(8)
def _of_scenario(scenario: Scenario) -> dict[str, Factor]:
    found = [*_parameters(scenario), *_figures(scenario), *_challenger(scenario)]
    return {factor.varies: factor for factor in found}


def _parameters(scenario: Scenario) -> Iterator[Factor]:
    for row in scenario["parameters"].rows():
        low, high = row["low"], row["high"]
        if low < high:
            address = f"parameter:{row['name']}"
            yield Factor(address, address, low, row["value"], high, usual_shape(low, high),
                         unit=row["unit"], source=row["source"], confidence=row["confidence"],
                         title=row["description"])  # fmt: skip


def _figures(scenario: Scenario) -> Iterator[Factor]:
    for kind in movable().values():
        factor = together(scenario, kind)
        if factor is not None:
            yield factor


def together(
    scenario: Scenario, kind: Movable, rows: str = "*", only: tuple[str, ...] = ()
) -> Factor | None:
    """Return the factor of figures that move together; None where nothing would move."""
    chosen = cells(scenario, kind.address, rows, only)
    if not chosen:
        return None
    found = sorted({word for part in chosen for word in part.confidences}, key=CONFIDENCES.index)
    return Factor(kind.address, kind.address, -1.0, 0.0, 1.0, unit=PLACE,
                  source="the figures' own, spread by their confidence (experiments/spread.csv)",
                  confidence=weakest(found), title=kind.title, rows=rows, only=only)  # fmt: skip


def _challenger(scenario: Scenario) -> Iterator[Factor]:
    if reference(scenario) is None:
        return
    for row in rows("mindsets.csv"):
        yield _place(f"challenger:{row['name']}", row["source"], row["confidence"],
                     row["description"])  # fmt: skip
    challenger = scenario.challenger
    if challenger is None or not challenger.acts:
        return
    step = rows("ladder.csv")[0]
    yield _place(OF_OPPORTUNITY, step["source"], step["confidence"],
                 "how often the challenger finds an opportunity for each step")  # fmt: skip
    yield Factor(MINDSET, MINDSET, 0.0, 0.0, len(MINDSETS) - 1.0, words=MINDSETS,
                 source=challenger.source, confidence=challenger.confidence,
                 title="how the challenger thinks", word=challenger.mindset)  # fmt: skip


def _place(address: str, source: str, confidence: str, title: str) -> Factor:
    """Return a factor that moves figures between their own low and high ends."""
    return Factor(address, address, -1.0, 0.0, 1.0, unit=PLACE, source=source,
                  confidence=confidence, title=title)  # fmt: skip


def _of_levers(packages: Sequence[Package]) -> Iterator[Factor]:
    """Yield the sizes and onsets of the levers that packages set, where these have a range."""
    settings = [s for package in packages for s in package.settings if s.value != OFF]
    for lever in levers().values():
        mine = [setting for setting in settings if setting.lever == lever.name]
        if any(sized(setting, lever) for setting in mine):
            yield _place(f"lever:{lever.name}", lever.source, lever.confidence,
                         f"size of: {lever.title}")  # fmt: skip
        if mine and lever.onset.low < lever.onset.high:
            yield _place(f"onset:{lever.name}", lever.source, lever.confidence,
                         f"months to the first effect of: {lever.title}")  # fmt: skip


def sized(setting: Setting, lever: Lever) -> bool:
    """Return whether the size of a lever makes a difference to a setting of it."""
    amount = isinstance(setting.value, float)
    counted = [m for m in lever.moves if not (amount and m is lever.moves[0])]
    return any(
        move.size.low < move.size.high and move.value in ("", setting.value)
        for move in (*counted, *lever.side)
    )
