"""What buyers ask of suppliers: orders up to a target, with the pipeline under-weighted."""

from __future__ import annotations

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.physics.licences import within_licence
from mobilize.state import CALLS, CLASSES, DUE, EPS, LATEST, State
from mobilize.terms import ASSURED, AUTHORITY, CIVIL_LEAVE, CREDIBILITY, DUPLICATION

DO, UNRATED = CLASSES - 2, CLASSES - 1


@kernel
def place(net: Network, s: State, p: Parameters, t: int, r: int, c: int, units: float,
          credibility: float) -> None:  # fmt: skip
    """Enter an order of class `c` on route `r`, due after the route's lead.

    An overloaded line declines unrated orders (the buyer asks again next month); a rated
    order must be accepted (15 CFR 700.13(a)).
    """
    line = net.r_supplier[r]
    if units < EPS or not s.alive[line]:
        return
    usual = (net.l_lead[line] + 1) * max(s.forecast[line], s.capacity[line])
    if c == UNRATED and s.book[line] > p.patience * usual:
        s.declined[line] += units
        return
    due = t + net.l_lead[line]
    if s.owed[r] < EPS:
        s.first[r] = due
    s.due[r, due % DUE, c] += units
    s.owed[r] += units
    s.book[line] += units
    if c < UNRATED:
        s.rated[line] += units
    s.ordered[line] += units
    s.ordered_trust[line] += units * credibility
    s.ordered_class[line, c] += units


@kernel
def ratable(net: Network, s: State, r: int) -> bool:
    """Return whether a rating counts on a route: law at home, abroad a request honoured."""
    if net.l_ratings[net.r_supplier[r]]:
        return s.of_base[AUTHORITY] > 0.5
    return s.honour[r]


@kernel
def place_rated(net: Network, s: State, p: Parameters, t: int, r: int, c: int, units: float,
                credibility: float) -> None:  # fmt: skip
    """Enter an order under the class it really has.

    The United States rates part of a partner's orders in its plants DO under a
    security-of-supply arrangement.
    """
    if units < EPS:
        return
    if not ratable(net, s, r):
        c = UNRATED
    elif c == UNRATED and net.l_ratings[net.r_supplier[r]] and not net.c_home[net.r_buyer[r]]:
        assured = units * s.of_country[ASSURED, net.r_buyer[r]]
        place(net, s, p, t, r, DO, assured, credibility)
        units -= assured
    place(net, s, p, t, r, c, units, credibility)


@kernel
def pipeline_weight(net: Network, s: State, p: Parameters, line: int) -> float:
    """Return the weight a buyer gives to goods already on order.

    Who does not know what others have ordered counts them for less, and orders twice.
    """
    return 1.0 - (1.0 - p.pipeline_weight) * s.of_country[DUPLICATION, net.l_country[line]]


@kernel
def order_to_contract(net: Network, s: State, p: Parameters, t: int, k: int) -> None:
    """Order an input for all that is on order of the item that it goes into.

    Neither more nor less, whatever the line can work up: property that the government furnishes
    (FAR part 45) and long-lead parts that are bought with the contract. The classes are those
    of this month's orders.
    """
    line = net.k_line[k]
    covered = s.inputs[k]
    for r in range(net.k_routes[k], net.k_routes[k + 1]):
        covered += s.owed[r] + s.moving[r]
    order = (s.book[line] - s.in_work[line] - s.goods[line]) * net.k_quantity[k] - covered
    if order < EPS:
        return
    called = s.ordered[line]
    for r in range(net.k_routes[k], net.k_routes[k + 1]):
        if not s.open[r] or s.share[r] < EPS:
            continue
        allowed = within_licence(net, s, p, r, order * s.share[r])
        for c in range(CLASSES):
            part = s.ordered_class[line, c] / called if called > EPS else s.mix[line, c]
            place_rated(net, s, p, t, r, c, allowed * part, s.credibility[line])


@kernel
def order_inputs(net: Network, s: State, p: Parameters, t: int) -> None:
    """Every line orders its inputs up to a target, split over routes and classes.

    Order = usage + closing of the stock gap + weight x closing of the pipeline gap
    (Sterman 1989); the targets follow the plan, so that parts which wait for a scarcer one
    do not pile up. The classes follow the orders that cause them; abroad a rating is a
    request that the supplier honours or not.
    """
    for k in net.k_chain:
        order_to_contract(net, s, p, t, k)
    for k in range(len(net.k_line)):
        if net.k_contract[k]:
            continue
        line = net.k_line[k]
        need = s.plan[line] * net.k_quantity[k]
        usage = s.in_work[line] / net.l_cycle[line] * net.k_quantity[k]
        on_order, lead, hedge = 0.0, 0.0, 0.0
        for r in range(net.k_routes[k], net.k_routes[k + 1]):
            on_order += s.moving[r] + (s.owed[r] if s.blocked[r] < EPS else 0.0)
            lead += s.share[r] * (net.l_lead[net.r_supplier[r]] + net.r_transit[r] - 1)
            hedge = max(hedge, net.r_hedge[r])
        hedge += s.hedge[k]
        if need < EPS and usage < EPS and on_order < EPS:
            continue
        stock_gap = need * (1.0 + p.cover + hedge) - s.inputs[k]
        weight = pipeline_weight(net, s, p, line)
        order = usage + (stock_gap + weight * (need * lead - on_order)) / p.stock_adjust
        if order < EPS:
            continue
        for r in range(net.k_routes[k], net.k_routes[k + 1]):
            if not s.open[r] or s.share[r] < EPS:
                continue
            allowed = within_licence(net, s, p, r, order * s.share[r])
            for c in range(CLASSES):
                place_rated(net, s, p, t, r, c, allowed * s.mix[line, c], s.credibility[line])


@kernel
def contract_credibility(p: Parameters, contract: int) -> float:
    """Return how far a firm believes in demand under a kind of contract."""
    if contract == 2:
        return p.confidence_framework
    return p.confidence_multiyear if contract == 1 else p.confidence_annual


@kernel
def program_credibility(s: State, p: Parameters, i: int) -> float:
    """Return how far firms believe in a program's demand: its contract, and what policy adds."""
    firm = contract_credibility(p, s.contract[i]) + s.of_program[CREDIBILITY, i]
    return min(1.0, max(0.0, firm))


@kernel
def spread(s: State, i: int, first: int, span: int, units: float) -> None:
    """Enter a contract into a program's schedule: the same units each month of its span."""
    for month in range(first, first + span):
        s.calls[i, month % CALLS] += units / span


@kernel
def call_off(net: Network, s: State, p: Parameters, t: int) -> None:
    """Programs call this month's units off their contracts."""
    for i in range(len(net.p_item)):
        units = s.calls[i, t % CALLS]
        if units < EPS:
            continue
        left = units
        for n in range(net.p_routes[i], net.p_routes[i + 1]):
            r = net.p_sales[n]
            if not s.open[r] or s.share[r] < EPS:
                continue
            part = within_licence(net, s, p, r, units * s.share[r])
            before = s.owed[r]
            place_rated(net, s, p, t, r, s.rating[i], part, program_credibility(s, p, i))
            left -= s.owed[r] - before
        s.calls[i, t % CALLS] = 0.0
        if left > EPS:  # declined or without a route: asked again next month
            s.calls[i, (t + 1) % CALLS] += left


@kernel
def order_civil(net: Network, s: State, p: Parameters, t: int) -> None:
    """Civil customers order their usual amount and withdraw part of what is overdue."""
    for n in range(len(net.r_slot)):
        r = len(net.r_slot) - 1 - n  # civil routes are the last
        if net.r_slot[r] >= 0 or net.r_program[r] >= 0:
            break
        line = net.r_supplier[r]
        leave = min(1.0, p.civil_leave * s.of_country[CIVIL_LEAVE, net.l_country[line]])
        for late in range(DUE - LATEST):
            month = (t - late) % DUE
            units = s.due[r, month, UNRATED] * leave if late > 0 else 0.0
            if units > EPS:
                s.due[r, month, UNRATED] -= units
                s.owed[r] -= units
                s.book[line] -= units
                s.cancelled[line] += units
        place(net, s, p, t, r, UNRATED, net.l_civil[line], p.confidence_civil)


@kernel
def age(net: Network, s: State, t: int) -> None:
    """Keep orders too old for the book's ring in its oldest month."""
    edge = t + LATEST - DUE  # the month whose place new orders are about to take
    for r in range(len(net.r_slot)):
        if s.owed[r] > EPS and s.first[r] <= edge:
            for c in range(CLASSES):
                s.due[r, (edge + 1) % DUE, c] += s.due[r, edge % DUE, c]
                s.due[r, edge % DUE, c] = 0.0
            s.first[r] = edge + 1


@kernel
def called_ahead(s: State, p: Parameters, t: int, i: int) -> float:
    """Return a program's mean monthly call-off of the months a firm looks ahead."""
    view, ahead = int(p.contract_view), 0.0
    for m in range(1, view + 1):
        ahead += s.calls[i, (t + m) % CALLS]
    return ahead / view


@kernel
def announce(net: Network, s: State, p: Parameters, t: int) -> None:
    """Tell primes the mean monthly call-off of the contracts they hold."""
    s.expected[:] = 0.0
    for i in range(len(net.p_item)):
        ahead = called_ahead(s, p, t, i)
        for n in range(net.p_routes[i], net.p_routes[i + 1]):
            r = net.p_sales[n]
            if s.open[r]:
                s.expected[net.r_supplier[r]] += s.share[r] * ahead
    for k in net.k_chain:
        pass_on(net, s, k)


@kernel
def pass_on(net: Network, s: State, k: int) -> None:
    """Tell the makers of an input ordered for the contract what the contracts will ask."""
    ahead = s.expected[net.k_line[k]] * net.k_quantity[k]
    for r in range(net.k_routes[k], net.k_routes[k + 1]):
        if s.open[r]:
            s.expected[net.r_supplier[r]] += s.share[r] * ahead


@kernel
def forecast(net: Network, s: State, p: Parameters) -> None:
    """Each line averages last month's orders, their lead, class and credibility."""
    weight = 1.0 / p.forecast_smooth
    for line in range(len(net.l_item)):
        units = s.ordered[line]
        s.forecast[line] += (units - s.forecast[line]) * weight
        s.normal_book[line] = s.forecast[line] * net.l_lead[line]
        if units > EPS:
            s.credibility[line] += (s.ordered_trust[line] / units - s.credibility[line]) * weight
            for c in range(CLASSES):
                part = s.ordered_class[line, c] / units
                s.mix[line, c] += (part - s.mix[line, c]) * weight
                s.ordered_class[line, c] = 0.0
        else:
            s.credibility[line] *= 1.0 - 1.0 / p.contract_view
        s.ordered[line] = 0.0
        s.ordered_trust[line] = 0.0
