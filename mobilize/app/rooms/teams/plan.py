"""Plan: who you are, what you may move and do, the plan so far, what you expect."""

from __future__ import annotations

from typing import Any

import solara

from mobilize.app.rooms.once import once
from mobilize.app.rooms.teams.given import Given, Go, board_of, suggested
from mobilize.app.rooms.teams.views.foretelling import figure_groups, predicted
from mobilize.app.rooms.teams.views.planning import checklist, lever_state, plan_rows, taken
from mobilize.app.rooms.teams.views.seats import people_of, phase_note, you_rows
from mobilize.app.seats.held import Act

Plain = dict[str, Any]


@solara.component_vue("you.vue")
def You(you: Plain, people: list[str], part: str, event_act: Act) -> None:
    """Say who sits here; take and leave parts of the team."""


@solara.component_vue("checklist.vue")
def Checklist(steps: list[Plain], member: str, event_go: Go) -> None:
    """Lead through a first turn."""


@solara.component_vue("phase.vue")
def PhaseNote(note: Plain, event_go: Go) -> None:
    """Say what happens now, where the plan is not open."""


@solara.component_vue("../../components/levers.vue")
def SeatLevers(board: Plain, state: Plain, fault: str, event_act: Act) -> None:
    """Show the levers of a seat; moving one is an act."""


@solara.component_vue("acts.vue")
def Acts(acts: list[Plain], taken: dict[str, str], locked: bool, event_act: Act) -> None:
    """Plan an act beside levers."""


@solara.component_vue("plan.vue")
def SoFar(plan: Plain, turn: int, locked: bool, event_act: Act) -> None:
    """Show what is planned; take it out again."""


@solara.component_vue("predict.vue")
def Predict(figures: list[Plain], made: list[Plain], locked: bool, event_act: Act) -> None:
    """Write down what is expected."""


@solara.component_vue("moves.vue")
def Moves(moves: list[Plain], writable: bool, event_act: Act) -> None:
    """Send a move in words."""


@solara.component
def PlanPage(given: Given) -> None:
    """Show the plan of a seat; keys keep what is typed and open while notices come and go."""
    sight, scenario, member = given.sight, given.scenario, given.look.member
    table, plan, parts = sight["room"], sight["plan"], sight["you"]["parts"]
    open_now = table["phase"] == "plan" and table["left"] > 0
    locked = not open_now or plan["submitted"]
    note = once(phase_note, table, plan["submitted"])
    some = solara.use_memo(lambda: suggested(scenario, given.seat), [])  # nothing moves in sight
    board = board_of(given, some)
    state = once(lever_state, plan, sight["results"], parts, member.part, locked)
    rows = once(plan_rows, plan, sight["granted"], given.asked, given.act_rows, sight["offers"],
                given.seat, table["turn"], scenario)  # fmt: skip
    made = once(_this_turn, sight["predictions"], given.figures, table["turn"])
    with solara.Div(classes=["seat-plan"]):
        if note is not None:
            with solara.Div(classes=["a-note"]).key("a-note"):
                PhaseNote(note=note, event_go=given.go)
        with solara.Div(classes=["a-you"]).key("a-you"):
            if table["turn"] == 1 and open_now:
                steps = once(checklist, sight, member.part)
                Checklist(steps=steps, member=member.id, event_go=given.go).key("first")
            You(
                you=once(you_rows, sight["you"]),
                people=once(people_of, sight["seats"], given.seat),
                part=member.part,
                event_act=given.act,
            ).key("you")
        with solara.Div(classes=["a-moves"]).key("a-moves"):
            if board["groups"]:
                SeatLevers(board=board, state=state, fault="", event_act=given.act)
            Acts(acts=given.act_rows, taken=once(taken, parts, member.part, "acts"), locked=locked,
                 event_act=given.act)  # fmt: skip
        with solara.Div(classes=["a-plan"]).key("a-plan"):
            SoFar(plan=rows, turn=table["turn"], locked=locked, event_act=given.act)
            Predict(figures=once(figure_groups, given.figures), made=made, locked=not open_now,
                    event_act=given.act)  # fmt: skip
            Moves(moves=sight["moves"], writable=open_now, event_act=given.act)


def _this_turn(predictions: list[Plain], figures: list[Plain], turn: int) -> list[Plain]:
    return [row for row in predicted(predictions, figures) if row["turn"] == turn]
