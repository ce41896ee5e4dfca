"""Everything at once in industrial-gap: war, challenger, responses, hazards, events, levers.

With packages of random levers and disturbances of every kind that befall in random months: what
holds of quiet scenarios holds here too.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mobilize.crises.course import befall
from mobilize.crises.kinds import BASE, kinds
from mobilize.invariants import faults
from mobilize.luck import Stream
from mobilize.model import Model
from mobilize.programs import SUSTAINMENT
from mobilize.saves import resume, save
from mobilize.scenario import load
from mobilize.state import TRANSIT
from policies.package import no_package
from tests.property.test_conservation import Run, check_everything, same, summed
from tests.property.test_levers_together import anything
from tests.property.test_worlds import assert_same

ROOT = Path(__file__).parents[2]
NAME, MONTHS = "industrial-gap", 30
LEVERS = 60
few = settings(
    deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
seeds = st.integers(0, 10_000)


class Mishap(NamedTuple):
    """A disturbance that befalls in a month of the run, whatever the scenario has besides."""

    month: int
    kind: str
    target: str
    severity: float


def aims(world, form):
    """Return the targets of one form: of items in countries, those where one is made."""
    net, names = world.net, world.names
    made = sorted(set(zip(net.l_item.tolist(), net.l_country.tolist(), strict=True)))
    return {
        "line": names.lines,
        "firm": names.firms,
        "item": names.items,
        "country": names.countries,
        "item@country": [f"{names.items[i]}@{names.countries[c]}" for i, c in made],
        "route": [">".join(route) for route in names.routes if route[0]],
        "program": names.programs,
        "project": names.projects,
        BASE: (BASE,),
    }[form]


def mishaps(world, seed, each=2):
    """Return disturbances of every kind, at random targets, sizes and months."""
    chance = np.random.default_rng(seed)
    found = []
    for kind in [k for k in kinds().values() for _ in range(each)]:
        places = aims(world, str(chance.choice(kind.targets)))
        size = kind.severity.between(chance.random())
        month = int(chance.integers(0, MONTHS - 4))
        found.append(Mishap(month, kind.name, str(chance.choice(places)), size))
    return sorted(found)


def start(seed, policy=None):
    """Return a model of world `seed` in its first month, under random levers."""
    scenario = load(NAME)
    policy = anything(scenario, seed, LEVERS) if policy is None else policy
    return Model(scenario, policy, world=seed, months=MONTHS)


def play(model, wrong, months=MONTHS):
    """Play on to a month; what goes wrong does so before its month begins."""
    while model.month < months:
        for mishap in wrong:
            if mishap.month == model.month:
                befall(model.world, *mishap[1:])
        model.step()
    return model


def watched(seed):
    """Play a whole run and remember every month, as the laws of conservation want it."""
    model = start(seed)
    wrong, s = mishaps(model.world, seed), model.world.s
    run = Run(model, [s.copy()], [], [])
    while model.month < MONTHS:
        run.arrived.append(s.transit[:, model.month % TRANSIT].copy())
        play(model, wrong, model.month + 1)
        run.states.append(s.copy())
        run.found.append(faults(model.world.net, s))
    return run


def digest(model):
    """Return a fingerprint of everything a model holds and remembers."""
    told = hashlib.sha256(repr(model.decisions).encode())
    for array in (*model.world.s, model.record.programs, model.record.metrics):
        told.update(array.tobytes())
    return told.hexdigest()


# ---------------------------------------------------------------------------- laws of conservation


def stocks(run):
    """Stocks of an item change by what arrives and is fired, whoever lends, gives or repays.

    What stands in for another item is fired from its own stock: at least and at most as many for
    one as the scenario says.
    """
    net = run.model.world.net
    items = net.l_item.max() + 1
    held = net.p_kind != SUSTAINMENT
    first, last = run.states[0].stock, run.states[-1].stock
    own = summed(run, "asked") - summed(run, "unmet") - summed(run, "substituted")
    gone = first + summed(run, "delivered") - last - own
    stood_in = np.bincount(net.p_item[held], gone[held], items)
    covered = summed(run, "substituted")
    low, high = np.zeros(items), np.zeros(items)
    for i in np.unique(net.u_program).tolist():
        mine = net.u_program == i
        instead = net.p_item[net.u_instead[mine]]
        high[instead] += covered[i] * net.u_units[mine]
        if len(instead) == 1:
            low[instead] += covered[i] * net.u_units[mine]
    scale = 1e-6 * max(1.0, float(np.abs(first).max()))
    assert (stood_in >= low - scale).all()
    assert (stood_in <= high + scale).all()


def debts(run):
    """What is owed is what was lent less what came back, and gifts are owed by nobody."""
    decided, s = run.model.decisions, run.states[-1]
    moved = {kind: sum(d.amount for d in decided if d.kind == kind)
             for kind in ("loan", "gift", "repayment")}  # fmt: skip
    same(np.array([s.loan.sum(), s.gift.sum()]),
         np.array([moved["loan"] - moved["repayment"], moved["gift"]]))  # fmt: skip
    for before, after in pairwise(run.states):
        assert (after.gift >= before.gift).all()


@few
@given(seeds)
@example(3)
def test_every_law_holds_with_everything_on(seed):
    run = watched(seed)
    check_everything(run)
    stocks(run)
    debts(run)


def test_the_runs_have_in_them_what_could_break_the_laws():
    """Else the laws above would hold of nothing."""
    seen = set()
    for seed in range(4):
        run = watched(seed)
        seen |= {d.kind for d in run.model.decisions}
        seen |= {d.who for d in run.model.decisions if d.kind == "disturbance"}
        seen |= {"substituted"} if summed(run, "substituted").any() else set()
    assert seen >= {"response", "loan", "repayment", "gift", "event", "denial", "need", "conflict"}
    assert seen >= {"chance", "unknown", "substituted", "adversary"}


# --------------------------------------------------------------------------- saves, forks, worlds


@few
@given(seeds, st.integers(1, MONTHS - 1))
def test_saved_and_resumed_it_goes_on_bit_for_bit(tmp_path, seed, month):
    wrong = mishaps(start(0).world, seed)
    whole = play(start(seed), wrong)
    half = play(start(seed), wrong, month)
    save(half, tmp_path / "month.npz")
    again = resume(tmp_path / "month.npz", half.world.scenario, half.policy)
    assert_same(again, half)
    assert_same(play(again, wrong), whole)
    for name in ("troubles", "agenda", "answered", "made"):
        assert getattr(again.world, name) == getattr(whole.world, name), name


@few
@given(seeds, st.integers(1, MONTHS - 1))
def test_a_fork_goes_on_alike_and_leaves_the_original_untouched(seed, month):
    wrong = mishaps(start(0).world, seed)
    model = play(start(seed), wrong, month)
    before = digest(model)
    agenda, troubles = repr(model.world.agenda), list(model.world.troubles)
    twin, other = model.fork(), model.fork(no_package())
    play(twin, wrong)
    play(other, mishaps(model.world, seed + 1))
    assert digest(model) == before
    assert (repr(model.world.agenda), model.world.troubles) == (agenda, troubles)
    assert_same(twin, play(model, wrong))


OTHER = """
import sys
from tests.property.test_everything_on import digest, mishaps, play, start
model = start(int(sys.argv[1]))
print(digest(play(model, mishaps(model.world, 5))))
"""


def test_a_world_is_the_same_whatever_else_ran_and_in_another_process():
    models = [start(seed) for seed in (7, 8)]
    wrong = mishaps(models[0].world, 5)
    for month in range(1, MONTHS + 1):  # in turns
        for model in models:
            play(model, wrong, month)
    done = subprocess.run(
        [sys.executable, "-c", OTHER, "7"], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert digest(models[0]) == done.stdout.strip()
    assert digest(models[0]) == digest(play(start(7), wrong))


# ---------------------------------------------------------------------------------- common luck


def struck(model):
    """Return by month and hazard what chance struck."""
    return {(d.month, d.why) for d in model.decisions if d.who == "chance"}


@few
@given(seeds)
def test_two_policies_meet_the_same_hazards_and_the_same_luck_of_the_adversary(seed):
    plain, other = start(seed, no_package()), start(seed)
    play(plain, ())
    play(other, mishaps(plain.world, seed))
    for stream in (Stream.HAZARDS, Stream.ADVERSARY, Stream.PERCEPTION, Stream.TARGETS):
        for month in range(MONTHS):
            drawn = [m.world.luck.uniform(stream, month, 8) for m in (plain, other)]
            np.testing.assert_array_equal(*drawn)
    np.testing.assert_array_equal(plain.world.s.mindset, other.world.s.mindset)
    np.testing.assert_array_equal(plain.world.intelligence, other.world.intelligence)
    stay = start(seed, no_package())
    befall(stay.world, "price-shock", "antimony")
    assert struck(play(stay, ())) == struck(plain)
