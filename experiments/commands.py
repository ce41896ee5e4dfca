"""`mobilize experiment`: plan, run or go on with a study, with progress, rate and time left."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.crew import Crew, NobodyError, Processes, WorkerError
from experiments.engine import StoppedError
from experiments.results import ResultsError, open_results
from experiments.run import Tally, run_study
from experiments.store import StoreError
from experiments.study import Study, StudyError, load_study, shipped
from experiments.work import OtherCodeError
from mobilize.words import show, show_json

if TYPE_CHECKING:
    from rich.progress import Progress

FAULTS = (StudyError, StoreError, ResultsError, NobodyError, OtherCodeError, WorkerError)
RESULTS = Path("results")
TRIAL = 3  # runs timed for a plan
BYTES = 60  # of a run on disk, and of each quarter of each outcome
BYTES_SERIES = 4


def experiment(options: argparse.Namespace) -> int:
    """List the studies, say what one would take, or run it."""
    if options.study is None:
        return _list(options)
    study = load_study(options.study, options.small)
    folder = Path(options.out) if options.out else RESULTS / study.folder_name
    if options.plan:
        return _plan(study, folder, options)
    with _crew(options) as crew, _asked_to_stop() as stop, _bar(study) as told:
        try:
            earlier = Path(options.earlier) if options.earlier else None
            tally = run_study(
                study, folder, crew, told, stop, options.timeout, options.accept, earlier
            )
        except StoppedError:
            print(
                f"stopped; what is done is in {folder}, the same command goes on", file=sys.stderr
            )
            return 130
    return _tell(study, folder, tally, options)


def report(options: argparse.Namespace) -> int:
    """Write the report of a study."""
    from experiments.report import write_report

    try:
        path = write_report(options.folder, options.out)
    except OSError as error:
        raise ResultsError(f"cannot write the report: {error}; give another --out") from error
    if options.json:
        show_json({"report": str(path)})
    else:
        print(f"report in {path}")
    return 0


def _list(options: argparse.Namespace) -> int:
    studies = [load_study(name) for name in shipped()]
    rows = [(s.name, s.scenario.name, s.pairs * len(s.packages), s.question) for s in studies]
    if options.json:
        keys = ("name", "scenario", "runs", "question")
        show_json([dict(zip(keys, row, strict=True)) for row in rows])
    else:
        show("Studies", ("name", "scenario", "runs", "question"), rows)
    return 0


def _plan(study: Study, folder: Path, options: argparse.Namespace) -> int:
    """Say how many runs there are, how long they take, and how much disk, by timing a few."""
    runs = study.pairs * len(study.packages)
    search = study.search
    most = runs + (search.generations * search.population * study.pairs if search else 0)
    seconds = seconds_a_run(study)
    processes = options.processes or Processes.usual()
    quarters = -(-study.months // 3) * BYTES_SERIES
    data = {
        "study": study.name,
        "study_sha256": study.digest,
        "folder": str(folder),
        "packages": len(study.packages),
        "factors": len(study.factors),
        "points": study.points,
        "runs": most,
        "seconds_a_run": round(seconds, 4),
        "processes": processes,
        "minutes": round(most * seconds / processes / 60, 1),
        "megabytes": round(most * (BYTES + quarters * len(study.outcomes)) / 1e6, 1),
    }
    if options.json:
        show_json(data)
        return 0
    show(f"{study.title}: what it takes", ("what", "value"), [(k, str(v)) for k, v in data.items()])
    return 0


def seconds_a_run(study: Study) -> float:
    """Return how long a run of the nominal point takes, once all is compiled."""
    import time

    from experiments.vary import vary

    varied = vary(study.scenario, study.factors, study.values(0))
    times = []
    for world in range(TRIAL):
        began = time.perf_counter()
        with varied.holding():
            varied.model(study.packages[-1], study.seed, world, study.months).run()
        times.append(time.perf_counter() - began)
    return min(times)


@contextmanager
def _crew(options: argparse.Namespace) -> Iterator[Crew]:
    """Return who does the runs: a cluster where an address is given, else processes."""
    if options.scheduler:
        from experiments.cluster import Cluster

        crew: Crew = Cluster(options.scheduler)
    else:
        crew = Processes(options.processes)
    try:
        yield crew
    finally:
        crew.close()


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Take Ctrl+C and a polite end as a wish to stop; a second Ctrl+C ends at once."""
    asked = threading.Event()

    def ask(number: int, frame: object) -> None:
        if asked.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _bar(study: Study) -> Iterator[Callable[[Tally], None]]:
    """Show a bar with runs done, runs a second, and the time left."""
    with _progress() as bar:
        task = bar.add_task(study.name, total=None, failed="")

        def told(tally: Tally) -> None:
            failed = f"{tally.failed:,} failed" if tally.failed else ""
            started = tally.done - tally.fresh
            if bar.tasks[task].total != tally.runs:
                bar.reset(task, total=tally.runs, completed=started, failed=failed)
            bar.update(task, completed=tally.done, failed=failed)

        yield told


def _progress() -> Progress:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    from mobilize.words import console

    class Rate(TextColumn):
        def render(self, task: Any) -> Text:
            return Text(f"{task.speed:.1f} runs/s" if task.speed else "")

    screen = console()
    screen.file = sys.stderr
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(""),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}", style="red"),
        console=screen,
        speed_estimate_period=120,
    )


def _tell(study: Study, folder: Path, tally: Tally, options: argparse.Namespace) -> int:
    """Say what there is now."""
    for note in tally.notes:
        print(f"note: {note}", file=sys.stderr)
    results = open_results(folder)
    frame = results.runs([])
    failed = int((frame["status"] != "ok").sum())
    if options.json:
        show_json({"folder": str(folder), **asdict(tally), "failed_in_all": failed,
                   "manifest": results.manifest})  # fmt: skip
        return 0
    print(f"{study.name}: {len(frame):,} runs, {tally.fresh:,} of them now, {failed:,} failed")
    for status, error, count in _failures(frame):
        print(f"  {count:,} {status}: {error}")
    print(f"results in {folder}\nmobilize report {folder}  writes the report")
    return 0


def _failures(frame: Any) -> list[tuple[str, str, int]]:
    """Return the kinds of failures, the most frequent first."""
    wrong = frame[frame["status"] != "ok"]
    counts = wrong.groupby(["status", "error"]).size().sort_values(ascending=False)
    return [(str(s), str(e), int(n)) for (s, e), n in counts.head(5).items()]


def bench_studies(options: argparse.Namespace) -> int:
    """Print how fast studies run, as figures and ratios."""
    from experiments.bench import measure

    cases = measure(options.quick, lambda what: print(what, file=sys.stderr, flush=True))
    if options.json:
        show_json([asdict(case) | {"overhead": case.overhead} for case in cases])
        return 0
    first = cases[0]
    rows = [
        (f"{c.runs:,}", c.processes, c.seconds, c.runs_a_second,
         c.runs_a_second / first.runs_a_second, c.cpu, c.overhead, c.overhead / c.bare,
         c.coordinator, c.worker)
        for c in cases
    ]  # fmt: skip
    head = ("runs", "processes", "s", "runs/s", "to the first", "CPU ms a run", "over the model",
            "share of it", "coordinator MB", "worker MB")  # fmt: skip
    show("Studies: ten years of arsenal-2026", head, rows, least=120)
    return 0
