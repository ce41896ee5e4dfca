"""One game being played: its draft, what lies ahead of it, its place on disk, and who watches."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from mobilize.forecast import Future
from mobilize.game.file import write_game
from mobilize.game.game import Game, decide, fingerprint, play
from mobilize.game.seen import seen
from mobilize.game.store import Store
from mobilize.model import Model
from mobilize.scenario import months
from mobilize.watchers import Watchers
from mobilize.workers import Workers
from policies.package import Package, Setting

NEWS = ("event", "conflict", "disturbance", "milestone", "denial", "leak")  # what ends a wait
PATIENCE = 12  # months that a wait for the next event lasts at most
Watcher = Callable[[], None]


class KeepError(Exception):
    """A move that could not be kept on disk and so has not happened; the text says why."""


@dataclass(frozen=True, eq=False)
class View:
    """What a sitting is at one moment; never changed, so that any thread may read it.

    `now` is what lies ahead under what is decided, `then` under the draft as well; None while it
    is not known. `fault` says why a forecast failed, `unkept` why the last move was not made.
    """

    game: Game
    draft: tuple[Setting, ...] = ()
    now: Future | None = None
    then: Future | None = None
    fault: str = ""
    unkept: str = ""
    running: bool = False  # months pass by themselves until somebody pauses

    @property
    def model(self) -> Model:
        """Return the model of the game, not to be changed."""
        return play(self.game)

    @property
    def policy(self) -> Package:
        """Return what is decided, with the draft."""
        return self.game.policy(self.draft)

    @property
    def waiting(self) -> bool:
        """Return whether a forecast is under way."""
        ahead = self.now is None or (bool(self.draft) and self.then is None)
        return ahead and not self.fault and self.game.left > 0


class Sitting:
    """A game under the hands of a player; every call is safe from any thread.

    Parameters
    ----------
    key : str
        What the store knows it by.
    game : Game
        Where it stands.
    workers : Workers
        They look ahead.
    store : Store, optional
        Where every turn is kept before anybody sees it.
    """

    def __init__(self, key: str, game: Game, workers: Workers, store: Store | None = None) -> None:
        self.key = key
        self._view = View(game)
        self._workers, self._store = workers, store
        self._slots = (workers.slot(), workers.slot())
        self._lock = threading.RLock()
        self._paused = threading.Event()
        self._holds, self._changed, self._closed = 0, False, False
        self._watchers: Watchers[[]] = Watchers(key)
        self._look_ahead()

    @property
    def view(self) -> View:
        """Return what it is now."""
        return self._view

    @property
    def idle(self) -> bool:
        """Return whether nobody watches and nothing goes on by itself."""
        return not self._watchers and not self._view.running

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Let nobody else in; when this thread leaves, tell those who watch if it changed.

        They are told outside the lock, so that none of them can hold anybody up for ever.
        """
        tell = False
        try:
            with self._lock:
                self._holds += 1
                try:
                    yield
                finally:
                    self._holds -= 1
                    if not self._holds and self._changed:
                        self._changed, tell = False, True
        finally:
            if tell:
                self._watchers.tell()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` after every change, from whatever thread made it; return how to end it."""
        return self._watchers.add(watcher)

    def set(self, lever: str, target: str, value: str | float) -> None:
        """Put a lever into the draft; the last word on a lever and target counts.

        Raises
        ------
        PackageError
            If the scenario has no such lever, target or value.
        """
        with self._held():
            setting = decide(self._view.game, lever, target, value)
            rest = _without(self._view.draft, lever, target)
            self._draft((*rest, setting))

    def unset(self, lever: str, target: str) -> None:
        """Take a lever out of the draft."""
        with self._held():
            self._draft(_without(self._view.draft, lever, target))

    def discard(self) -> None:
        """Forget the draft."""
        with self._held():
            self._draft(())

    def _draft(self, draft: tuple[Setting, ...]) -> None:
        again = bool(self._view.fault) and self._view.now is None
        self._change(draft=draft, then=None, fault="", unkept="")
        self._look_ahead(decided=again)

    def advance(self, played: int) -> None:
        """Decide the draft and play some months, to the horizon at most; keep it on disk first.

        Raises
        ------
        KeepError
            If it cannot be kept; then nothing has happened, and the view says why.
        """
        with self._held():
            view = self._view
            played = min(played, view.game.left)
            if played > 0:
                self._turn(view.game.after(view.draft, played))

    def advance_to_event(self) -> None:
        """Decide the draft and play until something happens that nobody here decided."""
        with self._held():
            view = self._view
            played = min(PATIENCE, view.game.left)
            if played > 0:
                ahead = view.game.after(view.draft, played)
                self._turn(view.game.after(view.draft, _until_news(ahead, view.game.month)))

    def run(self, pace: float = 1.0) -> None:
        """Let a month pass every `pace` seconds, as one turn, until somebody pauses or decides."""
        with self._held():
            if not self._view.running and self._view.game.left:
                self._paused.clear()
                self._change(running=True)
                threading.Thread(target=self._run, args=(pace,), daemon=True).start()

    def pause(self) -> None:
        """Stop running at the present month."""
        self._paused.set()

    def _run(self, pace: float) -> None:
        try:
            self.advance(1)
            mine = self._view.game
            while mine.left and not self._paused.wait(pace):
                with self._held():
                    if self._view.draft or self._view.game is not mine:
                        break  # somebody decides, or has moved the game elsewhere
                    last = mine.turns[-1]
                    mine = mine.before(-1).after(last.settings, last.months + 1)
                    self._turn(mine)
        except KeepError:
            pass  # the view says so
        finally:
            self._change(running=False)

    def undo(self) -> None:
        """Take the last turn back; what it decided is the draft again."""
        with self._held():
            game = self._view.game
            if game.turns:
                self._turn(game.before(-1), game.turns[-1].settings)

    def _turn(self, game: Game, draft: tuple[Setting, ...] = ()) -> None:
        try:
            self.keep(game)
        except KeepError as error:
            self._change(unkept=str(error))
            raise
        self._change(game=game, draft=draft, now=None, then=None, fault="", unkept="")
        self._look_ahead()

    def keep(self, game: Game | None = None) -> None:
        """Put a game on disk, by default as it stands.

        Raises
        ------
        KeepError
            If that cannot be done, or the game has been thrown away.
        """
        game = game or self._view.game
        if self._closed:
            raise KeepError("This game was deleted or put away: go home to see what is kept.")
        if self._store is None:
            return
        text = write_game(game, fingerprint(play(game)))
        date, title = months.label(game.date), game.scenario.title
        try:
            self._store.save(self.key, title, game.scenario.name, date, len(game.turns), text)
        except sqlite3.Error as error:
            raise KeepError(
                f"The move was not made, for it cannot be kept in {self._store.path.name}: "
                f"{error}. Free the disk or the file, then try again; nothing is lost."
            ) from error

    def _look_ahead(self, decided: bool = True) -> None:
        """Start the forecasts that the view lacks."""
        view = self._view
        if not view.game.left or self._closed:
            return
        first, second = self._slots
        if decided:
            told = partial(self._arrived, "now", view)
            self._workers.foresee(first, view.game, view.game.policy(), told)
        if view.draft:
            told = partial(self._arrived, "then", view)
            self._workers.foresee(second, view.game, view.policy, told)
        else:
            self._workers.stop(second)

    def _arrived(self, which: str, asked: View, found: Future | BaseException) -> None:
        """Take a forecast in, if it is still about what is on the table."""
        with self._held():
            view = self._view
            same = view.game is asked.game and (which == "now" or view.draft == asked.draft)
            if not same:
                return
            if isinstance(found, BaseException):
                self._change(fault=f"the forecast failed: {type(found).__name__}: {found}")
            elif which == "now":
                self._change(now=found)
            else:
                self._change(then=found)

    def _change(self, **parts: object) -> None:
        with self._held():
            self._view = replace(self._view, **parts)  # type: ignore[arg-type]
            self._changed = True

    def close(self) -> None:
        """Stop whatever it does and give its slots back; nothing more is kept or foreseen."""
        self.pause()
        with self._held():
            if not self._closed:
                self._closed = True
                for slot in self._slots:
                    self._workers.leave(slot)


def _without(draft: tuple[Setting, ...], lever: str, target: str) -> tuple[Setting, ...]:
    return tuple(s for s in draft if (s.lever, s.target) != (lever, target))


def _until_news(game: Game, since: int) -> int:
    """Return how many months of a game, from a month on, end with something worth a pause."""
    decided = (d for d in play(game).decisions if d.month >= since and d.kind in NEWS)
    news = (d.month for d in decided if seen(d, game.scenario))
    return min((month - since + 1 for month in news), default=game.month - since)
