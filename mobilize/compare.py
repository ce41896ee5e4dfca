"""Two policies in the same worlds: paired differences with intervals."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mobilize.metrics import ROWS, dates
from mobilize.model import compiled
from mobilize.runs import Results
from mobilize.scenario import months
from mobilize.state import LEDGER

LEVEL = 0.90
YEAR = 12
ACCOUNTS = {"programs": "paid to programs", "projects": "public projects", "policy": "policies"}


@dataclass(frozen=True)
class Difference:
    """Mean of (b - a) over worlds in the same luck, with its interval."""

    what: str
    period: str
    unit: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    better: float  # share of worlds in which b is higher


def interval(values: np.ndarray, level: float = LEVEL) -> tuple[float, float, float]:
    """Return the mean of some worlds and its Student interval, low and high."""
    from scipy.special import stdtrit

    mean, half = float(values.mean()), 0.0
    if len(values) > 1:
        spread = values.std(ddof=1) / len(values) ** 0.5
        half = float(stdtrit(len(values) - 1, 0.5 + level / 2) * spread)
    return mean, mean - half, mean + half


def paired(
    what: str, period: str, unit: str, a: np.ndarray, b: np.ndarray, level: float = LEVEL
) -> Difference:
    """Return the mean difference of paired worlds with its Student interval.

    Parameters
    ----------
    a, b : ndarray, shape (worlds,)
        The same worlds under two policies.
    """
    gap = b - a
    share = float((gap > 0).mean())
    return Difference(
        what, period, unit, float(a.mean()), float(b.mean()), *interval(gap, level), share
    )


def compare(a: Results, b: Results) -> list[Difference]:
    """Compare deliveries by end item and year, and money paid, of two sets of the same worlds.

    Raises
    ------
    ValueError
        If the two do not hold the same worlds of the same scenario and seed.
    """
    same = (a.scenario.digest, a.seed, a.worlds, a.months)
    if same != (b.scenario.digest, b.seed, b.worlds, b.months):
        raise ValueError("compare needs the same scenario, seed, worlds and months on both sides")
    units = dict(
        zip(a.scenario.tables["items"]["id"], a.scenario.tables["items"]["unit"], strict=True)
    )
    da, db = a.by_item("delivered"), b.by_item("delivered")
    rows = []
    for item in a.end_items():
        name = a.names.items[item]
        for first in range(0, a.months, YEAR):
            last = min(first + YEAR, a.months)
            period = months.label(a.scenario.start + first)
            period += f" to {months.label(a.scenario.start + last - 1)}"
            pair = [d[:, first:last, item].sum(axis=1) for d in (da, db)]
            rows.append(paired(name, period, str(units[name]), *pair))
        pair = [d[:, :, item].sum(axis=1) for d in (da, db)]
        rows.append(paired(name, "all", str(units[name]), *pair))
    for account, what in ACCOUNTS.items():
        before, after = (r.ledger[:, -1, LEDGER.index(account)] / 1000 for r in (a, b))
        rows.append(paired(what, "all", "MUSD", before, after))
    return rows


def compare_metrics(a: Results, b: Results) -> list[dict[str, Any]]:
    """Return paired differences of every metric of deterrence at every date, none merged."""
    start = a.scenario.start
    return [
        {"metric": name, **asdict(paired(text, months.label(start + m), unit,
                                         a.metric(series)[:, m], b.metric(series)[:, m]))}
        for name, text, series, unit in ROWS
        for m in dates(a)
    ]  # fmt: skip


def cost_per_unit(a: Results, b: Results) -> dict[str, float]:
    """Return by end item what an extra unit cost, kUSD; only items that clearly gained.

    What its programs paid more, and its part, by value of what was gained, of what policies
    and projects cost more.
    """
    net = compiled(a.scenario)[0]
    gained = b.by_item("delivered").sum(axis=1) - a.by_item("delivered").sum(axis=1)
    paid = (b.by_item("paid")[:, -1] - a.by_item("paid")[:, -1]).mean(axis=0)
    common = sum(
        float((b.ledger[:, -1, n] - a.ledger[:, -1, n]).mean())
        for n in (LEDGER.index("projects"), LEDGER.index("policy"))
    )
    price = dict(zip(net.p_item.tolist(), net.p_cost.tolist(), strict=True))
    clear = {}
    for item in a.end_items():
        mean, low, _ = interval(gained[:, item])
        if low > 0.0:
            clear[item] = mean
    value = sum(units * price[item] for item, units in clear.items())
    return {
        a.names.items[item]: (float(paid[item]) + common * units * price[item] / value) / units
        for item, units in clear.items()
    }


def largest_effect(a: Results, b: Results) -> dict[str, str | int]:
    """Return the item, month and reason chains where two policies differ most in one world.

    The item whose deliveries change most against what they were, in the first world, and the
    month in which the difference shows: when it first passes a tenth of its largest sum.
    """
    from mobilize.model import Model
    from mobilize.why import why

    da, db = (r.by_item("delivered")[:1].sum(axis=0) for r in (a, b))
    items = a.end_items()
    change = [abs((db - da)[:, i].sum()) / max(1.0, da[:, i].sum()) for i in items]
    item = items[int(np.argmax(change))]
    gap = np.abs(np.cumsum((db - da)[:, item]))
    if not gap.max(initial=0.0) > 0.0:
        return {}
    month = int(np.argmax(gap >= 0.1 * gap.max()))
    name = a.names.items[item]
    found: dict[str, str | int] = {
        "item": name,
        "month": months.label(a.scenario.start + month),
        "world": int(a.worlds[0]),
    }
    for results in (a, b):
        model = Model(results.scenario, results.policy, results.seed, results.worlds[0], panel=True)
        found[results.policy.name] = why(model.run(month + 1), name, relief=False).chain()
    return found
