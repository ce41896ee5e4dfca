"""Why M1, M2 and M3 stand where they stand: stocks, what replaces them, what is delivered."""

from __future__ import annotations

import numpy as np

from mobilize.app.views.answers import ROWS, Answer, fact, link, program_names, table
from mobilize.deterrence import Watch, metric
from mobilize.physics.capability import deliveries
from mobilize.physics.fires import days_of_fires, hiring, months_to_replenish
from mobilize.words import number
from mobilize.world import World


def about_fires(world: World, plan: Watch) -> tuple[Answer, str]:
    """Return M1: how long fires last, and the program it rests on."""
    s, names = world.s, program_names(world)
    most = world.p.fires_longest
    days = {
        i: float(days_of_fires(float(s.stock[i]), float(s.recent[i]), float(daily), most))
        for i, daily in zip(plan.critical.tolist(), plan.daily.tolist(), strict=True)
    }
    daily = dict(zip(plan.critical.tolist(), plan.daily.tolist(), strict=True))
    value, who = metric(world, "fires"), int(metric(world, "fires_program"))
    rows = [
        [names[i], number(float(s.stock[i])), number(float(s.recent[i])), number(daily[i]),
         _days(d, most)]
        for i, d in sorted(days.items(), key=lambda row: row[1])[:ROWS]
    ]  # fmt: skip
    columns = [("Program", False), ("Stock, units", True), ("Delivered a month", True),
               ("Fired a day", True), ("Alone lasts", True)]  # fmt: skip
    return {
        "title": "M1: days of sustained fires",
        "headline": f"{_days(value, most)}: {names[who]} runs out first; the plan asks for "
        f"{number(plan.need_days)} days.",
        "formula": "Stock, with deliveries as they come, against what the reference war fires in "
        "a day of its first phase. What runs out first counts, after whatever stands in for it.",
        "facts": [fact("Days of fires", value, "days", f"plan: {number(plan.need_days)}")],
        "tables": [table("What runs out first", columns, rows)],
        "next": [link(world, i) for i in sorted(days, key=lambda i: days[i])[:3] if i != who],
    }, world.names.programs[who]


def _days(days: float, most: float) -> str:
    return _counted(days, most, "day")


def about_replenish(world: World, plan: Watch) -> tuple[Answer, str]:
    """Return M2: how long it takes to make up for a war, and the program it rests on."""
    s, net, names = world.s, world.net, program_names(world)
    path = np.zeros(int(world.p.replenish_longest))
    arrays = world.arrays
    found = {}
    for i, daily in zip(plan.critical.tolist(), plan.daily.tolist(), strict=True):
        spent = world.p.replenish_days * daily
        growth = hiring(*arrays, i)
        deliveries(s.capable[0], i, float(s.recent[i]), growth, 0.0, path)
        found[i] = (float(months_to_replenish(path, float(net.p_use[i]), spent)), spent)
    value, who = metric(world, "replenish"), int(metric(world, "replenish_program"))
    order = sorted(found, key=lambda i: -found[i][0])
    most = world.p.replenish_longest
    rows = [
        [names[i], number(found[i][1]), number(float(s.recent[i])), number(float(net.p_use[i])),
         number(float(s.capable[0, 3, i])), _months(found[i][0], most)]
        for i in order[:ROWS]
    ]  # fmt: skip
    columns = [("Program", False), ("To make up, units", True), ("Delivered a month", True),
               ("Used in peace a month", True), ("Could be delivered in 3 years", True),
               ("Takes", True)]  # fmt: skip
    return {
        "title": "M2: months to replenish",
        "headline": f"{_months(value, most)}: {names[who]} takes longest to come back.",
        "formula": f"Months until deliveries above peacetime use make up for "
        f"{number(world.p.replenish_days)} days of the reference war, as plants hire and projects "
        "under way come in. The slowest program counts.",
        "facts": [
            fact("Months to replenish", value, "months"),
            fact("As a challenger sees it", metric(world, "replenish_seen"), "months"),
        ],
        "tables": [table("What comes back last", columns, rows)],
        "next": [link(world, i) for i in order[:3] if i != who],
    }, world.names.programs[who]


def _months(value: float, most: float) -> str:
    return _counted(value, most, "month")


def _counted(value: float, most: float, unit: str) -> str:
    """Return a number of days or months in words; beyond the most that is counted, as such."""
    if value >= most:
        return f"{number(most)} {unit}s or more"
    return f"1 {unit}" if value == 1 else f"{number(value)} {unit}s"


def about_output(world: World, plan: Watch) -> tuple[Answer, str]:
    """Return M3: what is delivered against the start, and the program it rests on."""
    s, net, names = world.s, world.net, program_names(world)
    before = net.p_on_order / net.p_span
    change = {i: float((s.recent[i] - before[i]) * net.p_cost[i]) for i in plan.critical.tolist()}
    order = sorted(change, key=lambda i: change[i])
    value = metric(world, "output")
    rows = [
        [names[i], number(float(before[i])), number(float(s.recent[i])),
         f"{change[i] / 1000:+,.1f}"]
        for i in [*order[: ROWS // 2], *order[ROWS // 2 :][-ROWS // 2 :]]
    ]  # fmt: skip
    columns = [("Program", False), ("At the start, units a month", True), ("Now", True),
               ("Change, MUSD a month", True)]  # fmt: skip
    least = order[0]
    return {
        "title": "M3: output of critical munitions",
        "headline": f"{number(value)} times the start's deliveries, by value; "
        f"{number(metric(world, 'announced'))} times is announced three years ahead.",
        "formula": "Deliveries to the critical programs, smoothed, at their cost of the start, "
        "over what contracts of the start deliver in a month.",
        "facts": [
            fact("Output", value, "times the start"),
            fact("Announced, 3 years ahead", metric(world, "announced"), "times the start"),
        ],
        "tables": [table("Least and most grown", columns, rows)],
        "next": [link(world, i) for i in order[1:4]],
    }, world.names.programs[least]
