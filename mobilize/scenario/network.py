"""Rules about the supply network: bills of material, routes, shares, tiers, balance."""

from collections import defaultdict
from collections.abc import Iterator

from mobilize.scenario.draft import Draft, needs
from mobilize.scenario.faults import Fault, listed, shown

_TOLERANCE = 1e-6

Bom = dict[str, dict[str, float]]


def _bom(draft: Draft) -> Bom:
    bom: Bom = defaultdict(dict)
    for _, item, component, quantity in draft.rows("bom", "item", "component", "quantity"):
        if item in draft.items and component in draft.items:
            bom[item].setdefault(component, quantity)
    return bom


def _needs(draft: Draft) -> dict[str, dict[str, float]]:
    """Quantities each line (per unit) and program buys, where its own item is known."""
    bom = _bom(draft)
    lines = draft.rows("lines", "id", "item")
    programs = [
        (row, buyer, item)
        for row, buyer, item, kind in draft.rows("programs", "id", "item", "kind")
        if kind != "development"
    ]
    wanted = {buyer: bom.get(item, {}) for _, buyer, item in lines if item in draft.items}
    return wanted | {buyer: {item: 1.0} for _, buyer, item in programs if item in draft.items}


def cyclic_bom(draft: Draft) -> Iterator[Fault]:
    """Check that no item is used up, by whatever way, in making itself."""
    bom = _bom(draft)
    rows = {(item, part): row for row, item, part in draft.rows("bom", "item", "component")}
    done: set[str] = set()
    for start in bom:
        path, left, on_path = [start], [iter(bom[start])], {start}
        while path:
            component = next(left[-1], None)
            if component is None:
                left.pop()
                done.add(path[-1])
                on_path.remove(path.pop())
            elif component in on_path:
                cycle = [*path[path.index(component) :], component]
                problem = f"the item is part of itself: {listed(cycle)}".replace(", ", " > ")
                row = rows[path[-1], component]
                yield draft.fault("bom", row, "component", problem, "components without a circle")
            elif component not in done:
                path.append(component)
                on_path.add(component)
                left.append(iter(bom.get(component, {})))


@needs("lines", "programs", "bom", "items")
def routes_bring_what_is_needed(draft: Draft) -> Iterator[Fault]:
    """Check that a route's supplier makes something its buyer needs."""
    wanted = _needs(draft)
    for route in draft.routes:
        needed = wanted.get(route.buyer)
        if needed is not None and route.item not in needed:
            problem = f"{shown(route.supplier)} makes {shown(route.item)}, "
            problem += f"which {shown(route.buyer)} does not need"
            allowed = f"a line making {' or '.join(needed)}" if needed else "no route to this buyer"
            yield draft.fault("routes", route.row, "supplier", problem, allowed)


@needs("routes", "lines", "programs", "bom", "items")
def missing_routes(draft: Draft) -> Iterator[Fault]:
    """Check that every component of a line, and the item of every program, has a supplier."""
    routes: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for route in draft.routes:
        routes[route.buyer, route.item].append(route.qualified)
    makers: dict[str, list[str]] = defaultdict(list)
    for _, line, item in draft.rows("lines", "id", "item"):
        makers[item].append(line)
    uncertain = _buyers_with_unknown_suppliers(draft)
    strayed = _items_of_unknown_buyers(draft)
    for buyer, needed in _needs(draft).items():
        for item in [item for item in needed if item not in strayed and buyer not in uncertain]:
            yield from _missing_route(draft, buyer, item, routes.get((buyer, item)), makers[item])


def _buyers_with_unknown_suppliers(draft: Draft) -> set[str]:
    sound = {route.row for route in draft.routes}
    return {buyer for row, buyer in draft.rows("routes", "buyer") if row not in sound}


def _items_of_unknown_buyers(draft: Draft) -> set[str]:
    known = draft.lines.keys() | draft.programs.keys()
    return {route.item for route in draft.routes if route.buyer not in known}


def _missing_route(
    draft: Draft, buyer: str, item: str, qualified: list[bool] | None, makers: list[str]
) -> Iterator[Fault]:
    table = "lines" if buyer in draft.lines else "programs"
    row = (draft.lines if table == "lines" else draft.programs)[buyer]
    unequipped = table == "lines" and draft["lines"]["qualified"][row] == "no"
    unequipped |= table == "programs" and item in draft.developed
    if qualified and (any(qualified) or unequipped):
        return
    makers = [line for line in makers if line != buyer]
    source = f"one of {listed(makers, 5)}" if makers else f"a line making '{item}' (none does)"
    problem = f"no {'qualified ' if qualified else ''}route brings {shown(item)} to {shown(buyer)}"
    allowed = f"a row of routes.csv with buyer {buyer} and as supplier {source}"
    yield draft.fault(table, row, "item", problem, allowed)


@needs("routes", "lines", "items")
def shares(draft: Draft) -> Iterator[Fault]:
    """Check that the shares of the qualified routes of one buyer for one item sum to 1."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    last: dict[tuple[str, str], int] = {}
    for route in draft.routes:
        if route.qualified:
            sums[route.buyer, route.item] += route.share
            last[route.buyer, route.item] = route.row
    uncertain = _buyers_with_unknown_suppliers(draft)
    strayed = _items_of_unknown_buyers(draft)
    for (buyer, item), total in sums.items():
        if abs(total - 1) > _TOLERANCE and buyer not in uncertain and item not in strayed:
            problem = f"the shares of the qualified routes of {item} to {buyer} sum to {total:.6g}"
            yield draft.fault("routes", last[buyer, item], "share", problem, "a sum of 1")


def tiers(draft: Draft) -> Iterator[Fault]:
    """Check that a supplier stands on a deeper tier than the line it supplies."""
    tier = draft["lines"]["tier"].tolist()
    for route in draft.routes:
        buyer = draft.lines.get(route.buyer)
        if buyer is None or -1 in (tier[buyer], tier[route.supplier_row]):
            continue
        if tier[route.supplier_row] <= tier[buyer]:
            problem = f"{shown(route.supplier)} is on tier {tier[route.supplier_row]}, "
            problem += f"its buyer {shown(route.buyer)} on tier {tier[buyer]}"
            allowed = "a supplier on a deeper tier than its buyer (lines.csv, column 'tier')"
            yield draft.fault("routes", route.row, "supplier", problem, allowed)


def routes_of_unqualified_lines(draft: Draft) -> Iterator[Fault]:
    """Check that a line without qualified equipment has no qualified route to a buyer."""
    qualified = draft["lines"]["qualified"]
    for route in draft.routes:
        if route.qualified and qualified[route.supplier_row] == "no":
            problem = f"the route is qualified, its supplier {shown(route.supplier)} is not"
            yield draft.fault("routes", route.row, "qualified", problem, "no")


def start_balance(draft: Draft) -> Iterator[Fault]:
    """Check that no line is asked for more than its maximum rate: the run begins in balance."""
    lines, bom = draft["lines"], _bom(draft)
    start = lines["start_rate"]
    asked = lines["civil_share"] * start
    for route in draft.routes:
        buyer = draft.lines.get(route.buyer)
        if route.qualified and buyer is not None:
            quantity = bom.get(lines["item"][buyer], {}).get(route.item, 0.0)
            asked[route.supplier_row] += route.share * start[buyer] * quantity
    for row, line, rate_max in draft.rows("lines", "id", "rate_max"):
        if asked[row] > rate_max * (1 + _TOLERANCE):
            civil = lines["civil_share"][row] * start[row]
            problem = f"at the start buyers draw {asked[row] - civil:.6g} a month from "
            problem += f"{shown(line)} and civil customers {civil:.6g}, above its {rate_max:g}"
            allowed = f">= {asked[row]:.6g}, or smaller shares or start rates of its buyers"
            yield draft.fault("lines", row, "rate_max", problem, allowed)
