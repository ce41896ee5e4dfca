"""Two packages side by side: what differs, by how much, how surely, and at what cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor, log10
from typing import Any

import numpy as np

from mobilize.app.views.telling import Names, named, names_of
from mobilize.attribution import Attribution, combinations
from mobilize.compare import ACCOUNTS, LEVEL, Difference, compare, compare_metrics, cost_per_unit
from mobilize.game.sitting import View
from mobilize.game.versus import Answer, Progress, Question
from mobilize.metrics import LABEL
from mobilize.scenario import Scenario, months
from mobilize.words import number
from policies.levers import catalogue
from policies.package import Package, PackageError, load_package, no_package, shipped

WORLDS = (16, 32, 64)
LENGTHS = (24, 36, 60, 120)  # months that may be asked for, and the horizon
BASELINE, PLAYED, DRAFTED = "baseline", "played", "drafted"
WIDER = 4.0  # times the upper quartile of its intervals that a scale reaches at most
LEAST = 0.5  # units under the first package from which a difference is told in per cent
TINY = 0.001  # part of the first package below which a clear difference is called small
BARS = 12  # levers that a waterfall shows one by one
SAYS = {
    "more": "clearly more",
    "less": "clearly less",
    "open": "no clear difference",
    "same": "no difference",
}
TOLD = 3  # items that are put into sentences


@dataclass(frozen=True)
class Verdict:
    """What a comparison found, without its worlds; `metrics` is empty without a reference war."""

    a: str
    b: str
    worlds: int
    months: int
    seed: int
    differences: tuple[Difference, ...]
    per_unit: dict[str, float]
    metrics: tuple[dict[str, Any], ...]
    reasons: dict[str, str | int]


def conclude(answer: Answer) -> Verdict:
    """Return the figures of an answer: those of ``mobilize compare`` and ``deterrence``."""
    a, b = answer.a, answer.b
    metrics = tuple(compare_metrics(a, b)) if a.metrics.size else ()
    if a.scenario.challenger is None:
        metrics = tuple(m for m in metrics if m["metric"] != "M6")
    reasons = dict(answer.reasons)
    for key, name in (("under_a", a.policy.name), ("under_b", b.policy.name)):
        if name in reasons:
            reasons[key] = reasons.pop(name)
    return Verdict(a.policy.title, b.policy.title, len(a.worlds), a.months, a.seed,
                   tuple(compare(a, b)), cost_per_unit(a, b), metrics, reasons)  # fmt: skip


def packages(view: View) -> dict[str, Package]:
    """Return what can be compared in a game, by id."""
    game = view.game
    found = {BASELINE: no_package(), **_shipped(game.scenario)[0]}
    if game.policy().settings:
        found[PLAYED] = replace(game.policy(), name=PLAYED, title="As played so far")
    if view.draft:
        title = "As played, with the draft"
        found[DRAFTED] = replace(view.policy, name=DRAFTED, title=title)
    return found


@lru_cache(maxsize=32)
def _shipped(scenario: Scenario) -> tuple[dict[str, Package], dict[str, str]]:
    """Return the shipped packages that a scenario takes, and why it refuses the others."""
    taken, refused = {}, {}
    for name in shipped():
        try:
            taken[name] = load_package(name, scenario)
        except PackageError as error:
            faults = str(error).splitlines()
            more = f" (and {len(faults) - 1} faults more)" if len(faults) > 1 else ""
            refused[name] = faults[0] + more
    return taken, refused


def defaults(view: View) -> dict[str, Any]:
    """Return what is compared unless something else is chosen."""
    here = packages(view)
    second = next((name for name in (DRAFTED, PLAYED) if name in here), "")
    second = second or next((name for name in here if name != BASELINE), BASELINE)
    first = PLAYED if second == DRAFTED and PLAYED in here else BASELINE
    return {"a": first, "b": second, "worlds": WORLDS[0], "months": view.game.scenario.horizon}


def question(view: View, wanted: dict[str, Any]) -> Question:
    """Return the question that some choices make.

    Raises
    ------
    ValueError
        If one of them is not among those offered.
    """
    here, scenario = packages(view), view.game.scenario
    chosen = {**defaults(view), **wanted}
    for side in ("a", "b"):
        if chosen[side] not in here:
            raise ValueError(f"{chosen[side]!r} is not to be compared; allowed: {', '.join(here)}")
    if chosen["worlds"] not in WORLDS or chosen["months"] not in lengths(scenario):
        raise ValueError(f"worlds {WORLDS}, months {lengths(scenario)} are allowed")
    a, b = here[chosen["a"]], here[chosen["b"]]
    if a.settings == b.settings:
        raise ValueError("both sides are the same; choose two that differ")
    return Question(scenario, a, b, chosen["worlds"], view.game.seed, chosen["months"])


def lengths(scenario: Scenario) -> list[int]:
    """Return the months that may be compared over."""
    return [m for m in LENGTHS if m < scenario.horizon] + [scenario.horizon]


def choices(view: View, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what can be chosen, what is, and what keeps the choice from being compared."""
    scenario, chosen = view.game.scenario, {**defaults(view), **wanted}
    try:
        question(view, wanted)
        fault = ""
    except ValueError as error:
        fault = str(error)
    taken = [{"id": name, "title": p.title, "reason": ""} for name, p in packages(view).items()]
    refused = [{"id": n, "title": n, "reason": why} for n, why in _shipped(scenario)[1].items()]
    end = scenario.start - 1
    return {
        "packages": taken,
        "refused": refused,
        "worlds": list(WORLDS),
        "months": [{"id": m, "title": f"{m} months, to {months.label(end + m)}"}
                   for m in lengths(scenario)],
        "chosen": {name: chosen[name] for name in ("a", "b", "worlds", "months")},
        "fault": fault,
    }  # fmt: skip


def progress(found: Progress | None, what: str) -> dict[str, Any] | None:
    """Return how far a job is, in words; None where nothing is under way."""
    if found is None or found.answer is not None:
        return None
    left = found.left
    return {
        "what": what,
        "done": found.done,
        "total": found.total,
        "left": "" if left is None or not found.total else f"about {seconds(left)} left",
        "fault": found.fault,
    }


def seconds(length: float) -> str:
    """Return a time for people.

    >>> seconds(3.2), seconds(200)
    ('5 s', '4 min')
    """
    return f"{max(5, 5 * round(length / 5))} s" if length < 90 else f"{-(-length // 60):.0f} min"


def comparison(verdict: Verdict, scenario: Scenario, period: str = "all") -> dict[str, Any]:
    """Return a comparison as the page shows it.

    Parameters
    ----------
    period : str
        Of the items: "all", or a year as :func:`mobilize.compare.compare` names it.
    """
    names = names_of(scenario)
    items = [d for d in verdict.differences if d.what not in ACCOUNTS.values()]
    periods = list(dict.fromkeys(d.period for d in items))
    period = period if period in periods else "all"
    shown = [_item(d, verdict, _first(names(d.what))) for d in items if d.period == period]
    costs = [_row(d, d.what.capitalize(), verdict) for d in verdict.differences
             if d.what in ACCOUNTS.values()]  # fmt: skip
    last = scenario.start + verdict.months - 1
    span = f"{months.label(scenario.start)} to {months.label(last)}"
    return {
        "a": verdict.a,
        "b": verdict.b,
        "worlds": verdict.worlds,
        "span": span,
        "level": f"{LEVEL:.0%}",
        "period": period,
        "periods": [{"id": p, "title": span if p == "all" else p} for p in periods],
        "items": scaled(shown, "percent"),
        "costs": scaled(costs, "difference"),
        "metrics": _metrics(verdict),
        "label": LABEL,
        "sentences": sentences(verdict, scenario),
        "parting": _parting(verdict, names),
    }


def _row(d: Difference, name: str, verdict: Verdict) -> dict[str, Any]:
    """Return a difference in figures and in words."""
    clear = "" if d.low <= 0.0 <= d.high else "more" if d.low > 0.0 else "less"
    none = _signed(d.difference) == _signed(d.low) == _signed(d.high) == "0"
    return {
        "id": d.what,
        "name": name,
        "unit": d.unit,
        "a": number(d.a),
        "b": number(d.b),
        "difference": d.difference,
        "low": d.low,
        "high": d.high,
        "told": _signed(d.difference),
        "interval": f"{_signed(d.low)} to {_signed(d.high)}",
        "share": d.better,
        "higher": f"{round(d.better * verdict.worlds)} of {verdict.worlds}",
        "clear": "" if none else clear,
        "says": SAYS["same" if none else clear or "open"],
    }


def _item(d: Difference, verdict: Verdict, name: str) -> dict[str, Any]:
    cost = verdict.per_unit.get(d.what) if d.period == "all" else None
    part = 100.0 / d.a if d.a >= LEAST else None
    row = _row(d, name, verdict)
    if row["clear"] and part is not None and abs(d.difference) < TINY * d.a:
        row["says"] += f", under {TINY:.1%}"
    return {
        **row,
        "percent": None if part is None else [v * part for v in (d.difference, d.low, d.high)],
        "cost": "" if cost is None else _money(cost),
    }


def _first(name: str) -> str:
    """Return a name with its first letter as at the beginning of a sentence."""
    return name[:1].upper() + name[1:]


def _money(kusd: float) -> str:
    return f"{number(kusd / 1000)} MUSD" if abs(kusd) >= 1000 else f"{number(kusd)} kUSD"


def _signed(value: float) -> str:
    told = number(value) if abs(value) >= 0.001 else f"{value:.4f}".rstrip("0").rstrip(".")
    told = "0" if told in ("-0", "") else told
    return told if told.startswith("-") or told == "0" else f"+{told}"


def scaled(rows: list[dict[str, Any]], by: str) -> dict[str, Any]:
    """Put rows on one scale, from -limit to limit: places from 0 to 100, 50 for no difference.

    What is far wider than most others has an arrow at the end of the scale.

    Parameters
    ----------
    by : str
        "percent" of the first package, "difference" in the rows' unit.
    """
    spans = {n: _span(row, by) for n, row in enumerate(rows)}
    sizes = [max(map(abs, span)) for span in spans.values() if span]
    common = [size for size in sizes if size > 0.0]
    ends = WIDER * float(np.quantile(common, 0.75)) if common else 0.0
    limit = nice(min(max(sizes, default=0.0), ends))
    for n, row in enumerate(rows):
        row["plot"] = _places(spans[n], limit)
    unit = " %" if by == "percent" else f" {rows[0]['unit']}" if rows else ""
    return {"rows": rows, "limit": f"{number(limit)}{unit}"}


def _span(row: dict[str, Any], by: str) -> list[float] | None:
    whole = [row["difference"], row["low"], row["high"]]
    return row["percent"] if by == "percent" else whole


def _places(span: list[float] | None, limit: float) -> dict[str, Any] | None:
    """Return where point and ends of an interval lie on a scale, and which end is beyond it."""
    if span is None:
        return None
    middle, low, high = (50.0 + 50.0 * max(-1.0, min(1.0, v / limit)) for v in span)
    return {
        "middle": round(middle, 2),
        "low": round(low, 2),
        "high": round(high, 2),
        "beyond": [span[1] < -limit, span[2] > limit],
    }


def nice(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, ... from a value upwards.

    >>> nice(0.0), nice(3.2), nice(51.0)
    (1.0, 5.0, 100.0)
    """
    if value <= 0.0:
        return 1.0
    step = 10.0 ** floor(log10(value))
    return next(float(f"{m * step:.12g}") for m in (1, 2, 5, 10) if m * step >= value * (1 - 1e-9))


def _metrics(verdict: Verdict) -> list[dict[str, Any]]:
    """Return each metric of deterrence at each date, on a scale of its own: never merged."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for found in verdict.metrics:
        groups.setdefault((found["metric"], found["what"]), []).append(found)
    rows = []
    for (metric, what), dates in groups.items():
        sizes = [abs(d[end]) for d in dates for end in ("low", "high")]
        limit = nice(max(sizes))
        cells = []
        for d in dates:
            whole = Difference(**{k: v for k, v in d.items() if k != "metric"})
            row = _row(whole, what, verdict)
            span = [whole.difference, whole.low, whole.high]
            cells.append({**row, "date": whole.period, "plot": _places(span, limit)})
        rows.append({"metric": metric, "name": what, "unit": dates[0]["unit"],
                     "limit": number(limit), "dates": cells})  # fmt: skip
    return rows


def sentences(verdict: Verdict, scenario: Scenario) -> list[str]:
    """Say what a comparison found, with its figures."""
    names = names_of(scenario)
    whole = [d for d in verdict.differences if d.period == "all"]
    items = [d for d in whole if d.what not in ACCOUNTS.values()]
    clear = [d for d in items if not d.low <= 0.0 <= d.high]
    more = sum(d.low > 0.0 for d in clear)
    out = [_count(more, len(clear) - more, len(items))]
    clear.sort(key=lambda d: -abs(d.difference) / max(d.a, 1e-9))
    for d in clear[:TOLD]:
        word = "more" if d.difference > 0 else "fewer"
        part = f", {abs(d.difference) / d.a:.0%} of {number(d.a)}" if d.a > 0 else ""
        low, high = sorted((abs(d.low), abs(d.high)))
        higher = round(d.better * verdict.worlds)
        cost = verdict.per_unit.get(d.what)
        paid = f"; each cost {_money(cost)} more in all" if cost is not None and cost > 0 else ""
        out.append(
            f"{_first(names(d.what))}: {number(abs(d.difference))} {_many(d.unit)} {word}{part} "
            f"({LEVEL:.0%} interval {number(low)} to {number(high)}); B is higher in {higher} of "
            f"{verdict.worlds} worlds{paid}."
        )
    out.append(_costs([d for d in whole if d.what in ACCOUNTS.values()]))
    if verdict.metrics:
        out.append(_deterrence(verdict))
    return out


def _count(more: int, fewer: int, items: int) -> str:
    if not more and not fewer:
        return "No clear difference in the deliveries of any item."
    parts = [
        f"{n} of {items} items clearly {word}" for n, word in ((more, "up"), (fewer, "down")) if n
    ]
    rest = items - more - fewer
    tail = f"; no clear difference in the other {rest}" if rest else ""
    return f"Deliveries over the run: {', '.join(parts)}{tail}."


def _costs(accounts: list[Difference]) -> str:
    """Say what was paid more or less."""
    told = []
    for d in accounts:
        if d.low == d.high == 0.0:
            told.append(f"{d.what}: no difference")
        elif d.low <= 0.0 <= d.high:
            told.append(f"{d.what}: no clear difference")
        else:
            word = "more" if d.difference > 0 else "less"
            told.append(f"{d.what}: {number(abs(d.difference))} MUSD {word}")
    return f"Money over the run: {'; '.join(told)}."


def _deterrence(verdict: Verdict) -> str:
    last = {(m["metric"], m["what"]): m for m in verdict.metrics}
    clear = [k for k, m in last.items() if not m["low"] <= 0.0 <= m["high"]]
    told = ", ".join(f"{metric} {what}" for metric, what in clear) or "none"
    return f"Deterrence at the end, each metric for itself; clearly different: {told}. {LABEL}"


def _many(unit: str) -> str:
    if unit in ("tonne", "kg", "t", "MUSD"):
        return f"{unit}s" if unit == "tonne" else unit
    return f"{unit[:-1]}ies" if unit.endswith("y") else unit if unit.endswith("s") else f"{unit}s"


def _parting(verdict: Verdict, names: Names) -> dict[str, Any] | None:
    """Return where the two part first, and why things stood as they stood on each side."""
    found = verdict.reasons
    if not found:
        return None
    sides = ((verdict.a, "under_a"), (verdict.b, "under_b"))
    return {
        "item": names(str(found["item"])),
        "month": found["month"],
        "world": found["world"],
        "sides": [{"title": title, "lines": _chain(named(str(found[key]), names))}
                  for title, key in sides if key in found],
    }  # fmt: skip


def _chain(text: str) -> list[dict[str, Any]]:
    """Return the lines of a reason chain with their depth, links apart from their causes."""
    rows = []
    for line in text.splitlines()[1:]:
        body = line.lstrip(" ")
        link = body.startswith("- ")
        depth = (len(line) - len(body)) // 2
        rows.append({"text": body.removeprefix("- "), "depth": depth, "link": link})
    return rows


def runs(asked: Question) -> int:
    """Return how many worlds the shares of a question's levers take."""
    return len(combinations(asked.b, asked.seed)) * asked.worlds


def waterfall(found: Attribution, scenario: Scenario, item: str = "") -> dict[str, Any]:
    """Return what each lever of a package brings to an item, as steps from nothing to the whole.

    Parameters
    ----------
    item : str
        Id; by default the one of which the package moves most by value.
    """
    items, table = list(found.whole), names_of(scenario).items
    worth = {i: abs(found.whole[i]) * float(table[i]["cost"]) for i in items}
    item = item if item in items else max(items, key=lambda i: worth[i])
    parts = sorted((p for p in found.parts if p.item == item), key=lambda p: -abs(p.share))
    shown, rest = parts[:BARS], sum(p.share for p in parts[BARS:])
    steps: list[dict[str, Any]] = []
    level = 0.0
    for title, share in [
        *((_title(p.lever), p.share) for p in shown),
        *([(f"{len(parts) - BARS} levers more", rest)] if len(parts) > BARS else []),
    ]:
        steps.append({"name": title, "from": level, "to": level + share, "told": _signed(share)})
        level += share
    whole = found.whole[item]
    steps.append({"name": "All together", "from": 0.0, "to": whole, "told": _signed(whole)})
    return {
        "item": item,
        "items": [{"id": i, "title": names_of(scenario)(i)} for i in items],
        "unit": _many(str(table[item]["unit"])),
        "worlds": found.worlds,
        "packages": found.packages,
        "steps": _stairs(steps),
        "rows": [
            {
                "name": _title(p.lever),
                "share": _signed(p.share),
                "interval": f"{_signed(p.low)} to {_signed(p.high)}",
                "clear": not p.low <= 0.0 <= p.high,
                "alone": _signed(p.alone),
                "lost": _signed(p.lost_without),
            }
            for p in parts
        ],
    }


def _title(lever: str) -> str:
    return catalogue()[lever].title if lever in catalogue() else lever


def _stairs(steps: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each step its place on a common scale, from 0 to 100."""
    steps = list(steps)
    ends = [0.0, *(s[end] for s in steps for end in ("from", "to"))]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0
    for step in steps:
        first, last = sorted((step.pop("from"), step.pop("to")))
        step["left"] = round(100 * (first - low) / span, 2)
        step["width"] = round(100 * (last - first) / span, 2)
        step["up"] = not str(step["told"]).startswith("-")
        step["zero"] = round(100 * -low / span, 2)
    return steps
