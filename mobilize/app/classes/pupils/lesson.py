"""The lesson: the step that is worked on, its questions, what is decided and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import solara

from mobilize.app.classes.shared import Look
from mobilize.app.pages.situation import Chart, Feed
from mobilize.app.present import Ask
from mobilize.app.seats.held import Act
from mobilize.app.views import lesson as views
from mobilize.app.views.own_game import plan, saw, turn_of
from mobilize.game.sitting import View
from mobilize.lessons.classroom.sight import sight

Json = dict[str, Any]


@solara.component_vue("head.vue")
def Head(head: Json, event_show: Callable[[Json], None]) -> None:
    """Show the steps, and the text of the one that is read."""


@solara.component_vue("card.vue")
def Card(card: Json) -> None:
    """Show whose part is whose, and what only one's own part knows."""


@solara.component_vue("question.vue")
def Question(q: Json, event_act: Act) -> None:
    """Ask a question; afterwards show what was right, and the rubric to tick."""


@solara.component_vue("plan.vue")
def Plan(plan: Json, event_act: Act) -> None:
    """Show the levers that are open, and the plan so far."""


@solara.component_vue("saw.vue")
def Saw(saw: Json) -> None:
    """Show what a team decided and what it got."""


@solara.component_vue("marks.vue")
def Marks(marks: Json) -> None:
    """Show the marks at the end, and what to remember."""


@solara.component
def LessonPage(look: Look, view: View, act: Act, ask: Ask, to_game: Callable[[], None]) -> None:
    """Show the step that is worked on, or one that is read again."""
    told = sight(look.room, look.person.id, look.marks)
    visits = solara.use_memo(count, [])
    visit = solara.use_memo(lambda: next(visits), [look.room.now])
    (at, chosen), choose = solara.use_state((-1, ""))
    wanted = chosen if at == visit else ""  # that the class goes on ends it
    head = views.head(told, wanted) | {"visit": visit}
    step = views.step_of(told, wanted)
    marks = views.marks(told)
    with solara.Div(classes=["lesson"]):
        with solara.Div(classes=["l-head"]):
            Head(head=head, event_show=lambda one: choose((one["visit"], one["step"])))
        with solara.Div(classes=["l-card"]):
            Card(card=views.card(told))
        with solara.Div(classes=["l-work"]):
            if marks is not None:
                Marks(marks=marks)
            if step is not None:
                _Work(look, view, told, step, act, ask, to_game).key(
                    f"{look.person.team} {step['name']}"
                )


@solara.component
def _Work(
    look: Look,
    view: View,
    told: Json,
    step: Json,
    act: Act,
    ask: Ask,
    to_game: Callable[[], None],
) -> None:
    """Show what there is to do in a step."""
    found = solara.use_memo(lambda: plan(view, told, step), [look, step["name"]])
    if found is not None:
        Plan(plan=found, event_act=act)
    turn = turn_of(told, step["name"])
    if turn >= 0:
        _Saw(look, turn, ask, to_game)
    for asked in step["questions"]:
        Question(q=views.question(told, step, asked), event_act=act).key(asked["name"])
    for row in step["results"]:
        Result(row=row).key(row["name"])


@solara.component_vue("result.vue")
def Result(row: Json) -> None:
    """Show what a team's own game earned."""


@solara.component
def _Saw(look: Look, turn: int, ask: Ask, to_game: Callable[[], None]) -> None:
    item, choose = solara.use_state("")
    game = look.room.teams[look.person.team].game
    told = solara.use_memo(lambda: saw(game, turn, item), [game, turn, item])
    Saw(saw={k: v for k, v in told.items() if k not in ("chart", "feed", "items")})
    Chart(
        chart=told["chart"],
        then=None,
        waiting=False,
        what="Delivered",
        choices=told["items"],
        chosen=told["item"],
        event_choose=lambda name: choose(str(name)),
        event_ask=lambda month: ask("item", told["item"], month),
    )
    Feed(
        rows=told["feed"],
        event_ask=lambda row: ask(row["ask"][0], row["ask"][1], int(row["at"])),
        event_more=lambda _: to_game(),
    )
