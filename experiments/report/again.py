"""How to make the same results again, and how to open any run of them."""

from __future__ import annotations

from typing import Any

from experiments.report.blocks import Block, Code, Fold, Part, Points, Table, Text
from experiments.report.facts import Facts
from experiments.report.words import cut, figure, short_unit
from experiments.store import WRITTEN
from experiments.study import shipped

SMALL = "-small"
OPEN = """\
from experiments.study import load_study
from experiments.vary import vary

study = load_study({file!r}{small})
point, world, package = {point}, {world}, {package!r}
varied = vary(study.scenario, study.factors, study.values(point))
chosen = next(p for p in study.packages if p.name == package)
with varied.holding():
    model = varied.model(chosen, study.seed, world, study.months).run()
"""


def again(facts: Facts) -> list[Block]:
    """Return the command, what the results were made by, and how to open a run."""
    manifest = facts.results.manifest
    libraries = ", ".join(f"{k} {v}" for k, v in sorted(manifest["libraries"].items()))
    rows = [
        ("Command", _command(facts)),
        ("Study", f"{manifest['study']}, content {manifest['study_sha256']}"),
        ("Scenario", f"{manifest['scenario']}, content {manifest['scenario_sha256']}"),
        ("Code", f"Mobilize {manifest['mobilize']}, content {manifest['code_sha256']}"),
        ("Made with", libraries),
        ("Seed", str(manifest["seed"])),
    ]
    text = _written(facts)
    told: list[Block] = [
        Text("The same command on the same code gives the same figures, whatever the number of "
             "processes; begun again, it goes on where it stopped."),
        Points(rows),
    ]  # fmt: skip
    if text:
        told.append(Fold("The study file, as it was run", [Code(text)], keep=False))
    return [*told, *_open(facts)]


def _written(facts: Facts) -> str:
    try:
        return (facts.results.folder / WRITTEN).read_text(encoding="utf-8")
    except OSError:
        return ""


def _small(facts: Facts) -> bool:
    return facts.results.name.endswith(SMALL)


def _command(facts: Facts) -> str:
    name = facts.results.name.removesuffix(SMALL) if _small(facts) else facts.results.name
    file = name if name in shipped() else f"{name}.toml"
    return f"mobilize experiment {file}{' --small' if _small(facts) else ''}"


def _open(facts: Facts) -> list[Block]:
    good = facts.runs[facts.runs["status"] == "ok"]
    if good.empty:
        return []
    rows = _worth_opening(facts, good)
    heads = ("which", "run", "point", "world", "package", cut(facts.title(facts.main), 60))
    table = Table(heads, [row[1] for row in rows], "Runs worth a look; point 0 has all assumptions "
                  "at their usual values")  # fmt: skip
    package, (_, _, point, world, *_) = rows[0]
    name = facts.results.name.removesuffix(SMALL)
    file = name if name in shipped() else WRITTEN
    code = OPEN.format(file=file, small=", small=True" if _small(facts) else "", point=int(point),
                       world=int(world), package=package)  # fmt: skip
    said = (
        "A run is a point of the design, a world (its luck) and a package: columns of the results. "
        "This opens one as a model, with every month and every reason in it"
    )
    said += "" if name in shipped() else f"; {WRITTEN} lies in the folder of the results"
    return [Part("How to open a run", [table, Text(said + ":"), Code(code)])]


def _worth_opening(facts: Facts, good: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Return the worst, the middle and the best run of the weighed package, and the baseline's."""
    package, main = facts.weighed[0], facts.main
    mine = good[good["package"] == package]
    if mine.empty:
        mine = good
    sign = -1.0 if main.goal == "less" else 1.0
    ordered = mine.assign(_gain=sign * mine[main.name]).sort_values(["_gain", "run"])
    places = {"worst": 0, "in the middle": len(ordered) // 2, "best": len(ordered) - 1}
    rows = [(word, ordered.iloc[at]) for word, at in places.items()]
    worst = rows[0][1]
    same = good[(good["point"] == worst["point"]) & (good["replication"] == worst["replication"])]
    base = same[same["package"] == facts.baseline]
    if package != facts.baseline and len(base):
        rows.append(("baseline beside the worst", base.iloc[0]))
    return [
        (str(r["package"]), (word, str(r["run"]), str(r["point"]), str(r["world"]),
                             facts.packages[r["package"]],
                             f"{figure(r[main.name], main)} {short_unit(main)}"))
        for word, r in rows
    ]  # fmt: skip
