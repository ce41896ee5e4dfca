"""What a search looks through: levers with what they may be set to, objectives and limits.

Read from the [search] table of a study, checked with the words that a package is checked with.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from experiments.outcome import Outcome
from mobilize.scenario import Scenario, months
from mobilize.scenario.faults import hint, listed, shown
from mobilize.state import EPS
from policies.levers import OFF, ON, Size, Value, catalogue
from policies.package import BASE, Package, PackageError, Setting, read_package

KEYS = ("generations", "population", "objectives", "within", "lever")
LEVER_KEYS = ("lever", "target", "date", "values", "low", "high", "step", "size")
AMOUNT = ("low", "high", "step")
SMALLEST, LARGEST = 4, 1000  # candidates of a generation
LONGEST = 1000  # generations
STEPS = 1000  # values of a lever
MOST = 4  # objectives: beyond, nearly everything is on the front
LIMIT = re.compile(r"\s*([a-z][a-z0-9_-]*)\s*(<=|>=)\s*(\S+)\s*")
NAMED = 12  # signs of the hash in a candidate's name
DECIMALS = 12  # kept of the steps of an amount
Bound = Literal["at most", "at least"]
BOUNDS: dict[str, Bound] = {"<=": "at most", ">=": "at least"}


@dataclass(frozen=True)
class Choice:
    """One lever of a search: what it may be set to, and when (absolute months).

    `ordered` values are the steps of an amount; a value of "off" leaves the lever alone.
    """

    lever: str
    target: str
    dates: tuple[int, ...]
    values: tuple[Value, ...]
    size: Size = "base"
    ordered: bool = False

    def settings(self) -> list[Setting | None]:
        """Return every setting there may be; None where the lever is left alone."""
        made: list[Setting | None] = [None] if OFF in self.values else []
        used = [value for value in self.values if value != OFF]
        return made + [
            Setting(date, self.lever, self.target, value, self.size)
            for value, date in product(used, self.dates)
        ]


@dataclass(frozen=True)
class Limit:
    """What a candidate must keep to, as the figure of an outcome."""

    outcome: str
    bound: Bound
    value: float

    def violation(self, figure: float) -> float:
        """Return by how much a figure breaks it, as a share of the limit; at most 0: it is kept."""
        over = figure - self.value if self.bound == "at most" else self.value - figure
        return over / max(1.0, abs(self.value))


@dataclass(frozen=True)
class Search:
    """What to look through: levers, objectives, limits, and how long.

    `generations` has no part in what the first ones are: raise it later and go on.
    """

    levers: tuple[Choice, ...]
    objectives: tuple[Outcome, ...]
    within: tuple[Limit, ...]
    generations: int
    population: int

    def size(self) -> int:
        """Return how many packages there are to choose from."""
        return math.prod(len(choice.settings()) for choice in self.levers)


def package_of(settings: list[Setting]) -> Package:
    """Return a package named by its settings, with a title that says them."""
    ordered = tuple(sorted(settings))
    digest = Package("", "", ordered).digest
    title = "; ".join(words(setting) for setting in ordered) or "No change"
    return Package(f"found-{digest[:NAMED]}", title, ordered)


def words(setting: Setting) -> str:
    """Return a setting in words, such as 'Money for a program (us-lrasm): 300 MUSD, 2027-03'."""
    lever = catalogue()[setting.lever]
    target = "" if setting.target == BASE else f" ({setting.target})"
    amount = isinstance(setting.value, float)
    value = f"{setting.value:g} {lever.unit}" if amount else str(setting.value)
    size = "" if setting.size == "base" else f", {setting.size} effect"
    return f"{lever.title}{target}: {value}, {months.label(setting.date)}{size}"


def read_search(
    table: dict[str, Any], scenario: Scenario, outcomes: tuple[Outcome, ...]
) -> tuple[Search | None, list[str]]:
    """Read the [search] table of a study.

    Parameters
    ----------
    table : dict
        As TOML gives it: `generations`, `population`, `objectives` (names of outcomes), `within`
        (limits such as "paid <= 5000") and [[search.lever]] tables, each with a lever, its
        target, `date` (a month or a list of them), and either `values` or `low`, `high` and
        `step`; a switch is on or off unless told.
    outcomes : tuple of Outcome
        Of the study.

    Returns
    -------
    tuple
        The search, or None if anything is wrong, and every fault.
    """
    known = {outcome.name: outcome for outcome in outcomes}
    faults = [f"unknown key {shown(key)}{hint(key, KEYS)}; allowed: {listed(KEYS)}"
              for key in table if key not in KEYS]  # fmt: skip
    faults += _whole_faults(table, "generations", 1, LONGEST)
    faults += _whole_faults(table, "population", SMALLEST, LARGEST)
    faults += _objective_faults(table.get("objectives"), known)
    limits, wrong = _limits(table.get("within", []), known)
    faults = [f"[search]: {fault}" for fault in faults + wrong]
    levers, wrong = _levers(table.get("lever"), scenario)
    faults += wrong
    if faults:
        return None, faults
    objectives = tuple(known[name] for name in table["objectives"])
    search = Search(levers, objectives, limits, table["generations"], table["population"])
    if search.size() < search.population:
        few = f"there are only {search.size()} packages to choose from"
        return None, [f"[search]: key 'population': {few}; a smaller population, or every one as a "
                      "package of the study"]  # fmt: skip
    return search, []


def _whole_faults(table: dict[str, Any], key: str, least: int, most: int) -> list[str]:
    value = table.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return []
    told = f"{shown(value)} is not allowed" if key in table else "is missing"
    return [f"key '{key}'{':' if key in table else ''} {told}; a whole number, {least} to {most}"]


def _objective_faults(given: object, known: dict[str, Outcome]) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        return [f"key 'objectives' must be a list of names of outcomes; allowed: {listed(known)}"]
    faults = [f"key 'objectives': {_unknown(name, known)}" for name in given if name not in known]
    if not 1 <= len(given) <= MOST or len(set(given)) < len(given):
        faults.append(f"key 'objectives' must name 1 to {MOST} outcomes, each once")
    return faults


def _unknown(name: str, known: dict[str, Outcome]) -> str:
    return f"{shown(name)} is no outcome{hint(name, known)}; allowed: {listed(known)}"


def _limits(given: object, known: dict[str, Outcome]) -> tuple[tuple[Limit, ...], list[str]]:
    """Read what candidates must keep to."""
    example = 'a list such as ["paid <= 5000"]'
    if not isinstance(given, list):
        return (), [f"key 'within': {shown(given)} is not {example}"]
    limits, faults = [], []
    for text in given:
        parts = LIMIT.fullmatch(text) if isinstance(text, str) else None
        value = _number(parts[3]) if parts else None
        if parts is None or value is None:
            faults.append(f"key 'within': {shown(text)} is not an outcome, <= or >=, and a number; "
                          f"write {example}")  # fmt: skip
        elif parts[1] not in known:
            faults.append(f"key 'within': {_unknown(parts[1], known)}")
        else:
            limits.append(Limit(parts[1], BOUNDS[parts[2]], value))
    return tuple(limits), faults


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _levers(rows: object, scenario: Scenario) -> tuple[tuple[Choice, ...], list[str]]:
    """Read the [[search.lever]] tables."""
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        return (), ["[search]: no lever to search over; write each as a [[search.lever]] table"]
    found: list[Choice] = []
    faults: list[str] = []
    taken: dict[tuple[str, str, int], int] = {}
    for n, row in enumerate(rows, 1):
        choice, wrong = _choice(row, scenario)
        if choice is not None:
            for date in choice.dates:
                first = taken.setdefault((choice.lever, choice.target, date), n)
                if first != n:
                    wrong.append(f"key 'date': [[search.lever]] {first} sets the same lever in "
                                 f"{months.label(date)} too")  # fmt: skip
            found.append(choice)
        faults += [f"[[search.lever]] {n}: {fault}" for fault in wrong]
    return tuple(found), faults


def _choice(row: dict[str, Any], scenario: Scenario) -> tuple[Choice | None, list[str]]:
    """Read what one lever may be set to, and when."""
    faults = [f"unknown key {shown(key)}{hint(key, LEVER_KEYS)}; allowed: {listed(LEVER_KEYS)}"
              for key in row if key not in LEVER_KEYS]  # fmt: skip
    values, wrong = _values(row)
    given = row.get("date")
    dates = given if isinstance(given, list) else [given]
    if not dates:
        wrong.append("key 'date': an empty list; give one month or several")
    if len({str(date) for date in dates}) < len(dates):
        wrong.append("key 'date': each month once")
    tried = [row.get("lever"), row.get("target"), row.get("size")]
    same = {key: value for key, value in zip(("lever", "target", "size"), tried, strict=True)
            if value is not None}  # fmt: skip
    settings = [
        same | {"value": value} | ({"date": date} if date is not None else {})
        for value, date in product(values or [OFF], dates)
    ]
    wrong += dict.fromkeys(fault for setting in settings for fault in _refused(setting, scenario))
    if faults or wrong:
        return None, faults + wrong
    return Choice(
        lever=row["lever"],
        target=row.get("target", BASE),
        dates=tuple(sorted(months.parse(str(date)) for date in dates)),
        values=tuple(v if isinstance(v, str) else float(v) for v in values),
        size=row.get("size", "base"),
        ordered="step" in row,
    ), []


def _refused(setting: dict[str, Any], scenario: Scenario) -> Iterator[str]:
    """Yield why a package would not take a setting."""
    try:
        read_package("", {"set": [setting]}, scenario, "")
    except PackageError as error:
        for line in str(error).splitlines():
            yield line.removeprefix(": [[set]] 1: ")


def _values(row: dict[str, Any]) -> tuple[list[Any], list[str]]:
    """Return what a lever may be set to: a list, or the steps of an amount."""
    given = [key for key in AMOUNT if key in row]
    if "values" in row:
        if given:
            return [], [f"'values' or {listed(AMOUNT)}, not both"]
        values = row["values"]
        if not isinstance(values, list) or len(values) < 2:
            return [], ["key 'values' must be a list of two or more, such as [\"off\", 100, 300]"]
        if len({str(value) for value in values}) < len(values):
            return [], ["key 'values': each value once"]
        return values, []
    if given:
        return _steps(row)
    name = row.get("lever")
    lever = catalogue().get(name) if isinstance(name, str) else None
    if lever is None:
        return [], []  # is told already
    if lever.setting == "switch":
        return [OFF, ON], []
    wanted = "low, high and step" if lever.setting == "amount" else "values"
    return [], [f"give {wanted}: what lever '{lever.name}' may be set to"]


def _steps(row: dict[str, Any]) -> tuple[list[Any], list[str]]:
    """Return the values of an amount, from low to high by step."""
    wrong = [key for key in AMOUNT if not _is_number(row.get(key))]
    if wrong:
        return [], [f"key '{key}' must be a number: low, high and step go together"
                    for key in wrong]  # fmt: skip
    low, high, step = (float(row[key]) for key in AMOUNT)
    if step <= 0.0 or high <= low:
        return [], [f"low {low:g}, high {high:g}, step {step:g}: high above low, step above 0"]
    count = (high - low) / step
    if count > STEPS:
        return [], [f"key 'step': {count:,.0f} steps are too many; allowed: {STEPS:,}"]
    if abs(count - round(count)) > EPS * max(1.0, count):
        return [], [f"key 'step': from {low:g} to {high:g} is not a whole number of steps of "
                    f"{step:g}"]  # fmt: skip
    whole = round(count)
    return [round(low + (high - low) * n / whole, DECIMALS) for n in range(whole + 1)], []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
