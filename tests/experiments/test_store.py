"""Results on disk are whole or not at all, belong to one study, and are mended by going on."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from experiments import engine, plan
from experiments import stored as stored_module
from experiments import work as work_module
from experiments.crew import Here
from experiments.engine import StoppedError
from experiments.plan import Table
from experiments.results import ResultsError, open_results
from experiments.run import run_study
from experiments.store import Store, StoreError, opened
from tests.experiments.small import ROOT, TEXT, WORLDS, events, files, here, leftovers, study

OTHER = TEXT.replace("worlds = 40", "worlds = 41")


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stopped") / "out"
    with pytest.raises(StoppedError):
        here(folder, stop=lambda: len(list((folder / "chunks").glob("*"))) > 6)
    return folder


@pytest.fixture
def half(tmp_path, stopped):
    """Return a study that was stopped half way."""
    return Path(shutil.copytree(stopped, tmp_path / "out"))


def chunks(folder):
    return sorted((folder / "chunks").iterdir())


def refused(folder, text=TEXT, **options):
    with pytest.raises(StoreError) as told:
        here(folder, text, **options)
    return str(told.value)


def test_the_same_study_again_does_nothing_and_changes_no_byte(half, undisturbed):
    here(half)
    before = files(half)
    assert before == undisturbed
    tally = run_study(study(), half, Here())
    assert (tally.done, tally.fresh) == (2 * WORLDS, 0)
    assert files(half) == before
    assert leftovers(half) == []


def test_results_can_be_read_half_way_and_have_each_run_once(half):
    frame = open_results(half).runs()
    assert 0 < len(frame) < 2 * WORLDS
    assert frame["run"].is_unique
    assert open_results(half).progress().state == "stopped"


def test_results_that_are_gathered_and_not_yet_removed_count_once(half, undisturbed):
    kept = {path: path.read_bytes() for path in chunks(half)}
    here(half)
    for path, data in kept.items():  # as if it had ended between gathering and removing
        path.write_bytes(data)
    frame = open_results(half).runs()
    assert list(frame["run"]) == list(range(2 * WORLDS))
    assert len(open_results(half).fan("delivered", "second")) == WORLDS
    here(half)
    assert files(half) == undisturbed
    assert leftovers(half) == []


def test_all_chunks_there_and_not_yet_gathered_are_gathered(half, undisturbed, monkeypatch):
    monkeypatch.setattr(Store, "_gather", lambda self, table, part: None)
    here(half)
    assert files(half) == {}
    monkeypatch.undo()
    assert run_study(study(), half, Here()).fresh == 0
    assert files(half) == undisturbed


def test_a_file_named_stop_in_its_folder_stops_it_and_is_taken_away(half, undisturbed):
    with pytest.raises(StoppedError):
        here(half, told=lambda tally: (half / "stop").touch())
    assert not (half / "stop").exists()
    assert open_results(half).progress().state == "stopped"
    here(half)
    assert files(half) == undisturbed


@pytest.mark.parametrize("how", ["cut", "a bit", "empty", "no parquet"])
def test_a_damaged_chunk_is_told_and_done_again(half, undisturbed, how):
    victim = chunks(half)[2]
    data = victim.read_bytes()
    bit = bytearray(data)
    bit[len(data) // 4] ^= 4
    victim.write_bytes({"cut": data[:-20], "a bit": bytes(bit), "empty": b"",
                        "no parquet": b"x" * 500}[how])  # fmt: skip
    with pytest.raises(ResultsError, match="does those again"):
        open_results(half).runs()
    here(half)
    assert events(half, "damaged")[0]["file"] == f"chunks/{victim.name}"
    assert files(half) == undisturbed


def test_a_damaged_file_of_runs_is_done_again(half, undisturbed):
    here(half)
    (name,) = files(half)
    (half / "runs" / name).write_bytes(b"")
    here(half)
    assert files(half) == undisturbed


def test_a_chunk_with_the_runs_of_another_is_done_again(half, undisturbed):
    first, second = chunks(half)[:2]
    second.write_bytes(first.read_bytes())
    here(half)
    assert files(half) == undisturbed


def test_what_a_killed_writer_left_is_swept_and_never_read(half, undisturbed):
    for place in ("", "chunks", "runs"):
        (half / place / "000000000-000000005.77.part.parquet").write_bytes(b"torn")
    open_results(half).runs()
    here(half)
    assert leftovers(half) == []
    assert files(half) == undisturbed


def test_a_torn_line_of_the_log_hides_no_other(half):
    with (half / "log.jsonl").open("a") as log:
        log.write('{"event": "done", "at": 17')
    here(half)
    progress = open_results(half).progress()
    assert (progress.state, progress.done) == ("finished", 2 * WORLDS)
    torn = (half / "log.jsonl").read_text().splitlines()
    assert len([line for line in torn if '"start"' in line and json.loads(line)]) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 1}', "\0\0\0"])
def test_a_damaged_manifest_is_told_and_nothing_is_touched(half, text):
    before = {path: path.read_bytes() for path in chunks(half)}
    (half / "manifest.json").write_text(text)
    assert "put it back" in refused(half)
    (half / "manifest.json").unlink()
    assert "no manifest.json" in refused(half)
    assert {path: path.read_bytes() for path in chunks(half)} == before


@pytest.mark.parametrize("name", ["study.json", "study.toml", "design.parquet"])
def test_a_lost_or_damaged_description_is_written_again(half, name):
    before = (half / name).read_bytes()
    for harm in (lambda path: path.unlink(), lambda path: path.write_bytes(b"x")):
        harm(half / name)
        here(half)
        assert (half / name).read_bytes() == before


def test_another_study_is_refused_with_both_hashes(half):
    said = refused(half, OTHER)
    assert study().digest[:12] in said
    assert study(OTHER).digest[:12] in said


def test_words_alone_make_no_other_study_and_new_ones_are_taken(half):
    here(half, TEXT.replace("The second", "Second of two"))
    assert open_results(half).packages["second"] == "Second of two"


def test_other_code_is_refused_unless_accepted_and_the_manifest_tells(half, monkeypatch):
    for module in (work_module, stored_module):
        monkeypatch.setattr(module, "code_digest", lambda: "f" * 64)
    said = refused(half)
    assert "ffffffffffff" in said
    assert "--accept" in said
    here(half, accept=True)
    here(half)  # accepted once, known from then on
    manifest = open_results(half).manifest
    assert [made["code_sha256"] for made in manifest["also_made_by"]] == ["f" * 64]
    monkeypatch.undo()
    here(half)


def test_other_libraries_are_refused_and_named(half, monkeypatch):
    other = work_module.libraries() | {"numpy": "1.0"}
    monkeypatch.setattr(stored_module, "libraries", lambda: other)
    said = refused(half)
    assert "now numpy 1.0" in said
    assert "mesa" not in said


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "thesis.txt").write_text("x")
    assert "thesis.txt" in refused(folder)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


def test_a_file_where_the_folder_should_be_is_told(tmp_path):
    (tmp_path / "out").write_text("x")
    assert "cannot write" in refused(tmp_path / "out")
    assert "cannot write" in refused(tmp_path / "out" / "deeper")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(half):
    (half / "chunks").chmod(0o500)
    try:
        assert "cannot write" in refused(half)
    finally:
        (half / "chunks").chmod(0o700)


FULL = [(errno.ENOSPC, after) for after in (0, 2, 5, 8, 9)]  # of eight writes and a folder synced


@pytest.mark.parametrize(("code", "after"), [*FULL, (errno.EROFS, 5), (errno.EIO, 5)])
def test_a_disk_that_takes_no_more_stops_the_study_which_then_goes_on(
    half, undisturbed, monkeypatch, code, after
):
    real, left = os.fsync, iter(range(after))

    def full(handle):
        if next(left, None) is None:
            raise OSError(code, os.strerror(code))
        real(handle)

    done = open_results(half).progress().done
    monkeypatch.setattr(os, "fsync", full)
    said = refused(half)
    assert os.strerror(code) in said
    assert ("make room" in said) == (code == errno.ENOSPC)
    assert not list(half.rglob("*.part*"))
    monkeypatch.undo()
    assert run_study(study(), half, Here()).fresh <= 2 * WORLDS - done
    assert files(half) == undisturbed
    assert leftovers(half) == []


def test_files_that_may_not_grow_stop_the_study_which_then_goes_on(half, undisturbed):
    """With a limit of the system on the size of files, as a full disk in another process."""
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from experiments.store import StoreError\n"
        "from tests.experiments.small import here\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))\n"
        "try:\n"
        "    here(Path(sys.argv[1]))\n"
        "except StoreError as error:\n"
        "    print(error)\n"
    )
    pytest.importorskip("resource")
    run = [sys.executable, "-c", code, str(half)]
    said = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "cannot write" in said
    assert not list(half.rglob("*.part*"))
    here(half)
    assert files(half) == undisturbed


@pytest.mark.parametrize("name", ["chunks", "runs"])
def test_a_file_where_one_of_its_folders_should_be_is_told(half, name):
    (half / name).rename(half / "aside")
    (half / name).write_text("x")
    assert "cannot write" in refused(half)


def test_a_second_process_is_refused_while_one_is_at_work(half):
    with opened(half, study()):
        assert "somebody is at work" in refused(half)
    here(half)


def test_of_two_that_begin_at_once_one_does_it_and_the_other_is_told(tmp_path, undisturbed):
    folder, said = tmp_path / "out", []

    def begin():
        try:
            here(folder)
        except StoreError as error:
            said.append(str(error))

    both = [threading.Thread(target=begin) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(said) == 1
    assert "somebody is at work" in said[0]
    assert files(folder) == undisturbed


def test_libraries_of_workers_that_are_others_are_noted_once(tmp_path, monkeypatch, undisturbed):
    other = work_module.libraries() | {"numpy": "1.0"}

    def elsewhere(packed, chunk):
        with monkeypatch.context() as there:
            there.setattr(work_module, "libraries", lambda: other)
            return work_module.work(packed, chunk)

    monkeypatch.setattr(engine, "work", elsewhere)
    tally = run_study(study(), tmp_path / "out", Here())
    assert [note.split(" (here ")[0] for note in tally.notes] == [
        "some runs were made with numpy 1.0"
    ]
    made_by = open_results(tmp_path / "out").manifest["also_made_by"]
    assert [made["libraries"] for made in made_by] == [other]
    assert files(tmp_path / "out") == undisturbed


def test_files_hold_so_many_runs_and_reading_goes_on_while_they_are_gathered(
    tmp_path, monkeypatch, undisturbed
):
    monkeypatch.setattr(plan, "PARTITION", 20)
    folder, seen = tmp_path / "out", []

    def look(tally):
        frame = open_results(folder).runs()
        assert len(frame) == tally.done
        seen.append(len(list((folder / "runs").iterdir())))

    run_study(study(), folder, Here(), look)
    table = Table(study(), study().packages)
    assert seen[-1] == len(table.partitions()) == len(files(folder)) > 3
