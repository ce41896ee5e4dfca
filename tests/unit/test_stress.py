"""The command `stress` and its report."""

import json

import numpy as np
import pytest

from mobilize.cli import main
from mobilize.commands_stress import plain
from mobilize.model import Model
from mobilize.removal import first_below, removal, remove
from mobilize.stress import Survey


@pytest.fixture(scope="module")
def survey():
    return Survey(Model("gmlrs-2022").run(6).world)


def test_the_table_is_sorted_by_exposure_which_is_loss_times_recovery(survey):
    nodes = survey.nodes()
    exposures = [n.exposure for n in nodes]
    assert exposures == sorted(exposures, reverse=True)
    assert nodes[0].exposure == pytest.approx(nodes[0].held_up * nodes[0].recovers)


def test_what_is_held_up_is_at_most_all_that_is_delivered(survey):
    f, cost = survey.sweep, survey.world.net.p_cost
    delivered = float((f.use * cost)[f.critical].sum()) / 1000
    nodes = survey.nodes()
    assert max(n.held_up for n in nodes) <= delivered + 1e-9
    assert min(n.held_up for n in nodes) >= 0.0


def test_only_chosen_programs_count(survey):
    programs = sorted({n.program for n in survey.nodes() if n.program})
    one = Survey(survey.world, programs[:1])
    assert {n.program for n in one.nodes()} <= {programs[0], ""}
    assert len(one.nodes()) < len(survey.nodes())
    with pytest.raises(ValueError, match="no program nobody; allowed"):
        Survey(survey.world, ["nobody"])


def test_a_larger_node_survives_no_longer_than_its_lines(survey):
    alone = {n.name: n for n in survey.nodes()}
    names = np.array(survey.world.names.lines)
    for country in survey.nodes("country"):
        lines = [alone[n] for n in names[survey.lines(country.name)] if n in alone]
        assert country.survives <= min(n.survives for n in lines) + 1e-9
        assert country.held_up >= max(n.held_up for n in lines) - 1e-9


def test_plain_data_of_a_node_are_json(survey):
    for node in survey.nodes():
        assert "Infinity" not in json.dumps(plain(node))


def test_output_has_fallen_in_the_first_month_that_lacks_more_than_the_share():
    usual = np.array([0.0, 10.0, 10.0, 10.0])
    assert first_below(usual, np.array([0.0, 9.6, 9.4, 10.0]), 0.05) == 2
    assert first_below(usual, usual, 0.05) is None


def test_a_removal_leaves_its_model_as_it_is_and_is_the_same_again():
    model = Model("gmlrs-2022", panel=True).run(4)
    line = Survey(model.world).nodes()[0].name
    stock, log = model.world.s.stock.copy(), len(model.decisions)
    found = removal("gmlrs-2022", line, months=6, at=4, follow=20)
    again = remove(model, line, Survey(model.world).lines(line).tolist(), 6, 20)
    assert found == again
    assert found.followed == 20
    np.testing.assert_array_equal(model.world.s.stock, stock)
    assert (len(model.decisions), model.month) == (log, 4)


def test_a_removal_needs_the_memory_of_lines():
    with pytest.raises(ValueError, match="panel=True"):
        remove(Model("gmlrs-2022", panel=False), "x", [0], 3, 3)


def test_the_command_prints_nodes_and_what_fails_and_draws_both(tmp_path, capsys):
    assert main(["stress", "gmlrs-2022", "--month", "6", "--top", "5", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "share of lines feeding a program that are fragile" in printed
    assert "stands still for 6 months" in printed
    assert {p.name for p in tmp_path.iterdir()} == {"survival.png", "failures.png"}
    assert all(p.stat().st_size > 10_000 for p in tmp_path.iterdir())


def test_the_command_gives_one_node_as_json(tmp_path, capsys):
    name = Survey(Model("gmlrs-2022").run(6).world).nodes()[0].name
    words = ["stress", "gmlrs-2022", "--node", name, "--month", "6", "--json"]
    assert main([*words, "--out", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["removal"]["node"] == name
    assert 0 < told["fragile_share"] < 1
    assert told["nodes"][0]["state"] in ("fragile", "late", "safe")


def test_an_unknown_node_is_refused_with_what_is_near(tmp_path, capsys):
    assert main(["stress", "gmlrs-2022", "--node", "U", "--out", str(tmp_path)]) == 2
    assert "'U' is no line, firm, place, item or country here" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
