"""A study in a few words and figures, for those who choose one; read in a process apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.store import MADE_BY
from experiments.stored import manifest
from experiments.study import Study, StudyError, load_study
from mobilize.scenario import months


@dataclass(frozen=True)
class Size:
    """A study in one size: where its results go, what must be the same to go on, how many runs."""

    folder: str = ""
    made_by: dict[str, Any] = field(default_factory=dict)
    runs: int = 0


@dataclass(frozen=True)
class Told:
    """What is told of a study; `fault` where it cannot be read.

    `source` is what loads it, `seconds` what a run takes here, 0 while that is not known.
    """

    name: str
    source: str
    title: str = ""
    question: str = ""
    scenario: str = ""
    span: str = ""
    packages: tuple[str, ...] = ()
    factors: int = 0
    futures: int = 0
    outcomes: tuple[str, ...] = ()
    design: str = ""
    seconds: float = 0.0
    full: Size = Size()
    small: Size = Size()
    fault: str = ""


def describe(file: str, shipped: bool) -> Told:
    """Return what there is to tell of the study in a file, but for the time of its runs."""
    name = Path(file).stem
    source = name if shipped else file
    try:
        study, little = load_study(source), load_study(source, small=True)
    except StudyError as error:
        return Told(name, source, fault=str(error))
    start = study.scenario.start
    return Told(
        name,
        source,
        study.title,
        study.question,
        study.scenario.title,
        f"{months.label(start)} to {months.label(start + study.months - 1)}",
        tuple(package.title for package in study.packages),
        len(study.factors),
        study.points - 1,
        tuple(outcome.title for outcome in study.outcomes),
        "search" if study.search is not None else study.design.kind,
        0.0,
        _size(study),
        _size(little),
    )


def timed(source: str) -> float:
    """Return how many seconds a run of a study takes here, by a few of them."""
    from experiments.commands import seconds_a_run

    return seconds_a_run(load_study(source))


def _size(study: Study) -> Size:
    made = manifest(study)
    runs = study.pairs * len(study.packages)
    if study.search is not None:
        runs += study.search.generations * study.search.population * study.pairs
    return Size(study.folder_name, {key: made[key] for key in MADE_BY}, runs)
