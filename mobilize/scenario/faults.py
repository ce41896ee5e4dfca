"""What is wrong with a scenario, said to the person who must mend it."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

SHOWN_PER_FILE = 20
"""Faults of one file that an error message spells out."""

_SHOWN_CHARACTERS = 40
_HINT_CANDIDATES = 2_000
_HINTS = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One thing wrong with a scenario.

    Parameters
    ----------
    file : str
        File of the scenario folder, or the folder itself.
    row : int or None
        Row as a spreadsheet shows it (the header is 1); in a TOML file the line.
    column : str or None
        Column, or in a TOML file the key.
    problem, allowed : str
        What is wrong, and what would be right.
    """

    file: str
    row: int | None
    column: str | None
    problem: str
    allowed: str = ""

    def __str__(self) -> str:
        toml = self.file.endswith(".toml")
        row = f" {'line' if toml else 'row'} {self.row}" if self.row is not None else ""
        column = f", {'key' if toml else 'column'} '{self.column}'" if self.column else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{self.file}{row}{column}: {self.problem}{allowed}"


class ScenarioError(ValueError):
    """A scenario that cannot be used; `faults` holds every reason."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        counts = Counter(fault.file for fault in self.faults)
        lines = [line for file in counts for line in _listed(self.faults, file)]
        return "\n".join([*lines, _total(counts)])


def _listed(faults: Sequence[Fault], file: str) -> Iterator[str]:
    here = [fault for fault in faults if fault.file == file]
    yield from map(str, here[:SHOWN_PER_FILE])
    if len(here) > SHOWN_PER_FILE:
        yield f"and {len(here) - SHOWN_PER_FILE:,} more in {file}"


def _total(counts: Counter[str]) -> str:
    total = counts.total()
    faults = "1 fault" if total == 1 else f"{total:,} faults"
    return (
        f"{faults} in {next(iter(counts))}"
        if len(counts) == 1
        else (f"{faults} in {len(counts)} files")
    )


def shown(text: object) -> str:
    """Quote what was found, short and without control characters."""
    try:
        written = str(text)
    except (ValueError, RecursionError):  # thousands of digits, thousands of nested tables
        return "this"
    if len(written) > _SHOWN_CHARACTERS:
        return f"{written[:_SHOWN_CHARACTERS]!r}... ({len(written):,} characters)"
    return repr(written)


def listed(choices: Iterable[str], most: int = 30) -> str:
    """Join allowed words, cutting a long list short."""
    words = list(choices)
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


class Hints:
    """
    The nearest allowed word, as `` (did you mean 'rate_max'?)``, or nothing.

    Searching costs time, so after some hundred misses it stops: nobody reads that far.
    """

    def __init__(self, candidates: Iterable[str]) -> None:
        self._words = candidates
        self._left = _HINTS

    @cached_property
    def _by_folded(self) -> dict[str, str]:
        return {word.casefold(): word for word in sorted(self._words)}

    def __call__(self, word: str) -> str:
        """Return the hint for one unknown word."""
        if self._left <= 0 or not 0 < len(word) <= 60:
            return ""
        self._left -= 1
        folded = word.casefold()
        near = difflib.get_close_matches(folded, self._candidates(folded), n=1, cutoff=0.5)
        return f" (did you mean '{self._by_folded[near[0]]}'?)" if near else ""

    def _candidates(self, folded: str) -> list[str]:
        if len(self._by_folded) <= _HINT_CANDIDATES:
            return list(self._by_folded)
        self._left -= 9  # a search among many costs more
        alike = [word for word in self._by_folded if word[:2] == folded[:2]]
        return alike[:_HINT_CANDIDATES]


def hint(word: str, candidates: Iterable[str]) -> str:
    """
    Name the nearest allowed word.

    Examples
    --------
    >>> hint("rate_mx", ["msr", "rate_max"])
    " (did you mean 'rate_max'?)"
    >>> hint("zzz", ["msr"])
    ''
    """
    return Hints(candidates)(word)
