"""Constant demand: a network settles at the fixed point of Leontief, x = (I - A)^-1 d."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mobilize.model import Model
from mobilize.physics.handle import handle
from mobilize.synthetic import synthetic

LONG = 360  # months after which a swing of 30 % has died out (it halves about every 8 months)

few = settings(deadline=None, max_examples=8)
sizes, seeds = st.integers(16, 40), st.integers(0, 10_000)


def quiet(firms, seed):
    """A two-tier network without new money, projects, disturbances and accidents."""
    model = Model(synthetic(firms, seed=seed, tiers=2, months=LONG))
    model.script = replace(
        model.script, grants={}, industrial={}, decided={}, disturbances={}
    )  # a copy: all models of a scenario share one script
    world = model.world
    world.p = world.p._replace(incident_rate=0.0, hostile_rate=0.0)
    world.arrays = (*world.arrays[:2], handle(world.p))
    return model


def demand(net):
    """Units a month that each program asks for."""
    return net.p_on_order / net.p_span


def fixed_point(net, share=None):
    """Solve for the output of every line that meets final demand and the lines' own needs.

    At the shares given, by default those of the start.
    """
    share = net.r_share if share is None else share
    lines = len(net.l_item)
    uses, final = np.zeros((lines, lines)), np.zeros(lines)
    for r, supplier in enumerate(net.r_supplier):
        slot, program = net.r_slot[r], net.r_program[r]
        if slot >= 0:
            uses[supplier, net.k_line[slot]] += share[r] * net.k_quantity[slot]
        elif program >= 0:
            final[supplier] += share[r] * demand(net)[program]
        else:
            final[supplier] += net.l_civil[supplier]
    return np.linalg.solve(np.eye(lines) - uses, final)


def play(model):
    """Play to the horizon, the same units called off every month; return the outputs."""
    s = model.world.s
    while model.month < model.months:
        s.calls[:] = demand(model.world.net)[:, None]
        model.step()
    return model.record.output


def distance(outputs, x):
    running = x > 1e-9
    return (np.abs(outputs - x)[..., running] / x[running]).max(axis=-1)


@few
@given(sizes, seeds)
def test_a_network_in_balance_stays_at_the_fixed_point(firms, seed):
    model = quiet(firms, seed)
    x = fixed_point(model.world.net)
    np.testing.assert_allclose(model.world.net.l_start, x, rtol=1e-9, atol=1e-9)
    assert distance(play(model), x).max() < 1e-6


def disturbed(firms, seed):
    """Return how far outputs lie from the fixed point long after a shock, and if it is too large.

    Buyers may change sources: the fixed point is that of the shares they end with. It may then
    ask more of a line that has no rival than its equipment makes.
    """
    model = quiet(firms, seed)
    world = model.world
    chance, s = np.random.default_rng(seed), world.s
    s.inputs[:] *= chance.uniform(0.7, 1.3, len(s.inputs))
    s.forecast[:] *= chance.uniform(0.7, 1.3, len(s.forecast))
    outputs = play(model)
    x = fixed_point(world.net, s.share)
    away = distance(outputs, x)
    assert away[:24].max() > 0.01  # it was disturbed
    short = x > s.equip * world.net.l_rate[:, 2] * (1.0 + 1e-9)
    return away[-12:].max(), short.any()


@few
@given(sizes, seeds)
@example(37, 81)  # sources at their limit share their customers with others
def test_a_disturbed_network_comes_back_to_the_fixed_point(firms, seed):
    away, too_large = disturbed(firms, seed)
    assert too_large or away < 1e-3


def test_the_fixed_point_of_two_lines_by_hand():
    """Each of x end items uses q parts: parts = q x, shared over their makers."""
    model = quiet(16, 3)
    net, x = model.world.net, fixed_point(model.world.net)
    for r in np.flatnonzero(net.r_program >= 0):
        assert x[net.r_supplier[r]] >= net.r_share[r] * demand(net)[net.r_program[r]] - 1e-9
    materials = net.l_item == net.l_item.max()
    needs = sum(
        x[net.k_line[k]] * net.k_quantity[k] for k in np.flatnonzero(net.k_item == net.l_item.max())
    )
    assert np.isclose(x[materials].sum(), needs + net.l_civil[materials].sum())
