"""A line with a cost of its own is paid that; nothing else changes."""

import numpy as np
import pytest

from mobilize.model import Model
from mobilize.scenario import check, load
from mobilize.state import CIVIL
from tests.scenarios import write_small

ITEM_COST, OWN_COST = 2.0, 5.0  # kUSD a tonne of steel: common, and at the mill


def with_own_cost(folder, mill):
    """The small scenario with a column of own costs, filled for the mill alone."""
    write_small(folder)
    path = folder / "lines.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    header += ",cost [kUSD/unit]"
    filled = [row + (f",{mill}" if row.startswith("mill,") else ",") for row in rows]
    path.write_text("\n".join([header, *filled, ""]), encoding="utf-8")
    return folder


@pytest.fixture
def pair(tmp_path):
    """Runs of the small scenario without and with a mill of its own cost, in the same luck."""
    folders = write_small(tmp_path / "common"), with_own_cost(tmp_path / "own", OWN_COST)
    return [Model(load(folder)).run(24) for folder in folders]


def test_only_the_line_that_has_a_cost_of_its_own_differs_from_its_item(pair):
    common, own = (run.world.net.l_cost for run in pair)
    mill = pair[0].world.names.lines.index("mill")
    assert (common[mill], own[mill]) == (ITEM_COST, OWN_COST)
    assert np.array_equal(np.delete(common, mill), np.delete(own, mill))


def test_buyers_pay_more_at_a_dear_line_and_goods_move_as_before(pair):
    common, own = (run.world for run in pair)
    mill = common.names.lines.index("mill")
    assert own.s.price[mill] == pytest.approx(common.s.price[mill] * OWN_COST / ITEM_COST)
    paid = own.s.cash - common.s.cash
    outside = own.s.ledger[CIVIL] - common.s.ledger[CIVIL]
    assert paid[mill] > 0
    assert paid[mill] == pytest.approx(outside - np.delete(paid, mill).sum())
    for part in ("stock", "inputs", "goods", "crew"):
        assert np.array_equal(getattr(own.s, part), getattr(common.s, part))


def test_a_cost_of_nothing_is_refused(tmp_path):
    faults = check(with_own_cost(tmp_path / "free", 0))
    assert len(faults) == 1
    assert "lines.csv" in str(faults[0])
    assert "cost" in str(faults[0])
