"""The lessons of the design hold in the model, and the page says what the experiments find."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from experiments.findings import deterrent, hedges, idle, paper, priority, spread, standstill
from experiments.findings.lesson import save
from experiments.findings.page import LESSONS, page, picture
from experiments.findings.small import play
from mobilize.ladder import MINDSETS

DOCS = Path(__file__).parents[2] / "docs"
SAME = 0.03  # goods still under way or in store at the end of a run, as a share
BY_NAME = {lesson.name: lesson for lesson in LESSONS}


@cache
def found(name):
    """The figures of a lesson, found once for all tests."""
    return BY_NAME[name].find()


def test_a_rating_moves_goods_between_customers_and_makes_none():
    cases = found("priority")
    base, dx = cases["army DO, navy DO"], cases["army DX, navy DO"]
    for name in priority.CASES:
        case = cases[name]
        assert case.made == pytest.approx(base.made, rel=1e-6)
        assert sum(case.received.values()) == pytest.approx(sum(base.received.values()), rel=SAME)
    assert dx.gain(base)["army"] > 8
    assert dx.gain(base)["navy"] < -8
    assert dx.moved["navy"] < base.moved["navy"] - 8  # the engine names the loser
    assert cases["army DO, navy DX"].gain(base)["army"] < -8  # the same, mirrored
    assert abs(cases["army DX, navy DX"].gain(base)["army"]) < 1  # DX for all is no move


def test_only_capacity_adds_output():
    cases = found("priority")
    more, base = (sum(cases[n].received.values()) for n in (priority.MORE, "army DO, navy DO"))
    assert more > 1.2 * base


def test_a_rating_adds_no_output_where_orders_were_unrated():
    made = [play(priority.base(rating=r, months=120)).record.output[24:, -1].sum()
            for r in ("none", "DO")]  # fmt: skip
    assert made[0] == pytest.approx(made[1], rel=SAME)


def test_dx_cuts_a_queue_and_nothing_where_capacity_lacks():
    queues = found("queues")
    do, dx = queues.queue.wait
    assert do > 4.0
    assert dx < 0.6 * do
    assert queues.queue.made[0] == pytest.approx(queues.queue.made[1], rel=1e-3)
    do, dx = queues.full.wait
    assert do > 3.0
    assert dx == pytest.approx(do, rel=0.02)
    assert queues.full.made[0] == pytest.approx(queues.full.made[1], rel=1e-3)


def test_dx_cuts_the_wait_for_tools_and_no_building():
    tools = found("queues").tools
    assert tools["laser cutter"] == (6, 3)
    assert tools["machine shop"][1] <= 0.5 * tools["machine shop"][0]
    assert tools["new hall"][0] == tools["new hall"][1] == 12


@pytest.mark.parametrize("name", [paper.SALES, paper.EXPORTS])
def test_paper_falls_at_once_and_output_comes_late(name):
    reform = found("paper")[name]
    assert reform.saved > 0.3
    assert max(reform.onset) <= 12
    assert len(reform.onset) == 2  # steps, no slope
    assert all(abs(year[0]) < 0.1 for year in reform.extra[:2])  # per cent
    late = max(low for _, low, _ in reform.extra[3:])
    assert late > 0.1  # in some later year more, beyond the interval


def test_paper_falls_in_the_month_of_onset():
    """Nine and twelve months after the decision, the onsets of the two levers."""
    assert found("paper")[paper.SALES].onset == (9, 12)


def test_idle_allied_capacity_is_the_fast_lever():
    ways = found("idle")
    first = {way: fast.first for way, fast in ways.items()}
    low, base, high = first.pop(idle.IDLE)
    assert low < base < high <= 12
    machines = first.pop(idle.MACHINES)
    assert base < machines[1] <= 15
    assert all(months[0] >= 3 * base for months in first.values())
    assert 30 <= first["Title III grant"][1] <= 45
    assert first["co-production abroad"][1] >= 36
    relief = {way: fast.relief[1] for way, fast in ways.items()}
    assert relief[idle.IDLE] == min(relief.values())
    assert max(relief.values()) < idle.NEVER  # each way does bring output in the end


def test_agreements_are_worth_what_people_know():
    case = {name: c.ally for name, c in found("knowledge").items()}
    assert case["home only, by rule"] < 1
    assert case["no memorandum"] == pytest.approx(case["no memorandum, offices trained"])
    assert case["memorandum, known as today"] > case["no memorandum"] + 5
    assert case["memorandum, offices trained"] > case["memorandum, known as today"] + 2
    home = [c.home for c in found("knowledge").values()]
    assert max(home) - min(home) < 1  # nothing is taken from home, which is at its limit


def test_a_shared_upstream_caps_what_stands_below_it():
    upstream = found("upstream")
    total = {name: sum(units) for name, units in upstream.delivered.items()}
    assert total["money for A"] > 1.2 * total["money for neither"]  # money works up to the cap
    assert total["money for both"] == pytest.approx(total["money for A"], rel=0.01)
    assert total["money for both"] == pytest.approx(total["money for B"], rel=0.01)
    assert total["both, and a second mixer"] > 1.5 * total["money for both"]
    a, b, joint = upstream.bounds
    assert joint == pytest.approx(max(a, b))
    assert a + b > 1.9 * joint
    assert total["money for both"] <= joint * 1.001
    assert all(times >= 1 - 1e-6 for times in upstream.real.values())
    assert max(upstream.real.values()) > 1.02


def test_hedges_turn_months_into_days():
    losses = found("hedges").losses
    bare = losses[hedges.BARE]
    assert bare.behind > 8
    assert bare.below_half >= 8
    stocks = [losses[name].behind for name in ("3 months of stock", "6 months of stock")]
    assert bare.behind - 2 > stocks[0] > stocks[1] + 2
    for name in (hedges.STOCK, hedges.BOTH):
        assert losses[name].behind * hedges.DAYS < 15
        assert losses[name].below_half == 0
    assert losses["half from home"].behind < 0.6 * bare.behind
    slow, fast = found("hedges").tests
    assert fast <= slow - 2


def test_an_open_source_makes_more_when_the_border_closes():
    model = play(hedges.base(0.5, closed=True))
    home = model.world.names.lines.index("home")
    first = hedges.CLOSED_FROM
    before, during = (
        model.record.output[span, home].mean()
        for span in (slice(first - 6, first), slice(first + 6, first + hedges.CLOSED))
    )
    assert during > 1.1 * before


def test_more_sources_have_more_incidents_and_fewer_full_stops():
    spreads = found("spread")
    counts = spread.SOURCES
    for count in counts:
        low, high = 0.75 * spreads.expected[count], 1.05 * spreads.expected[count]
        assert low < spreads.incidents[count][0] < high  # none strikes a plant that is down
    stops = [spreads.apart[count][0] for count in counts]
    assert stops == sorted(stops, reverse=True)
    assert stops[-1] < 0.15 * stops[0]
    assert spreads.apart[2][2] < spreads.apart[1][1]  # the intervals are apart


def test_a_shared_node_undoes_the_advantage():
    spreads = found("spread")
    for count in spread.SOURCES[2:]:
        assert spreads.shared[count][1] > 2 * spreads.apart[count][2]
    most = spread.SOURCES[-1]
    assert spreads.shared[most][0] > 5 * spreads.apart[most][0]
    gain = spreads.shared[3][0] - spreads.shared[most][0]
    assert gain < 0.15 * spreads.shared[1][0]  # beyond three, more sources bring little


def test_ready_stock_deters_every_mindset_and_by_the_short_war():
    seen = found("deterrent")
    for mindset in MINDSETS:
        _, low, high = deterrent.more(
            seen, deterrent.STOCKS, deterrent.NEGLECT, mindset, 0, deterrent.MONTHS
        )
        assert low < high < 0
        stock, none = (deterrent.chances(seen[c][mindset], mindset)
                       for c in (deterrent.STOCKS, deterrent.NEGLECT))  # fmt: skip
        assert stock[0] < none[0] - 0.15  # the short war
        assert none[1] - 0.1 < stock[1] < none[1]  # the long war hardly moves


def test_a_ramp_at_the_prime_alone_moves_the_long_war_in_the_challengers_eyes_only():
    seen = found("deterrent")
    for mindset in MINDSETS:
        ramp, none = (seen[c][mindset] for c in (deterrent.RAMP, deterrent.NEGLECT))
        assert ramp.quiet["replenish_seen"] < 0.7 * ramp.quiet["replenish"]
        assert ramp.quiet["replenish"] == pytest.approx(none.quiet["replenish"], rel=0.02)
        assert ramp.quiet["fires"] == pytest.approx(none.quiet["fires"], rel=0.05)
        (quick, slow), (same, before) = (deterrent.chances(s, mindset) for s in (ramp, none))
        assert quick == pytest.approx(same, abs=0.02)
        assert slow < before - 0.15


def test_a_closing_window_makes_the_announcer_worse_off_than_the_neglecter_for_a_time():
    seen = found("deterrent")
    built = deterrent.DECIDED + deterrent.BUILT

    def more(mindset, first, last):
        return deterrent.more(seen, deterrent.RAMP, deterrent.NEGLECT, mindset, first, last)

    assert more("fearful", 0, built)[1] > 0
    assert more("patient", 0, deterrent.MONTHS)[2] < 0
    ramp, none = (seen[c]["fearful"] for c in (deterrent.RAMP, deterrent.NEGLECT))
    pull = ramp.quiet["fearful window"] - none.quiet["fearful window"]
    assert deterrent.acting(ramp) - deterrent.acting(none) == pytest.approx(pull, abs=0.4)
    assert ramp.net[deterrent.LOOK] > none.net[deterrent.LOOK]
    assert ramp.net[-1] < none.net[-1]  # the window is shut, the long war less promising


def test_no_coalition_moves_the_motivation_and_lower_steps_are_the_frequent_ones():
    for by_mindset in found("deterrent").values():
        for mindset, seen in by_mindset.items():
            assert seen.quiet[f"{mindset} motivation"] == 0.0
            assert seen.steps > 5 * seen.attacked[-1]


def test_a_stopped_plant_is_felt_when_foretold_and_after_it_works_again():
    bare = found("standstill").early[standstill.BARE]
    assert bare.removal.survived > standstill.STILL
    assert bare.removal.survived == pytest.approx(bare.node.survives, abs=standstill.CLOSE + 1)
    near, many = bare.close
    assert near >= 0.9 * many > 9
    months = np.array([(f.predicted, f.simulated) for f in bare.removal.falls])
    assert np.corrcoef(months.T)[0, 1] > 0.95


def test_a_stock_below_the_bottleneck_is_a_hedge_and_an_order_for_one_is_less():
    stopped = found("standstill")
    losses = [case.lost for case in stopped.early.values()]
    assert losses == sorted(losses, reverse=True)
    assert losses[1] < 0.5 * losses[0]
    assert losses[-1] < 0.001
    lasting = [case.node.survives for case in stopped.early.values()]
    assert np.diff(lasting) == pytest.approx(np.diff([0, *standstill.HELD]), abs=0.5)
    late, ahead = stopped.late[standstill.BARE], stopped.late[standstill.PARTS]
    assert 0.3 * late.lost < ahead.lost < 0.7 * late.lost
    assert ahead.shelf < 0.25 * standstill.AHEAD


def test_the_page_says_what_the_experiments_find():
    text = page((lesson, found(lesson.name)) for lesson in LESSONS)
    assert (DOCS / "lessons.md").read_text(encoding="utf-8") == text, (
        "renew it: python -m experiments.findings docs/pictures"
    )


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_lesson_has_its_picture_drawn_the_same_each_time(lesson, tmp_path):
    assert (DOCS / "pictures" / picture(lesson)).is_file()
    for name in ("a.svg", "b.svg"):
        save(lesson, found(lesson.name), tmp_path / name)
    drawn = (tmp_path / "a.svg").read_bytes()
    assert drawn == (tmp_path / "b.svg").read_bytes()
    assert b"<text" in drawn  # words stay words, for search and for screen readers
    assert b"dc:date" not in drawn


def test_a_delay_read_from_the_paper_is_a_number_of_months():
    for reform in found("paper").values():
        assert np.all((reform.delay > 0) & (reform.delay < 60))
