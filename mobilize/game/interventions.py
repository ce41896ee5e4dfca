"""Interventions as data: written into game files, read back and checked against a scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from agents.adversary import STEP
from agents.industry import CLOSE, INVEST
from mobilize.crises.kinds import HOWS, MOVING, Kind, kind_of, kinds
from mobilize.crises.places import stands_for
from mobilize.interventions import BASE, HONOUR, KINDS, OWN, Intervention, outcomes, sound
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.model import compiled
from mobilize.network import Names
from mobilize.scenario import Scenario, months

LONGEST = 240  # months that anything may last
LETTERS = 500  # of a reason
PLAIN = Intervention(0, "")
KEYS = tuple(f.name for f in fields(Intervention))


def write_intervention(one: Intervention) -> dict[str, Any]:
    """Return an intervention as a row of a file; what is as usual is left out."""
    usual = asdict(PLAIN)
    row = {key: value for key, value in asdict(one).items() if value != usual[key]}
    return row | {"date": months.label(one.date)}


def read_interventions(
    rows: object, scenario: Scenario, first: int, place: str
) -> tuple[tuple[Intervention, ...], list[str]]:
    """Return interventions as a file has them, in its order, and what is wrong with them.

    Parameters
    ----------
    first : int
        Month (absolute) before which none may be dated.
    """
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return (), [f"{place}: the acts are not a list of tables"]
    found, faults = [], []
    for n, row in enumerate(rows, 1):
        one, wrong = read_intervention(row, scenario, first)
        faults += [f"{place}: act {n}: {fault}" for fault in wrong]
        if one is not None:
            found.append(one)
    return tuple(found), faults


def read_intervention(
    row: dict[str, Any], scenario: Scenario, first: int
) -> tuple[Intervention | None, list[str]]:
    """Return the intervention that a row says, or None and what is wrong with it."""
    allowed = ", ".join(KEYS)
    faults = [f"key {_short(k)} is unknown; allowed: {allowed}" for k in row if k not in KEYS]
    faults += _types(row)
    last = scenario.start + scenario.horizon - 1
    date = _month(row.get("date"))
    if date is None or not first <= date <= last:
        allowed = f"{months.label(first)} to {months.label(last)}"
        faults.append(f"date is {_short(row.get('date'))}; allowed: {allowed}")
    if faults or date is None:
        return None, faults
    one = Intervention(**{**row, "date": date})
    faults = faults_of(one, scenario)
    return (None if faults else one), faults


def _types(row: dict[str, Any]) -> list[str]:
    faults = [
        f"{key} is {_short(row[key])}; allowed: text of up to {LETTERS} letters"
        for key in ("kind", "target", "what", "who", "why")
        if not isinstance(row.get(key, ""), str) or len(row.get(key, "")) > LETTERS
    ]
    for key in ("months", "recovery"):
        value = row.get(key)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value is not None and not (whole and 0 <= value <= LONGEST):
            faults.append(f"{key} is {_short(value)}; allowed: 0 to {LONGEST}")
    value = row.get("amount")
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (numeric and sound(value)):
        faults.append(f"amount is {_short(value)}; allowed: a number")
    return faults


def faults_of(one: Intervention, scenario: Scenario) -> list[str]:
    """Return what is wrong with an intervention in a scenario; nothing where it can be done."""
    if one.kind not in CHECKS:
        return [f"kind {_short(one.kind)}; allowed: {', '.join(CHECKS)}"]
    return CHECKS[one.kind](one, scenario, compiled(scenario)[1])


def _event(one: Intervention, scenario: Scenario, _: Names) -> list[str]:
    faults = _one_of("event", one.target, tuple(e.id for e in scenario.events))
    if one.kind == "delay" and not 1 <= (one.amount or 1) <= LONGEST:
        faults.append(f"put off by {one.amount} months; allowed: 1 to {LONGEST}")
    return faults


def _disturbance(one: Intervention, _: Scenario, names: Names) -> list[str]:
    of = known_kind(one.what)
    if of is None:
        allowed = f"{', '.join(kinds())}, or {MOVING}:QUANTITY:{'|'.join(HOWS)}"
        return [f"disturbance {_short(one.what)}; allowed: {allowed}"]
    faults, (low, high) = [], of.bounds
    try:
        stands_for(names, of.targets, one.target)
    except ValueError as error:
        faults.append(str(error))
    if one.amount is not None and not low <= one.amount <= high:
        faults.append(f"size {one.amount:g}; allowed: {low:g} to {high:g} {of.unit}")
    return faults


def known_kind(name: str) -> Kind | None:
    """Return a kind of disturbance, or None where there is none of this name."""
    try:
        return kind_of(name)
    except KeyError:
        return None


def _outcome(one: Intervention, _: Scenario, names: Names) -> list[str]:
    of = outcomes().get(one.what)
    if of is None:
        return _one_of("quantity", one.what, tuple(outcomes()))
    targets = (BASE,) if of.of == BASE else getattr(names, of.of)
    faults = _one_of("target", one.target, targets)
    if one.amount is None or not of.low <= one.amount <= of.high:
        faults.append(f"{of.title} {one.amount}; allowed: {of.low:g} to {of.high:g} {of.unit}")
    return faults + _reason(one)


def _reason(one: Intervention) -> list[str]:
    return [] if one.why.strip() else ["a reason is missing; say why"]


def _rung(one: Intervention, scenario: Scenario, _: Names) -> list[str]:
    challenger = scenario.challenger
    if challenger is None or not challenger.acts:
        return ["the scenario has no challenger that acts"]
    if one.kind == "veto" and one.target == "":
        return _reason(one)
    return _one_of("step", one.target, RUNGS) + (_reason(one) if one.kind == "veto" else [])


def _mind(one: Intervention, scenario: Scenario, _: Names) -> list[str]:
    if scenario.challenger is None:
        return ["the scenario has no challenger"]
    return _one_of("mindset", one.what, MINDSETS)


def _seat(one: Intervention, scenario: Scenario, names: Names) -> list[str]:
    own = {STEP: () if scenario.challenger is None else (scenario.challenger.country,),
           INVEST: names.firms, CLOSE: names.firms}  # fmt: skip
    return _one_of("party", one.target, own.get(one.what, names.countries))


def _action(one: Intervention, _: Scenario, names: Names) -> list[str]:
    faults = _one_of("action", one.what, OWN) + _one_of("country", one.who, names.countries)
    faults += _one_of("program", one.target, names.programs)
    low, high = SIZES.get(one.what, (0.0, 0.0))
    if not low <= (one.amount or 0.0) <= high:
        faults.append(f"size {one.amount}; allowed: {low:g} to {high:g}")
    return faults


SIZES = {"lend": (0.01, 1.0), "give": (0.01, 1.0), "keep output": (1, 24), "withhold": (1, 24),
         "ask for a loan": (0.01, 1.0)}  # fmt: skip  # shares of what can be spared, or months


def _word(one: Intervention, _: Scenario, names: Names) -> list[str]:
    faults = _one_of("country", one.target, names.countries)
    if one.amount is None or not 0.0 <= one.amount <= 1.0:
        faults.append(f"share {one.amount}; allowed: 0 to 1")
    return faults


def _line(one: Intervention, _: Scenario, names: Names) -> list[str]:
    return _one_of("line", one.target, names.lines) + _one_of("firm", one.who, names.firms)


Check = Callable[[Intervention, Scenario, Names], list[str]]
CHECKS: dict[str, Check] = {
    "fire": _event,
    "delay": _event,
    "skip": _event,
    "befall": _disturbance,
    "lift": _disturbance,
    "override": _outcome,
    "veto": _rung,
    STEP: _rung,
    "mindset": _mind,
    "sit": _seat,
    "rise": _seat,
    "act": _action,
    HONOUR: _word,
    INVEST: _line,
    CLOSE: _line,
}
if set(CHECKS) != set(KINDS):
    raise AssertionError("a kind of intervention without a check, or the other way round")


def _one_of(what: str, given: str, allowed: tuple[str, ...]) -> list[str]:
    if given in allowed:
        return []
    told = ", ".join(allowed[:20]) + (", ..." if len(allowed) > 20 else "")
    return [f"{what} {_short(given)}; allowed: {told or 'none here'}"]


def _month(given: object) -> int | None:
    try:
        return months.parse(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
