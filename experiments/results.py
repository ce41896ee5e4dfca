"""Reading the results of a study: as frames, also while it runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.designs import BASE
from experiments.factor import Factor
from experiments.outcome import Outcome
from experiments.store import (
    CHUNKS,
    DESIGN,
    LOG,
    MANIFEST,
    RUNS,
    STUDY,
    read_whole,
    whole_files,
)
from experiments.work import QUARTER, SERIES
from mobilize.state import Floats

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

AGAIN = 100  # times that files are looked for which are gathered meanwhile
PLACE = ("run", "point", "replication", "world", "package", "status", "error")


class ResultsError(Exception):
    """A folder that holds no results of a study; the text says what it should be."""


@dataclass(frozen=True)
class Progress:
    """What the log of a study says: `state` is new, running, stopped, broken or finished."""

    state: str
    runs: int
    done: int
    failed: int
    rate: float
    left: float
    error: str
    at: float


@dataclass(frozen=True)
class Results:
    """Results of a study, from its folder.

    `about` is the study as it was understood (see :func:`experiments.stored.described`).
    """

    folder: Path
    about: dict[str, Any]
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        """Return the name of the study."""
        return str(self.about["name"])

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Return what counts."""
        return tuple(Outcome(**row) for row in self.about["outcomes"])

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """Return what is uncertain."""
        rows: list[dict[str, Any]] = self.about["factors"]
        lists = ("words", "only")
        return tuple(Factor(**row | {key: tuple(row[key]) for key in lists}) for row in rows)

    @cached_property
    def packages(self) -> dict[str, str]:
        """Return the titles of the packages by name, the baseline first."""
        return {row["name"]: row["title"] for row in self.about["packages"]}

    @property
    def baseline(self) -> str:
        """Return the name of the package that the others are compared with."""
        return next(iter(self.packages))

    @cached_property
    def design(self) -> pd.DataFrame:
        """Return the points: point, block, row, then value and place of each factor."""
        import pandas as pd

        return pd.read_parquet(self.folder / DESIGN)

    def runs(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row a run, sorted by number, with its figures; those of a search too.

        Parameters
        ----------
        columns : sequence of str, optional
            Names of outcomes; all by default.
        """
        import pandas as pd
        import pyarrow as pa

        names = [*PLACE, *([o.name for o in self.outcomes] if columns is None else columns)]
        parts = self._read(names)
        if not parts:
            return pd.DataFrame({name: [] for name in names})
        frame: pd.DataFrame = pa.concat_tables(parts).to_pandas()
        return frame.drop_duplicates("run").sort_values("run", ignore_index=True)

    def nominal(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the runs in which every factor stands at its base."""
        frame = self.runs(columns)
        return frame[frame["point"] == 0].reset_index(drop=True)

    def futures(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the runs of all points but the nominal one, or of that one if it is alone."""
        frame = self.runs(columns)
        others = frame["point"] != 0
        return frame[others].reset_index(drop=True) if others.any() else frame

    def points(self) -> pd.DataFrame:
        """Return the design without the nominal point."""
        return self.design[self.design["block"] != BASE].reset_index(drop=True)

    def fan(self, outcome: str, package: str, nominal: bool = True) -> Floats:
        """Return the quarterly means of the months behind an outcome, shape (runs, quarters).

        Parameters
        ----------
        nominal : bool
            Of the nominal point alone, else of all others.
        """
        import numpy as np
        import pyarrow.compute as pc

        rows: list[list[float]] = []
        for table in self._read(["point", "package", "status", SERIES + outcome]):
            there = pc.and_(pc.equal(table["package"], package), pc.equal(table["status"], "ok"))
            at_base = pc.equal(table["point"], 0)
            there = pc.and_(there, at_base if nominal else pc.invert(at_base))
            rows += table.filter(there)[SERIES + outcome].to_pylist()
        quarters = -(-int(self.about["months"]) // QUARTER)
        return np.array(rows, dtype=float).reshape(len(rows), quarters)

    def progress(self) -> Progress:
        """Return how far the study is, by its log."""
        return read_progress(self.folder)

    def _read(self, columns: list[str]) -> list[pa.Table]:
        """Return columns of all files, those with the first runs first.

        Raises
        ------
        ResultsError
            If one cannot be read.
        """
        for _ in range(AGAIN):
            # Chunks before the files that they are gathered in: so none is missed in between.
            chunks = whole_files(self.folder / CHUNKS)
            gathered = whole_files(self.folder / RUNS)
            left = [c for c in chunks if not any(_holds(file, c) for file in gathered)]
            try:
                files = sorted([*gathered, *left], key=lambda file: file.name)
                return [read_whole(file, columns) for file in files]
            except FileNotFoundError:
                continue  # just gathered
            except (OSError, ValueError) as error:
                raise ResultsError(
                    f"{self.folder}: a file of runs is damaged ({error}); the command that made "
                    "them does those again"
                ) from error
        raise ResultsError(f"{self.folder}: it changes too fast to be read; try again")


def _holds(file: Path, chunk: Path) -> bool:
    """Return whether the runs of a chunk are in a file, by their names."""
    first, last = file.stem.split("-")
    return first <= chunk.stem.split("-")[0] <= last


def open_results(folder: str | Path) -> Results:
    """Open the results of a study.

    Raises
    ------
    ResultsError
        If the folder does not hold any.
    """
    folder = Path(folder)
    try:
        about = json.loads((folder / STUDY).read_text(encoding="utf-8"))
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ResultsError(
            f"{folder}: no results of a study (no {Path(error.filename).name}); "
            "`mobilize experiment STUDY` says where it puts them"
        ) from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"{folder}: cannot be read: {error}") from error
    return Results(folder, about, manifest)


def read_progress(folder: Path) -> Progress:
    """Return how far a study is, from the log in its folder."""
    state, runs, done, failed, rate, error, at = "new", 0, 0, 0, 0.0, "", 0.0
    first, began = 0, 0.0
    try:
        lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for text in lines:
        try:
            line = json.loads(text)
            at, event = float(line["at"]), line["event"]
        except (ValueError, TypeError, KeyError):  # the process ended in the middle of a line
            continue
        if event == "start":
            state, runs, done, failed, error = "running", line["runs"], line["done"], 0, ""
            first, began, rate = done, at, 0.0
        elif event == "done":
            runs, done, failed = line["runs"], line["done"], line["failed"]
            rate = (done - first) / max(1e-9, at - began)
        elif event in ("stopped", "broken", "finished"):
            state, error = event, line.get("error", "")
    left = (runs - done) / rate if rate else float("nan")
    return Progress(state, runs, done, failed, rate, left, error, at)
