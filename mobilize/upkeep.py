"""What runs say of fleets and developments: one row each, over all worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mobilize.model import compiled
from mobilize.scenario import months
from mobilize.words import number, show

if TYPE_CHECKING:
    from mobilize.runs import Results

YEAR = 12
FLEET_COLUMNS = ("fleet", "fielded", "first year", "last year", "10-90 %", "waiting",
                 "in repair", "spares lacked")  # fmt: skip
DEVELOPMENT_COLUMNS = ("development", "item", "milestones", "qualified", "10-90 %", "of worlds")


def fleets(results: Results) -> list[dict[str, Any]]:
    """Return for each fleet the share serviceable in the first and last year, over worlds.

    And where the rest is at the end (units, median world).
    """
    net, names = compiled(results.scenario)
    unmet = results.series("unmet")
    rows: list[dict[str, Any]] = []
    for f, program in enumerate(names.fleets):
        share = results.fleet("serviceable")[:, :, f] / net.f_fielded[f]
        last = share[:, -YEAR:].mean(axis=1)
        at_end = {name: float(np.median(results.fleet(name)[:, -1, f]))
                  for name in ("under_way", "waiting", "in_repair", "written_off")}  # fmt: skip
        rows.append(
            {
                "fleet": program,
                "fielded": float(net.f_fielded[f]),
                "first_year": float(np.median(share[:, :YEAR].mean(axis=1))),
                "last_year": float(np.median(last)),
                "low": float(np.quantile(last, 0.1)),
                "high": float(np.quantile(last, 0.9)),
                **at_end,
                "spares_lacked": float(np.median(unmet[:, :, net.f_program[f]].sum(axis=1))),
            }
        )
    return rows


def developments(results: Results) -> list[dict[str, Any]]:
    """Return for each development the milestones passed and the month its item is qualified.

    The month is that of the median world; none where that world does not come so far.
    """
    net, names = compiled(results.scenario)
    rows: list[dict[str, Any]] = []
    for v, program in enumerate(names.developments):
        of = int(net.v_milestones[v + 1] - net.v_milestones[v])
        passed = np.floor(results.milestones[:, :, v])
        done = passed >= of
        month = np.where(done.any(axis=1), done.argmax(axis=1), results.months)
        rows.append(
            {
                "development": program,
                "item": names.items[net.p_item[net.v_program[v]]],
                "milestones": of,
                "passed": float(np.median(passed[:, -1])),
                **{key: _date(results, float(np.quantile(month, q, method="nearest")))
                   for key, q in (("early", 0.1), ("qualified", 0.5), ("late", 0.9))},
                "worlds_qualified": float(done[:, -1].mean()),
            }
        )  # fmt: skip
    return rows


def _date(results: Results, month: float) -> str | None:
    return months.label(results.scenario.start + int(month)) if month < results.months else None


def show_upkeep(results: Results) -> None:
    """Print a table of fleets and one of developments, where the scenario has any."""
    rows = [_fleet_cells(row) for row in fleets(results)]
    if rows:
        show("Fleets: share serviceable; waiting and in repair at the end", FLEET_COLUMNS, rows)
    made = [_development_cells(row) for row in developments(results)]
    if made:
        show("Developments: when the new item is qualified", DEVELOPMENT_COLUMNS, made)


def _fleet_cells(row: dict[str, Any]) -> tuple[str, ...]:
    shares = (f"{row['first_year']:.0%}", f"{row['last_year']:.0%}")
    span = f"{row['low']:.0%} to {row['high']:.0%}"
    figures = (number(row[key]) for key in ("waiting", "in_repair", "spares_lacked"))
    return row["fleet"], number(row["fielded"]), *shares, span, *figures


def _development_cells(row: dict[str, Any]) -> tuple[str, ...]:
    passed = f"{row['passed']:.0f} of {row['milestones']}"
    span = f"{row['early'] or 'later'} to {row['late'] or 'later'}"
    qualified = row["qualified"] or "later"
    return (row["development"], row["item"], passed, qualified, span,
            f"{row['worlds_qualified']:.0%}")  # fmt: skip
