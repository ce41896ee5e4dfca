"""Set-up and start: from a fresh clone to a running command, by the standard library alone.

``main`` makes ``.venv`` beside ``pyproject.toml`` when it is missing or out of date, carries on in
it, and starts the command line or the project's tests. A stamp, written last, says that the
environment is complete and what it was made from; without it the environment is made anew, so an
interrupted set-up needs no cleaning up.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("agents", "policies", "experiments")  # what others may also call theirs
LOCK_FILE = "requirements.txt"
SWITCHED = "MOBILIZE_SWITCHED"  # set while changing to .venv, against changing for ever
PARALLEL = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")  # of the whole suite
HEARTBEAT = 30.0  # seconds between signs of life

Step = tuple[str, list[str]]
"""What a set-up step does, in a few words, and its command."""


class SetupError(SystemExit):
    """Nothing can start; the message is for the person at the keyboard.

    Uncaught, it ends the process with exit code 1 and the message alone on standard error.
    """


class StepError(Exception):
    """A set-up step failed; the message is the end of its output."""


def main(argv: Sequence[str] | None = None) -> int:
    """Set up if needed, then run the command line, or the tests for ``test``.

    Parameters
    ----------
    argv
        The arguments after the program's name; those of the process by default.

    Returns
    -------
    int
        The exit code.
    """
    args = list(sys.argv[1:] if argv is None else argv)
    switched = os.environ.pop(SWITCHED, None) is not None
    try:
        if is_clone(ROOT) and not is_ready_here(ROOT):
            if switched:
                raise SetupError("The environment in .venv does not hold. Remove it and try again.")
            prepare(ROOT)
            return switch(ROOT, args)
        refuse_foreign_packages()
        if args[:1] == ["test"]:
            return run_tests(ROOT, args[1:])
    except KeyboardInterrupt:
        say("\nStopped. The same command can be given again; nothing needs cleaning up.")
        return 130
    from mobilize.cli import main as command_line

    return command_line(args)


def say(text: str) -> None:
    """Print a line of progress, or a problem, on standard error."""
    print(text, file=sys.stderr, flush=True)


# Is the environment right?


def is_clone(root: Path) -> bool:
    """Whether this is a source tree, and not an installed package."""
    return (root / "pyproject.toml").is_file() and (root / LOCK_FILE).is_file()


def expected_stamp(root: Path) -> str:
    """Return what the stamp of an up-to-date environment for this Python holds.

    The folder is in it because an environment does not survive being moved.
    """
    locked = hashlib.sha256((root / LOCK_FILE).read_bytes()).hexdigest()
    python = "{} {}.{}.{}".format(sys.implementation.name, *sys.version_info[:3])
    return f"{locked}\n{python}\n{os.path.realpath(root)}\n"


def stamp_file(root: Path) -> Path:
    """Return the path of the stamp."""
    return root / ".venv" / ".mobilize-stamp"


def is_ready(root: Path) -> bool:
    """Whether ``.venv`` is complete, and made for this Python from this lock file."""
    try:
        return stamp_file(root).read_text("utf-8") == expected_stamp(root)
    except (OSError, UnicodeDecodeError):
        return False


def is_ready_here(root: Path) -> bool:
    """Whether this very process runs in an up-to-date ``.venv``."""
    return os.path.realpath(sys.prefix) == os.path.realpath(root / ".venv") and is_ready(root)


def write_stamp(root: Path) -> None:
    """Declare the environment complete, in one indivisible step."""
    draft = stamp_file(root).with_suffix(".draft")
    draft.write_text(expected_stamp(root), "utf-8")
    os.replace(draft, stamp_file(root))


def venv_python(root: Path) -> Path:
    """Return the path of the environment's Python."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


# Make it right.


def prepare(root: Path) -> None:
    """Make ``.venv`` unless it is up to date; only one process at a time does."""
    if is_ready(root):
        return
    try:
        with one_at_a_time(root):
            if not is_ready(root):
                build(root)
    except OSError as problem:
        raise SetupError(f"Mobilize could not be set up in {root}: {problem}") from None


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Hold the set-up lock. The system frees it when the holder and its installer are gone."""
    with (root / ".venv.lock").open("a+b") as handle:
        os.set_inheritable(handle.fileno(), os.name != "nt")
        if not try_lock(handle):
            say("Another set-up is under way in this folder. Waiting for it to end.")
            while not try_lock(handle):
                time.sleep(0.1)
        yield


def try_lock(handle: IO[bytes]) -> bool:
    """Take the lock if it is free, and say whether it was."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # this file system has no locks: go on without
    return True


def build(root: Path) -> None:
    """Make the environment from nothing: by uv where there is one, else by venv and pip."""
    import shutil

    started = time.monotonic()
    say(f"Setting up Mobilize in {root / '.venv'} (first start, or its packages changed).")
    uv = shutil.which("uv")
    if not (uv and built_by_uv(root, uv)):
        check_venv_support()
        try:
            run_steps(root, pip_steps(root))
        except StepError as problem:
            raise SetupError(failure(str(problem))) from None
    write_stamp(root)
    say(f"Ready after {time.monotonic() - started:.0f} s.")


def built_by_uv(root: Path, uv: str) -> bool:
    """Try to make the environment by uv, and say whether that worked."""
    try:
        run_steps(root, uv_steps(root, uv))
    except StepError as problem:
        say(f"{problem}\nuv could not do it; trying pip.")
        return False
    return True


def base_python() -> str:
    """Return the Python outside any virtual environment."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def uv_steps(root: Path, uv: str) -> list[Step]:
    """Return the steps of a set-up by uv."""
    install = [uv, "pip", "install", "--python", str(venv_python(root))]
    return [
        ("making the environment", [uv, "venv", "--python", base_python(), str(root / ".venv")]),
        ("installing the packages by uv", [*install, *locked(root)]),
        ("installing Mobilize itself", [*install, *itself(root)]),
        compiling(root),
    ]


def pip_steps(root: Path) -> list[Step]:
    """Return the steps of a set-up by venv and pip."""
    install = [str(venv_python(root)), "-m", "pip", "install", "--disable-pip-version-check"]
    return [
        ("making the environment", [base_python(), "-m", "venv", str(root / ".venv")]),
        ("installing the packages by pip, about a minute", [*install, *locked(root)]),
        ("installing Mobilize itself", [*install, *itself(root)]),
        compiling(root),
    ]


def compiling(root: Path) -> Step:
    """Return the step that compiles the model, so that nobody waits for it at the first run."""
    return "compiling the model, half a minute", [str(venv_python(root)), "-m", "mobilize.warm"]


def locked(root: Path) -> list[str]:
    """Return the installer's arguments for the locked packages."""
    return ["--require-hashes", "--only-binary", ":all:", "-r", str(root / LOCK_FILE)]


def itself(root: Path) -> list[str]:
    """Return the installer's arguments for the project; its build tools are in the lock."""
    return ["--no-deps", "--no-build-isolation", "-e", str(root)]


def check_venv_support() -> None:
    """Stop where Debian and its kin ship Python without the parts that venv needs."""
    from importlib.util import find_spec

    if find_spec("venv") is None or find_spec("ensurepip") is None:
        versioned = "python{}.{}-venv".format(*sys.version_info[:2])
        raise SetupError(
            "This Python cannot make virtual environments: its venv part is not installed.\n"
            "On Debian and Ubuntu: sudo apt install python3-venv "
            f"(or {versioned}), then the same command again."
        )


def run_steps(root: Path, steps: Sequence[Step]) -> None:
    """Remove what is there and run the steps in order."""
    remove_environment(root)
    for number, (what, command) in enumerate(steps, start=1):
        say(f"  {number}/{len(steps)} {what} ...")
        run_step(command, root)


def remove_environment(root: Path) -> None:
    """Remove ``.venv``, its stamp first: half an environment must not pass for a whole one."""
    import shutil

    stamp_file(root).unlink(missing_ok=True)
    folder = root / ".venv"
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def run_step(command: Sequence[str], root: Path) -> None:
    """Run one command quietly, with a sign of life now and then.

    Raises
    ------
    StepError
        If it fails; with the last lines of what it printed.
    """
    import tempfile

    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(
            command,
            cwd=root,
            env=clean_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            close_fds=os.name == "nt",  # elsewhere it holds the lock, even if we are killed
        )
        try:
            code = wait_for(child)
        except BaseException:
            child.terminate()
            child.wait()
            raise
        if code:
            output.seek(0)
            raise StepError(last_lines(output.read().decode("utf-8", "replace")))


def wait_for(child: subprocess.Popen[bytes]) -> int:
    """Wait for a process to end and return its exit code."""
    started = time.monotonic()
    while True:
        try:
            return child.wait(HEARTBEAT)
        except subprocess.TimeoutExpired:
            say(f"      still at it after {time.monotonic() - started:.0f} s")


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for installers, without what would lead them out of ``.venv``."""
    astray = {"PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_REQUIRE_HASHES", "PIP_TARGET"}
    kept = {name: value for name, value in environment.items() if name not in astray}
    return kept | {"PIP_NO_INPUT": "1", "PIP_USER": "0"}


def last_lines(output: str, count: int = 8) -> str:
    """Return the end of an installer's output, indented, without what is merely usual."""
    usual = ("Ignoring ", "Looking in ", "WARNING: Location ", "[notice]")
    lines = [line.rstrip() for line in output.splitlines()]
    told = [line for line in lines if line and not line.startswith(usual)]
    return "\n".join(f"    {line}" for line in told[-count:])


def failure(output: str) -> str:
    """Return the message for a set-up that failed."""
    return (
        f"Mobilize could not be set up. The installer's last words:\n{output}\n"
        "Most often this is the network, a proxy, a full disk, or a Python too new for the locked\n"
        "packages. Once that is put right, give the same command again; nothing needs cleaning up."
    )


# Go on in it.


def switch(root: Path, args: Sequence[str]) -> int:
    """Start again in ``.venv``; does not return where the system can replace a process."""
    command = [str(venv_python(root)), "-m", "mobilize", *args]
    environment = {**os.environ, SWITCHED: "1"}
    if os.name == "nt":
        return subprocess.call(command, env=environment)
    os.execve(command[0], command, environment)


def refuse_foreign_packages(root: Path = ROOT) -> None:
    """Stop if one of our top-level packages is, or is mixed with, another distribution's.

    Raises
    ------
    SetupError
        Naming the distribution that the other package comes from.
    """
    from importlib.metadata import packages_distributions

    # In a clone the place tells; where all is installed side by side, only the records do.
    recorded = {} if is_clone(root) else packages_distributions()
    for name in PACKAGES:
        place = place_of(name)
        if place is None:
            continue
        if place != os.path.realpath(root / name) or others(recorded.get(name)):
            raise SetupError(foreign(name, others(packages_distributions().get(name)), place))


def place_of(name: str) -> str | None:
    """Return the folder or file that a top-level import would read, if there is one."""
    from importlib.util import find_spec

    spec = find_spec(name)
    if spec is None:
        return None
    folders = list(spec.submodule_search_locations or [])
    found = folders[0] if folders else spec.origin
    return os.path.realpath(found) if found else None


def others(distributions: Iterable[str] | None) -> list[str]:
    """Return the names of the distributions that are not this one."""
    return sorted(set(distributions or ()) - {"mobilize"})


def foreign(package: str, distributions: Sequence[str], place: str) -> str:
    """Return the message for a package that is not ours."""
    source = " and ".join(distributions) or "a folder on Python's path"
    return (
        f"Another package called '{package}', from {source}, is in the place of Mobilize's own:\n"
        f"    {place}\n"
        "Mobilize wants an environment to itself. In a clone, `python3 -m mobilize` makes one\n"
        "(with PYTHONPATH unset); elsewhere, install Mobilize into a fresh environment."
    )


# Test it.


def run_tests(root: Path, args: Sequence[str]) -> int:
    """Run the checks in order, all of them, or pytest alone when it is given arguments.

    Returns
    -------
    int
        The first exit code that is not zero, or zero.
    """
    if not is_clone(root):
        raise SetupError("The tests are in the source tree: run this in a clone of the project.")
    codes = []
    for heading, module, options in checks(root, args):
        print(f"\n== {heading}", flush=True)
        command = [sys.executable, "-m", module, *options]
        codes.append(subprocess.call(command, cwd=root))
    return next((code for code in codes if code), 0)


def checks(root: Path, args: Sequence[str]) -> list[tuple[str, str, list[str]]]:
    """Return the heading, module and arguments of each check to run."""
    if args:
        return [("pytest", "pytest", list(args))]
    documented = [name for name in ("mobilize", *PACKAGES) if (root / name).is_dir()]
    return [
        ("ruff check", "ruff", ["check"]),
        ("ruff format --check", "ruff", ["format", "--check"]),
        ("mypy", "mypy", []),
        ("compiling the model", "mobilize.warm", []),
        ("pytest", "pytest", [*PARALLEL, "--doctest-modules", "tests", *documented]),
    ]
