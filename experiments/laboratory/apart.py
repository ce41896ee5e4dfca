"""A study run as a process apart: it goes on when its parent ends, and stops when it is asked."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

GENTLE = 10  # added to the niceness of a study, so that players come first
AT_LAST = 15.0  # seconds between asking its process to end and ending it
STOPPED = 130  # exit code of a study that was asked to stop
LAST = 4000  # characters of what it said that are read
MARK = "mobilize: "  # before what is wrong
START = f"""
import os, sys
if hasattr(os, "nice"):
    os.nice({GENTLE})
from mobilize.cli import main
sys.exit(main(sys.argv[1:]))
"""


def processes() -> int:
    """Return how many processes a study has here: one core is left to players."""
    return max(1, (os.cpu_count() or 1) - 1)


class Apart:
    """A study that runs, or has run, as a process of its own.

    Parameters
    ----------
    source : str
        Name of the study, or path of its file.
    small : bool
        In its small size.
    folder : Path
        Where its results go.
    many : int, optional
        Processes that do runs; by default :func:`processes`.

    Raises
    ------
    OSError
        If it cannot be started.

    Attributes
    ----------
    begun : float
        When it was started, seconds since 1970.
    """

    def __init__(self, source: str, small: bool, folder: Path, many: int | None = None) -> None:
        self.folder, self.study = folder, Path(source).stem
        self.begun, self._asked = time.time(), False
        number = many or processes()
        command = [sys.executable, "-c", START, "experiment", source, "--processes", str(number),
                   "--out", str(folder), *(["--small"] if small else [])]  # fmt: skip
        flags = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        flags |= getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        # Not a pipe: nobody reads it while the study runs, nor when the server has ended.
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._words,
            start_new_session=True, creationflags=flags,
        )  # fmt: skip

    @property
    def alive(self) -> bool:
        """Return whether it runs."""
        return self._process.poll() is None

    @property
    def said(self) -> str:
        """Return what it said was wrong; nothing where it ended well, was stopped, or runs."""
        if self._asked or self._process.poll() in (None, 0, STOPPED):
            return ""
        self._words.seek(0, os.SEEK_END)
        self._words.seek(max(0, self._words.tell() - LAST))
        words = self._words.read().decode(errors="replace").strip()
        said = words.rpartition(MARK)[2] if MARK in words else "".join(words.splitlines()[-1:])
        return said or f"it ended without a word (exit {self._process.returncode})"

    def stop(self, patience: float) -> None:
        """End it if it has not stopped by itself in so many seconds; by force if need be."""
        self._asked = True

        def wait() -> None:
            for seconds, end in (
                (patience, self._process.terminate),
                (AT_LAST, self._process.kill),
            ):
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(seconds)
                    return
                with suppress(OSError):
                    end()

        threading.Thread(target=wait, daemon=True).start()
