"""What a government can do in a crisis: one function for each action of a rule.

Each takes the world, the country that acts, its rule, the program it is about and the reason in
words, and returns whether there was anything to do.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agents.loans import hand_over, lender_of, spare
from agents.refusals import keep_output, withhold
from agents.relief import hasten_project, start_project
from agents.requests import honour_chance
from agents.rules import Rule
from agents.settings import DX, ended_by, set_lever, tokens_left
from agents.sights import Told
from mobilize.cohesion import move_trust, promise
from mobilize.luck import Stream
from mobilize.network import FRONT_LINE, LARGE
from mobilize.physics.chains import denied
from mobilize.physics.contracts import offers
from mobilize.physics.lending import above_floor
from mobilize.state import EPS, Ints
from mobilize.terms import AUTHORITY
from mobilize.world import QUARTER, World
from policies.levers import catalogue

Action = Callable[[World, int, Rule, int, Told], bool]
LOAN, RATING, MONEY = "loan-of-stock", "dpas-rating", "appropriate"


def missing(world: World, rule: Rule, i: int) -> float:
    """Return the units that a program lacks until the rule may work again."""
    return max(0.0, float(world.s.unmet[i]) * rule.cooldown - float(world.s.stock[i]))


def lend(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Lend from stock, if this country is the one that has most to spare."""
    lender = lender_of(world, i)
    if lender is None or world.net.p_country[lender] != country:
        return False
    promised = promise_loan(world, lender, rule, i, why)
    if promised:
        promise(world, country, 1.0)
    return promised


def promise_loan(world: World, lender: int, rule: Rule, i: int, why: Told) -> bool:
    """Set the lever that lends: a share of what the lender can spare, no more than is missing."""
    stock = float(world.s.stock[lender])
    units = min(rule.size * float(spare(world)[lender]), missing(world, rule, i))
    share = min(float(catalogue()[LOAN].values[1]), units / stock)
    return share > EPS and set_lever(world, rule, LOAN, i, share, lender_name(world, lender), why)


def lender_name(world: World, i: int) -> str:
    """Return the id of the country whose program it is."""
    return world.names.countries[world.net.p_country[i]]


def give(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Give from stock, for good: it is there at once and nothing is owed."""
    net = world.net
    held = net.h_lender[(net.h_borrower == i) & (net.p_country[net.h_lender] == country)]
    if not len(held):
        return False
    giver = int(held[np.argmax(spare(world)[held])])
    units = min(rule.size * float(spare(world)[giver]), missing(world, rule, i))
    if units < EPS:
        return False
    hand_over(world, giver, i, units, gift=True)
    world.note(
        world.names.countries[country], "gift", world.names.programs[i], units, "units", str(why)
    )
    return True


def ask_for_loan(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Call on every ally that could lend; what each answers is remembered."""
    net = world.net
    ally = (net.c_stance == LARGE) | (net.c_stance == FRONT_LINE)
    ally[country] = False
    may = ally[net.p_country] & (above_floor(*world.arrays) > EPS)
    holders = [int(h) for h in net.h_lender[net.h_borrower == i] if may[h]]
    if not holders:
        return False
    name = world.names.programs[i]
    world.note(world.names.countries[country], "ask", name, len(holders), "holders", str(why))
    left = spare(world)
    for c in sorted({int(net.p_country[h]) for h in holders}):
        willing = any(left[h] > EPS for h in holders if net.p_country[h] == c)
        answer_call(world, c, float(willing), f"a loan for {name}")
    lender = lender_of(world, i)
    if lender in holders:
        promise_loan(world, lender, rule, i, f"asked for a loan: {why}")
    return True


def answer_call(world: World, country: int, honoured: float, what: str) -> None:
    """Remember which share of a call for help an ally honoured: in trust, and at home."""
    p = world.p
    promise(world, country, honoured)
    move_trust(world, country, p.ask_trust * (2.0 * honoured - 1.0))
    world.resent(p.backlash_denial * (1.0 - honoured) / max(1, len(world.names.countries) - 1))
    said = "honours" if honoured > 1.0 - EPS else "refuses" if honoured < EPS else "honours part of"
    who = world.names.countries[country]
    world.note(who, "ask", who, honoured, "fraction", f"{said} the call for {what}")


def ask_for_priority(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Ask once more where a request was denied on the way to what holds the program up.

    Not in the months in which all requests are answered anyway.
    """
    net, s = world.net, world.s
    if world.month % QUARTER == 0:
        return False
    routes = denied_routes(world, i)
    if not len(routes):
        return False
    name = world.names.programs[i]
    world.note(world.names.countries[country], "ask", name, len(routes), "routes", str(why))
    seller = net.r_supplier[routes]
    luck = world.luck.uniform(Stream.ASKS, world.month, len(net.r_slot))[routes]
    s.honour[routes] = luck < honour_chance(world)[seller]
    for c in np.unique(net.l_country[seller]).tolist():
        share = float(s.honour[routes[net.l_country[seller] == c]].mean())
        answer_call(world, c, share, f"priority for {name}")
    return True


def denied_routes(world: World, i: int) -> Ints:
    """Return the routes from abroad without priority on the chain that holds a program up.

    As far as the government sees the chain; nobody asks a country opposed to it.
    """
    return denied(*world.arrays[:2], i, world.visible)


def rate_dx(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Raise a program to DX while the authority stands and tokens remain."""
    s = world.s
    may = s.of_base[AUTHORITY] > 0.5 and s.rating[i] != DX and tokens_left(world) >= 1
    who = world.names.countries[country]
    return bool(may) and set_lever(world, rule, RATING, i, "DX", who, why)


def end_dx(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Give a DX token back that a rule has taken."""
    return ended_by(world, rule, RATING, i, world.names.countries[country], why)


def fund(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Appropriate money for what a program lacks and has no money for, up to the cap."""
    s = world.s
    prices = np.zeros(len(s.stock))
    offers(*world.arrays, prices, np.zeros(len(s.stock)))
    needed = float(world.shortfall()[i] * prices[i] - (s.appropriated[i] - s.obligated[i])) / 1000
    amount = min(rule.size, needed)
    who = world.names.countries[country]
    return amount > EPS and set_lever(world, rule, MONEY, i, amount, who, why)


ENDS = ("end DX",)  # actions that only end levers that were set
ACTIONS: dict[str, Action] = {
    "lend": lend,
    "give": give,
    "ask for a loan": ask_for_loan,
    "ask for priority": ask_for_priority,
    "rate DX": rate_dx,
    "end DX": end_dx,
    "fund": fund,
    "start a project": start_project,
    "hasten a project": hasten_project,
    "keep output": keep_output,
    "withhold": withhold,
}
