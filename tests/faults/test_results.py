"""Results survive what goes wrong while they are written: real limits, real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mobilize.model import Model
from mobilize.whole import MARK, write_file, write_folder

ROOT = Path(__file__).parents[2]
RUN = "import sys; from mobilize.cli import main; sys.exit(main(sys.argv[1:]))"
TELL = """
from mobilize import runs
real = runs._outcomes
def told(*job):
    for outcome in real(*job):
        print("a world", flush=True)
        yield outcome
runs._outcomes = told
"""
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


def start(folder, *arguments, command="run", before="", **options):
    return subprocess.Popen(
        [sys.executable, "-c", before + RUN, command, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def small_files():
    """Let no file grow beyond 10 kB: writing fails as on a full disk."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))


def test_a_disk_that_takes_no_more_leaves_the_older_results(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text("older")
    Model("artillery-2022", months=1).run()  # kernels are compiled while files may still grow
    arguments = ("artillery-2022", "--worlds", "2", "--out", "out")
    process = start(tmp_path, *arguments, preexec_fn=small_files)
    _, told = process.communicate(timeout=300)
    assert process.returncode == 2
    assert "cannot write out" in told
    assert "Traceback" not in told
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "manifest.json").read_text() == "older"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_stopped_half_way_leaves_no_results(tmp_path, number):
    def interruptible():
        signal.signal(signal.SIGINT, signal.default_int_handler)

    arguments = ("artillery-2022", "--worlds", "1600", "--processes", "2")
    process = start(tmp_path, *arguments, before=TELL, preexec_fn=interruptible)
    assert process.stdout.readline() == "a world\n"
    os.killpg(process.pid, number)
    _, told = process.communicate(timeout=300)
    assert process.returncode != 0
    assert not (tmp_path / "results" / "artillery-2022-baseline").exists()
    if number == signal.SIGINT:
        assert "nothing half-written" in told


def test_two_runs_into_one_folder_at_once_leave_it_whole(tmp_path):
    arguments = ("artillery-2022", "--worlds", "1", "--months", "6", "--out", "out")
    both = [start(tmp_path, *arguments) for _ in range(2)]
    codes = [p.wait(timeout=300) for p in both]
    assert 0 in codes
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert names == ["deliveries.png", "items.parquet", "manifest.json", "programs.parquet"]


def test_a_folder_with_other_things_is_never_replaced(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    for out in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(OSError, match=r"other files|directory"):
            write_folder(out, lambda part: (part / MARK).write_text("new"))
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]
    process = start(tmp_path, "artillery-2022", "--worlds", "1", "--months", "1", "--out", ".")
    _, told = process.communicate(timeout=300)
    assert process.returncode == 2
    assert "it holds other files than results" in told
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_what_fails_while_results_are_written_leaves_the_older_ones(tmp_path):
    def write(text, fault=None):
        def fill(part):
            (part / MARK).write_text(text)
            if fault:
                raise fault

        write_folder(tmp_path / "out", fill)

    def draw(part):
        part.write_text("half")
        raise KeyboardInterrupt

    write("older")
    write("old")
    for fault in (KeyboardInterrupt, OSError):
        with pytest.raises(fault):
            write("new", fault)
    (tmp_path / "out" / "picture.png").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "out" / "picture.png", draw)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert {p.name: p.read_text() for p in (tmp_path / "out").iterdir()} == {
        MARK: "old",
        "picture.png": "old",
    }


@pytest.mark.parametrize("command", ["deterrence", "stress"])
def test_a_folder_that_cannot_be_written_is_told_without_a_traceback(tmp_path, command):
    (tmp_path / "file").write_text("in the way")
    length = {"deterrence": ("--worlds", "1", "--months", "2"), "stress": ("--month", "1")}[command]
    process = start(tmp_path, "industrial-gap", *length, "--out", "file/out", command=command)
    _, told = process.communicate(timeout=300)
    assert process.returncode == 2
    assert "mobilize: cannot write file/out" in told
    assert "Traceback" not in told
