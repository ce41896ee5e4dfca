"""What the results of a study say, worked out once for every part of a report."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from experiments.analysis.discovery import Discovery, discover, failing
from experiments.analysis.front import cost_effectiveness, front
from experiments.analysis.futures import Futures, MissingRunsError, per_future, response, signs
from experiments.analysis.futures import nominal as at_nominal
from experiments.analysis.importance import importance
from experiments.analysis.luck import luck
from experiments.analysis.paired import differences
from experiments.analysis.robust import preferred, regret, robustness, satisficing
from experiments.analysis.sensitivity import morris, sobol, tornado
from experiments.analysis.survive import findings
from experiments.designs import BASE
from experiments.factor import Factor
from experiments.measurable import ALL
from experiments.outcome import Outcome
from experiments.report.words import quoted
from experiments.results import Results
from mobilize.scenario import months

if TYPE_CHECKING:
    import pandas as pd

COST = "paid"  # the measure of money
DETERRENCE = ("ladder", "rung", "view", "fires", "replenish", "replenish_seen", "cohesion")
TIME = "months until"
CASES = 20  # futures below which no box is looked for
PER = 1000.0  # MUSD that a gain is told for
T = TypeVar("T")


@dataclass(frozen=True)
class Best:
    """The package that does most for the main outcome in nominal worlds, and how firmly.

    `how` is *clear* (its interval, corrected for the number of packages, leaves out zero on the
    better side), *unclear*, *worse* (it is on the other side), *same* (no difference at all) or
    *single* (one world: no interval). `tied` are those that a paired interval cannot tell from it.
    """

    package: str
    how: str
    row: Any
    tied: tuple[str, ...]


@dataclass(frozen=True)
class Weights:
    """How much each factor matters: its figure with an interval, the largest first.

    `frame` has the columns factor, value, low, high, and by `kind` more of what it comes from.
    """

    kind: str
    frame: pd.DataFrame


def attempt(make: Callable[[], T]) -> T | None:
    """Return what can be worked out of the runs that there are, or None."""
    try:
        return make()
    except (MissingRunsError, ValueError):
        return None


class Facts:
    """Results with all analyses of them; each is done when it is first asked for."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.about = results.about
        self.kind = str(self.about["design"]["kind"])
        self.outcomes = results.outcomes
        self.packages = _titles(results.packages)
        self.baseline = results.baseline
        self.others = [name for name in self.packages if name != self.baseline]
        self.factors = {factor.name: factor for factor in results.factors}

    def title(self, outcome: Outcome) -> str:
        """Return how an outcome is called, without a window that is the whole run."""
        return self._short[outcome.name]

    @cached_property
    def _short(self) -> dict[str, str]:
        start, length = int(self.about["start"]), int(self.about["months"])
        window = f", {months.label(start)} to {months.label(start + length - 1)}"
        told = {o.name: o.title.removesuffix(window).removesuffix(", sum") for o in self.outcomes}
        return {o.name: t if list(told.values()).count(t) == 1 else o.title
                for o in self.outcomes for t in [told[o.name]]}  # fmt: skip

    @cached_property
    def all_runs(self) -> pd.DataFrame:
        """Every run that is there, those of a search's candidates too."""
        return self.results.runs()

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Return the runs of the study's own packages."""
        mine = self.all_runs["package"].isin(list(self.packages))
        return self.all_runs[mine].reset_index(drop=True)

    @cached_property
    def failed(self) -> pd.DataFrame:
        """Return the runs without figures."""
        return self.runs[self.runs["status"] != "ok"]

    @property
    def planned(self) -> int:
        """Return how many runs the study's own packages are to have."""
        return int(self.about["pairs"]) * len(self.packages)

    @property
    def partial(self) -> bool:
        """Say whether runs are still to come."""
        return len(self.runs) < self.planned

    @cached_property
    def design(self) -> pd.DataFrame:
        """Return the points of which runs are there."""
        whole = self.results.design
        return whole[whole["point"].isin(self.runs["point"].unique())].reset_index(drop=True)

    @cached_property
    def nominal(self) -> Futures | None:
        """Return the worlds in which every factor stands at its base."""
        return attempt(lambda: at_nominal(self.runs, self.outcomes, self.design, leave_out=True))

    @cached_property
    def sampled(self) -> Futures | None:
        """Return the futures that were drawn, None where none were."""
        return self._drawn(every=False)

    @cached_property
    def every(self) -> Futures | None:
        """Return all points but the nominal one, as indices need them."""
        return self._drawn(every=True)

    def _drawn(self, every: bool) -> Futures | None:
        if self.kind == "one-at-a-time" or not (self.design["block"] != BASE).any():
            return None
        found = attempt(lambda: per_future(self.runs, self.outcomes, self.design, every=every,
                                           leave_out=True))  # fmt: skip
        return found if found is not None and found.unit == "future" else None

    @cached_property
    def main(self) -> Outcome:
        """Return the outcome that the answer is about: the first that is not money."""
        return next((o for o in self.outcomes if o.measure != COST), self.outcomes[0])

    @cached_property
    def cost(self) -> Outcome | None:
        """Return the outcome that says what a package costs: all that is paid, if it is told."""
        paid = [o for o in self.outcomes if o.measure == COST and o.goal == "less"]
        return next((o for o in paid if o.of == ALL), next(iter(paid), None))

    @cached_property
    def asked(self) -> list[Outcome]:
        """Return the outcomes with an acceptable value."""
        return [o for o in self.outcomes if o.acceptable is not None]

    @cached_property
    def traded(self) -> list[Outcome]:
        """Return what a front weighs: the main outcome, cost, time and deterrence as there are."""
        chosen = [self.main, *([self.cost] if self.cost else [])]
        for fits in (_is_time, _is_deterrence):
            chosen += [o for o in self.outcomes if fits(o) and o not in chosen][:1]
        return chosen

    @cached_property
    def at_nominal(self) -> pd.DataFrame | None:
        """Return paired differences in nominal worlds."""
        return self._differences(self.nominal)

    @cached_property
    def over_futures(self) -> pd.DataFrame | None:
        """Return paired differences over the sampled futures."""
        return self._differences(self.sampled)

    def _differences(self, futures: Futures | None) -> pd.DataFrame | None:
        if futures is None or not self.others:
            return None
        return self._ordered(differences(futures, self.outcomes, self.baseline))

    def _ordered(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return rows by outcome, then package, in the order of the study."""
        names, packages = [o.name for o in self.outcomes], list(self.packages)
        at = frame.assign(
            _o=frame["outcome"].map(names.index), _p=frame["package"].map(packages.index)
        ).sort_values(["_o", "_p"], kind="stable")
        return at.drop(columns=["_o", "_p"]).reset_index(drop=True)

    @cached_property
    def best(self) -> Best | None:
        """Return the best package for the main outcome, None where there is nothing to compare."""
        return None if self.at_nominal is None else self.best_of(self.main)

    def best_of(self, outcome: Outcome) -> Best:
        """Return the package that does most for an outcome in nominal worlds."""
        assert self.at_nominal is not None
        assert self.nominal is not None
        sign = signs([outcome])[outcome.name]
        rows = self.at_nominal[self.at_nominal["outcome"] == outcome.name]
        row = rows.iloc[int((sign * rows["difference"]).to_numpy().argmax())]
        tied: list[str] = []
        if len(rows) > 1:
            told = differences(self.nominal, [outcome], str(row["package"]))
            told = told[told["package"] != self.baseline]
            apart = (told["adjusted_low"] > 0.0) | (told["adjusted_high"] < 0.0)
            same = told["difference"] == 0.0
            single = told["adjusted_low"].isna()
            tied = told.loc[(~apart & ~single) | same, "package"].tolist()
        ordered = tuple(name for name in self.packages if name in tied)
        return Best(str(row["package"]), _how(row, sign), row, ordered)

    @cached_property
    def found(self) -> pd.DataFrame | None:
        """Return which differences survive over the sampled futures."""
        futures = self.sampled
        if futures is None or not self.others:
            return None
        return self._ordered(findings(futures, self.outcomes, self.design, self.baseline,
                                      self.nominal))  # fmt: skip

    @cached_property
    def base(self) -> Futures | None:
        """Return what packages are weighed over: sampled futures, else nominal worlds."""
        return self.sampled or self.nominal

    @cached_property
    def robust(self) -> pd.DataFrame | None:
        """Return measures of robustness."""
        base = self.base
        return None if base is None else self._ordered(robustness(base, self.outcomes))

    @cached_property
    def preferred(self) -> pd.DataFrame | None:
        """Return which package each measure of robustness prefers."""
        return None if self.robust is None else preferred(self.robust)

    @cached_property
    def regret(self) -> pd.DataFrame | None:
        """Return regret against the best with hindsight."""
        base = self.base
        return None if base is None else self._ordered(regret(base, self.outcomes))

    @cached_property
    def satisfied(self) -> pd.DataFrame | None:
        """Return in which share all acceptable values are met at once."""
        return None if self.base is None or not self.asked else satisficing(self.base, self.asked)

    @cached_property
    def front(self) -> pd.DataFrame | None:
        """Return which packages no other beats in what is weighed."""
        if self.base is None or len(self.traded) < 2 or not self.others:
            return None
        return front(self.base, self.traded)

    def effectiveness(self, outcome: Outcome) -> pd.DataFrame | None:
        """Return what is gained for what it costs."""
        if self.base is None or self.cost is None or not self.others or outcome is self.cost:
            return None
        return cost_effectiveness(self.base, outcome, self.cost, self.baseline, per=PER)

    @cached_property
    def weighed(self) -> tuple[str, str | None]:
        """Return the package, and what it is compared with, whose outcome factors explain."""
        if self.best is None:
            return self.baseline, None
        return self.best.package, self.baseline

    @cached_property
    def weights(self) -> Weights | None:
        """Return how much each factor matters for the main outcome."""
        return self.weights_of(self.main)

    def weights_of(self, outcome: Outcome) -> Weights | None:
        """Return how much each factor matters, by the means that the design has."""
        return attempt(lambda: self._weights(outcome)) if self.factors else None

    def _weights(self, outcome: Outcome) -> Weights | None:
        package, baseline = self.weighed
        if self.kind == "one-at-a-time":
            return Weights(self.kind, tornado(self._whole_ends(), self._ends, outcome.name, package,
                                              baseline))  # fmt: skip
        indices = self.kind in ("saltelli", "morris")
        futures = self.every if indices else self.sampled
        if futures is None:
            return None
        values = response(futures, outcome.name, package, baseline)
        if self.kind == "saltelli":
            told = sobol(self.design, values)
            return Weights(self.kind, told.rename(columns=_AS["ST"]))
        if self.kind == "morris":
            return Weights(self.kind, morris(self.design, values).rename(columns=_AS["mu_star"]))
        return Weights("share", importance(self.design, values).rename(columns={"share": "value"}))

    @cached_property
    def _ends(self) -> pd.DataFrame:
        """Return a one-at-a-time design without factors of which a run is missing."""
        lost = self._lost
        row = self.design["row"].isin(lost) & (self.design["block"] != BASE)
        return self.design[~row].reset_index(drop=True)

    @cached_property
    def _lost(self) -> set[int]:
        whole = self.results.design
        good = self.runs[self.runs["status"] == "ok"].groupby("point").size()
        need = int(self.about["design"]["worlds"]) * len(self.packages)
        ends = whole[whole["block"] != BASE]
        short = ends["point"].map(good).fillna(0) < need
        return set(ends.loc[short, "row"].astype(int))

    def _whole_ends(self) -> pd.DataFrame:
        """Return the runs without nominal worlds in which one failed."""
        bad = self.failed.loc[self.failed["point"] == 0, "replication"]
        kept = ~self.runs["replication"].isin(bad)
        return self.runs[kept & self.runs["point"].isin(self._ends["point"])]

    def factor(self, name: str) -> Factor:
        """Return a factor by its name."""
        return self.factors[name]

    @cached_property
    def fails(self) -> tuple[str, pd.Series[bool]] | None:
        """Return what counts as failing for the weighed package, and in which futures it does.

        Missing any acceptable value; where that is so in all futures or in none, missing one of
        them, or being worse than the baseline, if that tells futures apart.
        """
        if self.sampled is None or self.sampled.cases < CASES:
            return None
        ways = list(self._ways(self.sampled))
        apart = [way for way in ways if way[1].any() and not way[1].all()]
        return next(iter([*apart, *ways]), None)

    def _ways(self, futures: Futures) -> Iterator[tuple[str, pd.Series[bool]]]:
        package, baseline = self.weighed
        missed = [failing(futures, o, package) for o in self.asked]
        if len(missed) > 1:
            yield "an acceptable value is missed", functools.reduce(operator.or_, missed)
        for outcome, cases in zip(self.asked, missed, strict=True):
            yield f"{quoted(self.title(outcome))} misses its acceptable value", cases
        if baseline is not None:
            said = f"{quoted(self.title(self.main))} is worse than with the baseline"
            yield said, failing(futures, self.main, package, baseline)

    @cached_property
    def box(self) -> Discovery | None:
        """Return where in the ranges of the factors the weighed package fails."""
        if (fails := self.fails) is None:
            return None
        return attempt(lambda: discover(self.design, fails[1], seed=int(self.about["seed"])))

    @cached_property
    def luck(self) -> pd.DataFrame | None:
        """Return how much of the variance of differences to the baseline is luck."""
        if self.sampled is None:
            return None
        against = self.baseline if self.others else None
        return attempt(lambda: self._ordered(
            luck(self.runs, self.outcomes, self.design, against, leave_out=True)))  # fmt: skip


_AS = {
    name: {name: "value", f"{name}_low": "low", f"{name}_high": "high"}
    for name in ("ST", "mu_star")
}


def _titles(packages: dict[str, str]) -> dict[str, str]:
    """Return titles that tell packages apart."""
    titles = list(packages.values())
    return {n: t if titles.count(t) == 1 else f"{t} ({n})" for n, t in packages.items()}


def _how(row: Any, sign: float) -> str:
    if row["difference"] == 0.0 and row["same"] == 1.0:
        return "same"
    ends = sign * np.array([row["adjusted_low"], row["adjusted_high"]])
    if np.isnan(ends).any():
        return "single"
    if ends.min() > 0.0:
        return "clear"
    return "worse" if ends.max() < 0.0 else "unclear"


def _is_time(outcome: Outcome) -> bool:
    return outcome.how.startswith(TIME)


def _is_deterrence(outcome: Outcome) -> bool:
    return outcome.measure in DETERRENCE
