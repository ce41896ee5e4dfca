"""Random supply networks of any size: for tests of properties, and to measure speed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mobilize.scenario import Scenario, Table, defaults, schema
from mobilize.scenario.cells import reader
from mobilize.scenario.months import parse
from mobilize.scenario.table import empty, joined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.object_]
Bom = tuple[Ints, Ints, Floats]  # item, component, quantity, sorted by item
Chance = np.random.Generator

STATES = np.array(["US", "CA", "GB", "DE", "JP", "KR", "AU", "PL", "NO", "FR", "IT", "SE"], object)
EXEMPT = {"CA": "canada", "GB": "aukus", "AU": "aukus"}
FEWEST = 12  # firms
WEIGHTS = np.array([1.0, 2.4, 5.0, 6.0])  # lines by tier: few primes, more below
LEAST = np.array([3, 2, 2, 2])  # lines and items of a tier
LINES_PER_ITEM = np.array([2, 3, 3, 3])
GROWTH = 1.1  # of the money of programs, each year
YEAR = 12


class _Plan(NamedTuple):
    """Who makes what: lines stand in order of tier and item, an item's makers side by side."""

    item: Ints  # (lines,) made
    tier: Ints  # (lines,) from 0
    item_tier: Ints  # (items,) from 0
    first: Ints  # (items,) first line of each item
    makers: Ints  # (items,) its qualified lines, from the first on
    fresh: Ints  # lines without qualified equipment: each the last of its item


class _Routes(NamedTuple):
    """Who buys from whom; `buyer` counts the lines, then the programs."""

    buyer: Ints
    supplier: Ints
    share: Floats
    quantity: Floats  # units that a unit of the buyer uses up
    qualified: NDArray[np.bool_]


def synthetic(
    firms: int, seed: int = 1, tiers: int = 4, countries: int = 8, months: int = 120
) -> Scenario:
    """Return a random scenario that passes every check of a scenario folder.

    Nothing in it is real. Each firm has one line, each end item a program whose money grows by
    a tenth a year, so that equipment, people and inputs become scarce. The run starts in exact
    balance: what a line makes is what its buyers draw.

    Parameters
    ----------
    firms : int
        At least 12; 100,000 take a second.
    seed : int
    tiers : int
        2 to 4, primes included.
    countries : int
        1 to 12; the first is the United States.
    months : int
        Horizon.

    Raises
    ------
    ValueError
        If there are too few firms, or no such number of tiers or countries.

    Examples
    --------
    >>> len(synthetic(60, seed=3)["lines"])
    60
    """
    if firms < FEWEST or not 2 <= tiers <= len(WEIGHTS) or not 1 <= countries <= len(STATES):
        raise ValueError(
            f"{firms} firms, {tiers} tiers, {countries} countries; allowed: at least {FEWEST} "
            f"firms, 2 to {len(WEIGHTS)} tiers, 1 to {len(STATES)} countries"
        )
    chance = np.random.default_rng((seed, firms, tiers, countries))
    plan = _plan(chance, firms, tiers)
    bom = _bom(chance, plan)
    wanted = chance.uniform(20, 200, np.count_nonzero(plan.item_tier == 0))  # units a month
    routes = _routes(chance, plan, bom, len(wanted))
    cost = _costs(chance, plan, bom)
    lines = _lines(chance, plan, routes, wanted, cost)
    home = _countries_of(chance, firms, countries)
    programs = _programs(chance, wanted, _countries_of(chance, len(wanted), countries))
    people = np.zeros(countries)
    np.add.at(people, home, lines["start_rate"] * lines["labour"])
    made = [
        _countries(chance, people),
        _items(chance, plan, cost),
        _table("bom", item=_ids("item", bom[0]), component=_ids("item", bom[1]), quantity=bom[2]),
        _firms(chance, plan, home),
        lines,
        _route_table(chance, routes, firms),
        programs,
        _budgets(programs, wanted * cost[: len(wanted)], months),
        _projects(chance, plan, lines, cost, home),
        defaults.with_parameters(empty("parameters")),
        defaults.with_sources(empty("sources")),
    ]
    return Scenario(
        name=f"synthetic-{firms}-{seed}",
        title=f"A random network of {firms:,} firms",
        summary="Nothing in it is real: for tests, and to measure speed.",
        start=parse("2026-01"),
        horizon=months,
        seed=seed,
        tables={name: empty(name) for name in schema.tables()} | {t.name: t for t in made},
    )


def _countries_of(chance: Chance, count: int, countries: int) -> Ints:
    """Return the countries of firms or programs: half of them in the first, or more."""
    return np.where(chance.random(count) < 0.5, 0, chance.integers(0, countries, count))


def _ids(kind: str, numbers: Ints | int) -> Words:
    """Return ids such as ``line-7``, of some numbers or of the first so many."""
    picked = np.arange(numbers) if isinstance(numbers, int) else numbers
    words = np.array([f"{kind}-{n}" for n in range(int(picked.max(initial=-1)) + 1)], object)
    return np.asarray(words[picked])


def _table(table: str, **columns: Any) -> Table:
    """Make a table as the loader would: one value stands for all rows, defaults for the rest."""
    known = schema.tables()[table]
    rows = max(np.size(values) for values in columns.values())
    common: dict[str, Any] = {"source": "MODEL", "confidence": "notional"}
    common |= {column: _ids(table[:-1], rows) for column in ("id", "name")}
    columns = {column: common[column] for column in known if column in common} | columns
    types = {"number": np.float64, "integer": np.int64, "month": np.int64}
    made = {}
    for column, attribute in known.items():
        values = columns.pop(column) if column in columns else reader(attribute)("")
        made[column] = np.full(rows, values, types.get(attribute.type, object))
    if columns:
        raise KeyError(f"{table} has no column {', '.join(columns)}")
    return Table(table, made, np.arange(2, rows + 2))


def _plan(chance: Chance, firms: int, tiers: int) -> _Plan:
    weights, least = WEIGHTS[:tiers], LEAST[:tiers]
    lines = np.maximum(least, (firms * weights / weights.sum()).astype(np.int64))
    lines[-1] += firms - lines.sum()
    items = np.maximum(least, lines // LINES_PER_ITEM[:tiers])
    item_tier = np.repeat(np.arange(tiers), items)
    spare = np.repeat(np.arange(tiers), lines - items)  # an item has one line, or more
    extra = (np.cumsum(items) - items)[spare] + chance.integers(0, items[spare])
    item = np.sort(np.append(np.arange(len(item_tier)), extra))
    makers = np.bincount(item)
    first = np.cumsum(makers) - makers
    some = chance.permutation(np.flatnonzero((makers > 1) & (item_tier > 0)))
    some = some[: max(1, len(item_tier) // 50)]
    makers[some] -= 1
    return _Plan(item, item_tier[item], item_tier, first, makers, (first + makers)[some])


def _bom(chance: Chance, plan: _Plan) -> Bom:
    """Give items 2 to 4 components of lower tiers, mostly the next; some are parts of many."""
    begin = np.searchsorted(plan.item_tier, np.arange(plan.tier[-1] + 2))
    pairs = []
    for top, low, high in zip(begin, begin[1:], begin[2:], strict=False):
        owner = np.repeat(np.arange(top, low), chance.integers(2, 5, low - top))
        owner = chance.permutation(owner)
        end = np.where(chance.random(len(owner)) < 0.2, begin[-1], high)  # some skip a tier
        part = low + ((end - low) * chance.random(len(owner)) ** 1.5).astype(np.int64)
        each = np.arange(low, high)[: len(owner)]  # every item is used by some other
        part[: len(each)] = each
        pairs.append(np.column_stack([owner, part]))
    item, part = np.unique(np.concatenate(pairs), axis=0).T
    alone = np.flatnonzero(np.bincount(item)[item] == 1)
    low = begin[plan.item_tier[part[alone]]]
    beside = low + (part[alone] - low + 1) % (begin[plan.item_tier[low] + 1] - low)
    item, part = np.append(item, item[alone]), np.append(part, beside)
    order = np.argsort(item, kind="stable")
    return item[order], part[order], chance.choice([1.0, 1.0, 2.0, 4.0], len(item))


def _rank(group: Ints) -> Ints:
    """Return each entry's place among those of its group, from 0."""
    count = np.bincount(group)
    rank = np.empty_like(group)
    order = np.argsort(group, kind="stable")
    rank[order] = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
    return rank


def _routes(chance: Chance, plan: _Plan, bom: Bom, programs: int) -> _Routes:
    """Give every need of a line 1 to 3 makers, in turn, and a program all makers of its item."""
    lines, parts = len(plan.item), np.bincount(bom[0], minlength=len(plan.makers))
    buyer = np.repeat(np.arange(lines), parts[plan.item])
    row = (np.cumsum(parts) - parts)[plan.item[buyer]] + _rank(buyer)
    part, quantity = bom[1][row], bom[2][row]
    place, buyers, makers = _rank(part), np.bincount(part)[part], plan.makers[part]
    wish = np.maximum(chance.integers(1, 4, len(part)), -(-makers // buyers))
    step = np.where(buyers < makers, buyers, 1)
    asked = [np.flatnonzero(wish > n) for n in range(3)]
    pairs = [(k, (plan.first[part] + (place + n * step) % makers)[k]) for n, k in enumerate(asked)]
    need, supplier = np.unique(np.concatenate(pairs, axis=1), axis=1)
    newcomer = np.full(len(plan.makers), -1)
    newcomer[plan.item[plan.fresh]] = plan.fresh
    late = np.flatnonzero((newcomer[part] >= 0) & (place < 2))
    ends = np.flatnonzero(plan.tier == 0)
    program = plan.item[ends]
    weight, own = chance.uniform(0.2, 1.0, len(need)), chance.uniform(0.2, 1.0, len(ends))
    share = weight / np.bincount(need, weight)[need], own / np.bincount(program, own)[program]
    return _Routes(
        np.concatenate([buyer[need], buyer[late], lines + program]),
        np.concatenate([supplier, newcomer[part[late]], ends]),
        np.concatenate([share[0], np.full(len(late), 0.3), share[1]]),
        np.concatenate([quantity[need], quantity[late], np.ones(len(ends))]),
        np.repeat([True, False, True], [len(need), len(late), len(ends)]),
    )


def _costs(chance: Chance, plan: _Plan, bom: Bom) -> Floats:
    """Return kUSD a unit: what the parts cost, and work on them."""
    cost, margin = chance.uniform(0.2, 5.0, len(plan.makers)), chance.uniform(1.2, 1.8)
    for tier in range(plan.tier[-1] - 1, -1, -1):
        parts = np.bincount(bom[0], bom[2] * cost[bom[1]], len(cost))
        cost = np.where(plan.item_tier == tier, parts * margin, cost)
    return cost


def _start(plan: _Plan, routes: _Routes, wanted: Floats, civil: Floats) -> Floats:
    """Return what buyers draw from each line, tier by tier; `civil` becomes 1 if nobody does."""
    rate = np.append(np.zeros(len(civil)), wanted)
    per_unit = routes.share * routes.quantity * routes.qualified
    for tier in range(plan.tier[-1] + 1):
        line = np.flatnonzero(plan.tier == tier)
        drawn = np.bincount(routes.supplier, per_unit * rate[routes.buyer], len(civil))[line]
        idle = (drawn == 0) & ~np.isin(line, plan.fresh)
        rate[line] = np.where(idle, 10.0, drawn / (1.0 - civil[line]))
        civil[line[idle]] = 1.0
    return rate[: len(civil)]


def _lines(chance: Chance, plan: _Plan, routes: _Routes, wanted: Floats, cost: Floats) -> Table:
    count = len(plan.item)
    civil = np.where(chance.random(count) < 0.1 * plan.tier, chance.uniform(0.1, 0.7, count), 0.0)
    civil[plan.fresh] = 0.0
    rate = _start(plan, routes, wanted, civil)
    size = rate.copy()
    size[plan.fresh] = np.maximum(rate[plan.fresh - 1], 1.0)  # as large as its neighbour
    most = size * chance.uniform(1.05, 2.0, count)
    cycle = chance.integers(1, np.array([10, 7, 5, 4])[plan.tier])
    return _table(
        "lines",
        firm=_ids("firm", count),
        item=_ids("item", plan.item),
        place=_ids("plant", count),
        lat=chance.uniform(30, 60, count),
        lon=chance.uniform(-120, 140, count),
        tier=plan.tier + 1,
        msr=size * chance.uniform(0.1, 0.5, count),
        rate_185=most * chance.uniform(0.6, 1.0, count),
        rate_max=most,
        start_rate=rate,
        cycle=cycle,
        lead=cycle + chance.integers(0, 5, count),
        labour=cost[plan.item] * chance.uniform(0.01, 0.05, count),
        civil_share=civil,
        cover=np.maximum(0.0, chance.uniform(-3.0, 2.0, count)),
        qualified=np.where(np.isin(np.arange(count), plan.fresh), "no", "yes"),
    )


def _countries(chance: Chance, people: Floats) -> Table:
    names, home = STATES[: len(people)], np.arange(len(people)) == 0
    return _table(
        "countries",
        id=names,
        alignment=np.where(home, 1.0, chance.uniform(0.6, 0.95, len(people))),
        labour_pool=0.5 * people + 10,
        sosa=np.where(home, "no", chance.choice(["yes", "no"], len(people))),
        itar_exemption=[EXEMPT.get(name, "none") for name in names],
    )


def _items(chance: Chance, plan: _Plan, cost: Floats) -> Table:
    kinds = np.array(["end_item", *["component"] * (plan.tier[-1] - 1), "material"], object)
    strict = chance.random(len(cost)) / np.where(plan.item_tier == 0, 0.7, 0.1)
    return _table(
        "items",
        kind=kinds[plan.item_tier],
        unit="unit",
        control=np.select([strict < 0.2, strict < 1.0], ["agreement", "licence"], "none"),
        cost=cost,
        learning=chance.uniform(0.85, 1.0, len(cost)),
    )


def _firms(chance: Chance, plan: _Plan, home: Ints) -> Table:
    return _table(
        "firms",
        country=STATES[home],
        role=np.where(plan.tier == 0, "prime", "supplier"),
        visible=np.where(chance.random(len(home)) < 0.15 * plan.tier, "no", "yes"),
        cash_discipline=chance.uniform(0.2, 0.8, len(home)),
    )


def _route_table(chance: Chance, routes: _Routes, lines: int) -> Table:
    count = len(routes.buyer)
    buyers = np.append(_ids("line", lines), _ids("program", int(routes.buyer.max()) + 1 - lines))
    return _table(
        "routes",
        buyer=buyers[routes.buyer],
        supplier=_ids("line", routes.supplier),
        share=routes.share,
        transit=chance.integers(0, 3, count),
        hedge=np.maximum(0.0, chance.uniform(-9.0, 3.0, count)),
        qualified=np.where(routes.qualified, "yes", "no"),
    )


def _programs(chance: Chance, wanted: Floats, home: Ints) -> Table:
    """Return programs with a year's contract running and stocks that never fill up."""
    rating = chance.choice(["DX", "DO", "none"], len(home), p=[0.1, 0.6, 0.3])
    return _table(
        "programs",
        country=STATES[home],
        item=_ids("item", len(home)),
        contract=chance.choice(["annual", "multiyear", "framework"], len(home)),
        channel=np.where(home == 0, "domestic", "dcs"),
        rating=np.where(home == 0, rating, "none"),
        stock=wanted * YEAR,
        objective=wanted * YEAR * 100,
        on_order=wanted * YEAR,
        span=YEAR,
        award=chance.integers(2, YEAR - 1, len(home)),
        training_use=0.1 * wanted,
    )


def _budgets(programs: Table, monthly: Floats, months: int) -> Table:
    """Return each year's money, so that one contract follows the last, and some for projects."""
    year, program = np.divmod(np.arange((months // YEAR + 1) * len(monthly)), len(monthly))
    goods = _table(
        "budgets",
        country=programs["country"][program],
        purpose=programs["id"][program],
        date=parse("2027-01") + YEAR * year - programs["award"][program],
        amount=monthly[program] * YEAR * GROWTH ** (year + 1) / 1000,
    )
    payers, who = np.unique(programs["country"], return_inverse=True)
    industry = _table(
        "budgets",
        id=[f"industry-{name.lower()}" for name in payers],
        country=payers,
        purpose="industrial",
        date=parse("2026-04"),
        amount=np.bincount(who, monthly) * 0.3 / 1000,
        repeat="yearly",
    )
    return joined(goods, industry)


def _projects(chance: Chance, plan: _Plan, lines: Table, cost: Floats, home: Ints) -> Table:
    """Return undecided options: every new source, and more capacity on some other lines."""
    running = chance.permutation(np.flatnonzero(lines["start_rate"] > 0))
    line = np.append(plan.fresh, running[: max(3, len(running) // 50)])
    adds = lines["rate_max"][line] * chance.uniform(0.25, 1.0, len(line))
    phases = ("fund", "build", "equip", "qualify", "ramp")
    return _table(
        "projects",
        line=lines["id"][line],
        kind=np.where(np.arange(len(line)) < len(plan.fresh), "new_source", "capacity"),
        payer=STATES[home[line]],
        adds=adds,
        cost=adds * cost[plan.item[line]] * YEAR / 1000,
        **{phase: chance.integers(2, 15, len(line)) for phase in phases},
    )
