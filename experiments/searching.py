"""A search as part of a study: its candidates run like packages, in the same pairs and files.

The optimizer keeps nothing: begun again it proposes the same candidates from the figures on disk,
so that a search goes on where it was, as any study does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.plan import Table
from experiments.search import Candidate, Figures, generations
from experiments.store import Store
from experiments.study import Study

if TYPE_CHECKING:
    import pyarrow as pa

CANDIDATES = "candidates.json"
CarryOut = Callable[[Table], None]


def search(study: Study, store: Store, carry_out: CarryOut, first: Table) -> None:
    """Run the search of a study after its own packages; write down every candidate.

    Parameters
    ----------
    carry_out : callable
        Does what is not done of a table.
    first : Table
        The runs of the study's own packages; those of candidates are numbered after them.
    """
    if study.search is None:
        return
    offset = first.offset + first.runs
    told: list[dict[str, Any]] = []

    def evaluate(new: list[Candidate]) -> list[Figures]:
        nonlocal offset
        table = Table(study, [candidate.package for candidate in new], offset)
        offset += table.runs
        carry_out(table)
        return figures(study, store.rows(table), [candidate.name for candidate in new])

    for found in generations(study.search, study.seed, evaluate):
        told += [
            {
                "generation": one.candidate.generation,
                "package": asdict(one.candidate.package),
                "figures": {k: v if np.isfinite(v) else None for k, v in one.figures.items()},
                "violation": one.violation,
            }
            for one in found
        ]
        store.write_text(CANDIDATES, json.dumps(told, indent=1) + "\n")


def figures(study: Study, rows: pa.Table, names: list[str]) -> list[Figures]:
    """Return the mean of each outcome by candidate: over futures where there are, else worlds.

    A candidate of which a run failed has no figures: its mean would be of other luck.
    """
    frame = rows.to_pandas()
    frame = frame[(frame["point"] > 0) == (study.points > 1)]
    outcomes = [outcome.name for outcome in study.outcomes]
    whole = frame.groupby("package")["status"].agg(lambda status: bool((status == "ok").all()))
    futures = frame.groupby(["package", "point"])[outcomes].mean()
    means = futures.groupby("package").mean()
    return [
        {name: float(means.loc[package, name]) if whole[package] else np.nan for name in outcomes}
        for package in names
    ]
