"""Results that appear whole or not at all, and replace older ones only when they are ready."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

MARK = "manifest.json"  # what a folder of results holds, so that no other folder is replaced


def write_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder aside, then put it in the place of older results.

    Whatever stops it before that leaves the older ones as they were.

    Parameters
    ----------
    folder : Path
        Where it is to be: nothing yet, an empty folder, or older results.
    fill : callable
        Called with an empty folder to write into.

    Raises
    ------
    OSError
        If the folder cannot be written, or holds other things than results.
    """
    folder = folder.resolve()
    if folder.exists() and not (folder / MARK).exists() and any(folder.iterdir()):
        raise OSError(errno.ENOTEMPTY, f"it holds other files than results (no {MARK})")
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    try:
        part.mkdir(parents=True)
        fill(part)
        _put(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put(part: Path, folder: Path) -> None:
    """Move older results away and the new ones into their place: two renames, nothing copied."""
    old = folder.with_name(f"{folder.name}.{os.getpid()}.old")
    try:
        if folder.exists():
            folder.replace(old)
        part.replace(folder)
    except OSError:
        if old.exists() and not folder.exists():
            old.replace(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def write_file(path: Path, fill: Callable[[Path], None]) -> None:
    """Write a file aside, then put it in the place of an older one; its folder is made.

    It is on disk before it takes the place: whatever stops that leaves the older one whole.

    Parameters
    ----------
    path : Path
        Where it is to be.
    fill : callable
        Called with the path of the file to write, which has the same suffix.

    Raises
    ------
    OSError
        If it cannot be written; an older one stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        fill(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
