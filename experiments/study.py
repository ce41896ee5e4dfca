"""Study files: one question, in TOML, read and checked with all faults at once.

A study names a scenario, the packages it compares, what is uncertain, what counts, and where in
the uncertain it looks. Its hash is taken over what all that means, the content of the scenario and
the packages included; comments, titles and the order of keys do not count.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.designs import Design, Place, read_design
from experiments.factor import Factor
from experiments.factors import read_factors
from experiments.measures import read_outcomes
from experiments.outcome import Outcome
from experiments.search import Search
from experiments.space import read_search
from mobilize.scenario import Scenario, ScenarioError, load, months
from mobilize.scenario.faults import hint, shown
from policies.package import Package, PackageError, load_package, no_package, read_package

FOLDER = Path(__file__).parent / "studies"
BASELINE = "baseline"
TOP = (
    *("title", "question", "scenario", "months", "seed", "worlds", "baseline"),
    *("package", "factors", "factor", "outcome", "design", "search", "small"),
)
PACKAGE = ("name", "title", "use", "set")
FACTORS = ("every", "leave")
SMALL = {"worlds": 2, "points": 4, "trajectories": 2, "levels": 2, "generations": 2,
         "population": 4}  # fmt: skip
"""What `small` makes of a study that does not say so itself: enough to see that all of it works."""
MOST_SEED = 2**32 - 1


class StudyError(Exception):
    """A study that cannot be run; the text lists every fault."""


@dataclass(frozen=True)
class Study:
    """A question, and all that its answer depends on.

    `packages` begins with the baseline; `worlds` counts the replications at the nominal point.
    `text` is the file as it was written.
    """

    name: str
    title: str
    question: str
    scenario: Scenario
    months: int
    seed: int
    worlds: int
    packages: tuple[Package, ...]
    factors: tuple[Factor, ...]
    outcomes: tuple[Outcome, ...]
    design: Design
    search: Search | None
    text: str = ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the results follow from."""
        return hashlib.sha256(json.dumps(self.content(), sort_keys=True).encode()).hexdigest()

    @property
    def folder_name(self) -> str:
        """Return the name of its results: its own, and the beginning of its hash."""
        return f"{self.name}-{self.digest[:8]}"

    @cached_property
    def places(self) -> list[Place]:
        """Return the points of the design, the nominal one first."""
        return self.design.places([len(f.words) for f in self.factors], self.seed)

    @property
    def points(self) -> int:
        """Return how many points there are."""
        return self.design.count([len(f.words) for f in self.factors])

    @property
    def pairs(self) -> int:
        """Return how many times the packages meet: replications at all points."""
        return self.worlds + (self.points - 1) * self.design.worlds

    def values(self, point: int) -> dict[str, float | str]:
        """Return the value of each factor at a point, in its unit."""
        return {
            f.name: f.of_base() if u != u else f.at(u)
            for f, u in zip(self.factors, self.places[point].at, strict=True)
        }

    def content(self) -> dict[str, Any]:
        """Return what the results follow from, as plain data."""
        told = ("title", "source", "confidence")  # of a factor: words about it
        return {
            "scenario": self.scenario.digest,
            "months": self.months,
            "seed": self.seed,
            "worlds": self.worlds,
            "packages": [[p.name, p.digest] for p in self.packages],
            "factors": [
                {k: v for k, v in asdict(f).items() if k not in told} for f in self.factors
            ],
            "outcomes": [
                {k: v for k, v in asdict(o).items() if k != "title"} for o in self.outcomes
            ],
            "design": asdict(self.design),
            "search": asdict(self.search) if self.search else None,
        }


def shipped() -> list[str]:
    """Return the names of the studies that come with Mobilize."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_study(source: str | Path, small: bool = False) -> Study:
    """Read a study by name or path.

    Parameters
    ----------
    small : bool
        Make it as small as its ``[small]`` table says: another study, to see that it works.

    Raises
    ------
    StudyError
        With every fault found.
    """
    path = Path(str(source).replace("\0", "?"))
    if path.suffix != ".toml":
        path = FOLDER / f"{source}.toml"
    if not path.is_file():
        names = shipped()
        raise StudyError(
            f"{source}: no such study{hint(str(source), names)}; shipped are {', '.join(names)}, "
            "or give a .toml file"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(
            f"{path.name}: not readable as TOML: byte {error.start} is not UTF-8; save it as UTF-8"
        ) from error
    except OSError as error:
        raise StudyError(f"{path.name}: cannot be read: {error.strerror}") from error
    return read_study(path.stem, text, path.parent, small)


def read_study(name: str, text: str, folder: Path, small: bool = False) -> Study:
    """Read the text of a study; files that it names are looked for beside `folder`.

    Raises
    ------
    StudyError
        With every fault found.
    """
    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudyError(f"{name}.toml: not readable as TOML: {error}") from error
    faults = _small_faults(given.get("small", {}))
    if small and not faults:
        name, given = f"{name}-small", _made_small(given)
    reader = _Reader(given, folder)
    study = reader.study(name, text)
    faults = reader.faults + faults
    if faults or study is None:
        lines = [line for fault in faults for line in fault.split("\n")]
        raise StudyError("\n".join(f"{name}.toml: {line}" for line in lines))
    return study


def _small_faults(given: object) -> list[str]:
    if not isinstance(given, dict):
        return ["[small] must be a table of keys, such as worlds = 2"]
    faults = [
        f"[small]: key {shown(key)} is unknown{hint(key, SMALL)}; allowed: {', '.join(SMALL)}"
        for key in given
        if key not in SMALL
    ]
    return faults + [
        f"[small]: {key} {shown(value)}; allowed: a whole number, at least 1"
        for key, value in given.items()
        if key in SMALL and (not isinstance(value, int) or isinstance(value, bool) or value < 1)
    ]


def _made_small(given: dict[str, Any]) -> dict[str, Any]:
    """Return a study with the sizes of its ``[small]`` table, where it has such sizes."""
    sizes = SMALL | given.get("small", {})
    made = given | {"worlds": sizes["worlds"]}
    for part, keys in (
        ("design", ("worlds", "points", "levels", "trajectories")),
        ("search", ("generations", "population")),
    ):
        table = given.get(part)
        if isinstance(table, dict):
            made[part] = table | {key: sizes[key] for key in keys if key in table}
    return made


class _Reader:
    """Reads a study's tables one after the other and gathers faults."""

    def __init__(self, given: dict[str, Any], folder: Path) -> None:
        self.given, self.folder = given, folder
        self.faults = [
            f"key {shown(key)} is unknown{hint(key, TOP)}; allowed: {', '.join(TOP)}"
            for key in given
            if key not in TOP
        ]

    def study(self, name: str, text: str) -> Study | None:
        """Return the study, or None where nothing can be said without its scenario."""
        title, question = self._text("title"), self._text("question")
        scenario = self._scenario()
        worlds = self._whole("worlds", 1, 1_000_000, None)
        if scenario is None:
            return None
        length = self._whole("months", 1, scenario.horizon, scenario.horizon)
        seed = self._whole("seed", 0, MOST_SEED, scenario.seed)
        packages = self._packages(scenario)
        outcomes, wrong = read_outcomes(self._tables("outcome"), scenario, length)
        self.faults += wrong
        if not self._tables("outcome"):
            self.faults.append("no [[outcome]]: a study needs at least one figure that counts")
        every, leave = self._every()
        search = self._search(scenario, outcomes)
        factors, wrong = read_factors(self._tables("factor"), every, scenario, packages, leave)
        self.faults += wrong
        asked = [0] * (len(self._tables("factor")) + len(every))  # while what they are is not known
        words = asked if wrong else [len(f.words) for f in factors]
        design, wrong = read_design(self.given.get("design", {}), words)
        self.faults += wrong
        if not wrong and "worlds" not in self.given.get("design", {}):
            design = replace(design, worlds=worlds)
        return Study(name, title, question, scenario, length, seed, worlds, packages, factors,
                     outcomes, design, search, text)  # fmt: skip

    def _text(self, key: str) -> str:
        value = self.given.get(key)
        if not isinstance(value, str) or not value.strip():
            said = "is missing" if value is None else f"{shown(value)} is not text"
            self.faults.append(f"key '{key}' {said}; write it in quotes")
            return ""
        return value.strip()

    def _whole(self, key: str, least: int, most: int, default: int | None) -> int:
        value = self.given.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        said = "is missing" if value is None else f"{shown(value)} cannot be"
        self.faults.append(f"key '{key}' {said}; allowed: a whole number, {least} to {most:,}")
        return least

    def _tables(self, key: str) -> list[dict[str, Any]]:
        rows = self.given.get(key, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        fault = f"'{key}' must be written as [[{key}]] tables"
        if fault not in self.faults:
            self.faults.append(fault)
        return []

    def _scenario(self) -> Scenario | None:
        name = self._text("scenario")
        if not name:
            return None
        beside = self.folder / name
        try:
            return load(beside if (beside / "scenario.toml").is_file() else name)
        except ScenarioError as error:
            self.faults.append(f"scenario: {error}")
            return None

    def _packages(self, scenario: Scenario) -> tuple[Package, ...]:
        """Return the packages, the baseline first."""
        found: dict[str, Package] = {}
        for n, row in enumerate(self._tables("package"), 1):
            place = f"[[package]] {n}"
            package = self._package(row, scenario, place)
            if package is None:
                continue
            if package.name in found:
                self.faults.append(f"{place}: name '{package.name}' is taken; give another")
            found.setdefault(package.name, package)
        base = self.given.get("baseline", BASELINE)
        if base == BASELINE:
            found.setdefault(BASELINE, no_package())
        if not isinstance(base, str) or base not in found:
            self.faults.append(
                f"baseline {shown(base)} is no package of the study{hint(str(base), found)}; "
                f"allowed: {', '.join(found)}"
            )
            return tuple(found.values())
        self._alike(found)
        return (found.pop(base), *found.values())

    def _package(self, row: dict[str, Any], scenario: Scenario, place: str) -> Package | None:
        """Return a package made of shipped ones, files and settings of its own."""
        wrong = [
            f"{place}: key {shown(key)} is unknown{hint(key, PACKAGE)}; "
            f"allowed: {', '.join(PACKAGE)}"
            for key in row
            if key not in PACKAGE
        ]
        name, title = row.get("name"), row.get("title")
        for key, value in (("name", name), ("title", title)):
            if not isinstance(value, str) or not value.strip():
                said = "is missing" if value is None else f"{shown(value)} is not text"
                wrong.append(f"{place}: key '{key}' {said}; write it in quotes")
        if isinstance(name, str) and "\n" in name:
            wrong.append(f"{place}: name {shown(name)} has more than one line")
        used = row.get("use", [])
        used = [used] if isinstance(used, str) else used
        if not isinstance(used, list) or not all(isinstance(u, str) for u in used):
            wrong.append(f"{place}: use {shown(used)}; allowed: the name of a shipped package, "
                         "a .toml file beside the study, or a list of them")  # fmt: skip
            used = []
        parts = []
        for source in used:
            try:
                beside = self.folder / source
                parts.append(load_package(beside if beside.is_file() else source, scenario))
            except PackageError as error:
                wrong.append(f"{place}: {error}")
        try:
            own = read_package(str(name), {"set": row.get("set", [])}, scenario, place).settings
        except PackageError as error:
            wrong += str(error).split("\n")
            own = ()
        self.faults += wrong
        if wrong:
            return None
        whole = [*(s for part in parts for s in part.settings), *own]
        twice = {(s.date, s.lever, s.target) for s in whole}
        if len(twice) < len(whole):
            self.faults.append(f"{place}: what it uses and sets moves a lever twice on one target "
                               "in one month; allowed: once")  # fmt: skip
            return None
        return Package(str(name), str(title), tuple(sorted(whole, key=lambda s: s.date)))

    def _alike(self, found: dict[str, Package]) -> None:
        """Tell of packages that do the same: a study of them compares nothing."""
        first: dict[str, str] = {}
        for name, package in found.items():
            other = first.setdefault(package.digest, name)
            if other != name:
                self.faults.append(f"packages '{other}' and '{name}' do the same; leave one out")

    def _every(self) -> tuple[list[str], list[str]]:
        given = self.given.get("factors", {})
        if not isinstance(given, dict):
            self.faults.append("[factors] must be a table of keys, such as every = ['notional']")
            return [], []
        self.faults += [
            f"[factors]: key {shown(key)} is unknown{hint(key, FACTORS)}; "
            f"allowed: {', '.join(FACTORS)}"
            for key in given
            if key not in FACTORS
        ]
        lists = []
        for key in FACTORS:
            value = given.get(key, [])
            if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                self.faults.append(f"[factors]: {key} {shown(value)}; allowed: a list of words")
                value = []
            lists.append(value)
        return lists[0], lists[1]

    def _search(self, scenario: Scenario, outcomes: tuple[Outcome, ...]) -> Search | None:
        if "search" not in self.given:
            return None
        table = self.given["search"]
        if not isinstance(table, dict):
            self.faults.append("'search' must be written as a [search] table")
            return None
        search, wrong = read_search(table, scenario, outcomes)
        self.faults += wrong
        return search


def window(study: Study, outcome: Outcome) -> str:
    """Return the window of an outcome in words, such as ``2026-07 to 2030-06``."""
    start = study.scenario.start
    first, last = (months.label(start + m) for m in (outcome.first, outcome.last))
    return first if first == last else f"{first} to {last}"
