"""Where the money went: the ledger by account, and what the levers in force cost."""

from __future__ import annotations

from mobilize.app.views.answers import Answer, empty, fact, money, table
from mobilize.app.views.plants import plain
from mobilize.model import Model
from mobilize.scenario import months
from mobilize.state import LEDGER, POLICY
from mobilize.world import World
from policies.effects import in_force

YEAR = 12
ACCOUNTS = {
    "programs": "Governments paid for what was delivered",
    "projects": "Public projects to add capacity",
    "civil": "Civil customers paid",
    "wages": "Firms paid in wages",
    "investment": "Firms invested of their own",
    "policy": "Levers cost to run",
    "repairs": "Depots cost to repair fleets",
}


def about_money(model: Model, target: str) -> Answer:
    """Return the answer about the ledger, or about one of its accounts."""
    world = model.world
    end = model.month
    ledger = model.record.ledger[:end]
    year = ledger[-1] - (ledger[-1 - YEAR] if end > YEAR else 0.0)
    last = ledger[-1] - (ledger[-2] if end > 1 else 0.0)
    order = sorted(range(len(LEDGER)), key=lambda a: -abs(float(ledger[-1, a])))
    rows = [
        [ACCOUNTS[LEDGER[a]], *(money(float(row[a])) for row in (last, year, ledger[-1]))]
        for a in order
    ]
    columns = [("Account", False), ("This month", True), ("Last 12 months", True),
               ("Since the start", True)]  # fmt: skip
    spent = float(ledger[-1, [LEDGER.index(n) for n in ("programs", "projects", "policy")]].sum())
    title = "Where the money went" if target == "all" else ACCOUNTS[target]
    s = world.s
    if target == "all":
        head = f"Governments paid {money(spent)} since the start"
        head += f"; {money(float(s.obligated.sum()))} is on contract of "
        head += f"{money(float(s.appropriated.sum()))} appropriated."
    else:
        at = LEDGER.index(target)
        head = f"{money(float(ledger[-1, at]))} since the start; "
        head += f"{money(float(last[at]))} this month."
    levers = _levers(world)
    tables = [table("The ledger", columns, rows)]
    if levers:
        heads = [("Lever in force", False), ("Aimed at", False), ("Since", True),
                 ("Once, MUSD", True), ("A year, MUSD", True)]  # fmt: skip
        tables.append(table("What levers in force cost", heads, levers))
    return empty("ledger", target) | {
        "title": title,
        "headline": head,
        "formula": "Every payment is entered once, in the month it is made, in thousand dollars "
        "of the scenario; wages and investment are what firms pay out.",
        "facts": [
            {"name": "Paid by governments", "value": money(spent), "unit": "", "note": ""},
            {"name": "Levers cost so far", "value": money(float(ledger[-1, POLICY])), "unit": "",
             "note": ""},
            fact("Levers in force", len(levers), "levers"),
        ],
        "tables": tables,
        "next": [{"name": "On contract, not delivered", "kind": "metric", "target": "undelivered"}],
    }  # fmt: skip


def _levers(world: World) -> list[list[str]]:
    """Return the levers in force, the dearest by year first."""
    forces = sorted(in_force(world), key=lambda f: (-f.lever.yearly, -f.lever.once, f.lever.name))
    start = world.scenario.start + world.month
    return [
        [f.lever.title, "" if f.setting.target == "base" else plain(world, f.setting.target),
         months.label(start - f.age), f"{f.lever.once:,.1f}", f"{f.lever.yearly:,.1f}"]
        for f in forces
    ]  # fmt: skip
