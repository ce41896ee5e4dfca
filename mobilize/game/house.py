"""The games of this machine: begun, opened again, taken in from files, thrown away."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from mobilize.game.file import GameError, read_game
from mobilize.game.game import Game
from mobilize.game.scenarios import keep, kept
from mobilize.game.sitting import KeepError, Sitting
from mobilize.game.store import Row, Store
from mobilize.scenario import Scenario, load, shipped
from mobilize.workers import Workers
from policies.package import load_package

OPEN = 32  # games that stay ready while nobody looks at them
DIGEST = re.compile(r'"scenario_sha256":\s*"([0-9a-f]{64})"')


class House:
    """Scenarios to choose from, the games kept, and those that are open.

    Parameters
    ----------
    store : Store
        Where games are kept.
    workers : Workers
        They look ahead for every game.
    folders : sequence of str or Path
        Scenario folders besides the shipped ones.
    """

    def __init__(self, store: Store, workers: Workers, folders: Sequence[str | Path] = ()) -> None:
        self.store, self.workers = store, workers
        self.scenarios: dict[str, Scenario] = {name: load(name) for name in shipped()}
        self.scenarios |= {found.name: found for found in map(load, folders)}
        self._open: OrderedDict[str, Sitting] = OrderedDict()
        self._lock = threading.Lock()

    def begin(
        self, name: str, seed: int | None = None, mindset: str | None = None, package: str = ""
    ) -> Sitting:
        """Begin a game.

        Raises
        ------
        KeyError, PackageError, ValueError
            For what does not exist.
        KeepError
            If the game cannot be kept.
        """
        scenario = self.scenarios[name]
        opening = load_package(package, scenario).settings if package else ()
        seed = scenario.seed if seed is None else seed
        return self._new(Game(scenario, seed, 0, mindset, opening))

    def begin_in(self, game: Game) -> Sitting:
        """Begin a game in a scenario that is none of those to choose from, and keep both.

        Raises
        ------
        KeepError
            If they cannot be kept.
        """
        try:
            self._keep(game.scenario)
        except OSError as error:
            raise KeepError(f"the scenario cannot be kept: {error.strerror or error}") from error
        return self._new(game)

    def _keep(self, scenario: Scenario) -> None:
        """Write a scenario beside the games, if it is none of those to choose from."""
        if scenario.digest not in {s.digest for s in self.scenarios.values()}:
            keep(scenario, self.store.path)

    def take_in(self, text: str | bytes, place: str) -> Sitting:
        """Open a game from the text of a file.

        Raises
        ------
        GameError
            With every fault of the file.
        KeepError
            If the game cannot be kept.
        """
        return self._new(read_game(text, place, self._scenario(text)).game)

    def _new(self, game: Game) -> Sitting:
        """Seat a game that is not on disk yet: it is, or there is no such game."""
        sitting = self._seat(secrets.token_hex(8), game)
        try:
            sitting.keep()
        except KeepError:
            with self._lock:
                del self._open[sitting.key]
            sitting.close()
            raise
        return sitting

    def _scenario(self, text: str | bytes) -> Scenario | None:
        """Return the scenario that a file names, if it is a folder given to this house or kept."""
        own = [s for name, s in self.scenarios.items() if name not in shipped()]
        found = text.decode(errors="replace") if isinstance(text, bytes) else text
        here = [s for s in own if s.digest in found or json.dumps(s.name) in found]
        if told := DIGEST.search(found):
            here += kept(told[1], self.store.path)
        return max(here, key=lambda s: s.digest in found, default=None)

    def open(self, key: str) -> Sitting | None:
        """Return a game that is open or kept, or None.

        Raises
        ------
        GameError
            If what is kept cannot be read by this version.
        """
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
        text = self.store.text(key)
        if text is None:
            return None
        return self._seat(key, read_game(text, "the saved game", self._scenario(text)).game)

    def _seat(self, key: str, game: Game) -> Sitting:
        with self._lock:
            if key not in self._open:
                self._put_away()
                self._open[key] = Sitting(key, game, self.workers, self.store)
            return self._open[key]

    def _put_away(self) -> None:
        """Close the games that nobody has looked at for longest; on disk they stay."""
        idle = [key for key, sitting in self._open.items() if sitting.idle]
        for key in idle[: max(0, len(self._open) - OPEN + 1)]:
            self._open.pop(key).close()

    def rows(self) -> list[Row]:
        """Return the games kept, the latest first."""
        return self.store.rows()

    def forget(self, key: str) -> None:
        """Throw a game away, for whoever has it open as well.

        Raises
        ------
        sqlite3.Error
            If it cannot be taken off the disk; then it is still there.
        """
        with self._lock:
            sitting = self._open.get(key)
        if sitting is not None:
            sitting.close()  # first, so that no move of another tab brings it back
        try:
            self.store.forget(key)
        finally:
            with self._lock:
                self._open.pop(key, None)

    def close(self) -> None:
        """End everything; every game stays as it is on disk."""
        self.workers.close()
        self.store.close()


__all__ = ["GameError", "House", "KeepError"]
