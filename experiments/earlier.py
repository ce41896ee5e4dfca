"""Making a study larger: what a smaller one has run is taken over, not run again.

The points of a Sobol design are the first of a longer one, and the candidates of a search do not
know how many generations will follow. So the runs of the smaller study are the first of the larger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.plan import Table
from experiments.results import ResultsError, open_results
from experiments.store import MADE_BY, RUNS, Store, StoreError, read_whole, whole_files
from experiments.stored import manifest
from experiments.study import Study

if TYPE_CHECKING:
    import pyarrow as pa


def take_over(store: Store, table: Table, folder: Path) -> int:
    """Keep the chunks of a table that another folder has already; return how many.

    Raises
    ------
    StoreError
        If the folder does not hold a smaller study of the same question by the same version.
    """
    for other in _check(table.study, folder).get("also_made_by", []):
        store.also_made_by(other)
    have = store.have(table)
    taken = 0
    for first, last, path in _files(folder):
        wanted = [n for n in range(len(table)) if n not in have and _within(table, n, first, last)]
        rows = _read(path) if wanted else None
        for n in wanted:
            begin, end = table.span(n)
            if rows is not None:
                store.keep(table, n, rows.slice(begin - first, end - begin + 1).combine_chunks())
                taken += 1
    return taken


def _read(path: Path) -> pa.Table:
    try:
        return read_whole(path)
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{path} is damaged ({error}); the command that made it does its runs again, or leave "
            "the earlier results out"
        ) from error


def _check(study: Study, folder: Path) -> dict[str, Any]:
    """Return the manifest of earlier results, if they may stand beside new ones."""
    try:
        there = open_results(folder)
    except ResultsError as error:
        raise StoreError(str(error)) from error
    here = manifest(study)
    if there.manifest.get("study_sha256") not in {s.digest for s in _smaller(study, there.about)}:
        raise StoreError(
            f"{folder} holds no smaller version of this study; allowed: results of the same study "
            "with fewer `points` of a sobol design, or fewer `generations` of a search"
        )
    other = [key for key in MADE_BY if there.manifest.get(key) != here[key]]
    if other:
        raise StoreError(f"{folder} was made by another version ({', '.join(other)} differ); "
                         "its runs cannot stand beside new ones")  # fmt: skip
    return there.manifest


def _smaller(study: Study, about: dict[str, object]) -> Iterator[Study]:
    """Yield the study as it would be with the sizes of the other."""
    design, search = about.get("design"), about.get("search")
    if study.design.kind == "sobol" and isinstance(design, dict):
        points = design.get("points")
        if isinstance(points, int) and 2 <= points < study.design.points:
            yield replace(study, design=replace(study.design, points=points))
    if study.search is not None and isinstance(search, dict):
        generations = search.get("generations")
        if isinstance(generations, int) and 1 <= generations < study.search.generations:
            yield replace(study, search=replace(study.search, generations=generations))


def _files(folder: Path) -> Iterator[tuple[int, int, Path]]:
    """Yield the gathered files with their first and last run."""
    for path in whole_files(folder / RUNS):
        first, last = map(int, path.stem.split("-"))
        yield first, last, path


def _within(table: Table, n: int, first: int, last: int) -> bool:
    begin, end = table.span(n)
    return first <= begin and end <= last
