"""The rooms that are open on this machine: who comes in, what is dispatched, who is told.

The only thing here that changes. An act is on disk before anybody hears of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from mobilize.game.game import Game
from mobilize.game.scenarios import keep, kept
from mobilize.rooms.accept import accept
from mobilize.rooms.codes import read_code
from mobilize.rooms.file import header, reopened, replayed, row_of
from mobilize.rooms.host import Host, Joined, Opened
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.room import SYSTEM, Act, Entry, Refusal, Room, RoomError, found
from mobilize.rooms.store import RoomRow, RoomStore
from mobilize.rooms.turns import due
from mobilize.scenario import Scenario, ScenarioError, load, shipped

Watcher = Callable[[Room], None]
__all__ = ["Hall", "Joined", "Opened", "Watcher"]


class Hall(Host[Room]):
    """Every room of a store; every call is safe from any thread.

    Parameters
    ----------
    store : RoomStore
        Where every act is kept.
    scenarios : mapping of str to Scenario, optional
        Those beside the shipped ones.
    clock : callable, optional
        Seconds of the server.
    """

    def __init__(
        self,
        store: RoomStore,
        scenarios: Mapping[str, Scenario] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(store, clock)
        self._scenarios = dict(scenarios or {})

    def open(self, game: Game, **parts: Any) -> Opened:
        """Open a room; parts are those of :func:`mobilize.rooms.room.found`.

        Raises
        ------
        RoomError
            If something is wrong with it, or it cannot be kept.
        """
        room = found(game, **parts)
        self._keep(game.scenario)
        return self._keep_new(header(room))

    def room(self, key: str) -> Room:
        """Return a room as it is now.

        Raises
        ------
        RoomError
            If there is none, or what is kept cannot be played again by this version.
        """
        return self._find(key).value

    def _again(self, row: RoomRow) -> Room:
        """Return a room as it is kept, every act through the same door again."""
        head = json.loads(row.header)
        room = reopened(head, self._scenario(head["scenario"], head["scenario_sha256"]))
        return replayed(room, [json.loads(text) for _, text in self.store.acts(row.id)])

    def _after(self, value: Room, who: str, act: Act, at: float) -> Room | Refusal:
        return accept(value, who, act, at)

    def _row_of(self, entry: Entry) -> dict[str, Any]:
        return row_of(entry)

    def _keep(self, scenario: Scenario) -> None:
        """Write a scenario that is not shipped beside the rooms."""
        if scenario.name in shipped() and load(scenario.name).digest == scenario.digest:
            return
        try:
            keep(scenario, self.store.path)
        except OSError as error:
            told = error.strerror or error
            raise RoomError(f"the scenario cannot be kept: {told}") from error

    def _scenario(self, name: str, digest: str) -> Scenario:
        """Return the scenario of a room: given, kept beside the rooms, or shipped."""
        given = self._scenarios.get(name)
        if given is not None and given.digest == digest:
            return given
        try:
            own = kept(digest, self.store.path)
            return own[0] if own else load(name)
        except (ScenarioError, OSError) as error:
            raise RoomError(f"its scenario cannot be read: {error}") from error

    def join(self, code: object, name: str, seat: str, source: str = "") -> Joined | Refusal:
        """Let somebody in by a code; with the players' code anywhere but into the white cell."""
        live = self._by_code(code, source)
        if isinstance(live, Refusal):
            return live
        if seat == WHITE_CELL and read_code(code) != live.row.staff:
            self._wrong(source, code)
            return Refusal("The white cell has a code of its own.")
        given = {"name": name, "seat": seat}
        return self._let_in(live, source, lambda member: {"member": member, **given})

    def tick(self) -> None:
        """Let the clock move every open room on whose time has run out."""
        with self._lock:
            open_now = list(self._live.values())
        for live in open_now:
            with live.lock:
                act = due(live.value, self.clock())
                refused = None if act is None else self._take(live, SYSTEM, act)
            if act is not None:
                self._tell(live, refused)
