"""Games on disk: one SQLite file, written before a move counts as made."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS games (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    scenario TEXT NOT NULL,
    month TEXT NOT NULL,
    turns INTEGER NOT NULL,
    saved TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT
"""


COLUMNS = "id, title, scenario, month, turns, saved"


class StoreError(sqlite3.DatabaseError):
    """A file that games cannot be kept in; the text says why and what to do."""


def opened(path: Path, of: str, statements: Sequence[str]) -> sqlite3.Connection:
    """Open a database, made if it is not there; what is committed survives a power cut.

    Parameters
    ----------
    of : str
        What it keeps, as faults name it.
    statements : sequence of str
        Make its tables where they are missing, and look whether they are as they should be.

    Raises
    ------
    StoreError
        If the file is no such database, or cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    db = None
    try:
        db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        patiently(db, "PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        for statement in statements:
            patiently(db, statement)
    except sqlite3.Error as error:
        if db is not None:
            db.close()
        raise StoreError(
            f"{path}: cannot be used for {of}: {error}; move it away or name another file"
        ) from error
    return db


def patiently(db: sqlite3.Connection, statement: str) -> None:
    """Run a statement that SQLite refuses at once, without waiting, while another begins."""
    for patience in (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 0.0):
        try:
            db.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not patience:
                raise
            time.sleep(patience)


@dataclass(frozen=True)
class Row:
    """One saved game, without its text; `saved` is a time in UTC, ISO 8601."""

    id: str
    title: str
    scenario: str
    month: str
    turns: int
    saved: str


class Store:
    """The games of this machine; every call is safe from any thread.

    Parameters
    ----------
    path : Path
        The SQLite file; it and its folder are made if they are not there.

    Raises
    ------
    StoreError
        If the file is not a database of games, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._db = opened(path, "games", (SCHEMA, f"SELECT {COLUMNS}, text FROM games LIMIT 0"))

    def save(self, key: str, title: str, scenario: str, month: str, turns: int, text: str) -> None:
        """Keep a game; when this returns it is on disk."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (key, title, scenario, month, turns, now, text)
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO games VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def rows(self) -> list[Row]:
        """Return the games kept, the latest first."""
        wanted = f"SELECT {COLUMNS} FROM games ORDER BY rowid DESC"  # saving gives a new rowid
        with self._lock:
            return [Row(*row) for row in self._db.execute(wanted)]

    def text(self, key: str) -> str | None:
        """Return the text of a game, or None if it is not kept."""
        with self._lock:
            row = self._db.execute("SELECT text FROM games WHERE id = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def forget(self, key: str) -> None:
        """Delete a game."""
        with self._lock:
            self._db.execute("DELETE FROM games WHERE id = ?", (key,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
