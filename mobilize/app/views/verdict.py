"""What a comparison found, in figures and in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mobilize.compare import ACCOUNTS, LEVEL, Difference, compare, compare_metrics, cost_per_unit
from mobilize.game.telling import names_of
from mobilize.game.versus import Answer
from mobilize.metrics import LABEL
from mobilize.scenario import Scenario
from mobilize.words import number

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
        paid = f"; each cost {money(cost)} more in all" if cost is not None and cost > 0 else ""
        out.append(
            f"{first(names(d.what))}: {number(abs(d.difference))} {many(d.unit)} {word}{part} "
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


def first(name: str) -> str:
    """Return a name with its first letter as at the beginning of a sentence."""
    return name[:1].upper() + name[1:]


def money(kusd: float) -> str:
    """Return an amount of money with its unit."""
    return f"{number(kusd / 1000)} MUSD" if abs(kusd) >= 1000 else f"{number(kusd)} kUSD"


def signed(value: float) -> str:
    """Return a difference with its sign."""
    told = number(value) if abs(value) >= 0.001 else f"{value:.4f}".rstrip("0").rstrip(".")
    told = "0" if told in ("-0", "") else told
    return told if told.startswith("-") or told == "0" else f"+{told}"


def many(unit: str) -> str:
    """Return the word for several of a unit."""
    if unit in ("tonne", "kg", "t", "MUSD"):
        return f"{unit}s" if unit == "tonne" else unit
    return f"{unit[:-1]}ies" if unit.endswith("y") else unit if unit.endswith("s") else f"{unit}s"
