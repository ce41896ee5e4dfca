"""The command line: parse, call, print. No rule of the model lives here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mobilize import __version__
from mobilize.bootstrap import refuse_foreign_packages

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT = "arsenal-2026"
WORLDS = 16
GROUPS = ("line", "firm", "place", "item", "country")  # as mobilize.stress, which loads slowly


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Faults of the user's input end in a plain message and exit code 2.
    """
    refuse_foreign_packages()
    options = parser().parse_args(argv)
    from mobilize import commands

    command: Callable[[argparse.Namespace], int] = getattr(commands, options.command)
    try:
        return command(options)
    except commands.USER_FAULTS as fault:
        print(f"mobilize: {fault}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone
        return 1
    except KeyboardInterrupt:
        print("\nmobilize: stopped; nothing half-written", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="mobilize",
        description="An agent-based wargame of allied industrial mobilization. "
        f"Without a command: run {DEFAULT}.",
    )
    top.add_argument("--version", action="version", version=f"mobilize {__version__}")
    top.set_defaults(
        command="run", scenario=DEFAULT, policy="baseline", seed=None, months=None, worlds=WORLDS,
        processes=None, out=None, json=False,
    )  # fmt: skip
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    _play(commands)
    _host(commands)
    _teach(commands)
    _guide(commands)
    _debrief(commands)
    _scenarios(commands)
    _levers(commands)
    _run(commands)
    _why(commands)
    _compare(commands)
    _attribution(commands)
    _stress(commands)
    _hindcast(commands)
    _bench(commands)
    _deterrence(commands)
    _replay(commands)
    _lessons(commands)
    _experiment(commands)
    _report(commands)
    return top


def _add(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str) -> (
    argparse.ArgumentParser
):  # fmt: skip
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.set_defaults(command=name)
    command.add_argument("--json", action="store_true", help="print plain data as JSON")
    return command


def _scenario(command: argparse.ArgumentParser) -> None:
    command.add_argument("scenario", metavar="SCENARIO", help="name of a scenario, or its folder")


def _luck(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=_whole(0), help="seed; the scenario's own by default")
    command.add_argument("--months", type=_whole(1), help="length; the scenario's by default")


def _worlds(command: argparse.ArgumentParser, worlds: int) -> None:
    command.add_argument("--worlds", type=_whole(1), default=worlds, help=f"default {worlds}")
    command.add_argument("--processes", type=_whole(1), help="default: by the size of the work")


def _whole(least: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is too small; at least {least}")
        return value

    return whole_number


def _play(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "play in the browser: serves this machine alone, opens the first page"
    found = commands.add_parser("play", help=text, description=text)
    found.set_defaults(command="play", scenario=None)
    found.add_argument("scenario", metavar="FOLDER", nargs="?", help="a scenario folder of yours, "
                       "beside the shipped ones")  # fmt: skip
    found.add_argument(
        "--port", type=_whole(1), default=8765, help="default 8765, or the next free"
    )
    found.add_argument("--saves", help="SQLite file of the games; in your data folder by default")
    found.add_argument("--results", metavar="FOLDER", default="results",
                       help="results of studies for the laboratory; default ./results")  # fmt: skip
    found.add_argument("--no-browser", action="store_true", help="only print the address")


def _host(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from mobilize.ladder import MINDSETS

    text = "host a tabletop in the browser: opens a room, prints its address and codes, serves it"
    found = commands.add_parser("host", help=text, description=text)
    found.set_defaults(command="host")
    found.add_argument("scenario", metavar="SCENARIO", nargs="?", help="name of a scenario, or its "
                       "folder; without one the rooms that are kept are served again")  # fmt: skip
    found.add_argument("--lan", action="store_true",
                       help="let in the network of the room; else this machine alone")  # fmt: skip
    found.add_argument("--shape", metavar="NAME", help="taster, course, half-day, two-day or "
                       "homework: seats, turns and clock of a session")  # fmt: skip
    found.add_argument("--title", default="", help="of the room; the scenario's by default")
    found.add_argument("--banner", default="", help="above every page: how the exercise is marked")
    found.add_argument("--turn", type=_whole(1), help="months of a turn; default 3")
    found.add_argument("--minutes", type=float, help="to plan a turn; default: no limit")
    found.add_argument("--seed", type=_whole(0), help="of the luck; the scenario's own by default")
    found.add_argument("--mindset", choices=MINDSETS,
                       help="of the challenger; as the scenario says by default")  # fmt: skip
    found.add_argument(
        "--port", type=_whole(1), default=8765, help="default 8765, or the next free"
    )
    found.add_argument("--saves", help="SQLite file of the rooms; in your data folder by default")
    found.add_argument("--no-browser", action="store_true", help="only print the addresses")


def _teach(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "teach a lesson in the browser: opens a class, prints its address and codes, serves it"
    found = commands.add_parser("teach", help=text, description=text)
    found.set_defaults(command="teach")
    found.add_argument("lesson", metavar="LESSON", nargs="?", help="name of a lesson, or its file; "
                       "without one the classes that are kept are served again")  # fmt: skip
    found.add_argument("--teams", type=_whole(1), help="how many; default 6")
    found.add_argument("--title", default="", help="of the class; the lesson's by default")
    found.add_argument("--lan", action="store_true",
                       help="let in the network of the room; else this machine alone")  # fmt: skip
    found.add_argument(
        "--port", type=_whole(1), default=8765, help="default 8765, or the next free"
    )
    found.add_argument("--saves", help="SQLite file of the classes; in your data folder by default")
    found.add_argument("--no-browser", action="store_true", help="only print the addresses")


def _guide(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "write the facilitator's guide and a handout for every team, to print"
    found = _add(commands, "guide", text)
    _scenario(found)
    found.add_argument("--shape", metavar="NAME", default="half-day", help="taster, course, "
                       "half-day, two-day or homework; default half-day")  # fmt: skip
    found.add_argument("--out", metavar="FOLDER", help="papers/SCENARIO by default")


def _debrief(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "write the reports of a session: the room's, each team's, and all tables"
    found = _add(commands, "debrief", text)
    found.add_argument("file", metavar="SESSION.json", help="a session, as the white cell saved it")
    found.add_argument("--scenario", help="name or folder; by default the one the file names")
    found.add_argument("--processes", type=_whole(1), help="default: one a core, four at most")
    found.add_argument("--out", metavar="FOLDER", help="debrief/SESSION by default")


def _scenarios(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add(commands, "scenarios", "list the scenarios that come with Mobilize")
    check = _add(commands, "check", "check a scenario folder; every fault at once")
    check.add_argument("folder", metavar="FOLDER")


def _levers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    levers = _add(commands, "levers", "list the levers that a policy may move, or show one")
    levers.add_argument("name", metavar="NAME", nargs="?", help="a lever; all by default")


def _run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _add(commands, "run", "run worlds of a scenario: table, picture and results folder")
    _scenario(run)
    run.add_argument("--policy", default="baseline", help="package name or TOML file")
    _luck(run)
    _worlds(run, WORLDS)
    run.add_argument("--out", help="results folder; results/SCENARIO-POLICY by default")


def _why(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    why = _add(commands, "why", "say why an item, program or line stands where it stands")
    _scenario(why)
    why.add_argument("--item", required=True, help="an item, a program or a line")
    why.add_argument("--month", default=None, help="month number, or a date such as 2024-09")
    why.add_argument("--policy", default="baseline")
    why.add_argument("--seed", type=_whole(0))
    why.add_argument("--world", type=_whole(0), default=0)


def _compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    compare = _add(commands, "compare", "paired differences of two policies, with intervals")
    _scenario(compare)
    compare.add_argument(
        "--policy", action="append", required=True, help="give it twice; 'baseline' is no change"
    )
    _luck(compare)
    _worlds(compare, WORLDS)


def _attribution(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    split = _add(commands, "attribution", "what each lever of a policy contributed")
    _scenario(split)
    split.add_argument("--policy", required=True, help="package name or TOML file")
    _luck(split)
    _worlds(split, WORLDS)
    split.add_argument("--item", help="only this end item")
    split.add_argument("--out", help="save a picture here (.png)")


def _stress(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    stress = _add(commands, "stress", "which nodes are fragile; what fails when one is taken away")
    _scenario(stress)
    stress.add_argument("--node", help="a line, firm, place, item or country to take away; "
                        "the most exposed sole source by default")  # fmt: skip
    stress.add_argument("--month", default="12", help="of the stop: a number, or such as 2027-01")
    stress.add_argument("--months", type=_whole(1), default=6, help="of standstill; default 6")
    stress.add_argument("--by", default="line", choices=GROUPS, help="what counts as a node")
    stress.add_argument("--top", type=_whole(1), default=15, help="nodes listed; default 15")
    stress.add_argument("--policy", default="baseline", help="package name or TOML file")
    stress.add_argument("--seed", type=_whole(0))
    stress.add_argument("--world", type=_whole(0), default=0)
    stress.add_argument("--out", help="folder for pictures; results/SCENARIO-stress by default")


def _hindcast(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    hindcast = _add(commands, "hindcast", "model against history, date by date")
    hindcast.add_argument("scenario", metavar="SCENARIO", nargs="?", default="artillery-2022")
    hindcast.add_argument("--worlds", type=_whole(1), default=WORLDS)
    hindcast.add_argument("--seed", type=_whole(0))


def _bench(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    bench = _add(commands, "bench", "speed, as figures and ratios")
    bench.add_argument("--quick", action="store_true", help="small networks only")
    bench.add_argument("--app", action="store_true", help="the app in a real Chromium instead")
    bench.add_argument(
        "--room",
        action="store_true",
        help="a room with many clients instead; with --quick no real tabs",
    )
    bench.add_argument("--clients", type=_whole(1), default=40, help="scripted; default 40")
    bench.add_argument("--tabs", type=_whole(0), default=25, help="of a real Chromium; default 25")
    bench.add_argument("--study", action="store_true", help="studies instead: runs a second, "
                       "overhead, memory; half an hour, with --quick three minutes")  # fmt: skip


def _deterrence(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from mobilize.ladder import MINDSETS

    text = "seven metrics of deterrence, three mindsets and the ladder; a teaching index"
    found = _add(commands, "deterrence", text)
    _scenario(found)
    found.add_argument("--policy", action="append", help="baseline by default; others are compared")
    _luck(found)
    _worlds(found, WORLDS)
    found.add_argument("--mindset", choices=MINDSETS, help="of the challenger in every world")
    found.add_argument("--out", help="results folder; results/SCENARIO-deterrence by default")


def _replay(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    replay = _add(commands, "replay", "play a saved game again, exactly, and say if it is the same")
    replay.add_argument("file", metavar="FILE", help="a game, as JSON")
    replay.add_argument("--scenario", help="name or folder; by default the one the file names")
    replay.add_argument("--report", metavar="OUT.html", help="write the after-action report here")


def _lessons(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add(commands, "lessons", "list the lessons")
    one = _add(commands, "lesson", "check a lesson; write its guides for instructor and students")
    one.add_argument("lesson", metavar="LESSON", help="a shipped lesson, or a .toml file")
    one.add_argument("--out", metavar="FOLDER", help="write the guides here, to print")


def _experiment(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "run a study, or go on with it: many worlds, packages and uncertain assumptions"
    found = _add(commands, "experiment", text)
    found.add_argument("study", metavar="STUDY", nargs="?", help="a shipped study or a .toml file; "
                       "without one they are listed")  # fmt: skip
    found.add_argument("--plan", action="store_true", help="only say how many runs, time and disk")
    found.add_argument("--small", action="store_true", help="a small setting, to see that it works")
    found.add_argument("--processes", type=_whole(1), help="default: one a core")
    found.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask cluster that does the runs"
    )
    found.add_argument("--timeout", type=float, metavar="SECONDS", help="a run may take")
    found.add_argument("--accept", action="store_true", help="go on with results that another "
                       "version began; the manifest tells")  # fmt: skip
    found.add_argument("--earlier", metavar="FOLDER", help="results of the same study with fewer "
                       "points of a sobol design, or generations: not run again")  # fmt: skip
    found.add_argument("--out", help="results folder; results/STUDY-HASH by default")


def _report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "write the report of a study: the answer, pictures, method, how to make it again"
    found = _add(commands, "report", text)
    found.add_argument("folder", metavar="FOLDER", help="results of a study, also unfinished ones")
    found.add_argument("--out", metavar="FILE.html", help="the page; FOLDER/report.html by default")
