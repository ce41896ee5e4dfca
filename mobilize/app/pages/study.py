"""Study: what its runs show so far, as pictures with their tables, and each run as a game."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import solara

from experiments.laboratory.house import LaboratoryError, Work
from experiments.laboratory.overview import assumptions, boxes, fans, overview, table, tradeoff
from experiments.laboratory.playable import NotPlayableError, playable
from experiments.results import open_results
from mobilize.app.frame import NotFound
from mobilize.app.pages.filtered import use_filter
from mobilize.app.present import the_house, the_laboratory, use_latest
from mobilize.app.views import study as views
from mobilize.app.views.runs import run_table, scatter
from mobilize.app.views.uncertain import bars, box
from mobilize.game.sitting import KeepError

PAUSE = 0.25  # seconds between two pictures of progress
Go = Callable[[str], None]


@solara.component_vue("../components/study.vue")
def Study(
    head: dict[str, Any],
    choices: dict[str, Any],
    fault: str,
    event_home: Callable[[Any], None],
    event_lab: Callable[[Any], None],
    event_choose: Callable[[dict[str, Any]], None],
    event_halt: Callable[[Any], None],
    event_resume: Callable[[Any], None],
) -> None:
    """Show the question, how far its study is, and what can be chosen."""


@solara.component_vue("../components/findings.vue")
def Findings(
    state: dict[str, Any],
    found: dict[str, Any] | None,
    choices: dict[str, Any],
    event_choose: Callable[[dict[str, Any]], None],
) -> None:
    """Show which findings hold across futures."""


@solara.component_vue("../components/fans.vue")
def Fans(
    state: dict[str, Any],
    fan: dict[str, Any],
    choices: dict[str, Any],
    event_choose: Callable[[dict[str, Any]], None],
) -> None:
    """Show the months behind an outcome, a fan a package."""


@solara.component_vue("../components/effects.vue")
def Effects(state: dict[str, Any], found: dict[str, Any] | None) -> None:
    """Show paired differences to the baseline."""


@solara.component_vue("../components/robust.vue")
def Robust(state: dict[str, Any], found: dict[str, Any] | None) -> None:
    """Show measures of robustness side by side."""


@solara.component_vue("../components/assumptions.vue")
def Assumptions(state: dict[str, Any], found: dict[str, Any]) -> None:
    """Show which assumptions matter."""


@solara.component_vue("../components/boxes.vue")
def Boxes(state: dict[str, Any], found: dict[str, Any] | None, of: str) -> None:
    """Show under which conditions a package fails."""


@solara.component_vue("../components/tradeoff.vue")
def Tradeoff(
    state: dict[str, Any],
    found: dict[str, Any],
    event_choose: Callable[[dict[str, Any]], None],
) -> None:
    """Show packages on two outcomes."""


@solara.component_vue("../components/runs.vue")
def Runs(
    state: dict[str, Any],
    runs: dict[str, Any],
    opening: int,
    fault: str,
    event_show: Callable[[dict[str, Any]], None],
    event_open: Callable[[int], None],
) -> None:
    """Show single runs, each with what opens it as a game."""


@solara.component
def StudyPage(folder: str, go: Go) -> None:
    """Show one study's results, as far as they are."""
    lab = the_laboratory()
    bench, news = use_latest(lab, lambda: (lab.bench, lab.news), PAUSE)
    work = bench.work(folder)
    if work is not None and work.progress.runs:
        _Results(work, news, go).key("results")
    elif not bench.looked:
        solara.Div(classes=["loading"], children=["Looking for the results"])
    else:
        NotFound("There are no such results on this machine.", go).key("none")


@solara.component
def _Results(work: Work, news: int, go: Go) -> None:
    """Show all pictures; `news` counts what was found, so that each is drawn when it is there."""
    lab, folder = the_laboratory(), work.folder
    about = solara.use_memo(lambda: open_results(lab.results / folder).about, [work.created])
    nothing: dict[str, Any] = {}
    wanted, want = solara.use_state(nothing)
    fault, set_fault = solara.use_state("")
    offered = views.choices(about, wanted)
    chosen = offered["chosen"]
    outcome, package = chosen["outcome"], chosen["package"]
    of = next(p["title"] for p in offered["packages"] if p["id"] == package)
    whole = lab.ask(overview, folder)
    seen = views.state(whole)
    ready, several = seen["ready"], len(offered["packages"]) > 1  # a search may have one alone

    def choose(given: dict[str, Any]) -> None:
        words = {k: str(v) for k, v in given.items() if k in ("outcome", "package", "across")}
        want(
            {
                **wanted,
                **words,
                **({"sampled": bool(given["sampled"])} if "sampled" in given else {}),
            }
        )

    def resume(_: Any) -> None:
        try:
            small = work.study.endswith("-small")
            name = work.study.removesuffix("-small")
            lab.start(name, small)
        except LaboratoryError as error:
            set_fault(str(error))
        else:
            set_fault("")

    Study(
        head=views.heading(about, work),
        choices=offered,
        fault=fault,
        event_home=lambda _: go("/"),
        event_lab=lambda _: go("/lab"),
        event_choose=choose,
        event_halt=lambda _: lab.stop(folder),
        event_resume=resume,
    )
    with solara.v.Html(
        tag="main", class_="study-grid", attributes={"id": "page", "tabindex": "-1"}
    ):
        if several:
            Findings(
                state=seen,
                found=views.matrix(whole, offered) if ready else None,
                choices=offered,
                event_choose=choose,
            )
        months = lab.ask(fans, folder, outcome, offered["sampled"])
        Fans(state=views.state(months), fan=views.fan(months, offered), choices=offered,
             event_choose=choose)  # fmt: skip
        if several:
            Effects(state=seen, found=views.effects(whole, offered) if ready else None)
            Robust(state=seen, found=views.robust(whole, offered) if ready else None)
        if chosen["across"]:
            both = lab.ask(tradeoff, folder, chosen["across"], outcome)
            Tradeoff(state=views.state(both), found=scatter(both, offered), event_choose=choose)
        matter = lab.ask(assumptions, folder, outcome, package)
        Assumptions(state=views.state(matter), found=bars(matter, about, outcome, of))
        where = lab.ask(boxes, folder, outcome, package)
        there = views.state(where)
        Boxes(state=there, found=box(where, about, of) if there["ready"] else None, of=of)
        _Runs(folder, news, offered, go)


@solara.component
def _Runs(folder: str, news: int, offered: dict[str, Any], go: Go) -> None:
    """Show a page of the runs; open one as a game without holding anybody up."""
    lab = the_laboratory()
    wanted, show = use_filter("text", "package", "sort", "down")
    opening, set_opening = solara.use_state(-1)
    fault, set_fault = solara.use_state("")
    found = lab.ask(table, folder, wanted["text"], wanted["package"], wanted["sort"] or "run",
                    wanted["down"] == "yes", wanted["page"])  # fmt: skip

    def begin(run: int) -> None:
        try:
            game = lab.submit(playable, folder, run, lab.folders).result().game
            key = the_house().begin_in(game).key
        except (NotPlayableError, KeepError) as error:
            set_fault(str(error))
        except Exception as error:
            set_fault(f"Run {run} cannot be opened: {type(error).__name__}: {error}")
        else:
            go(f"/play/{key}/situation")
        set_opening(-1)

    def ask(run: Any) -> None:
        set_fault("")
        set_opening(int(run))
        threading.Thread(target=begin, args=(int(run),), daemon=True).start()

    Runs(
        state=views.state(found),
        runs=run_table(found, offered, wanted, folder),
        opening=opening,
        fault=fault,
        event_show=show,
        event_open=ask,
    )
