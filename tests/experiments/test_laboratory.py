"""The laboratory: studies are told, started apart, stopped, gone on with, judged by their lock."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from experiments.laboratory.house import GONE, Bench, Laboratory, LaboratoryError
from experiments.laboratory.overview import overview, table
from experiments.results import open_results
from experiments.store import LOCK, LOG
from experiments.study import load_study
from mobilize.workers import Workers
from tests.experiments.little import held_up, run_little, write_study

PATIENCE = 300.0  # seconds; only a hang takes so long


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    found = Workers(1)
    yield found
    found.close()


@pytest.fixture
def lab(tmp_path: Path, workers: Workers) -> Iterator[Laboratory]:
    found = Laboratory(tmp_path, workers)
    end = found.watch(lambda: None)
    yield found
    end()
    for work in found.bench.works:
        found.stop(work.folder)
    wait(lambda: found.bench.busy is None)
    found.close()


def wait(met: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def told(lab: Laboratory, name: str = "little") -> Bench:
    wait(lambda: any(study.name == name for study in lab.bench.studies))
    return lab.bench


def state(lab: Laboratory, folder: str) -> str:
    work = lab.bench.work(folder)
    return "" if work is None else work.state


def test_a_study_in_the_results_folder_is_told_with_its_runs_and_folders(lab: Laboratory):
    path = write_study(lab.results)
    study = next(s for s in told(lab).studies if s.name == "little")
    loaded = load_study(path)
    assert study.title == "A little study"
    assert study.full.folder == loaded.folder_name
    assert study.full.runs == loaded.pairs * 3
    assert study.small.runs < study.full.runs
    wait(lambda: next(s for s in lab.bench.studies if s.name == "little").seconds > 0.0)


def test_a_study_that_cannot_be_read_is_told_with_its_faults_and_not_started(lab: Laboratory):
    (lab.results / "broken.toml").write_text('title = "x"', encoding="utf-8")
    study = next(s for s in told(lab, "broken").studies if s.name == "broken")
    assert "key 'question' is missing" in study.fault
    with pytest.raises(LaboratoryError, match="key 'question' is missing"):
        lab.start("broken")


def test_a_study_is_stopped_gone_on_with_and_ends_with_the_runs_of_one_that_was_not(
    lab: Laboratory, tmp_path_factory: pytest.TempPathFactory
):
    path = write_study(lab.results, worlds=150, points=16)
    told(lab)
    folder = lab.start("little")
    with pytest.raises(LaboratoryError, match=r"is running .* One study runs at a time"):
        lab.start("little", small=True)
    wait(lambda: (work := lab.bench.work(folder)) and work.progress.done)
    with held_up():
        lab.stop(folder)
    wait(lambda: state(lab, folder) == "stopped")
    done = lab.bench.work(folder).progress.done
    assert 0 < done < lab.bench.work(folder).progress.runs
    assert lab.start("little") == folder
    wait(lambda: state(lab, folder) == "finished")
    straight = tmp_path_factory.mktemp("straight") / "out"
    run_little(path, straight)
    assert open_results(lab.results / folder).runs().equals(open_results(straight).runs())


def test_results_of_a_process_that_is_gone_are_told_so_and_of_one_at_work_are_not(lab: Laboratory):
    run_little(write_study(lab.results), lab.results / "out")
    log = lab.results / "out" / LOG
    lines = log.read_text().splitlines()
    old = [json.dumps(json.loads(line) | {"at": 1000.0}) for line in lines[:2]]
    log.write_text("\n".join(old) + "\n")
    wait(lambda: state(lab, "out") == GONE)
    with FileLock(lab.results / "out" / LOCK):
        wait(lambda: state(lab, "out") == "running")
    wait(lambda: state(lab, "out") == GONE)


def test_results_of_other_code_are_left_alone_and_a_start_takes_another_folder(lab: Laboratory):
    path = write_study(lab.results)
    folder = lab.results / load_study(path).folder_name
    run_little(path, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"code_sha256": "other"}))
    told(lab)
    wait(lambda: lab.bench.work(folder.name))
    begun = lab.start("little")
    assert begun == f"{folder.name}-2"
    wait(lambda: state(lab, begun) == "finished")
    assert json.loads((folder / "manifest.json").read_text())["code_sha256"] == "other"


def test_what_keeps_a_study_from_starting_is_told_in_its_own_words(lab: Laboratory):
    path = write_study(lab.results)
    told(lab)
    path.write_text(path.read_text().replace("artillery-2022", "artillery-2033"))
    folder = lab.start("little")
    wait(lambda: state(lab, folder) == "broken")
    assert "artillery-2033" in lab.bench.work(folder).fault


def test_watchers_are_told_of_changes_only(lab: Laboratory):
    run_little(write_study(lab.results), lab.results / "out")
    told(lab)
    wait(lambda: state(lab, "out") == "finished" and not lab.bench.reading)
    heard = threading.Event()
    end = lab.watch(heard.set)
    lab.look()
    lab.look()
    assert not heard.is_set()
    end()


def test_an_answer_is_worked_out_apart_and_kept_until_there_are_more_runs(lab: Laboratory):
    run_little(write_study(lab.results), lab.results / "out")
    wait(lambda: state(lab, "out") == "finished")
    first = lab.ask(overview, "out")
    assert first.value is None
    assert first.waiting
    wait(lambda: not lab.ask(overview, "out").waiting)
    found = lab.ask(overview, "out")
    assert found.value["cases"] == 4
    assert lab.ask(overview, "out") is found
    assert lab.ask(overview, "elsewhere").fault


def test_runs_are_found_by_future_world_package_and_sorted_by_an_outcome(
    tmp_path: Path,
):
    run_little(write_study(tmp_path), tmp_path / "out")
    out = str(tmp_path / "out")
    every = table(out, "", "", "run", False, 0)
    assert every["matched"] == 3 * 3 + 4 * 2 * 3
    assert {r["point"] for r in table(out, "future 2", "", "run", False, 0)["rows"]} == {2}
    assert table(out, "future 2", "early", "run", False, 0)["matched"] == 2
    assert table(out, "timeout", "", "run", False, 0)["matched"] == 0
    paid = [r["paid"] for r in table(out, "", "", "paid", True, 0)["rows"]]
    assert paid == sorted(paid, reverse=True)
    assert table(out, "", "", "run", False, 99)["page"] == every["pages"] - 1
