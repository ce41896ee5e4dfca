"""Rooms on disk: one SQLite file, in which an act stands before it counts as accepted."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from mobilize.game.store import opened

TABLES = (
    """CREATE TABLE IF NOT EXISTS rooms (
        id TEXT PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        staff TEXT NOT NULL UNIQUE,
        opened TEXT NOT NULL,
        header TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS acts (
        room TEXT NOT NULL,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (room, number)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS tokens (
        hash TEXT PRIMARY KEY,
        room TEXT NOT NULL,
        member TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
T = TypeVar("T")


@dataclass(frozen=True)
class RoomRow:
    """One room that is kept: the codes by which players and the white cell come in."""

    id: str
    code: str
    staff: str
    opened: str
    header: str


def hashed(token: object) -> str:
    """Return what is kept of a token: a secret of 256 bits needs no salt.

    Whatever a browser sends in its place has a hash too, which no room knows.
    """
    text = token if isinstance(token, str) else ""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


class RoomStore:
    """The rooms of this machine; every call is safe from any thread.

    Parameters
    ----------
    path : Path
        The SQLite file; it and its folder are made if they are not there.

    Raises
    ------
    StoreError
        If the file is not a database of rooms, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._db = opened(path, "rooms", TABLES)

    def open(self, key: str, code: str, staff: str, header: str) -> None:
        """Keep a new room; raises sqlite3.IntegrityError where a code is taken."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (key, code, staff, now, header)
        self._write(lambda db: db.execute("INSERT INTO rooms VALUES (?, ?, ?, ?, ?)", row))

    def append(
        self, key: str, number: int, text: str, token: tuple[str, str] | None = None
    ) -> None:
        """Keep an act; when this returns it is on disk, whole or not at all.

        Parameters
        ----------
        token : tuple of str, optional
            Hash of a token and the member it belongs to, kept together with the act.

        Raises
        ------
        sqlite3.IntegrityError
            If the room has an act of this number: somebody else writes the same room.
        """

        def write(db: sqlite3.Connection) -> None:
            db.execute("INSERT INTO acts VALUES (?, ?, ?)", (key, number, text))
            if token is not None:
                db.execute("INSERT INTO tokens VALUES (?, ?, ?)", (token[0], key, token[1]))

        self._write(write)

    def _write(self, write: Callable[[sqlite3.Connection], T]) -> None:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                write(self._db)
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def rooms(self) -> list[RoomRow]:
        """Return every room, the latest first."""
        wanted = "SELECT id, code, staff, opened, header FROM rooms ORDER BY rowid DESC"
        with self._lock:
            return [RoomRow(*row) for row in self._db.execute(wanted)]

    def acts(self, key: str) -> list[tuple[int, str]]:
        """Return the acts of a room in their order."""
        wanted = "SELECT number, text FROM acts WHERE room = ? ORDER BY number"
        with self._lock:
            return [(int(n), str(text)) for n, text in self._db.execute(wanted, (key,))]

    def holder(self, token: str) -> tuple[str, str] | None:
        """Return the room and the member of a token, given its hash, or None."""
        wanted = "SELECT room, member FROM tokens WHERE hash = ?"
        with self._lock:
            row = self._db.execute(wanted, (token,)).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def forget(self, key: str) -> None:
        """Delete a room with everything that was done in it."""

        def write(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM tokens WHERE room = ?", (key,))
            db.execute("DELETE FROM acts WHERE room = ?", (key,))
            db.execute("DELETE FROM rooms WHERE id = ?", (key,))

        self._write(write)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
