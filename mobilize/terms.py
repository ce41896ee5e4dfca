"""The terms on which the base works: every quantity that a policy may move.

The month and the agents read terms, never levers: a lever is data that moves terms. Each term
has a neutral value, at which the model runs as if the term were not there, unless the scenario
or a parameter says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mobilize.network import Network
from mobilize.parameters import Parameters

Floats = NDArray[np.float64]
Scope = Literal["base", "country", "program"]


@dataclass(frozen=True)
class Term:
    """One quantity: its neutral value, what it may range over, its unit and meaning."""

    name: str
    neutral: float
    low: float
    high: float
    unit: str
    text: str


_SHARE, _TIMES = "fraction", "multiplier"

BY_COUNTRY = (
    Term("sosa", 0, 0, 1, "yes or no", "security-of-supply arrangement in force"),
    Term("code", 0, 0, 1, _SHARE, "firms that signed a code of conduct under the arrangement"),
    Term("legal", 0, 0, 1, "yes or no", "requests under the arrangement have standing in Title I"),
    Term("assured", 0, 0, 1, _SHARE, "its orders in plants in the United States that are rated"),
    Term("own_need", 0, 0, 1, _SHARE, "how far it needs its own output first"),
    Term("alignment", 0, 0, 1, _SHARE, "closeness of policy to the United States"),
    Term("rdp", 0, 0, 1, "yes or no", "reciprocal defense procurement memorandum in force"),
    Term("title3_eligible", 0, 0, 1, "yes or no", "domestic source under Title III"),
    Term("exempt", 0, 0, 1, _SHARE, "controlled trade with the United States free of licences"),
    Term("licence_time", 1, 0.05, 10, _TIMES, "time of a licence"),
    Term("agreement_time", 1, 0.05, 10, _TIMES, "time of a technical assistance agreement"),
    Term("denial", 1, 0, 10, _TIMES, "chance that a licence is denied"),
    Term("leak_hazard", 1, 0, 10, _TIMES, "chance that know-how leaks from a licensed site"),
    Term("fms_offer", 1, 0.1, 5, _TIMES, "time to prepare a letter of offer"),
    Term("fms_notify", 1, 0, 5, _TIMES, "time of congressional notification"),
    Term("fms_review", 1, 0.1, 5, _TIMES, "time of the customer's review"),
    Term("fms_contract", 1, 0.1, 5, _TIMES, "time from acceptance of an offer to contract"),
    Term("contract_time", 1, 0.1, 5, _TIMES, "time of contracting outside foreign military sales"),
    Term("allocation", 1, 0.2, 5, _TIMES, "place of its cases in the queue for offers"),
    Term("project_time", 1, 0.1, 5, _TIMES, "building and equipping of projects on its soil"),
    Term("title3_wait", 1, 0.1, 5, _TIMES, "decision to award of Title III money"),
    Term("new_source_time", 1, 0.1, 5, _TIMES, "qualification of new sources on its soil"),
    Term("training_time", 1, 0.1, 5, _TIMES, "time to proficiency of a worker"),
    Term("hire_limit", 1, 0.1, 5, _TIMES, "monthly growth of a plant's people"),
    Term("attrition", 1, 0, 5, _TIMES, "workers who leave in a year"),
    Term("ceiling", 1, 0.5, 5, _TIMES, "equipment a site has room, power and permits for"),
    Term("openness", 1, 0, 5, _TIMES, "foreign sources considered when its buyers choose"),
    Term("domestic_only", 0, 0, 1, _SHARE, "foreign offers barred from its own buys"),
    Term("price_factor", 1, 1, 3, _TIMES, "evaluated price of an offer that is not domestic"),
    Term("incident_rate", 1, 0, 10, _TIMES, "accidents at its plants"),
    Term("hostile_control", 1, 0, 10, _TIMES, "chance that a hidden firm serves an adversary"),
    Term("duplication", 1, 0, 3, _TIMES, "orders placed twice for fear of shortage"),
    Term("visibility", 0, 0, 1, _SHARE, "firms below the second tier that governments know"),
    Term("repair_time", 1, 0.1, 5, _TIMES, "turnaround of a repair in its depots"),
    Term("civil_leave", 1, 0, 10, _TIMES, "overdue civil orders withdrawn"),
    Term("free_riding", 0, 0, 1, _SHARE, "own money withheld per dollar the United States spends"),
    Term("unit_cost", 1, 0.2, 5, _TIMES, "cost of what its plants make"),
    Term("repair_abroad", 1, 0, 1, _SHARE, "repairs of its fleets that may be done abroad"),
)  # fmt: skip
BY_PROGRAM = (
    Term("credibility", 0, -1, 1, _SHARE, "added to the credibility of its demand"),
    Term("price", 1, 0.2, 5, _TIMES, "price of a unit against the going price"),
    Term("objective", 1, 0, 10, _TIMES, "stock the government wants"),
    Term("hedge", 0, 0, 36, "months", "cover on all parts beside the normal"),
    Term("hedge_foreign", 0, 0, 36, "months", "cover on parts from abroad beside the normal"),
    Term("award_time", 1, 0, 5, _TIMES, "money to contract award"),
    Term("development_time", 1, 0.1, 5, _TIMES, "time of its development milestones"),
    Term("funding_volatility", 1, 0, 5, _TIMES, "swings of partners' money"),
)
BASE = (
    Term("authority", 1, 0, 1, "yes or no", "new ratings may be placed"),
    Term("dx_tokens", 3, 0, 20, "programs", "programs that may hold a DX rating"),
    Term("officers", 1, 0.1, 10, _TIMES, "licensing officers against today"),
    Term("knowledge", 0, 0, 1, _SHARE, "buys in which program offices use the agreements"),
    Term("price_spread", 1, 0, 5, _TIMES, "how far scarcity moves prices"),
    Term("detection", 1, 0.1, 5, _TIMES, "months before a bottleneck is acted on"),
    Term("swap", 0, 0, 1, _SHARE, "surplus parts that primes hand to a line that lacks them"),
    Term("substitution", 0, 0, 1, _SHARE, "shortfalls that allies' stocks of the item may cover"),
    Term("interagency", 1, 0.2, 5, _TIMES, "time until a United States policy takes effect"),
    Term("coordination", 1, 0.5, 5, _TIMES, "time of decisions that partners share"),
    Term("hedge_material", 0, 0, 36, "months", "cover on materials beside the normal"),
    Term("attention", 3, 0, 20, "projects", "coalition projects that get full attention"),
    Term("backlash", 0, -1, 1, "index", "political resistance at home to foreign sources"),
    Term("title3_rule", 0, 0, 2, "rule", "who gets Title III money: 0 largest shadow price, 1 "
         "loudest prime, 2 spread evenly"),
    Term("reassurance", 0, 0, 1, _SHARE, "the challenger's fear of a closing window taken away"),
    Term("publicity", 0, 0, 1, _SHARE, "shown in public beyond contracts and deliveries"),
)  # fmt: skip
SCOPES: dict[Scope, tuple[Term, ...]] = {
    "base": BASE, "country": BY_COUNTRY, "program": BY_PROGRAM}  # fmt: skip

(SOSA, CODE, LEGAL, ASSURED, OWN_NEED, ALIGNMENT, RDP, ELIGIBLE, EXEMPT, LICENCE_TIME,
 AGREEMENT_TIME, DENIAL, LEAK_HAZARD, FMS_OFFER, FMS_NOTIFY, FMS_REVIEW, FMS_CONTRACT,
 CONTRACT_TIME, ALLOCATION, PROJECT_TIME, TITLE3_WAIT, NEW_SOURCE_TIME, TRAINING_TIME,
 HIRE_LIMIT, ATTRITION, CEILING, OPENNESS, DOMESTIC_ONLY, PRICE_FACTOR, INCIDENT_RATE,
 HOSTILE_CONTROL, DUPLICATION, VISIBILITY, REPAIR_TIME, CIVIL_LEAVE, FREE_RIDING,
 UNIT_COST, REPAIR_ABROAD) = range(len(BY_COUNTRY))  # fmt: skip
(CREDIBILITY, PRICE, OBJECTIVE, HEDGE, HEDGE_FOREIGN, AWARD_TIME, DEVELOPMENT_TIME,
 FUNDING_VOLATILITY) = range(len(BY_PROGRAM))  # fmt: skip
(AUTHORITY, DX_TOKENS, OFFICERS, KNOWLEDGE, PRICE_SPREAD, DETECTION, SWAP, SUBSTITUTION,
 INTERAGENCY, COORDINATION, HEDGE_MATERIAL, ATTENTION, BACKLASH,
 TITLE3_RULE, REASSURANCE, PUBLICITY) = range(len(BASE))  # fmt: skip


def first_terms(net: Network, p: Parameters, month: int = 0) -> dict[str, Floats]:
    """Return the terms of a month without policy, as the agreements of the scenario give them.

    Shapes: `of_country` (terms, countries), `of_program` (terms, programs), `of_base` (terms,).
    """
    country = _neutral(BY_COUNTRY, len(net.c_pool))
    signed = net.c_sosa <= month
    country[SOSA] = signed
    country[CODE] = net.c_code * p.code_coverage
    country[ASSURED] = signed * p.sosa_assured
    country[OWN_NEED] = net.c_need
    country[ALIGNMENT] = net.c_alignment
    country[RDP] = net.c_rdp
    country[ELIGIBLE] = net.c_title3
    country[EXEMPT] = net.c_exempt
    country[FREE_RIDING] = p.free_riding
    country[PRICE_FACTOR, net.c_home] = p.price_factor
    country[REPAIR_ABROAD, net.c_home] = p.depot_law
    base = _neutral(BASE, 1)[:, 0]
    base[KNOWLEDGE] = p.knowledge
    base[DX_TOKENS] = p.dx_tokens
    return {
        "of_country": country,
        "of_program": _neutral(BY_PROGRAM, len(net.p_item)),
        "of_base": base,
    }


def _neutral(terms: tuple[Term, ...], things: int) -> Floats:
    return np.tile(np.array([float(t.neutral) for t in terms])[:, None], (1, things))


def term(name: str) -> tuple[Scope, int, Term]:
    """Return scope, place and definition of a term by its name.

    Raises
    ------
    KeyError
        If no term is called so.
    """
    return _PLACES[name]


_PLACES: dict[str, tuple[Scope, int, Term]] = {
    t.name: (scope, place, t) for scope, terms in SCOPES.items() for place, t in enumerate(terms)
}
