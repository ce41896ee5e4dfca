"""The page on the industrial gap, and the figures by world beside it, from which it is made."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from experiments.findings.gap import BASE, CHANGED, PACKAGES, Gap, unmet
from experiments.findings.gap_pictures import waterfall
from experiments.findings.gap_words import (
    HEAD,
    LADDER,
    METRICS,
    REASONS,
    REST,
    RESTS,
    SURPRISES,
    UNMET,
)
from experiments.findings.reforms import cell as said
from mobilize import __version__
from mobilize.commands_deterrence import banded, ladder_shares, signed
from mobilize.compare import paired
from mobilize.dictionary import table
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.metrics import LABEL, ROWS
from mobilize.physics.reasons import TERMS
from mobilize.runs import Results
from mobilize.scenario import months
from mobilize.state import Floats
from mobilize.words import number

DIGITS = 5
DATES = (0, 3, 6, 12, 24, 36, 59)  # months of the tables
FIRES = "unmet fires so far [MUSD]"
ATTACKED = "attacked so far"
SERIES = (*(name for _, _, name, _ in ROWS), FIRES, ATTACKED)
NAMES = {"kappa": "kappa, how sharply choice follows utility",
         "short_weight": "w, weight of the short war",
         "opportunity": "h0, opportunities of every step",
         "window": "weight of the drift, the closing window"}  # fmt: skip
Figures = dict[tuple[str, str], dict[str, Floats]]  # by package and date: series, by world


def store(found: Gap, path: Path) -> None:
    """Write every metric by package, date and world, the mindset as drawn."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(("package", "date", "world", *SERIES))
        for package in PACKAGES:
            write.writerows(rows_of(found.drawn(package), package))


def rows_of(results: Results, package: str) -> list[list[str]]:
    """Return the rows of a package: a date and world each."""
    fires = unmet(results).sum(axis=2).cumsum(axis=1)
    attacked = np.maximum.accumulate(results.metric("rung attack"), axis=1)
    values = [*(results.metric(name) for _, _, name, _ in ROWS), fires, attacked]
    return [
        [package, months.label(results.scenario.start + month), str(world),
         *(f"{value[n, month]:.{DIGITS}g}" for value in values)]
        for month in DATES
        for n, world in enumerate(results.worlds)
    ]  # fmt: skip


def read(path: Path) -> Figures:
    """Return what `store` wrote."""
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault((row["package"], row["date"]), []).append(row)
    return {
        key: {name: np.array([float(row[name]) for row in some]) for name in SERIES}
        for key, some in rows.items()
    }


def metrics(figures: Figures) -> str:
    """Return M1-M7 in rows of their own: each package's levels, then differences to no change."""
    at = list(dict.fromkeys(date for _, date in figures))
    parts = [METRICS]
    for package, title in PACKAGES.items():
        rows = [(name, text, unit, *(banded(figures[package, date][series]) for date in at))
                for name, text, series, unit in ROWS]  # fmt: skip
        parts += [f"### {title}\n", table(("", "Metric", "Unit", *at), rows)]
        if package != BASE:
            rows = [(name, text, unit, *(differ(figures, package, date, series) for date in at))
                    for name, text, series, unit in ROWS]  # fmt: skip
            head = f"{title} less no change, paired:\n"
            parts += [head, table(("", "Metric", "Unit", *at), rows)]
    return "\n".join(parts)


def differ(figures: Figures, package: str, date: str, series: str) -> str:
    """Return a paired difference to no change with its interval, in brackets if it may be none."""
    d = paired(series, date, "", figures[BASE, date][series], figures[package, date][series])
    text = f"{signed(d.difference)} ({signed(d.low)} to {signed(d.high)})"
    if signed(d.low) == signed(d.high) == "0":
        return "0"
    return f"[{text}]" if d.low <= 0.0 <= d.high else text


def steps(found: Gap) -> str:
    """Return the share of worlds that sees each step at any time, by mindset and package."""
    shares = {package: ladder_shares(found.runs[package]) for package in PACKAGES}
    rows = [
        (mindset, rung, *(f"{shares[package][mindset]['ever'][rung]:.0%}" for package in PACKAGES))
        for mindset in MINDSETS
        for rung in RUNGS
    ]
    return table(("Mindset", "Step", *PACKAGES.values()), rows)


def short(found: Gap, figures: Figures) -> str:
    """Return fires unmet over the run by munition and in all, and what the packages change."""
    runs = {package: found.drawn(package) for package in PACKAGES}
    base = runs[BASE]
    units = {package: r.by_item("unmet").sum(axis=1) for package, r in runs.items()}
    rows = []
    for i in base.end_items():
        if units[BASE][:, i].mean() >= 1:
            name = base.names.items[i]
            cells = (said(paired(name, "all", "", units[BASE][:, i], units[p][:, i]))
                     for p in PACKAGES if p != BASE)  # fmt: skip
            rows.append((name, banded(units[BASE][:, i]), *cells))
    last = max(date for _, date in figures)
    value = {package: figures[package, last][FIRES] for package in PACKAGES}
    cells = (said(paired("all", "all", "", value[BASE], value[p])) for p in PACKAGES if p != BASE)
    rows.append(("all, million dollars", banded(value[BASE]), *cells))
    return UNMET + table(("Munition", *PACKAGES.values()), rows)


def reasons(found: Gap) -> str:
    """Return the reason chain of the worst month, and what the challenger made of it."""
    worst, start = found.worst, found.runs[BASE].scenario.start
    text = REASONS.format(world=worst.world, month=months.label(start + worst.month),
                          program=worst.program, units=number(worst.units),
                          asked=number(worst.asked), chain=worst.answer.chain())  # fmt: skip
    columns = [waterfall(found, BASE, mindset) for mindset in MINDSETS]
    rows = [(term, *(f"{column[term]:+.2f}" for column in columns)) for term in TERMS]
    for package, title in PACKAGES.items():
        sums = (sum(waterfall(found, package, mindset).values()) for mindset in MINDSETS)
        rows.append((f"**acting less waiting**, {title.lower()}", *(f"{s:+.2f}" for s in sums)))
    return text + table(("Reason", *MINDSETS), rows)


def rest(found: Gap) -> str:
    """Return how the effect of CHANGED moves with the figures that rest on judgement."""
    rows = []
    for (name, level), (base, changed) in found.cases.items():
        title = f"{NAMES[name]}: {level}" if name else "as they are"
        rows.append((title, *case_cells(base, changed)))
    heads = ("Figure", *(f"M6 {m}, month 12" for m in MINDSETS), "Worlds attacked, points",
             "Fires unmet, million dollars")  # fmt: skip
    return REST.format(package=CHANGED) + table(heads, rows) + RESTS


def case_cells(base: Results, changed: Results) -> list[str]:
    """Return differences of the views, attacks and unmet fires of two runs in the same worlds."""
    before, after = (case_figures(run) for run in (base, changed))
    return [said(paired("", "", "", a, b)) for a, b in zip(before, after, strict=True)]


def case_figures(run: Results) -> list[Floats]:
    """Return by world the views in month 12, attacked (100) or not (0), and unmet fires, MUSD."""
    attacked = np.where(run.metric("rung attack").any(axis=1), 100.0, 0.0)
    views = [run.metric(f"view {mindset}")[:, 12] for mindset in MINDSETS]
    return [*views, attacked, unmet(run).sum(axis=(1, 2))]


def page(found: Gap, figures: Path) -> str:
    """Return the text of ``docs/gap.md``; tables of metrics are made from the stored figures."""
    base = found.runs[BASE]
    worlds = len(base.worlds) // len(MINDSETS)
    head = HEAD.format(label=LABEL, version=__version__, scenario=base.scenario.name,
                       seed=base.seed, worlds=worlds)  # fmt: skip
    first, *_, root = found.worst.answer.links
    surprises = SURPRISES.format(first=first.line, root=root.line, item=root.item, bound=root.bound)
    stored = read(figures)
    parts = (head, surprises, "## The ladder\n", LADDER, steps(found), short(found, stored),
             reasons(found), rest(found), metrics(stored))  # fmt: skip
    return "\n".join(parts)
