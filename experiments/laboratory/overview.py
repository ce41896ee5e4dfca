"""What a page of results shows, worked out from the runs there are: figures alone, no words.

Called in a process apart; everything returned is plain data.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.designs import SAMPLED
from experiments.laboratory.playable import candidates
from experiments.outcome import Outcome
from experiments.results import PLACE, Results, open_results
from experiments.work import QUARTER
from mobilize.scenario import months

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analysis.futures import Futures

SHARES = (0.1, 0.5, 0.9)  # lines of a fan
MOST = 40  # factors told
BOXES = 2
MOST_FAILURES = 5  # kinds of failures told
PAGE = 25  # runs of a page of the table
LEAST = 20  # futures from which assumptions are told apart
FRAMES = 2  # results whose runs a process keeps

Row = dict[str, Any]


def overview(folder: str) -> Row:
    """Return what all packages bring: differences, what holds, robustness, failures.

    Keys: `unit`, `cases`, `worlds` (runs behind a case), `left_out`, `fault` (why there is
    nothing yet), then rows of the frames of :mod:`experiments.analysis`: `differences`,
    `findings`, `robustness`, `regret`, `preferred`, `satisficing`; `failures` by kind.
    """
    from experiments.analysis.futures import MissingRunsError
    from experiments.analysis.paired import differences
    from experiments.analysis.robust import preferred, regret, robustness, satisficing
    from experiments.analysis.survive import findings

    results = open_results(folder)
    runs = _runs(results)
    found: Row = {"failures": _failures(runs), "fault": ""}
    try:
        futures, at = _futures(results, runs)
    except MissingRunsError as error:
        return found | {"fault": str(error)}
    outcomes, baseline = results.outcomes, results.baseline
    goals = {outcome.name: outcome.goal for outcome in outcomes}
    measured = robustness(futures, outcomes)
    return found | {
        "unit": futures.unit,
        "cases": futures.cases,
        "worlds": futures.worlds,
        "left_out": len(futures.left_out),
        "differences": [
            row | {"goal": goals[row["outcome"]]}
            for row in _rows(differences(futures, outcomes, baseline))
        ],
        "findings": _rows(findings(futures, outcomes, _design(results, runs), baseline, at)),
        "robustness": _rows(measured),
        "regret": _rows(regret(futures, outcomes)),
        "preferred": _rows(preferred(measured)),
        "satisficing": _rows(satisficing(futures, outcomes)),
    }


def fans(folder: str, outcome: str, sampled: bool) -> Row:
    """Return the months behind an outcome by package, in quarters.

    Parameters
    ----------
    sampled : bool
        Over all sampled futures, else over the worlds of the scenario as it is.

    Returns
    -------
    dict
        `dates` of the quarters' first months; `lines` by package: the 10, 50 and 90 % lines, and
        `runs` behind them.
    """
    results = open_results(folder)
    start, length = int(results.about["start"]), int(results.about["months"])
    lines, runs = {}, {}
    for package in results.packages:
        series = results.fan(outcome, package, nominal=not sampled)
        runs[package] = len(series)
        if len(series):
            lines[package] = np.quantile(series, SHARES, axis=0).round(6).tolist()
    dates = [months.label(start + m) for m in range(0, length, QUARTER)]
    return {"dates": dates, "lines": lines, "runs": runs}


def assumptions(folder: str, outcome: str, package: str) -> Row:
    """Return which uncertain assumptions matter for a package, by the kind of the design.

    Of the difference to the baseline, or of the baseline itself where that is asked for.

    Returns
    -------
    dict
        `kind`: tornado, importance, sobol, morris, or empty with a `fault`; `rows` of the frame
        that :mod:`experiments.analysis` gives for it; `cases`.
    """
    results = open_results(folder)
    kind = results.about["design"]["kind"]
    by: dict[str, tuple[str, Callable[..., pd.DataFrame]]] = {
        "one-at-a-time": ("tornado", _tornado),
        "saltelli": ("sobol", _sobol),
        "morris": ("morris", _morris),
        **dict.fromkeys((*SAMPLED, "factorial"), ("importance", _importance)),
    }
    if kind not in by:
        return {"kind": "", "rows": [], "fault": "This study varies no assumption."}
    told, work = by[kind]
    try:
        frame = work(results, outcome, package)
    except ValueError as error:
        return {"kind": told, "rows": [], "fault": str(error)}
    return {"kind": told, "rows": _rows(frame)[:MOST], "fault": ""}


def _tornado(results: Results, outcome: str, package: str) -> pd.DataFrame:
    from experiments.analysis.sensitivity import tornado

    runs = _runs(results)
    worlds = runs.groupby("point")["package"].size()  # points of which some runs are still out
    whole = worlds.index[worlds >= results.about["design"]["worlds"] * len(results.packages)]
    runs = runs[runs["point"].isin(whole)]
    return tornado(runs, _design(results, runs), outcome, package, _other(results, package))


def _response(
    results: Results, outcome: str, package: str, every: bool = False
) -> pd.Series[float]:
    from experiments.analysis.futures import response

    futures, _ = _futures(results, _runs(results), every)
    return response(futures, outcome, package, _other(results, package))


def _sobol(results: Results, outcome: str, package: str) -> pd.DataFrame:
    from experiments.analysis.sensitivity import sobol

    return sobol(results.design, _response(results, outcome, package, every=True))


def _morris(results: Results, outcome: str, package: str) -> pd.DataFrame:
    from experiments.analysis.sensitivity import morris

    return morris(results.design, _response(results, outcome, package, every=True))


def _importance(results: Results, outcome: str, package: str) -> pd.DataFrame:
    from experiments.analysis.importance import importance

    values = _response(results, outcome, package)
    if len(values) < LEAST:
        raise ValueError(f"{len(values)} futures so far; assumptions are told apart from {LEAST}")
    return importance(results.design, values)


def _other(results: Results, package: str) -> str | None:
    return None if package == results.baseline else results.baseline


def boxes(folder: str, outcome: str, package: str) -> Row:
    """Return under which conditions a package fails: boxes of assumptions.

    It fails where it misses the acceptable value, or is worse than the baseline where the
    outcome has none.

    Returns
    -------
    dict
        `missed`: acceptable or baseline; `cases`, `failing`, `boxes` and `ranges` (see
        :class:`experiments.analysis.discovery.Discovery`); or a `fault`.
    """
    from experiments.analysis.discovery import discover, failing
    from experiments.analysis.futures import MissingRunsError

    results = open_results(folder)
    of = _outcome(results, outcome)
    other = _other(results, package) if of.acceptable is None else None
    if of.acceptable is None and other is None:
        return {"fault": "The baseline cannot be worse than itself; choose another package, or "
                         "give the outcome an acceptable value."}  # fmt: skip
    if results.about["design"]["kind"] not in (*SAMPLED, "factorial", "saltelli"):
        return {"fault": "Conditions are looked for in studies that vary all assumptions at once."}
    try:
        futures, _ = _futures(results, _runs(results))
        interest = failing(futures, of, package, other)
        found = discover(results.design, interest, boxes=BOXES)
    except MissingRunsError as error:
        return {"fault": str(error)}
    except ValueError as error:
        return {"fault": str(error)}
    return {
        "fault": "",
        "missed": "acceptable" if other is None else "baseline",
        "cases": found.cases,
        "failing": found.of_interest,
        "boxes": _rows(found.boxes),
        "ranges": _rows(found.ranges),
    }


def tradeoff(folder: str, across: str, up: str) -> Row:
    """Return what packages change on two outcomes, and which no other package beats on both."""
    from experiments.analysis.front import front
    from experiments.analysis.futures import MissingRunsError
    from experiments.analysis.paired import differences

    results = open_results(folder)
    try:
        futures, _ = _futures(results, _runs(results))
    except MissingRunsError as error:
        return {"rows": [], "fault": str(error)}
    chosen = [_outcome(results, name) for name in (across, up)]
    if results.about["search"] is not None:
        return {"rows": _mixes(results, chosen), "changes": [], "fault": ""}
    changes = differences(futures, chosen, results.baseline)
    return {"rows": _rows(front(futures, chosen)), "changes": _rows(changes), "fault": ""}


def _mixes(results: Results, chosen: list[Outcome]) -> list[Row]:
    """Return all packages of a search, its own among them, by their paired means on two outcomes.

    Those with the same luck as the baseline in every pair count, so that differences are paired.
    """
    from experiments.analysis.front import undominated
    from experiments.analysis.futures import signs

    names = [outcome.name for outcome in chosen]
    runs = _runs(results, searched=True)
    if (runs["point"] > 0).any():
        runs = runs[runs["point"] > 0]
    whole = runs[runs["status"] == "ok"].groupby("package")["run"].count()
    kept = whole.index[whole == whole.get(results.baseline, 0)]
    means = runs[runs["package"].isin(kept)].groupby(["package", "point"])[names].mean()
    means = means.groupby("package").mean()
    gains = means.to_numpy() * np.array(list(signs(chosen).values()))
    on = undominated(gains, 1e-9 * np.maximum(1.0, abs(gains).max(axis=0)))
    made = candidates(results)
    return [
        {"package": str(package), "on_front": bool(front), "share": None, "beaten_by": [],
         "made_of": [f"{s['lever']} {s['target']}: {s['value']}" for s in
                     made.get(str(package), {}).get("settings", [])],
         "mixed": package in made,
         **{name: float(value) for name, value in zip(names, values, strict=True)}}
        for package, front, values in zip(means.index, on, means.to_numpy(), strict=True)
    ]  # fmt: skip


def table(folder: str, text: str, package: str, sort: str, down: bool, page: int) -> Row:
    """Return a page of the runs.

    Parameters
    ----------
    text : str
        Words to look for: ``point 12``, ``world 3``, ``run 40``, a status, or a bare number.
    sort : str
        Column to sort by.
    """
    results = open_results(folder)
    frame = _runs(results, searched=True)
    if package:
        frame = frame[frame["package"] == package]
    frame = frame[_matching(frame, text)]
    if sort in frame.columns and sort != "error":
        frame = frame.sort_values(sort, ascending=not down, kind="stable")
    pages = max(1, -(-len(frame) // PAGE))
    page = min(max(0, page), pages - 1)
    names = [*PLACE, *(o.name for o in results.outcomes)]
    shown = frame.iloc[page * PAGE : (page + 1) * PAGE][names]
    return {"rows": _rows(shown), "matched": len(frame), "page": page, "pages": pages}


def _matching(frame: pd.DataFrame, text: str) -> pd.Series[bool]:
    import pandas as pd

    kept = pd.Series(True, index=frame.index)
    words = text.lower().replace(",", " ").split()
    column = ""
    for word in words:
        if word in ("point", "future", "world", "run"):
            column = "point" if word == "future" else word
        elif word.isdigit():
            columns = [column] if column else ["run", "point", "world"]
            kept &= (frame[columns] == int(word)).any(axis=1)
            column = ""
        else:
            kept &= (frame["package"].str.lower().str.contains(word, regex=False)
                     | frame["status"].eq(word))  # fmt: skip
    return kept


def _outcome(results: Results, name: str) -> Outcome:
    return next(outcome for outcome in results.outcomes if outcome.name == name)


def _futures(
    results: Results, runs: pd.DataFrame, every: bool = False
) -> tuple[Futures, Futures | None]:
    """Return the sampled futures and the nominal worlds; while a study runs, those that are whole.

    Parameters
    ----------
    every : bool
        All points, also those that share values of factors.

    Raises
    ------
    MissingRunsError
        If there are none yet.
    """
    from experiments.analysis.futures import MissingRunsError, nominal, per_future

    design = _design(results, runs)
    try:
        at = nominal(runs, results.outcomes, design, leave_out=True)
    except MissingRunsError:
        at = None
    return per_future(runs, results.outcomes, design, every=every, leave_out=True), at


def _design(results: Results, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the points of which there are runs; while a study goes on, others are to come."""
    design = results.design
    return design[design["point"].isin(runs["point"].unique())].reset_index(drop=True)


def _runs(results: Results, searched: bool = False) -> pd.DataFrame:
    """Return the runs there are, those that a search made up only where they are asked for."""
    done = results.progress()
    frame = _kept(str(results.folder), results.manifest["created"], done.done, done.state)
    return frame if searched else frame[frame["package"].isin(list(results.packages))]


@lru_cache(FRAMES)
def _kept(folder: str, created: str, done: int, state: str) -> pd.DataFrame:
    return open_results(folder).runs()


def _failures(runs: pd.DataFrame) -> list[Row]:
    wrong = runs[runs["status"] != "ok"]
    counts = wrong.groupby(["status", "error"], as_index=False).size()
    return _rows(counts.sort_values("size", ascending=False, kind="stable").head(MOST_FAILURES))


def _rows(frame: pd.DataFrame) -> list[Row]:
    """Return a frame as rows of plain values; what is no number is None."""
    return [dict(_plain(row)) for row in frame.to_dict("records")]


def _plain(row: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, float) and not math.isfinite(value):
            value = None
        yield str(name), sorted(value) if isinstance(value, frozenset) else value
