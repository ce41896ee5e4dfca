"""What a study asks to vary: its factors, read and checked against the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from experiments.catalogue import MINDSET, OF_OPPORTUNITY, catalogue, together
from experiments.factor import CONFIDENCES, SHAPES, Factor, usual_shape
from experiments.movable import Movable, cells, keys, movable
from mobilize.conflicts import reference
from mobilize.scenario import Scenario
from mobilize.scenario.faults import hint, listed
from policies.levers import catalogue as levers
from policies.package import Package

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["catalogue", "describe", "read_factors"]

KEYS = ("name", "varies", "low", "base", "high", "shape", "words", "unit", "source", "confidence",
        "title", "rows", "only")  # fmt: skip
NUMBERS = ("low", "base", "high")
RESERVED = ("point", "block", "row")  # columns of the design's table
TEXTS = ("name", "varies", "unit", "source", "confidence", "title", "rows")


def read_factors(
    asked: Sequence[dict[str, Any]],
    every: Sequence[str],
    scenario: Scenario,
    packages: Sequence[Package] = (),
    leave: Sequence[str] = (),
) -> tuple[tuple[Factor, ...], list[str]]:
    """
    Return the factors of a study, and all that is wrong with what it asks for.

    Parameters
    ----------
    asked : sequence of dict
        Rows of ``[[factor]]``. A row takes the place of what `every` brings of its address.
    every : sequence of str
        Confidences: all of the catalogue that rests on them varies; of a table, the figures of
        these confidences alone.
    leave : sequence of str
        Addresses, or patterns of them, that `every` leaves out.

    Returns
    -------
    tuple of Factor
        Those asked for in their order, then those of `every`.
    list of str
        Faults; with any of them the factors are not to be used.
    """
    known = catalogue(scenario, packages)
    found, faults = [], []
    for number, row in enumerate(asked, 1):
        factor, wrong = _factor(row, known, scenario)
        faults += [f"[[factor]] {number}: {fault}" for fault in wrong]
        if factor is not None and not wrong:
            found.append(factor)
    faults += _twice(found, scenario)
    taken = {factor.varies for factor in found}
    faults += [f"every: {word!r} is no confidence; allowed: {listed(CONFIDENCES)}"
               for word in every if word not in CONFIDENCES]  # fmt: skip
    all_of, used = _every(every, scenario, known), set()
    for factor in all_of:
        named = [pattern for pattern in leave if fnmatchcase(factor.varies, pattern)]
        used |= set(named)
        if not named and factor.varies not in taken:
            found.append(factor)
    faults += [f"leave: {pattern!r} leaves out nothing that 'every' brings"
               for pattern in leave if pattern not in used]  # fmt: skip
    return tuple(found), faults


def _every(every: Sequence[str], scenario: Scenario, known: dict[str, Factor]) -> Iterator[Factor]:
    """Yield all of the catalogue of some confidences."""
    only = tuple(word for word in CONFIDENCES if word in every)
    for address, factor in known.items():
        if address in movable():
            some = together(scenario, movable()[address], "*", only) if only else None
            if some is not None:
                yield some
        elif factor.confidence in only:
            yield factor


def _factor(
    row: dict[str, Any], known: dict[str, Factor], scenario: Scenario
) -> tuple[Factor | None, list[str]]:
    """Return the factor of one row, and what is wrong with the row."""
    faults = [f"unknown key {key!r}{hint(key, KEYS)}; allowed: {listed(KEYS)}"
              for key in row if key not in KEYS]  # fmt: skip
    faults += list(_wrong_types(row))
    address = row.get("varies")
    if address is None:
        return None, [*faults, "the key 'varies' is missing; allowed: an address of the catalogue"]
    if not isinstance(address, str) or address not in known:
        return None, [*faults, _unknown(address, known, scenario)]
    if faults:
        return None, faults
    own = known[address]
    factor = replace(own, name=row.get("name", address), title=row.get("title", own.title))
    if address in movable():
        some = together(scenario, movable()[address], row.get("rows", "*"),
                         tuple(row.get("only", ())))  # fmt: skip
        if some is None:
            return None, [_no_cells(row, scenario, movable()[address])]
        factor = replace(some, name=factor.name, title=factor.title)
    else:
        faults += [f"{key}: {address} is one figure; leave the key out"
                   for key in ("rows", "only") if key in row]  # fmt: skip
    if own.words:
        return _worded(factor, row, faults)
    return _ranged(factor, own, row, faults)


def _wrong_types(row: dict[str, Any]) -> Iterator[str]:
    """Yield what of a row is not of its type."""
    for key in (key for key in NUMBERS if key in row):
        value = row[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            yield f"{key} {value!r} is not a number without quotes"
    for key in (key for key in TEXTS if key in row):
        if not isinstance(row[key], str) or not row[key].strip():
            yield f"{key} {row[key]!r} is not a text in quotes"
    if row.get("name") in RESERVED or str(row.get("name")).startswith("u:"):
        yield f"name {row['name']!r} is a column of the design already; give it another"
    for key in (key for key in ("words", "only") if key in row):
        value = row[key]
        if not isinstance(value, list) or not value or not all(isinstance(w, str) for w in value):
            yield f"{key} {value!r} is not a list of words in quotes"
        elif key == "only" and not set(value) <= set(CONFIDENCES):
            yield f"only {value!r}: not all confidences; allowed: {listed(CONFIDENCES)}"
    if row.get("shape", SHAPES[0]) not in SHAPES:
        yield f"shape {row['shape']!r} is not one of {listed(SHAPES)}"
    word = row.get("confidence", CONFIDENCES[0])
    if isinstance(word, str) and word not in CONFIDENCES:
        yield f"confidence {word!r} is not one of {listed(CONFIDENCES)}"


def _unknown(address: object, known: dict[str, Factor], scenario: Scenario) -> str:
    """Return why an address cannot vary here."""
    if not isinstance(address, str):
        return f"varies {address!r} is not a text in quotes"
    kind, _, name = address.partition(":")
    if kind in ("lever", "onset") and name in levers():
        return f"varies {address!r}: no package of the study sets it to a value with a range"
    if address == MINDSET or kind == "challenger":
        acts = scenario.challenger is not None and scenario.challenger.acts
        if reference(scenario) is None or (not acts and address in (MINDSET, OF_OPPORTUNITY)):
            need = "a challenger that acts" if reference(scenario) else "a conflict with need_days"
            return f"varies {address!r}: it would change nothing; {scenario.name} lacks {need}"
    if address in movable():
        return f"varies {address!r}: {scenario.name} has no such figures that could move"
    near = [other for other in known if other.startswith(f"{kind}:")]
    kinds = sorted({other.partition(":")[0] for other in known})
    allowed = f"{len(near)} addresses {kind}:..." if near else f"an address {listed(kinds)}"
    return f"varies {address!r} is unknown{hint(address, list(known))}; allowed: {allowed}"


def _no_cells(row: dict[str, Any], scenario: Scenario, kind: Movable) -> str:
    """Return why a row chooses no figures."""
    pattern = row.get("rows", "*")
    names = keys(scenario, kind.of)
    if not any(fnmatchcase(name, pattern) for name in names):
        return f"rows {pattern!r} matches none of {kind.of}; such as: {listed(names[:4])}"
    return f"none of the figures chosen by rows and only would move ({kind.address})"


def _worded(
    factor: Factor, row: dict[str, Any], faults: list[str]
) -> tuple[Factor | None, list[str]]:
    """Return a factor that takes words, with those that the row chooses."""
    faults += [f"{key}: {factor.varies} takes words; leave the key out"
               for key in (*NUMBERS, "shape", "unit") if key in row]  # fmt: skip
    words = tuple(row.get("words", factor.words))
    faults += [f"words: {word!r} is not one of {listed(factor.words)}"
               for word in words if word not in factor.words]  # fmt: skip
    if len(set(words)) != len(words) or len(words) < 2:
        faults.append("words: at least two, each once")
    evidence = {key: row[key] for key in ("source", "confidence") if key in row}
    return replace(factor, words=words, high=len(words) - 1.0, **evidence), faults


def _ranged(
    factor: Factor, own: Factor, row: dict[str, Any], faults: list[str]
) -> tuple[Factor | None, list[str]]:
    """Return a factor with the range that the row gives it, checked."""
    if "words" in row:
        faults.append(f"words: {factor.varies} takes numbers; leave the key out")
    low, base, high = (float(row.get(key, getattr(own, key))) for key in NUMBERS)
    allowed = f"{own.low:g} to {own.high:g} {own.unit}"
    outside = [key for key in NUMBERS if key in row and not own.low <= row[key] <= own.high]
    faults += [f"{key} {row[key]:g} lies outside {allowed}" for key in outside]
    if not low < high:
        faults.append(f"low {low:g} is not below high {high:g}")
    elif not low <= base <= high:
        told = "" if "base" in row else "; the scenario's own lies outside: give base too"
        faults.append(f"base {base:g} lies outside {low:g} to {high:g}{told}")
    shape = row.get("shape", usual_shape(low, high))
    if shape == "log-uniform" and low <= 0.0:
        faults.append(f"shape log-uniform needs low above 0, not {low:g}")
    if (low, base, high) != (own.low, own.base, own.high):
        faults += [f"the key '{key}' is missing: the range is not the data's own ({allowed})"
                   for key in ("source", "confidence") if key not in row]  # fmt: skip
    evidence = {key: row[key] for key in ("unit", "source", "confidence") if key in row}
    return replace(factor, low=low, base=base, high=high, shape=shape, **evidence), faults


def _twice(found: Sequence[Factor], scenario: Scenario) -> Iterator[str]:
    """Yield a fault for factors of one name, and for figures that two factors would move."""
    for n, factor in enumerate(found):
        for other in found[:n]:
            if factor.name == other.name:
                yield f"two factors are called {factor.name!r}; give each a name of its own"
            if factor.varies == other.varies and _overlap(factor, other, scenario):
                yield f"{factor.name!r} and {other.name!r} move the same figures"


def _overlap(one: Factor, other: Factor, scenario: Scenario) -> bool:
    if one.varies not in movable():
        return True
    places = [{(part.column, row) for part in cells(scenario, f.varies, f.rows, f.only)
               for row in part.rows.tolist()} for f in (one, other)]  # fmt: skip
    return bool(places[0] & places[1])


def describe(factors: Sequence[Factor]) -> pd.DataFrame:
    """
    Return one row a factor, for reports.

    Returns
    -------
    DataFrame
        Columns name, title, varies, unit, low, base, high, shape, words, confidence, source.
    """
    import pandas as pd

    columns = ("name", "title", "varies", "unit", "low", "base", "high", "shape", "confidence",
               "source")  # fmt: skip
    rows = [{name: getattr(factor, name) for name in columns}
            | {"words": ", ".join(factor.words)} for factor in factors]  # fmt: skip
    return pd.DataFrame(rows, columns=[*columns[:8], "words", *columns[8:]])
