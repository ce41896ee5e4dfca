"""Why M4, M5 and M7 stand where they stand: fragile lines, foreign supply, allies' trust.

None of them rests on one program.
"""

from __future__ import annotations

import numpy as np

from agents.requests import honour_chance
from mobilize.app.views.answers import ROWS, Answer, fact, link, table
from mobilize.app.views.plants import call, item_name, label
from mobilize.deterrence import Watch, metric
from mobilize.physics.capability import passing
from mobilize.physics.politics import allies
from mobilize.state import EPS
from mobilize.stress import Survey
from mobilize.terms import BACKLASH
from mobilize.words import number
from mobilize.world import World


def about_fragile(world: World, plan: Watch) -> tuple[Answer, str]:
    """Return M4: which critical lines would fail before they recover."""
    survey = Survey(world, [world.names.programs[i] for i in plan.critical.tolist()])
    nodes = [node for node in survey.nodes() if node.fragile]
    rows, links = [], []
    for node in nodes[:ROWS]:
        line = world.names.lines.index(node.name)
        made = item_name(world.scenario, int(world.net.l_item[line]))
        rows.append([label(world, line), made, number(node.survives), number(node.recovers),
                     number(node.held_up)])  # fmt: skip
        links.append({"name": label(world, line), "kind": "line", "target": call(world, line)})
    value = metric(world, "fragile")
    columns = [("Plant", False), ("Makes", False), ("Deliveries fall after, months", True),
               ("Recovers in, months", True), ("Held up, MUSD a month", True)]  # fmt: skip
    first = f" Most exposed: {rows[0][0]}, {rows[0][1]}." if rows else ""
    return {
        "title": "M4: fragile share of critical lines",
        "headline": f"{value:.0%} of the lines that feed critical programs would fail before they "
        f"recover.{first}",
        "formula": "A line is fragile if, should it stop today, deliveries fall before it, or what "
        "replaces it, works again (time to survive against time to recover). Taken each quarter; "
        "the table is of this month.",
        "facts": [
            fact("Fragile share", 100 * value, "%"),
            fact("Fragile lines this month", len(nodes), "lines"),
        ],
        "tables": [table("The most exposed", columns, rows)],
        "next": links[:4],
    }, ""


def about_assured(world: World, plan: Watch) -> tuple[Answer, str]:
    """Return M5: what allies would supply, and what is neither home nor assured."""
    net, s, names = world.net, world.s, world.names
    through = np.zeros(len(net.l_item))
    passing(*world.arrays[:2], plan.order, plan.critical, through)
    whole = np.bincount(net.l_item, np.where(through > EPS, s.capacity, 0.0), len(names.items))
    share = np.where(
        (through > EPS) & (whole[net.l_item] > EPS),
        s.capacity / np.maximum(whole[net.l_item], EPS),
        0.0,
    )
    chance = honour_chance(world)
    abroad = ~net.l_ratings
    countries = len(names.countries)
    parts = np.bincount(net.l_country, share * abroad, countries)
    kept = np.bincount(net.l_country, share * abroad * chance, countries)
    total = max(float(share.sum()), EPS)
    order = [c for c in np.argsort(-parts).tolist() if parts[c] > EPS]
    named = world.scenario.tables["countries"]["name"]
    rows = [
        [str(named[c]), f"{parts[c] / total:.1%}", f"{kept[c] / parts[c]:.0%}",
         f"{(parts[c] - kept[c]) / total:.1%}"]
        for c in order[:ROWS]
    ]  # fmt: skip
    value, dependent = metric(world, "assured"), metric(world, "dependence")
    columns = [("Country", False), ("Share of critical capacity", True),
               ("Chance it honours a request", True), ("Not assured", True)]  # fmt: skip
    first = f" Most of it lies in {rows[0][0]}." if rows else ""
    return {
        "title": "M5: assured allied supply, and dependence",
        "headline": f"{value:.0%} of foreign capacity in critical chains would honour a request; "
        f"{dependent:.0%} of all such capacity is foreign and not assured.{first}",
        "formula": "Assured: the chance that each foreign plant honours a priority request, "
        "weighed by its share of the capacity for its item. Dependence: the foreign share times "
        "what is not assured. Taken each quarter; the table is of this month.",
        "facts": [
            fact("Assured", 100 * value, "%"),
            fact("Dependence", 100 * dependent, "%"),
            fact("Through the challenger's plants", 100 * metric(world, "exposure"), "%"),
        ],
        "tables": [table("Where it lies", columns, rows)],
        "next": [link(world, int(metric(world, "replenish_program")))],
    }, ""


def about_cohesion(world: World, plan: Watch) -> tuple[Answer, str]:
    """Return M7: how far allies trust and what resists at home."""
    s, named = world.s, world.scenario.tables["countries"]["name"]
    chosen = np.flatnonzero(allies(world.arrays[0]))
    trust = float(s.trust[chosen].mean()) if len(chosen) else 0.0
    resistance = min(1.0, max(0.0, float(s.backlash[0] + s.of_base[BACKLASH])))
    order = sorted(chosen.tolist(), key=lambda c: float(s.trust[c]))
    rows = [
        [str(named[c]), f"{s.trust[c]:.0%}", f"{s.trust[c] - world.net.c_alignment[c]:+.0%}",
         f"{s.kept[c] / s.promised[c]:.0%}" if s.promised[c] > EPS else "none asked"]
        for c in order
    ]  # fmt: skip
    value = metric(world, "cohesion")
    columns = [("Ally", False), ("Trust", True), ("Since the start", True), ("Kept", True)]
    least = f" {rows[0][0]} trusts least." if rows else ""
    return {
        "title": "M7: coalition cohesion",
        "headline": f"{value:.0%}: mean trust {trust:.0%}, of which resistance at home takes "
        f"{resistance:.0%}.{least}",
        "formula": "Mean trust of allies, less the share that resistance at home to foreign "
        "sources takes.",
        "facts": [
            fact("Cohesion", 100 * value, "%"),
            fact("Mean trust of allies", 100 * trust, "%"),
            fact("Resistance at home", 100 * resistance, "%"),
            fact("Commitments kept", 100 * metric(world, "kept"), "%"),
        ],
        "tables": [table("Allies, least trust first", columns, rows)],
        "next": [{"name": "M5: assured allied supply", "kind": "metric", "target": "assured"}],
    }, ""
