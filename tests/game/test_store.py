"""Games on disk: what was acknowledged is there, whatever happens to who wrote it."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from mobilize.game.store import Store, StoreError

WRITER = """
import sys
from pathlib import Path
from mobilize.game.store import Store
store, who = Store(Path(sys.argv[1])), sys.argv[2]
print("ready", flush=True)
for n in range(int(sys.argv[3])):
    store.save(f"{who}-{n % 7}", "title", "scenario", "2026-01", n, f"text {n} " * 200)
    print(n, flush=True)
"""


def writer(path, who, saves=1_000_000):
    arguments = [sys.executable, "-c", WRITER, str(path), who, str(saves)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "games.sqlite"


def test_what_is_saved_is_read_again_by_another(path):
    Store(path).save("a", "Title", "arsenal-2026", "2026-05", 3, "the text")
    other = Store(path)
    assert other.text("a") == "the text"
    (row,) = other.rows()
    assert (row.id, row.title, row.scenario, row.month, row.turns) == (
        "a", "Title", "arsenal-2026", "2026-05", 3)  # fmt: skip
    other.forget("a")
    assert (other.text("a"), other.rows()) == (None, [])


def test_the_latest_saved_comes_first_whatever_the_clock_says(path):
    store = Store(path)
    for key in ("b", "a", "c", "b"):
        store.save(key, "", "", "", 0, "")
    assert [row.id for row in store.rows()] == ["b", "c", "a"]


@pytest.mark.parametrize("trial", range(5))
def test_a_killed_writer_loses_nothing_it_was_told_is_kept(path, trial):
    process = writer(path, "w")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(random.Random(trial).uniform(0.0, 0.25))
    os.kill(process.pid, signal.SIGKILL)
    told = [int(line) for line in process.stdout.read().splitlines(keepends=True)
            if line.endswith("\n")]  # fmt: skip
    process.wait()
    store = Store(path)
    kept = {row.id: row.turns for row in store.rows()}
    for n in told[-7:]:
        assert kept[f"w-{n % 7}"] >= n
    for key, n in kept.items():
        assert store.text(key) == f"text {n} " * 200
    check = sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall()
    assert check == [("ok",)]


def test_two_processes_write_at_once(path):
    both = [writer(path, who, 60) for who in ("x", "y")]
    for process in both:
        out, _ = process.communicate()
        assert (process.returncode, out.split()[-1]) == (0, "59")
    kept = {row.id: row.turns for row in Store(path).rows()}
    assert kept == {f"{who}-{n % 7}": n for who in "xy" for n in range(53, 60)}


def test_threads_share_a_store(path):
    store = Store(path)

    def save(who):
        for n in range(20):
            store.save(f"{who}-{n}", "", "", "", n, "")

    threads = [threading.Thread(target=save, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.rows()) == 80


def test_stores_that_begin_at_once_all_begin(path):
    faults = []

    def begin():
        try:
            Store(path).close()
        except sqlite3.Error as error:
            faults.append(error)

    threads = [threading.Thread(target=begin) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be one" * 30])
def test_a_file_that_is_no_database_is_named_and_left_alone(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"games\.sqlite: cannot be used .* move it away"):
        Store(path)
    assert path.read_bytes() == content


def test_a_database_of_other_things_is_refused(path):
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE games (chess TEXT)")
    other.commit()
    other.close()
    with pytest.raises(StoreError, match="no such column"):
        Store(path)


def test_a_folder_in_its_place_is_refused(path):
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"games\.sqlite"):
        Store(path)
