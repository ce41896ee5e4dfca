"""One month: the order in which things happen (design: section 3 of the model)."""

from __future__ import annotations

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.building import build
from mobilize.physics.kernel import kernel
from mobilize.physics.licences import process_licences
from mobilize.physics.ordering import age, announce, call_off, forecast, order_civil, order_inputs
from mobilize.physics.priority import allocate
from mobilize.physics.production import count_months, finish_work, plan_output, start_work
from mobilize.physics.stocks import swap_parts, use_stock
from mobilize.physics.sustainment import sustain
from mobilize.physics.transit import pay, receive, set_prices, wait_for_leave
from mobilize.physics.trouble import accidents, repair
from mobilize.physics.workforce import staff
from mobilize.state import Floats, Ints, State


@kernel
def disturb(net: Network, s: State, p: Parameters, chance: Floats) -> None:
    """Let accidents happen; carry repair on."""
    accidents(net, s, p, chance)
    repair(s)


@kernel
def work(
    net: Network, s: State, p: Parameters, t: int, slips: Floats, licences: Floats, uses: Floats,
    finished: Ints,
) -> int:  # fmt: skip
    """Do a month of physics after everyone has decided.

    Parameters
    ----------
    net, s, p
        Network, state (changed) and parameters.
    t : int
        Months since the start.
    slips : ndarray, shape (projects, 5)
        Standard normal luck of each phase of each project.
    licences : ndarray, shape (routes,)
        Uniform luck of applications for licences this month.
    uses : ndarray, shape (programs,)
        Units asked of each stock this month; where a program sustains a fleet, units of it hit.
    finished : ndarray of int32, shape (projects,)
        Receives the projects that passed their first-article tests.

    Returns
    -------
    int
        How many projects passed.
    """
    # goods arrive
    receive(net, s, t)
    passed = build(net, s, slips, finished)
    # orders: what each line expects, plans and asks of its suppliers
    age(net, s, t)
    announce(net, s, p, t)
    forecast(net, s, p)
    plan_output(net, s, p)
    call_off(net, s, p, t)
    order_inputs(net, s, p, t)
    order_civil(net, s, p, t)
    process_licences(net, s, p, licences)
    # plants work
    staff(net, s, p)
    finish_work(net, s, t)
    swap_parts(net, s)
    start_work(net, s, p, t)
    count_months(net, s)
    # goods and money leave
    allocate(net, s, t)
    pay(net, s)
    set_prices(net, s, p)
    wait_for_leave(s)
    # stocks are drawn on: by repairs, by use
    sustain(net, s, p, t, uses)
    use_stock(net, s, uses)
    return passed
