"""The set-up: what makes an environment ready, and what happens when making it goes wrong."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mobilize import bootstrap
from mobilize.bootstrap import SetupError

REPOSITORY = bootstrap.ROOT
PATIENCE = 60.0  # seconds; only a hang takes so long
START_FILES = ["__init__.py", "__main__.py", "bootstrap.py"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder that looks like a source tree."""
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "requirements.txt").write_text("one==1\n")
    return tmp_path


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def making(clone: Path, then: str = "pass") -> list[bootstrap.Step]:
    """Steps that make an empty .venv and then run a line of Python."""
    return [
        ("making", python(f"import os; os.makedirs({str(clone / '.venv' / 'lib')!r})")),
        ("filling", python(then)),
    ]


def set_up_by(monkeypatch: pytest.MonkeyPatch, steps: list[bootstrap.Step]) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(bootstrap, "check_venv_support", lambda: None)
    monkeypatch.setattr(bootstrap, "pip_steps", lambda root: steps)


# Ready or not


def test_a_tree_without_environment_is_not_ready(clone: Path) -> None:
    assert not bootstrap.is_ready(clone)


def test_a_stamped_environment_is_ready_for_this_python_but_not_from_another(clone: Path) -> None:
    (clone / ".venv").mkdir()
    bootstrap.write_stamp(clone)
    assert bootstrap.is_ready(clone)
    assert not bootstrap.is_ready_here(clone)


def test_changed_requirements_make_the_environment_stale(clone: Path) -> None:
    (clone / ".venv").mkdir()
    bootstrap.write_stamp(clone)
    (clone / "requirements.txt").write_text("one==2\n")
    assert not bootstrap.is_ready(clone)


def test_another_python_makes_the_environment_stale(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / ".venv").mkdir()
    bootstrap.write_stamp(clone)
    monkeypatch.setattr(sys, "version_info", (3, 99, 0, "final", 0))
    assert not bootstrap.is_ready(clone)


def test_a_moved_environment_is_stale(
    clone: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (clone / ".venv").mkdir()
    bootstrap.write_stamp(clone)
    moved = clone.rename(tmp_path_factory.mktemp("elsewhere") / "clone")
    assert not bootstrap.is_ready(moved)


def test_an_unreadable_stamp_is_no_stamp(clone: Path) -> None:
    (clone / ".venv").mkdir()
    bootstrap.stamp_file(clone).write_bytes(b"\xff\xfe\x00")
    assert not bootstrap.is_ready(clone)


def test_an_installed_package_is_no_clone(tmp_path: Path) -> None:
    assert not bootstrap.is_clone(tmp_path)


# Making it


def test_a_ready_environment_is_left_alone(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clone / ".venv").mkdir()
    bootstrap.write_stamp(clone)
    monkeypatch.setattr(bootstrap, "build", lambda root: pytest.fail("made again"))
    bootstrap.prepare(clone)


def test_a_set_up_replaces_what_was_there_and_stamps_it(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / ".venv").mkdir()
    (clone / ".venv" / "left-over").touch()
    set_up_by(monkeypatch, making(clone))
    bootstrap.prepare(clone)
    assert bootstrap.is_ready(clone)
    assert not (clone / ".venv" / "left-over").exists()


def test_an_interrupted_set_up_is_not_ready_and_is_redone(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / ".venv").mkdir()
    bootstrap.write_stamp(clone)
    (clone / "requirements.txt").write_text("one==2\n")
    with monkeypatch.context() as patch:
        set_up_by(patch, making(clone))
        patch.setattr(bootstrap, "write_stamp", interrupt)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.prepare(clone)
    assert (clone / ".venv" / "lib").is_dir()
    assert not bootstrap.is_ready(clone)

    set_up_by(monkeypatch, making(clone))
    bootstrap.prepare(clone)
    assert bootstrap.is_ready(clone)


def interrupt(root: Path) -> None:
    raise KeyboardInterrupt


def test_interrupting_a_step_ends_its_process(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children: list[subprocess.Popen[bytes]] = []

    def interrupted(child: subprocess.Popen[bytes]) -> int:
        children.append(child)
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "wait_for", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.run_step(python("import time; time.sleep(60)"), clone)
    assert children[0].poll() is not None


def test_a_failed_install_says_what_the_installer_said_and_leaves_no_stamp(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_by(monkeypatch, making(clone, then="raise SystemExit('ERROR: no route to host')"))
    with pytest.raises(SetupError, match=r"(?s)no route to host.*same command again"):
        bootstrap.prepare(clone)
    assert not bootstrap.is_ready(clone)


def test_where_uv_fails_pip_is_tried(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_by(monkeypatch, making(clone))
    monkeypatch.setattr("shutil.which", lambda name: "uv")
    failing = [("by uv", python("raise SystemExit('unreachable')"))]
    monkeypatch.setattr(bootstrap, "uv_steps", lambda root, uv: failing)
    bootstrap.prepare(clone)
    assert bootstrap.is_ready(clone)
    assert "unreachable" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / ".venv.lock").mkdir()
    with pytest.raises(SetupError, match=r"\.venv\.lock"):
        bootstrap.prepare(clone)


def test_a_missing_ensurepip_names_the_debian_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SetupError, match=r"apt install python3-venv"):
        bootstrap.check_venv_support()


def test_installers_are_not_led_out_of_the_environment() -> None:
    given = {"PYTHONPATH": "/elsewhere", "PIP_TARGET": "/elsewhere", "PIP_PROXY": "kept"}
    assert bootstrap.clean_environment(given) == {
        "PIP_PROXY": "kept",
        "PIP_NO_INPUT": "1",
        "PIP_USER": "0",
    }


def test_every_locked_package_has_a_hash() -> None:
    text = (REPOSITORY / "requirements.txt").read_text()
    entries = text.replace("\\\n", " ").splitlines()
    pins = [line for line in entries if line and not line.lstrip().startswith("#")]
    assert len(pins) > 20
    assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


# One at a time


def test_a_second_set_up_waits_and_then_finds_the_work_done(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_by(monkeypatch, making(clone))
    built: list[Path] = []
    waits = threading.Event()
    real_build, real_say = bootstrap.build, bootstrap.say

    def count_and_build(root: Path) -> None:
        built.append(root)
        assert waits.wait(PATIENCE)
        real_build(root)

    def say(text: str) -> None:
        real_say(text)
        if "Waiting for it to end" in text:
            waits.set()

    monkeypatch.setattr(bootstrap, "build", count_and_build)
    monkeypatch.setattr(bootstrap, "say", say)
    both = [threading.Thread(target=bootstrap.prepare, args=(clone,)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert built == [clone]
    assert bootstrap.is_ready(clone)
    assert "Waiting for it to end" in capsys.readouterr().err


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.02)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_killed_set_up_leaves_the_lock_to_its_installer_until_that_ends(clone: Path) -> None:
    begun, end = clone / "begun", clone / "end"
    installer = python(
        "import time; from pathlib import Path\n"
        f"Path({str(begun)!r}).touch()\n"
        f"while not Path({str(end)!r}).exists(): time.sleep(0.02)"
    )
    code = (
        "from pathlib import Path; from mobilize import bootstrap as b\n"
        f"root = Path({str(clone)!r})\n"
        "with b.one_at_a_time(root):\n"
        "    print('held', flush=True)\n"
        f"    b.run_step({installer!r}, root)\n"
    )
    holder = subprocess.Popen(python(code), cwd=REPOSITORY, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        until(begun.exists)
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
        with (clone / ".venv.lock").open("a+b") as handle:
            assert not bootstrap.try_lock(handle)
            end.touch()
            until(lambda: bootstrap.try_lock(handle))
    finally:
        end.touch()


# The guard


def make_foreign(folder: Path, package: str, distribution: str) -> None:
    (folder / package).mkdir()
    (folder / package / "__init__.py").touch()
    info = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (info / "RECORD").write_text(f"{package}/__init__.py,,\n")
    (info / "top_level.txt").write_text(f"{package}\n")


def guard(folder: Path, *path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        python("from mobilize.bootstrap import refuse_foreign_packages as r; r(); print('fine')"),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("package", bootstrap.PACKAGES)
def test_another_distributions_package_stops_the_start_by_name(
    tmp_path: Path, package: str
) -> None:
    make_foreign(tmp_path, package, "other-makers")
    done = guard(tmp_path, tmp_path, REPOSITORY)
    assert done.returncode == 1
    assert f"'{package}', from other-makers" in done.stderr
    assert "python3 -m mobilize" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_foreign_package_that_is_not_reached_is_no_matter(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    theirs.mkdir()
    make_foreign(theirs, "agents", "other-makers")
    for package in ("mobilize", *bootstrap.PACKAGES):
        (ours / package).mkdir(parents=True)
        (ours / package / "__init__.py").touch()
    shutil.copy(bootstrap.__file__, ours / "mobilize")
    (ours / "pyproject.toml").touch()
    (ours / "requirements.txt").touch()
    done = guard(tmp_path, ours, theirs)
    assert (done.returncode, done.stdout) == (0, "fine\n")


def test_packages_installed_over_one_another_are_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_foreign(tmp_path, "agents", "other-makers")
    monkeypatch.setattr(bootstrap, "PACKAGES", ("agents",))
    monkeypatch.setattr(bootstrap, "place_of", lambda name: os.path.realpath(tmp_path / name))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SetupError, match="other-makers"):
        bootstrap.refuse_foreign_packages(tmp_path)


# Old Pythons


@pytest.mark.parametrize("name", START_FILES)
def test_what_runs_before_the_set_up_parses_on_python_3_8(name: str) -> None:
    source = (REPOSITORY / "mobilize" / name).read_text()
    ast.parse(source, feature_version=(3, 8))


def test_an_old_python_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    source = (REPOSITORY / "mobilize" / "__main__.py").read_text()
    monkeypatch.setattr(sys, "version_info", (3, 8, 18, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or later, and this is Python 3\.8"):
        exec(compile(source, "__main__.py", "exec"), {"__name__": "old"})


# Starting and testing


def test_all_checks_run_and_the_first_failure_is_the_answer(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def fake(command: list[str], cwd: Path) -> int:
        ran.append(command[2])
        return {"mypy": 2, "pytest": 1}.get(command[2], 0)

    monkeypatch.setattr(subprocess, "call", fake)
    assert bootstrap.run_tests(clone, []) == 2
    assert ran == ["ruff", "ruff", "mypy", "mobilize.warm", "pytest"]


def test_with_arguments_only_pytest_runs(clone: Path) -> None:
    assert bootstrap.checks(clone, ["-k", "x"]) == [("pytest", "pytest", ["-k", "x"])]


def test_an_environment_that_will_not_hold_stops_instead_of_turning_in_circles(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", clone)
    monkeypatch.setenv(bootstrap.SWITCHED, "1")
    with pytest.raises(SetupError, match=r"Remove it and try again"):
        bootstrap.main([])
