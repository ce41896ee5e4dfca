"""What a folder of results says of its study: manifest, the study as understood, its points."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from experiments.study import Study
from experiments.work import code_digest, libraries
from mobilize import __version__

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA = 1


def manifest(study: Study) -> dict[str, Any]:
    """Return what is needed to make the same results again."""
    return {
        "schema": SCHEMA,
        "mobilize": __version__,
        "study": study.name,
        "study_sha256": study.digest,
        "scenario": study.scenario.name,
        "scenario_sha256": study.scenario.digest,
        "code_sha256": code_digest(),
        "seed": study.seed,
        "runs": study.pairs * len(study.packages),
        "months": study.months,
        "libraries": libraries(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def described(study: Study) -> dict[str, Any]:
    """Return a study as it was understood, for people and reports."""
    return {
        "name": study.name,
        "title": study.title,
        "question": study.question,
        "scenario": study.scenario.name,
        "scenario_title": study.scenario.title,
        "start": study.scenario.start,
        "months": study.months,
        "seed": study.seed,
        "worlds": study.worlds,
        "points": study.points,
        "pairs": study.pairs,
        "packages": [asdict(p) for p in study.packages],
        "factors": [asdict(f) for f in study.factors],
        "outcomes": [asdict(o) for o in study.outcomes],
        "design": asdict(study.design),
        "search": asdict(study.search) if study.search else None,
    }


def design_table(study: Study) -> pa.Table:
    """Return the points: number, part in the design, then each factor's value and place."""
    import pyarrow as pa

    names = [f.name for f in study.factors]
    blocks = [
        f"AB:{names[int(place.block[3:])]}" if place.block.startswith("AB:") else place.block
        for place in study.places
    ]
    values = [study.values(point) for point in range(study.points)]
    columns: dict[str, Any] = {
        "point": pa.array(range(study.points), pa.int32()),
        "block": pa.array(blocks, pa.string()),
        "row": pa.array([place.row for place in study.places], pa.int32()),
    }
    for n, name in enumerate(names):
        columns[name] = pa.array([v[name] for v in values])
        columns[f"u:{name}"] = pa.array([place.at[n] for place in study.places], pa.float64())
    return pa.table(columns)
