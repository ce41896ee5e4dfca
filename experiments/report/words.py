"""How figures of a study are put into words: amounts, differences, intervals, shares."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from experiments.outcome import Outcome
from mobilize.compare import LEVEL
from mobilize.words import number

PARTS = ("share of", "fraction", "yes or no")  # units of figures that are told in per cent
ALONE = ("MUSD", "index", "ratio", "rung", "kg")  # units without a plural
PLURALS = {"body": "bodies", "battery": "batteries", "chassis": "chassis"}
MINUS, SPACE = "\u2212", "\u00a0"  # the space does not break
TEXT = 110  # characters of a text from a study inside a sentence


def in_parts(outcome: Outcome) -> bool:
    """Say whether an outcome is told in per cent."""
    return outcome.unit.startswith(PARTS)


def unit(outcome: Outcome) -> str:
    """Return the unit of an outcome as it stands behind an amount."""
    if in_parts(outcome):
        return "% of runs" if outcome.unit == "yes or no" else f"% ({outcome.unit})"
    if named := re.fullmatch(r"([a-z]+), (\S+)", outcome.unit):  # such as "rung, 0-6"
        return f"{named[1]}s ({named[2]})"
    if outcome.unit[:1].isdigit():
        return f"points ({outcome.unit})"
    first, _, rest = outcome.unit.partition(" ")
    if not first.isalpha() or first in ALONE or first.endswith("s"):
        return outcome.unit
    if rest in ("set",):
        return f"{outcome.unit}s"
    return f"{PLURALS.get(first, first + 's')} {rest}".strip()


def short_unit(outcome: Outcome) -> str:
    """Return the unit of an outcome inside a sentence."""
    return "%" if in_parts(outcome) else unit(outcome)


def scale(outcome: Outcome) -> float:
    """Return what a figure is multiplied with to be told."""
    return 100.0 if in_parts(outcome) else 1.0


def figure(value: float, outcome: Outcome) -> str:
    """Return a figure of an outcome without its unit; never scientific."""
    return number(value * scale(outcome)).replace("-", MINUS) if value == value else "-"


def signed(value: float, outcome: Outcome) -> str:
    """Return a difference with its sign, without its unit."""
    told = figure(abs(value), outcome)
    return told if told in ("-", "0") else f"{'+' if value > 0 else MINUS}{told}"


def between(low: float, high: float, outcome: Outcome, sign: bool = True) -> str:
    """Return an interval, or a dash where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "-"
    told = signed if sign else figure
    return f"{told(low, outcome)} to {told(high, outcome)}"


def gap_unit(outcome: Outcome) -> str:
    """Return the unit of a difference inside a sentence."""
    return "percentage points" if in_parts(outcome) else unit(outcome)


def percent(share: float) -> str:
    """Return a share in per cent; what is almost none or all is not rounded to it.

    >>> [percent(v).replace(SPACE, " ") for v in (0.823, 0.9996, 1.0, float("nan"))]
    ['82 %', '>99 %', '100 %', '-']
    """
    if share != share:
        return "-"
    told = f"{100.0 * share:.0f}"
    if told == "0" and share > 0.0:
        return f"<1{SPACE}%"
    return f">99{SPACE}%" if told == "100" and share < 1.0 else f"{told}{SPACE}%"


def percents(low: float, high: float) -> str:
    """Return an interval of shares."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "-"
    return f"{percent(low)[:-2]} to {percent(high)}"


def level(share: float = LEVEL) -> str:
    """Return the level of intervals."""
    return f"{100.0 * share:.0f}{SPACE}%"


def count(number: int, word: str, words: str = "") -> str:
    """Return how many there are of something.

    >>> count(1, "future"), count(2560, "future")
    ('1 future', '2,560 futures')
    """
    return f"{number:,} {word if number == 1 else words or word + 's'}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words with commas, and a word before the last.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    words = list(words)
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def quoted(text: str, most: int = TEXT) -> str:
    """Return a title from a study in quotes, on one line and cut."""
    return f"\u201c{cut(text, most)}\u201d"


def cut(text: str, most: int) -> str:
    """Return a text on one line, cut."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}\u2026"


def some(words: Sequence[str], most: int) -> str:
    """Return some words, and how many more there are."""
    told = list(words[:most])
    return listed(told) if len(words) <= most else f"{', '.join(told)} and {len(words) - most} more"
