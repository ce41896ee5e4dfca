"""Runs averaged over luck: one row a future and package, every package in every future.

A future (a point of the design) is the unit that is counted; its replications only take luck
out. Where there is the nominal point alone, its worlds are the unit. Packages stay in pairs: a
case that lacks a run of one package is refused, or left out for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from mobilize.state import EPS, Flags, Floats

if TYPE_CHECKING:
    import pandas as pd

BASE = "base"  # block of the nominal point
DRAWN = ("", "A", "B")  # blocks of points that were drawn
ROLES = ("point", "block", "row")
TOLD = 5  # missing runs that an error names one by one
UNITS = {"future": "point", "world": "replication"}


class Outcome(Protocol):
    """What the analysis must know of an outcome."""

    @property
    def name(self) -> str:
        """Column of the runs."""

    @property
    def goal(self) -> Any:
        """Whether *more* or *less* is better."""

    @property
    def acceptable(self) -> float | None:
        """Value that is just good enough, if any, in the outcome's unit."""


class MissingRunsError(ValueError):
    """Runs without which packages cannot be compared in pairs."""


@dataclass(frozen=True)
class Futures:
    """Outcomes by case and package, and what is not among them.

    `frame` has the columns case, package and one an outcome, sorted; a case is the number of a
    point, or of a replication where `unit` is *world*. `missing` names the runs without a value
    (point, package, replication, why), `left_out` the cases that they cost. `worlds` counts the
    runs that were averaged in one value.
    """

    frame: pd.DataFrame
    unit: Literal["future", "world"]
    worlds: int
    left_out: tuple[int, ...]
    missing: pd.DataFrame

    @property
    def packages(self) -> list[str]:
        """Packages, sorted."""
        return sorted(self.frame["package"].unique().tolist())

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return int(self.frame["case"].nunique())

    def told(self) -> str:
        """Return one sentence on the unit, and on what was left out."""
        many = "" if self.cases == 1 else "s"
        said = f"{self.cases:,} {self.unit}{many}"
        if self.unit == "future":
            said += f", each the mean of {self.worlds} world{'' if self.worlds == 1 else 's'}"
        if self.left_out:
            said += f"; {len(self.left_out):,} left out for every package, because a run is missing"
        return said + "."


def per_future(
    runs: pd.DataFrame,
    outcomes: Sequence[Outcome],
    design: pd.DataFrame | None = None,
    *,
    packages: Sequence[str] | None = None,
    every: bool = False,
    leave_out: bool = False,
) -> Futures:
    """Return the sampled futures, replications averaged; of a lone point, its worlds.

    Parameters
    ----------
    design : DataFrame, optional
        With it the points are those of `sampled_points`, and points of which no run is there at
        all are noticed. Without it they are all that were run.
    packages : sequence of str, optional
        The packages that are compared, if not all that were run.
    every : bool
        Take every point but the nominal one, as Sobol' indices and Morris' measures need it. They
        share values of factors, so an interval of a mean over them would be too narrow.
    leave_out : bool
        Leave out cases with missing runs for every package, rather than refuse. Values that are
        infinite or NaN count as missing: they have no mean. An outcome such as months until
        something happens needs a finite value for never, or the worst futures drop out.

    Raises
    ------
    MissingRunsError
        If runs are missing and `leave_out` is false, or if no case is whole.
    """
    points = sampled_points(runs, design)
    if design is not None and every and (design["block"] != BASE).any():
        points = sorted(design.loc[design["block"] != BASE, "point"].tolist())
    return _averaged(runs, outcomes, packages, points, leave_out)


def sampled_points(runs: pd.DataFrame, design: pd.DataFrame | None) -> list[int]:
    """Return the points that were drawn independently of each other, in order.

    Those of a sample or a grid; of saltelli its matrices A and B; of morris the start of each
    trajectory. Where there are none, as one at a time, the nominal point: a study of worlds.
    """
    if design is None:
        return sorted(runs["point"].unique().tolist())
    ordered = design.sort_values("point")
    drawn = ordered[ordered["block"].isin(DRAWN)].drop_duplicates(["block", "row"])
    if drawn.empty:
        drawn = ordered[ordered["block"] == BASE]
    return [int(p) for p in drawn["point"]]


def nominal(
    runs: pd.DataFrame,
    outcomes: Sequence[Outcome],
    design: pd.DataFrame,
    *,
    packages: Sequence[str] | None = None,
    leave_out: bool = False,
) -> Futures | None:
    """Return the worlds of the nominal point, or None if the design has none."""
    points = design.loc[design["block"] == BASE, "point"].tolist()[:1]
    if not runs["point"].isin(points).any():
        return None
    return _averaged(runs, outcomes, packages, points, leave_out)


def wide(futures: Futures, outcome: str) -> pd.DataFrame:
    """Return an outcome by case (rows) and package (columns).

    Raises
    ------
    ValueError
        If a value is missing or not finite, or the outcome is unknown.
    """
    if outcome not in futures.frame.columns:
        raise ValueError(f"outcome {outcome!r} is not a column of the runs")
    found = futures.frame.pivot(index="case", columns="package", values=outcome).sort_index()
    if not np.isfinite(array(found)).all():
        raise MissingRunsError(f"{outcome}: a package has no finite value in some {futures.unit}")
    return found


def response(
    futures: Futures, outcome: str, package: str, baseline: str | None = None
) -> pd.Series[float]:
    """Return an outcome of a package by point, or its paired difference to the baseline.

    Raises
    ------
    ValueError
        If a package is unknown, or there is one future only: nothing explains its worlds but luck.
    """
    if futures.unit == "world":
        raise ValueError("there is one future only, so no factor can explain differences")
    found = wide(futures, outcome)
    for name in (package, *([] if baseline is None else [baseline])):
        require(name, found.columns)
    values = found[package]
    return values if baseline is None else gap(found[baseline], values)


def gap(before: pd.Series[float], after: pd.Series[float]) -> pd.Series[float]:
    """Return after less before by case; what is below `EPS` of the larger is rounding, hence 0."""
    found = after - before
    small = EPS * np.maximum(1.0, np.maximum(abs(before), abs(after)))
    return found.where(abs(found) > small, 0.0)


def require(package: str, packages: Iterable[str]) -> None:
    """Raise ValueError if a package is not one of those that were run."""
    known = list(packages)
    if package not in known:
        raise ValueError(f"package {package!r} was not run; allowed: {', '.join(known)}")


def factor_names(design: pd.DataFrame) -> list[str]:
    """Return the factors of a design, in its order."""
    return [str(c) for c in design.columns if c not in ROLES and not str(c).startswith("u:")]


def explained(design: pd.DataFrame, values: pd.Series[Any]) -> tuple[pd.DataFrame, pd.Series[Any]]:
    """Return the factors, and what they are to explain, at the points that have a value.

    Raises
    ------
    ValueError
        If a value belongs to no point, is there twice, or is not finite.
    """
    at = design.set_index("point")
    if strange := sorted(set(values.index) - set(at.index)):
        raise ValueError(f"design: point {strange[0]} is missing; allowed: a row for every point")
    if values.index.has_duplicates or at.index.has_duplicates:
        raise ValueError("a point is there twice; allowed: one row a point")
    values = values.sort_index()
    if not np.isfinite(array(values)).all():
        raise ValueError("a value to explain is missing or not finite; leave such points out")
    return at.loc[values.index, factor_names(design)], values


def array(values: pd.Series[Any] | pd.DataFrame) -> Floats:
    """Return numbers of a frame as an array."""
    return np.asarray(values, dtype=np.float64)


def signs(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return by outcome 1 where more is better, -1 where less is."""
    return {o.name: -1.0 if o.goal == "less" else 1.0 for o in outcomes}


def cube(
    runs: pd.DataFrame, names: Sequence[str], packages: Sequence[str], points: Sequence[int]
) -> tuple[Floats, list[int]]:
    """Return outcomes by point, replication, package; NaN where a run gave no finite value.

    Returns
    -------
    values : ndarray, shape (points, replications, packages, outcomes)
    replications : list of int
    """
    import pandas as pd

    keys = ["point", "replication", "package"]
    if (twice := runs.duplicated(keys)).any():
        row = runs.loc[twice, keys].iloc[0]
        raise ValueError(
            f"runs: point {row['point']}, replication {row['replication']}, package "
            f"{row['package']} is there twice; allowed: one row a run"
        )
    replications = sorted(runs["replication"].unique().tolist())
    values = np.full((len(points), len(replications), len(packages), len(names)), np.nan)
    at = tuple(
        pd.Index(known).get_indexer(runs[key])
        for key, known in zip(keys, (points, replications, packages), strict=True)
    )
    given = array(runs[list(names)])
    fine = (runs["status"] == "ok").to_numpy() & np.isfinite(given).all(axis=1)
    values[at] = np.where(fine[:, None], given, np.nan)
    return values, replications


def _averaged(
    runs: pd.DataFrame,
    outcomes: Sequence[Outcome],
    packages: Sequence[str] | None,
    points: Sequence[int],
    leave_out: bool,
) -> Futures:
    import pandas as pd

    names = [o.name for o in outcomes]
    packages = sorted(runs["package"].unique().tolist() if packages is None else set(packages))
    runs = runs[runs["point"].isin(points) & runs["package"].isin(packages)]
    values, replications = cube(runs, names, packages, points)
    unit: Literal["future", "world"] = "world" if len(points) == 1 else "future"
    empty: Flags = np.asarray(np.isnan(values).any(axis=3))
    missing = _missing(runs, names, packages, points, replications, empty)
    if unit == "world":
        cases, broken, means = list(replications), empty[0].any(axis=1), values[0]
    else:
        cases, broken, means = list(points), empty.any(axis=(1, 2)), values.mean(axis=1)
    if len(missing) and not leave_out:
        raise MissingRunsError(_refusal(missing, empty.size, unit))
    if not cases or broken.all():
        raise MissingRunsError(f"no {unit} has a run of every package\n{_listed(missing)}".strip())
    kept = [case for case, bad in zip(cases, broken, strict=True) if not bad]
    index = pd.MultiIndex.from_product([kept, packages], names=["case", "package"])
    table = means[~broken].reshape(-1, len(names))
    frame = pd.DataFrame(table, columns=names, index=index).reset_index()
    left = tuple(case for case, bad in zip(cases, broken, strict=True) if bad)
    return Futures(frame, unit, 1 if unit == "world" else len(replications), left, missing)


def _missing(
    runs: pd.DataFrame,
    names: Sequence[str],
    packages: Sequence[str],
    points: Sequence[int],
    replications: Sequence[int],
    empty: Flags,
) -> pd.DataFrame:
    """Return the runs without values, and why."""
    import pandas as pd

    at = np.argwhere(empty)
    found = pd.DataFrame(
        {
            "point": np.asarray(points, dtype=np.int32)[at[:, 0]],
            "package": np.asarray(packages, dtype=object)[at[:, 2]],
            "replication": np.asarray(replications, dtype=np.int32)[at[:, 1]],
        }
    )
    keys = ["point", "package", "replication"]
    rows = found.merge(runs[[*keys, "status", "error", *names]], on=keys, how="left")
    found["why"] = [_why(row, names) for row in rows.to_dict("records")]
    return found


def _why(row: dict[Any, Any], names: Sequence[str]) -> str:
    if not isinstance(row["status"], str):
        return "not run"
    if row["status"] != "ok":
        said = str(row["error"] or "").strip().splitlines()
        return f"{row['status']}: {said[-1]}" if said else row["status"]
    return "; ".join(f"{n} is {row[n]}" for n in names if not np.isfinite(row[n]))


def _refusal(missing: pd.DataFrame, runs: int, unit: str) -> str:
    return (
        f"{len(missing):,} of {runs:,} runs have no value, and without them packages are no pairs; "
        f"run them again, or ask to leave out their {unit}s for every package\n{_listed(missing)}"
    )


def _listed(missing: pd.DataFrame) -> str:
    lines = [
        f"point {r.point}, package {r.package}, replication {r.replication}: {r.why}"
        for r in missing.head(TOLD).itertuples()
    ]
    if len(missing) > TOLD:
        lines.append(f"and {len(missing) - TOLD:,} more")
    return "\n".join(lines)
