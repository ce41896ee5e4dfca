"""Frames for the tests of the analysis: studies whose answers are known."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis.futures import Futures


class Measure(NamedTuple):
    """What the analysis asks of an outcome."""

    name: str
    goal: str = "more"
    acceptable: float | None = None


def design_of(at, block="", row=None, base=None):
    """Return a design of points in the unit cube; columns that are words stay words.

    `at` is a frame of factors, or an array, shape (points, factors).
    """
    if not isinstance(at, pd.DataFrame):
        at = pd.DataFrame(np.asarray(at), columns=[f"x{n}" for n in range(np.shape(at)[1])])
    n = len(at)
    table = pd.DataFrame({"point": np.arange(1, n + 1, dtype=np.int32), "block": block})
    table["row"] = np.arange(n, dtype=np.int32) if row is None else np.asarray(row, dtype=np.int32)
    columns = {}
    for name in at:
        words = not pd.api.types.is_numeric_dtype(at[name])
        columns |= {name: at[name].to_numpy(), f"u:{name}": 0.5 if words else at[name].to_numpy()}
    table = pd.concat([table, pd.DataFrame(columns, index=table.index)], axis=1)
    if base is None:
        return table
    first = {"point": 0, "block": "base", "row": 0} | dict(zip(at, base, strict=True))
    first |= {f"u:{name}": np.nan for name in at}
    return pd.concat([pd.DataFrame([first]), table], ignore_index=True)


def runs_of(values, points=None, names=("y",), worlds=None):
    """Return runs of values, shape (points, replications, packages[, outcomes])."""
    values = np.asarray(values, dtype=float)
    if values.ndim == 3:
        values = values[..., None]
    shape = values.shape[:3]
    point, replication, package = (a.ravel() for a in np.indices(shape))
    points = np.arange(1, shape[0] + 1) if points is None else np.asarray(points)
    table = pd.DataFrame(
        {
            "run": np.arange(point.size, dtype=np.int64),
            "point": points[point].astype(np.int32),
            "replication": replication.astype(np.int32),
            "world": (replication if worlds is None else np.ravel(worlds)).astype(np.int64),
            "package": np.array(list("abcdefghijklmnopqrst"))[package],
            "status": "ok",
            "error": "",
        }
    )
    for n, name in enumerate(names):
        table[name] = values[..., n].ravel()
    return table


def futures_of(**outcomes):
    """Return futures of hand-made tables, each shape (futures, packages)."""
    tables = {name: np.asarray(table, dtype=float) for name, table in outcomes.items()}
    shape = next(iter(tables.values())).shape
    case, package = (a.ravel() for a in np.indices(shape))
    frame = pd.DataFrame({"case": case, "package": np.array(list("abcdefghij"))[package]})
    for name, table in tables.items():
        frame[name] = table.ravel()
    return Futures(frame, "future", 1, (), pd.DataFrame())


def ishigami(x):
    """Return the function of Ishigami & Homma (1990) of places in the unit cube."""
    x = np.pi * (2.0 * np.asarray(x) - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices():
    """Return its first and total indices, from its variances in closed form."""
    one = 0.5 * (1.0 + 0.1 * np.pi**4 / 5.0) ** 2
    two, both = 49.0 / 8.0, 0.01 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    return np.array([one, two, 0.0]) / (one + two + both), np.array([one + both, two, both]) / (
        one + two + both
    )


def saltelli(n, factors, seed=0):
    """Return places and blocks of a saltelli design."""
    from scipy.stats.qmc import Sobol

    both = Sobol(2 * factors, rng=np.random.default_rng(seed)).random(n)
    a, b = both[:, :factors], both[:, factors:]
    mixed = [np.where(np.arange(factors) == k, b, a) for k in range(factors)]
    blocks = ["A", "B", *(f"AB:{k}" for k in range(factors))]
    at = np.concatenate([a, b, *mixed])
    return design_of(at, np.repeat(blocks, n), np.tile(np.arange(n), factors + 2))


def trajectories(n, factors, seed=0):
    """Return a morris design: one factor at a time moves by half its range or more."""
    rng = np.random.default_rng(seed)
    at = []
    for _ in range(n):
        place = rng.choice([0.0, 1.0 / 3.0], factors)
        at.append(place.copy())
        for k in rng.permutation(factors):
            place[k] += 2.0 / 3.0
            at.append(place.copy())
    return design_of(np.array(at), row=np.repeat(np.arange(n), factors + 1))


def by_point(design, values):
    """Return values at the points of a design that is not its nominal one."""
    return pd.Series(np.asarray(values), index=design.loc[design["block"] != "base", "point"])
