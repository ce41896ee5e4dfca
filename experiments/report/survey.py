"""What several studies found, side by side: their answers, and which findings survive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.report.answer import answer
from experiments.report.blocks import Block, Document, Points, Section, Table, Text
from experiments.report.facts import Facts
from experiments.report.robust import SAYS
from experiments.report.searched import in_short
from experiments.report.words import between, count, gap_unit, listed, percent, percents, signed
from mobilize.playing import HONEST

NAME = "README"  # of the page: what a code host shows of the folder
TITLE = "What the studies found"
FIRM = ("survives", "mostly")
DO = {"survives": "survive", "mostly": "mostly do", "depends": "depend on the assumptions",
      "none": "show no difference"}  # fmt: skip
LEAD = (
    "Each study that comes with Mobilize, run at its full setting. A finding is a package against "
    "the baseline of its study on one outcome, as it comes out at the usual values. It survives if "
    "its sign holds in at least 95 % of the sampled futures and the interval of the mean "
    "difference lies on its side, mostly if in at least 80 %. In a future all notional, unverified "
    "and estimated numbers of the scenario stand somewhere else in their ranges; shares count "
    "futures and claim no odds."
)


def survey(studies: Sequence[Facts]) -> Document:
    """Return one page on several studies, in the order given."""
    sections = []
    for facts in studies:
        blocks: list[Block] = [Text(str(facts.about["question"]), "lead")]
        blocks += [Text(said, "", lead) for lead, said in [*answer(facts), *in_short(facts)]]
        found = facts.found
        if found is not None and facts.sampled is not None:
            blocks += [Text(_counted(facts, found)), _firm(facts, found)]
        blocks.append(Points([("The whole report", f"{facts.results.name}.md in this folder")]))
        sections.append(Section(facts.results.name, str(facts.about["title"]), blocks))
    return Document(TITLE, [Text(LEAD), Text(HONEST, "muted")], sections)


def _counted(facts: Facts, found: Any) -> str:
    """Say how many findings survive, and how many do not."""
    counts = found["verdict"].value_counts()
    told = listed(f"{counts[v]} {DO[v]}" for v in DO if counts.get(v, 0))
    assumptions = count(len(facts.factors), "assumption")
    return f"Of {count(len(found), 'finding')}: {told}, when {assumptions} vary."


def _firm(facts: Facts, found: Any) -> Block:
    """Return the findings that survive or mostly do, money left out."""
    by_name = {o.name: o for o in facts.outcomes if o.measure != "paid"}
    rows = []
    for r in found.to_dict("records"):
        if r["verdict"] not in FIRM or r["outcome"] not in by_name:
            continue
        o = by_name[r["outcome"]]
        rows.append((
            facts.packages[r["package"]], facts.title(o), "better" if r["better"] else "worse",
            f"{signed(r['nominal'], o)} {gap_unit(o)}",
            f"{signed(r['difference'], o)} ({between(r['low'], r['high'], o)})",
            f"{percent(r['holds'])} ({percents(r['holds_low'], r['holds_high'])})",
            SAYS[r["verdict"]],
        ))  # fmt: skip
    if not rows:
        return Text("None survives, not even mostly.")
    heads = ("package", "outcome", "", "at the usual values", "over the futures", "sign holds in",
             "verdict")  # fmt: skip
    return Table(heads, rows, "Findings that survive, or mostly do; what is paid is in the report",
                 short=len(rows))  # fmt: skip
