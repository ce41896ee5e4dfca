"""Lessons read from TOML and checked: all faults at once, none half accepted.

A lesson is a file of ``mobilize/lessons/library`` or of one's own; its scenario is one of
``mobilize/lessons/scenarios`` by name, a shipped one, or a folder beside the file.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path

from mobilize.game.interventions import read_intervention
from mobilize.lessons.ask import read_question
from mobilize.lessons.keys import Faults, LessonError, Table, unique
from mobilize.lessons.lesson import (
    ASPECTS,
    STEPS,
    TEAM,
    Aspect,
    Case,
    Lesson,
    Objective,
    OpenLever,
    Part,
    Question,
    Source,
    Step,
)
from mobilize.lessons.words import catalogue_sources, course_objectives, glossary
from mobilize.lessons.worlds import NONE, OWN
from mobilize.scenario import Scenario, ScenarioError
from mobilize.scenario import load as load_scenario
from mobilize.scenario.faults import hint, listed, shown
from policies.levers import Lever, catalogue
from policies.package import BASE, PackageError, Setting, read_package
from policies.targets import targets

FOLDER = Path(__file__).parent / "library"
STUDIES = Path(__file__).parent / "studies"
SCENARIOS = Path(__file__).parent / "scenarios"
CONFIDENCES = ("documented", "estimate", "unverified", "notional")
FIRST_LEVERS = 5  # levers that may be open in the first step in which something is decided
MOST = 60  # levers that a team may be let set in a step
LARGEST = 1e6  # MUSD that a team may be let give out in a step
LONGEST = 20 * 60  # minutes of a lesson: a week of homework, twenty hours


def shipped() -> list[str]:
    """Return the names of the lessons that come with Mobilize."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def study_file(name: str, folder: Path = FOLDER) -> Path:
    """Return the file of a batch study of a lesson: beside it, or among those shipped with it."""
    own = folder / f"{name}.toml"
    return own if own.is_file() and folder != FOLDER else STUDIES / f"{name}.toml"


def load_lesson(source: str | Path) -> Lesson:
    """Read a lesson by name or path.

    Raises
    ------
    LessonError
        With every fault found.
    """
    path = Path(str(source).replace("\0", "?"))
    if path.suffix != ".toml":
        path = FOLDER / f"{source}.toml"
    if not path.is_file():
        names = shipped()
        raise LessonError(
            f"{source}: no such lesson{hint(str(source), names)}; shipped are {', '.join(names)}, "
            "or give a .toml file"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LessonError(
            f"{path.name}: not readable as TOML: byte {error.start} is not UTF-8; save it as UTF-8"
        ) from error
    except OSError as error:
        raise LessonError(f"{path.name}: cannot be read: {error.strerror}") from error
    return read_lesson(path.stem, text, path.parent)


@cache
def lesson(name: str) -> Lesson:
    """Return a shipped lesson, read once a process."""
    return load_lesson(name)


def read_lesson(name: str, text: str, folder: Path = FOLDER) -> Lesson:
    """Read the text of a lesson; a scenario or study of its own is looked for beside `folder`.

    Raises
    ------
    LessonError
        With every fault found.
    """
    file = f"{name}.toml"
    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LessonError(f"{file}: not readable as TOML: {error}") from error
    faults = Faults(file)
    top = Table(given, "", faults)
    scenario = _scenario(top, folder)
    if scenario is None:
        faults.check()
        raise LessonError(f"{file}: no scenario")
    found = _Reader(top, scenario, folder).lesson(name, text)
    faults.check()
    return found


def _scenario(top: Table, folder: Path) -> Scenario | None:
    name = top.text("scenario")
    if not name:
        return None
    places = [place / name for place in (folder, SCENARIOS)]
    own = [place for place in places if (place / "scenario.toml").is_file()]
    try:
        return load_scenario(own[0] if own else name)
    except ScenarioError as error:
        for line in str(error).split("\n"):
            top.wrong("scenario", line)
        return None


class _Reader:
    """Reads the tables of a lesson, those that others name first."""

    def __init__(self, top: Table, scenario: Scenario, folder: Path) -> None:
        self.top, self.scenario, self.folder = top, scenario, folder

    def lesson(self, name: str, text: str) -> Lesson:
        """Return the lesson; where faults were found it is not to be used."""
        top = self.top
        minutes = top.integer("minutes", 10, LONGEST)
        sources = tuple(map(self._source, top.tables("source", "id")))
        parts = tuple(map(self._part, top.tables("part")))
        objectives = tuple(map(self._objective, top.tables("objective")))
        cases = tuple(map(self._case, top.tables("case")))
        self.names = {
            "part": [p.name for p in parts],
            "objective": [o.name for o in objectives],
            "case": [NONE, OWN, *(c.name for c in cases)],
            "source": [*(s.id for s in sources), *catalogue_sources()],
        }
        steps = tuple(map(self._step, top.tables("step")))
        shares = self._shares()
        opening = self._settings(top, "opening")
        reason_first = top.truth("reason_first", False)
        found = Lesson(
            name, top.text("title"), top.text("summary"), minutes, self.scenario,
            top.integer("turn", 1, 24), top.integer("seed", 0, 2**32 - 1, self.scenario.seed),
            top.integer("world", 0, 10**6, 0), opening, parts, objectives, steps, cases, shares,
            reason_first, sources, top.texts("notional"),
            top.text("handout", "") or top.text("title"), self._study(),
            hashlib.sha256((self.scenario.digest + text).encode()).hexdigest(),
            top.truth("homework", False),
        )  # fmt: skip
        self._whole(found)
        top.done()
        return found

    def _source(self, row: Table) -> Source:
        found = Source(row.text("id"), row.text("text"), row.one_of("confidence", CONFIDENCES))
        row.done()
        return found

    def _part(self, row: Table) -> Part:
        found = Part(row.text("name"), row.text("title"), row.text("told"), row.text("work"))
        row.done()
        return found

    def _objective(self, row: Table) -> Objective:
        numbers = course_objectives()
        found = Objective(
            row.text("name"),
            row.text("text"),
            row.integer("policy", min(numbers), max(numbers)),
            row.words("terms", glossary()),
            row.words("levers", catalogue()),
        )
        if not found.terms:
            row.wrong("terms", "is empty", "at least one term of the course")
        if not found.levers:
            row.wrong("levers", "is empty", "at least one lever, whose evidence stands behind it")
        row.done()
        return found

    def _case(self, row: Table) -> Case:
        name = row.text("name")
        if name in (NONE, OWN):
            row.wrong("name", f"{shown(name)} is there already", "another name")
        acts = []
        for act in row.tables("acts", "kind"):
            one, wrong = read_intervention(dict(act.row), self.scenario, self.scenario.start)
            for fault in wrong:
                act.faults.add(act.place, fault)
            acts += [one] if one is not None else []
        settings = self._settings(row, "set")
        if not settings and not row.any("set") and not row.any("acts"):
            row.wrong("set", "is missing", "settings, or acts")
        found = Case(name, row.text("title"), settings, tuple(acts))
        row.done()
        return found

    def _settings(self, row: Table, key: str) -> tuple[Setting, ...]:
        """Return dated settings of levers, written as in packages."""
        given = row.any(key)
        if given is None:
            return ()
        try:
            return read_package("case", {"set": given}, self.scenario, "case").settings
        except PackageError as error:
            for line in str(error).split("\n"):
                row.wrong(key, line.removeprefix("case: "))
            return ()

    def _step(self, row: Table) -> Step:
        kind = row.one_of("kind", STEPS)
        questions = [read_question(q, self.scenario, self.names) for q in row.tables("question")]
        levers = [self._lever(r) for r in row.tables("levers", "lever")]
        found = Step(
            row.text("name"), kind, row.text("title"),  # type: ignore[arg-type]
            row.integer("minutes", 1, LONGEST), row.text("text"), row.text("guide", ""),
            row.text("board", ""), tuple(questions), tuple(levers),
            row.integer("months", 0, self.scenario.horizon, 0),
            row.one_of("happens", self.names["case"], ""), row.integer("most", 0, MOST, 0),
            row.number("money", 0.0, LARGEST, 0.0),
        )  # fmt: skip
        if bool(levers) != (kind == "decide"):
            row.wrong("levers", "belongs to steps of kind decide, which need it")
        for key in ("most", "money"):
            if getattr(found, key) and not levers:
                row.wrong(key, "is for steps that open levers")
        if (found.months > 0) != (kind == "see"):
            row.wrong("months", "belongs to steps of kind see, which need it")
        row.done()
        return found

    def _lever(self, row: Table) -> OpenLever:
        name = row.one_of("lever", catalogue())
        lever = catalogue().get(name)
        may = () if lever is None else (
            (BASE,) if lever.target == BASE else targets(lever, self.scenario))  # fmt: skip
        if lever is not None and not may:
            row.wrong("lever", f"'{name}' has nothing to aim at in {self.scenario.name}")
        values = row.any("values") or []
        if not isinstance(values, list):
            row.wrong("values", f"{shown(values)} is no list", 'such as ["DO", "DX"]')
            values = []
        if lever is not None:
            for value in values:
                self._value(row, lever, value)
        found = OpenLever(
            name,
            row.words("targets", may, ()),
            tuple(float(v) if isinstance(v, int) else v for v in values),
            row.one_of("part", self.names["part"], TEAM),
        )
        row.done()
        return found

    def _value(self, row: Table, lever: Lever, value: object) -> None:
        """Check one value that a lever may be set to: a word, or an amount within its bounds."""
        if lever.setting != "amount":
            if value not in lever.values:
                row.wrong("values", f"{shown(value)} is unknown", listed(map(str, lever.values)))
            return
        low, high = (float(v) for v in lever.values)
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        if not (numeric and low <= float(str(value)) <= high):
            allowed = f"{low:g} to {high:g} {lever.unit}"
            row.wrong("values", f"{shown(value)} cannot be", allowed)

    def _shares(self) -> dict[Aspect, float]:
        row = Table(self.top.any("shares"), "[shares]", self.top.faults)
        found: dict[Aspect, float] = {aspect: row.number(aspect, 0, 100, 0) for aspect in ASPECTS}
        if abs(sum(found.values()) - 100) > 1e-6:
            row.wrong("prediction", f"the shares sum to {sum(found.values()):g}", "a sum of 100")
        if found["result"] > min(found["prediction"] + found["reasoning"], 50):
            row.wrong("result", f"{found['result']:g} is more than prediction and reasoning")
        row.done()
        return found

    def _study(self) -> str:
        """Return the file of the batch study, checked by the reader of studies."""
        name = self.top.text("study", "")
        if name:
            from experiments.study import StudyError, load_study

            path = study_file(name, self.folder)
            try:
                load_study(path if path.is_file() else name)
            except StudyError as error:
                for line in str(error).split("\n"):
                    self.top.wrong("study", line)
        return name

    def _whole(self, lesson: Lesson) -> None:
        """Check what only the whole lesson shows."""
        top = self.top
        for key in ("part", "objective", "case", "step"):
            rows = top.tables(key)
            unique([(row.text("name", ""), row) for row in rows], key)
        self._questions(lesson, list(lesson.questions))
        total = sum(step.minutes for step in lesson.steps)
        if total != lesson.minutes:
            top.wrong("minutes", f"the steps take {total} minutes", f"{lesson.minutes}")
        if lesson.months > self.scenario.horizon:
            top.wrong("step", f"{lesson.months} months pass", f"at most {self.scenario.horizon}")
        if not lesson.steps:
            top.wrong("step", "is missing", "at least one [[step]]")
        decides = [step for step in lesson.steps if step.kind == "decide"]
        if decides and len(decides[0].levers) > FIRST_LEVERS:
            told = f"{len(decides[0].levers)} levers are open in the first step that decides"
            top.wrong("step", told, f"at most {FIRST_LEVERS}")
        for aspect, share in lesson.shares.items():
            if share and not any(q.aspect == aspect for q in lesson.questions):
                top.wrong("shares", f"{aspect} is {share:g} and no question is of it")

    def _questions(self, lesson: Lesson, questions: list[Question]) -> None:
        top, names = self.top, [q.name for q in questions]
        for name in sorted({n for n in names if names.count(n) > 1}):
            top.wrong("question", f"{shown(name)} is asked twice", "each name once")
        for objective in lesson.objectives:
            if objective.name not in {q.objective for q in questions}:
                top.wrong("objective", f"'{objective.name}' has no question")
        for part in lesson.parts:
            work = {q.part for q in questions} | {v.part for s in lesson.steps for v in s.levers}
            if part.name not in work:
                top.wrong("part", f"'{part.name}' has neither a question nor a lever of its own")
        paired = [q for q in questions if q.because_of]
        for q in paired:
            if q.because_of not in names:
                top.wrong("question", f"'{q.name}' gives the reason of {shown(q.because_of)}, "
                          "which is not asked", listed(names))  # fmt: skip
            elif lesson.reason_first and (
                lesson.percent(q) <= lesson.percent(lesson.question(q.because_of))
            ):
                told = f"'{q.name}' is not worth more than '{q.because_of}', whose reason it gives"
                top.wrong("question", told, "more, where reason_first is true")
        if lesson.reason_first and not paired:
            top.wrong("reason_first", "no question gives the reason of another (because_of)")
