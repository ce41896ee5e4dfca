"""A search for the packages of levers that no other beats, generation by generation.

NSGA-II (Deb and others 2002) by optuna. The search keeps nothing on disk: the candidates of a
generation follow from the search, the seed and the figures so far alone. Whoever evaluates them
keeps the figures; begun again, the search asks for the same candidates and goes on where it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.front import undominated
from experiments.pareto import gains, hypervolume
from experiments.space import Search, package_of, read_search
from mobilize.state import Floats
from policies.levers import OFF
from policies.package import Package, Setting

if TYPE_CHECKING:
    import optuna
    import pandas as pd

__all__ = ["Candidate", "Evaluated", "Found", "Search", "find", "generations", "read_search"]

INSTALL = "pip install 'mobilize[search]', or pip install -e '.[search]' in a clone"
RETRIES = 20  # times that another candidate is asked for in place of one there was already
FAILED = 1e100  # violation of a candidate without figures: more than any other
Figures = Mapping[str, float]


@dataclass(frozen=True)
class Candidate:
    """A package that the search proposes, first in this generation (from 0)."""

    package: Package
    generation: int

    @property
    def name(self) -> str:
        """Return its name, which follows from its settings alone."""
        return self.package.name


@dataclass(frozen=True)
class Evaluated:
    """A candidate and its figures by outcome; `violation` is above 0 where limits are broken."""

    candidate: Candidate
    figures: Figures
    violation: float

    @property
    def feasible(self) -> bool:
        """Say whether it ran and keeps every limit."""
        return self.violation <= 0.0


Evaluate = Callable[[list[Candidate]], list[Figures]]


@dataclass(frozen=True)
class Found:
    """Everything a search looked at; by generation, the candidates that were new in it."""

    search: Search
    generations: tuple[tuple[Evaluated, ...], ...]

    @property
    def evaluated(self) -> tuple[Evaluated, ...]:
        """Return every candidate once, in the order in which they were proposed."""
        return tuple(one for generation in self.generations for one in generation)

    @property
    def front(self) -> tuple[Evaluated, ...]:
        """Return the feasible candidates that no other dominates, by the first objective."""
        feasible = [one for one in self.evaluated if one.feasible]
        if not feasible:
            return ()
        values = points(self.search, feasible)
        best = [one for one, stays in zip(feasible, undominated(values), strict=True) if stays]
        first = self.search.objectives[0].name
        return tuple(sorted(best, key=lambda one: (one.figures[first], one.candidate.name)))

    def hypervolume(self) -> Floats:
        """Return what all candidates up to each generation dominate, shape (generations,), 0-1.

        A share of the box between the worst and the best figures of any feasible candidate, which
        may grow if the search goes on; where the last values hardly rise, it has converged.
        """
        feasible = [one for one in self.evaluated if one.feasible]
        volumes = np.zeros(len(self.generations))
        if not feasible:
            return volumes
        box = points(self.search, feasible)
        so_far: list[Evaluated] = []
        for n, generation in enumerate(self.generations):
            so_far += [one for one in generation if one.feasible]
            if so_far:
                volumes[n] = hypervolume(gains(points(self.search, so_far), box))
        return volumes

    def frame(self) -> pd.DataFrame:
        """Return one row a candidate: name, title, generation, feasible, front, its figures."""
        import pandas as pd

        front = {one.candidate.name for one in self.front}
        rows = [
            {
                "package": one.candidate.name,
                "title": one.candidate.package.title,
                "generation": one.candidate.generation,
                "feasible": one.feasible,
                "front": one.candidate.name in front,
                **one.figures,
            }
            for one in self.evaluated
        ]
        return pd.DataFrame(rows)


def points(search: Search, evaluated: list[Evaluated]) -> Floats:
    """Return figures by objective, turned so that more is better, (evaluated, objectives)."""
    signs = [1.0 if outcome.goal == "more" else -1.0 for outcome in search.objectives]
    names = [outcome.name for outcome in search.objectives]
    return np.array([[one.figures[name] for name in names] for one in evaluated]) * signs


def find(search: Search, seed: int, evaluate: Evaluate) -> Found:
    """Search to the last generation; see :func:`generations`."""
    return Found(search, tuple(generations(search, seed, evaluate)))


def generations(search: Search, seed: int, evaluate: Evaluate) -> Iterator[tuple[Evaluated, ...]]:
    """Yield the new candidates of each generation with their figures.

    Parameters
    ----------
    seed : int
        Of the search itself; the luck of the runs is the business of `evaluate`.
    evaluate : callable
        Takes candidates that have not been evaluated yet and returns for each its figures by
        name of outcome, in the same order. One without a figure, or with one that is no finite
        number, has failed: it counts as worse than any that breaks a limit.
    """
    with _study(search, seed) as study:
        known: dict[str, Evaluated] = {}
        for generation in range(search.generations):
            asked = _ask(study, search, generation, set(known))
            new = list({c.name: c for _, c in asked if c.name not in known}.values())
            figures = evaluate(new) if new else []
            found = [_judge(search, c, f) for c, f in zip(new, figures, strict=True)]
            known |= {one.candidate.name: one for one in found}
            for trial, candidate in asked:
                _tell(study, trial, search, known[candidate.name])
            yield tuple(found)


def _ask(
    study: optuna.Study, search: Search, generation: int, known: set[str]
) -> list[tuple[optuna.Trial, Candidate]]:
    """Return a generation of proposals; one there was already is asked for anew, for a while."""
    from optuna.trial import TrialState

    asked: list[tuple[optuna.Trial, Candidate]] = []
    seen = set(known)
    left = RETRIES * search.population
    while len(asked) < search.population:
        trial = study.ask()
        candidate = Candidate(_propose(trial, search), generation)
        if candidate.name in seen and left > 0:
            left -= 1
            study.tell(trial, state=TrialState.FAIL)
            continue
        seen.add(candidate.name)
        asked.append((trial, candidate))
    return asked


def _propose(trial: optuna.Trial, search: Search) -> Package:
    """Return the package of a trial: for each lever the places of its value and its date."""
    settings = []
    for n, choice in enumerate(search.levers):
        value = choice.values[_place(trial, f"value {n}", len(choice.values), choice.ordered)]
        date = choice.dates[_place(trial, f"date {n}", len(choice.dates), True)]
        if value != OFF:
            settings.append(Setting(date, choice.lever, choice.target, value, choice.size))
    return package_of(settings)


def _place(trial: optuna.Trial, name: str, count: int, ordered: bool) -> int:
    if ordered:
        return trial.suggest_int(name, 0, count - 1)
    return int(trial.suggest_categorical(name, range(count)))


def _judge(search: Search, candidate: Candidate, figures: Figures) -> Evaluated:
    """Return a candidate with its figures, and how far it breaks the limits."""
    needed = {o.name for o in search.objectives} | {limit.outcome for limit in search.within}
    if not all(math.isfinite(figures.get(name, math.nan)) for name in needed):
        return Evaluated(candidate, dict(figures), FAILED)
    broken = [max(0.0, limit.violation(figures[limit.outcome])) for limit in search.within]
    return Evaluated(candidate, dict(figures), sum(broken))


def _tell(study: optuna.Study, trial: optuna.Trial, search: Search, one: Evaluated) -> None:
    """Tell optuna what came out; what failed is infeasible, and its values mean nothing."""
    trial.set_constraint("within", one.violation)
    failed = one.violation >= FAILED
    study.tell(trial, [0.0 if failed else one.figures[o.name] for o in search.objectives])


@contextmanager
def _study(search: Search, seed: int) -> Iterator[optuna.Study]:
    """Give a study in memory, quiet; its first candidates are the ends of every lever.

    The first sets every lever to its first value and date, the second to its last: a random
    beginning seldom leaves all levers alone.
    """
    try:
        import optuna
    except ModuleNotFoundError:
        raise ModuleNotFoundError(f"a search needs optuna: {INSTALL}") from None

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        study = optuna.create_study(
            directions=["maximize" if o.goal == "more" else "minimize" for o in search.objectives],
            sampler=optuna.samplers.NSGAIISampler(population_size=search.population, seed=seed),
        )
        sizes = {f"value {n}": len(choice.values) for n, choice in enumerate(search.levers)}
        sizes |= {f"date {n}": len(choice.dates) for n, choice in enumerate(search.levers)}
        study.enqueue_trial(dict.fromkeys(sizes, 0))
        study.enqueue_trial({name: size - 1 for name, size in sizes.items()})
        yield study
    finally:
        optuna.logging.set_verbosity(before)
