"""Games on disk: one SQLite file, written before a move counts as made."""

from __future__ import annotations

import sqlite3
import threading
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
    sqlite3.Error
        If the file is not a database, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(SCHEMA)

    def save(self, key: str, title: str, scenario: str, month: str, turns: int, text: str) -> None:
        """Keep a game; when this returns it is on disk."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (key, title, scenario, month, turns, now, text)
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO games VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def rows(self) -> list[Row]:
        """Return the games kept, the latest first."""
        wanted = (
            "SELECT id, title, scenario, month, turns, saved FROM games ORDER BY saved DESC, id"
        )
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
