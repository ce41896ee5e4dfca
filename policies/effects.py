"""What levers do to a world: settings made, terms moved after their onset, costs paid.

The terms of a month follow from the settings in force alone, so that ending a setting leaves
no trace, and a world that is saved or forked needs only the list of settings made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from mobilize.network import CHANNELS, CONTRACTS, RATINGS
from mobilize.physics.contracts import FMS
from mobilize.state import EPS, POLICY, Floats
from mobilize.terms import (
    ATTENTION,
    CONTRACT_TIME,
    COORDINATION,
    DX_TOKENS,
    FMS_CONTRACT,
    HEDGE,
    HEDGE_FOREIGN,
    HEDGE_MATERIAL,
    INTERAGENCY,
    SCOPES,
    TITLE3_WAIT,
    first_terms,
    term,
)
from mobilize.world import Made, World
from policies.acts import ACTS, MONEY
from policies.groups import GROUPS
from policies.levers import OFF, Lever, Move, catalogue
from policies.package import Setting

CHOICES = {"rating": RATINGS, "contract": CONTRACTS, "channel": CHANNELS}
DX = RATINGS.index("DX")
BOUNDS: dict[str, tuple[Floats, ...]] = {  # of the terms of each scope, shapes (terms, 1)
    scope: tuple(np.array([[float(getattr(t, end))] for t in terms]) for end in ("low", "high"))
    for scope, terms in SCOPES.items()
}
ROUNDS = 3  # a setting may bring a country into a group on which another works


@dataclass(frozen=True)
class Force:
    """A setting in force: its lever, the thing it is aimed at, months since its onset."""

    setting: Setting
    lever: Lever
    target: int
    age: int


def make(
    world: World, setting: Setting, who: str, why: str, rule: str = "", delay: int = 0
) -> None:
    """Enter a setting: pay for it once; it takes effect after its onset.

    A United States policy waits longer or shorter with the term `interagency`. What a rule of
    responses sets waits `delay` months more, and at least for the next month.
    """
    lever = catalogue()[setting.lever]
    slow = world.s.of_base[INTERAGENCY] if lever.mover.startswith("US ") else 1.0
    onset = 0 if setting.value == OFF else ceil(lever.onset.at(setting.of_onset) * slow - 0.5)
    wait = max(onset + delay, 1) if rule else onset
    world.made.append(Made(setting, world.month, world.month + wait, rule))
    if setting.value != OFF:
        world.s.ledger[POLICY] += lever.once * 1000
    given = setting.value if isinstance(setting.value, float) else 0.0
    kind = "response" if rule else "policy"
    world.note(who, kind, setting.target, given, lever.unit, why)


def take_effect(world: World) -> None:
    """Let what is due this month act, move the terms, and pay what settings cost by year."""
    month = world.month
    signing = month > 0 and bool((world.net.c_sosa == month).any())
    if not (world.made or signing or world.unsettled):
        return
    due = [(n, m) for n, m in enumerate(world.made) if m.due == month]
    act([m.setting for n, m in due if not ended(world.made[n:])], world)
    forces = in_force(world)
    yearly = sum(f.lever.yearly for f in forces)
    world.s.ledger[POLICY] += yearly * 1000 / 12
    fading = any(m.decay for f in forces for m in f.lever.moves)
    ending = any(f.lever.lapse and f.age >= f.lever.lapse - 1 for f in forces)
    moved = any(catalogue()[m.setting.lever].moves_terms for _, m in due)
    if moved or signing or fading or ending or world.unsettled:
        settle(world, forces)
        world.unsettled = ending


def ended(later: list[Made]) -> bool:
    """Return whether the first of some settings made is an end, or was ended by a later one."""
    setting = later[0].setting
    return any(
        m.setting.value == OFF
        and m.setting.lever == setting.lever
        and m.setting.target == setting.target
        for m in later
    )


def act(settings: list[Setting], world: World) -> None:
    """Let settings act that take effect now: money first, which the others may spend."""
    acts = [
        (move.quantity, setting.target, amount(setting, catalogue()[setting.lever], move))
        for setting in settings
        for move in (*catalogue()[setting.lever].moves, *catalogue()[setting.lever].side)
        if move.how == "act"
    ]
    for quantity, target, size in sorted(acts, key=lambda a: a[0] not in MONEY):
        ACTS[quantity](world, target, size)


def in_force(world: World) -> list[Force]:
    """Return the settings in force, the last one for each lever and target."""
    last: dict[tuple[str, str], Made] = {}
    for made in world.made:
        if made.due <= world.month:
            last[made.setting.lever, made.setting.target] = made
    found = []
    for made in last.values():
        lever, age = catalogue()[made.setting.lever], world.month - made.due
        if made.setting.value == OFF or (lever.lapse and age >= lever.lapse):
            continue
        found.append(Force(made.setting, lever, place(world, lever, made.setting.target), age))
    return found


def place(world: World, lever: Lever, target: str) -> int:
    """Return the position of a target among the things of its lever; 0 for the whole base."""
    if lever.target == "base":
        return 0
    ids: tuple[str, ...] = getattr(world.names, lever.target)
    return ids.index(target)


def settle(world: World, forces: list[Force]) -> None:
    """Compute every term anew, again while who belongs to a group of countries still changes."""
    for _ in range(ROUNDS):
        before = world.s.of_country.copy()
        compute(world, forces)
        if np.array_equal(before, world.s.of_country):
            break
    choose(world, forces)
    hedge(world)
    world.illuminate()


def compute(world: World, forces: list[Force]) -> None:
    """Compute every term: settings first, then scales, then what is added."""
    s = world.s
    terms = first_terms(world.net, world.p, world.month)
    country, program, base = terms["of_country"], terms["of_program"], terms["of_base"]
    focus = attention(forces, base)
    for how in ("set", "scale", "add"):
        for force in forces:
            for move in (*force.lever.moves, *force.lever.side):
                if move.how == how and move.quantity not in CHOICES:
                    move_term(world, force, move, terms, focus)
    press(world, terms)
    coordinate(world, forces, country, base)
    for scope, values in (("country", country), ("program", program), ("base", base[:, None])):
        low, high = BOUNDS[scope]
        np.clip(values, low, high, out=values)
    s.of_country[:], s.of_program[:], s.of_base[:] = country, program, base


def attention(forces: list[Force], base: Floats) -> float:
    """Return how well the coalition does each of its projects: all of a few, less of many.

    1 up to the number that gets full attention, then 1 / (1 + 0.15 (n - 3)) (design: policy,
    1.3); the loss by project is notional.
    """
    projects = sum(f.lever.coalition for f in forces)
    for force in forces:
        for move in force.lever.moves:
            if move.quantity == "attention":
                base[ATTENTION] += move.size.at(force.setting.size)
    return 1.0 / (1.0 + 0.15 * max(0.0, projects - float(base[ATTENTION])))


def move_term(
    world: World, force: Force, move: Move, terms: dict[str, Floats], focus: float
) -> None:
    """Move one term of one target by the size of the setting."""
    scope, row, _ = term(move.quantity)
    if move.quantity == "attention" or move.value not in ("", force.setting.value):
        return
    size = amount(force.setting, force.lever, move)
    weight = (1.0 - move.decay) ** (force.age / 12) * (focus if force.lever.coalition else 1.0)
    values = terms[f"of_{scope}"]
    for column in columns(world, force, move):
        apply(values, row if scope == "base" else (row, column), move.how, size, weight)


def apply(values: Floats, where: Any, how: str, size: float, weight: float) -> None:
    """Set, scale or add to values, in part where the weight is less than 1."""
    if how == "set":
        values[where] += weight * (size - values[where])
    elif how == "scale":
        values[where] *= 1.0 + weight * (size - 1.0)
    else:
        values[where] += weight * size


def press(world: World, terms: dict[str, Floats]) -> None:
    """Move terms by the disturbances under way."""
    for trouble in world.troubles:
        force = trouble.force(world.month)
        for move in trouble.of.moves:
            scope, row, _ = term(move.quantity)
            size = trouble.severity if move.size is None else move.size
            where = row if scope == "base" else (row, pressed(world, scope, trouble.target))
            apply(terms[f"of_{scope}"], where, move.how, size, force)


def pressed(world: World, scope: str, target: str) -> int | slice:
    """Return the country or program whose terms a disturbance of this target moves, or all."""
    names, at = world.names.countries, target.rpartition("@")[2]
    if scope == "program":
        names, at = world.names.programs, target
    return names.index(at) if at in names else slice(None)


def amount(setting: Setting, lever: Lever, move: Move) -> float:
    """Return the size of a move: the amount set for a lever's first, else its own."""
    if isinstance(setting.value, float) and move is lever.moves[0]:
        return setting.value
    return move.size.at(setting.size)


def columns(world: World, force: Force, move: Move) -> Iterator[int]:
    """Return the countries or programs that a move works on."""
    scope = term(move.quantity)[0]
    if scope == "base":
        yield 0
    elif force.lever.target == {"country": "countries", "program": "programs"}[scope]:
        yield force.target
    elif scope == "country" and force.lever.target == "programs":
        yield int(world.net.p_country[force.target])
    elif scope == "program":
        at = world.net.p_country
        group = GROUPS[move.where](world)[at]
        chosen = at == force.target if force.lever.target == "countries" else group
        yield from np.flatnonzero(chosen).tolist()
    else:
        yield from np.flatnonzero(GROUPS[move.where](world)).tolist()


def coordinate(world: World, forces: list[Force], country: Floats, base: Floats) -> None:
    """Slow decisions down: every partner of a coalition project adds reviews and meetings."""
    partners = {f.setting.target for f in forces if f.lever.coalition and f.lever.target != "base"}
    load = float(base[COORDINATION]) + world.p.partner_load * max(0, len(partners) - 1)
    for row in (CONTRACT_TIME, FMS_CONTRACT, TITLE3_WAIT):
        country[row] *= load


def choose(world: World, forces: list[Force]) -> None:
    """Set rating, contract and channel of programs; DX only as far as there are tokens."""
    s, net = world.s, world.net
    s.rating[:], s.contract[:], s.channel[:] = net.p_rating, net.p_contract, net.p_channel
    for force in forces:
        for move in force.lever.moves:
            if move.quantity not in CHOICES:
                continue
            if force.lever.target == "base":  # every sale that goes through the government
                s.channel[net.p_channel == FMS] = CHANNELS.index("dcs")
                continue
            chosen = CHOICES[move.quantity].index(str(force.setting.value))
            if move.quantity == "rating" and chosen == DX:
                chosen += no_token_left(world, force)
            getattr(s, move.quantity)[force.target] = chosen


def no_token_left(world: World, force: Force) -> bool:
    """Return whether all DX tokens are held, so that a program gets DO; say so at the onset."""
    left = int((world.s.rating == DX).sum()) < world.s.of_base[DX_TOKENS]
    if not left and force.age == 0:
        why = "all DX tokens are held: rated DO"
        world.note("US Department of Defense", "policy", force.setting.target, 0.0, "", why)
    return not left


def hedge(world: World) -> None:
    """Let the makers of a program hold the cover that it asks for on their parts.

    And everybody the cover on materials that is asked for.
    """
    s, net, program = world.s, world.net, world.s.of_program
    s.hedge[:] = s.of_base[HEDGE_MATERIAL] * (
        world.scenario.tables["items"]["kind"][net.k_item] == "material"
    )
    abroad = np.zeros(len(s.hedge), np.bool_)
    inputs = np.flatnonzero((net.r_slot >= 0) & s.open & (s.share > EPS))
    foreign = net.l_country[net.r_supplier[inputs]] != net.r_buyer[inputs]
    abroad[net.r_slot[inputs[foreign]]] = True
    for i in np.flatnonzero(program[HEDGE] + program[HEDGE_FOREIGN] > EPS).tolist():
        for r in net.p_sales[net.p_routes[i] : net.p_routes[i + 1]].tolist():
            line = net.r_supplier[r]
            slots = slice(net.l_slots[line], net.l_slots[line + 1])
            cover = program[HEDGE, i] + program[HEDGE_FOREIGN, i] * abroad[slots]
            s.hedge[slots] = np.maximum(s.hedge[slots], cover)
