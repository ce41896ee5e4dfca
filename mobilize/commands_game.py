"""The command `replay`: a saved game, played again exactly and looked back on."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mobilize.playing import HONEST, CommandError, progress_bar
from mobilize.scenario import load, months
from mobilize.words import number, show, show_json

if TYPE_CHECKING:
    from mobilize.game.file import Kept
    from mobilize.game.game import Game
    from mobilize.game.worth import Review
    from mobilize.interventions import Intervention


def replay(options: argparse.Namespace) -> int:
    """Play a saved game or session again, check its fingerprint, print its turns and how it ended.

    The exit code is 1 where the game led to something else than what is stored in the file.
    """
    from mobilize import __version__
    from mobilize.game.game import fingerprint, play
    from mobilize.rooms.file import load_any

    scenario = load(options.scenario) if options.scenario else None
    kept = load_any(Path(options.file), scenario)
    game = kept.game
    found = fingerprint(play(game))
    same = found == kept.result if kept.result else None
    report = _write_report(game, options.report) if options.report else None
    if options.json:
        show_json(
            {
                "scenario": game.scenario.name,
                "scenario_sha256": game.scenario.digest,
                "made_with": kept.version,
                "mobilize": __version__,
                "seed": game.seed,
                "world": game.world,
                "months": game.month,
                "turns": _turns(game),
                "end": [asdict(row) for row in _end(game)],
                "result_sha256": found,
                "stored_sha256": kept.result or None,
                "same": same,
                "report": report,
            }
        )
        return 1 if same is False else 0
    _print(game)
    if report:
        print(f"report in {report}")
    print(_verdict(kept, found, same))
    print(HONEST)
    return 1 if same is False else 0


def _verdict(kept: Kept, found: str, same: bool | None) -> str:
    """Say whether the game led to what its file says it led to."""
    if same is None:
        return f"the file keeps no fingerprint to check by; this run's is {found[:16]}"
    if same:
        return f"exactly as it was played: the fingerprint {found[:16]} is the one stored"
    return (
        f"NOT as it was played: the fingerprint is {found[:16]}, stored is {kept.result[:16]}; "
        f"the game was made with Mobilize {kept.version}, or the file was changed"
    )


def _print(game: Game) -> None:
    scenario, last = game.scenario, months.label(game.date - 1) if game.month else "not begun"
    rows = [
        (str(t["turn"]), t["month"], number(t["months"]), s["title"], s["target"], s["value"])
        for t in _turns(game)
        for s in [*t["set"], *t.get("acts", ())] or [NOTHING]
    ]
    show(
        f"{scenario.title}: {len(game.turns)} turns, {game.month} of {scenario.horizon} months to "
        f"{last}; seed {game.seed}, world {game.world}",
        ("turn", "from", "months", "lever", "aimed at", "set to"),
        rows,
    )
    ended = [
        (f"{r.figure.metric} {r.figure.text}".strip(), r.kind, r.figure.unit, r.value)
        for r in _end(game)
    ]
    show("How it stands at the end", ("what", "", "unit", "value"), ended)


NOTHING = {"title": "nothing decided", "target": "", "value": ""}


def _turns(game: Game) -> list[dict[str, Any]]:
    """Return what was decided turn by turn; turn 0 is what was decided before the first."""
    from mobilize.game.after import target_name, value_text
    from policies.levers import catalogue
    from policies.package import Setting

    def told(setting: Setting) -> dict[str, Any]:
        return {
            "lever": setting.lever,
            "title": catalogue()[setting.lever].title,
            "target": target_name(game, setting),
            "value": value_text(setting),
        }

    turns = []
    if game.opening:
        first = months.label(min(s.date for s in game.opening))
        turns.append({"turn": 0, "month": first, "months": 0, "set": [*map(told, game.opening)]})
    date = game.scenario.start
    for n, turn in enumerate(game.turns, 1):
        rows = [told(s) for s in turn.settings]
        row = {"turn": n, "month": months.label(date), "months": turn.months, "set": rows}
        if turn.interventions:
            row["acts"] = [_act(one) for one in turn.interventions]
        turns.append(row)
        date += turn.months
    return turns


def _act(one: Intervention) -> dict[str, Any]:
    """Return something that was done beside levers, as a row like those of levers."""
    value = "" if one.amount is None else number(one.amount)
    title = f"{one.kind} {one.what}".strip()
    return {"title": title, "target": one.target, "value": value, "who": one.who, "why": one.why}


def _end(game: Game) -> list[Any]:
    """Return the figures at the end that are not nothing."""
    from mobilize.game.worth import standing

    return [row for row in standing(game) if row.value or row.figure.kind == "metric"]


def _write_report(game: Game, out: str) -> str:
    """Write the report of a game, with a progress bar; return where it is."""
    from mobilize.game.report import report_html

    text = report_html(game, _review(game))
    path = Path(out)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise CommandError(f"cannot write {out}: {error.strerror}; give another --report") from None
    return str(path)


def _review(game: Game) -> Review:
    from mobilize.game.worth import jobs, review, work

    found = {}
    pieces = jobs(game)
    with progress_bar("pieces") as bar:
        task = bar.add_task("each decision left out", total=len(pieces))
        for job in pieces:
            found[job] = work(game, job)
            bar.update(task, advance=1)
    return review(game, found=found)
