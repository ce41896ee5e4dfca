"""The instructor's pages: the class now, progress and marking, the debrief, the league, files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara.lab import cookies

from mobilize.app.classes import shared
from mobilize.app.classes.leading.grid import answers_view, desk_view, grid_view
from mobilize.app.classes.leading.league import league_view
from mobilize.app.classes.leading.marking import marking_view
from mobilize.app.classes.leading.now import join_view, now_view
from mobilize.app.classes.leading.pictures import (
    FACTS,
    chain_view,
    first_item,
    items,
    paths_view,
    pieces,
    played,
    slides,
    worth_view,
)
from mobilize.app.classes.leading.takehome import classes_view, files_view, lessons_view
from mobilize.app.classes.leading.work import NOTHING, debrief_of
from mobilize.app.classes.shared import MARKER, Look, the_school, the_workers
from mobilize.app.present import use_latest
from mobilize.app.seats.held import Act
from mobilize.app.seats.tokens import members_of
from mobilize.lessons.classroom.value import INSTRUCTOR
from mobilize.lessons.marks import Marks
from mobilize.rooms.room import RoomError
from mobilize.rooms.store import RoomRow

TEACHER_PAGES = {
    "class": "Class",
    "progress": "Progress",
    "debrief": "Debrief",
    "league": "League",
    "home": "Take home",
}
SECOND = 0.5  # between two looks at what other processes have worked out
Plain = dict[str, Any]
Told = Callable[[dict[str, Any]], None]


@solara.component_vue("leading/now.vue")
def NowPicture(now: Plain, joining: Plain, event_act: Act, event_go: Callable[[str], None]) -> None:
    """Show the step now, what to do next, how to join and the teams."""


@solara.component_vue("leading/progress.vue")
def ProgressPicture(grid: Plain, answers: Plain, desk: list[Plain], known: bool) -> None:
    """Show teams by questions, and the answers to one of them."""


@solara.component_vue("leading/marking.vue")
def MarkingPicture(marking: Plain, event_act: Act) -> None:
    """Show reasonings beside their rubrics, one after another."""


@solara.component_vue("leading/debrief.vue")
def DebriefPicture(
    slides: list[Plain],
    paths: Plain | None,
    worth: Plain | None,
    chain: Plain | None,
    items: list[Plain],
    teams: list[str],
    chosen: Plain,
    progress: Plain,
    event_choose: Told,
    event_again: Told,
) -> None:
    """Show one slide after another, large."""


@solara.component_vue("leading/league.vue")
def LeaguePicture(league: Plain, known: bool) -> None:
    """Show the places of the teams."""


@solara.component_vue("leading/home.vue")
def HomePicture(
    files: Plain,
    classes: list[Plain],
    lessons: list[Plain],
    told: Plain,
    event_copy: Told,
    event_open: Told,
    event_forget: Told,
) -> None:
    """Show what can be taken home, and the classes of this machine."""


@solara.component
def TeacherPage(key: str, look: Look, page: str, act: Act, go: Callable[[str], None]) -> None:
    """Show a page of the instructor's; what the debrief needs is worked out from the start."""
    room, games = look.room, _games(look)
    work = solara.use_memo(lambda: debrief_of(key, room, the_workers()), [key, games])
    early = pieces(room, first_item(room), NOTHING) if played(room) else [FACTS]
    solara.use_effect(lambda: work.want(early), [work, early])
    if page == "progress":
        _Progress(key, look, act)
    elif page == "debrief":
        _Debrief(key, look)
    elif page == "league":
        _League(key, look)
    elif page == "home":
        _Home(key, look)
    else:
        _Now(key, look, act, go)


def _games(look: Look) -> tuple[Any, ...]:
    """Return what tells games of a class from those of an earlier month."""
    return tuple(game.identity for game in look.room.games.values())


def _marks(key: str, look: Look) -> tuple[Marks | None, bool]:
    """Return the latest marks of a class, and whether they are those of now."""
    return look.marks or MARKER.last(key), look.marks is not None


@solara.component
def _Now(key: str, look: Look, act: Act, go: Callable[[str], None]) -> None:
    room, address = look.room, shared.address
    code = solara.use_memo(lambda: the_school().row(key).code, [key])
    NowPicture(
        now=now_view(room),
        joining=solara.use_memo(lambda: join_view(address, code, "//127." in address), [code]),
        event_act=act,
        event_go=lambda page: go(f"/seat/{look.person.id}/{page}"),
    )


@solara.component
def _Progress(key: str, look: Look, act: Act) -> None:
    room, (found, known) = look.room, _marks(key, look)
    stands = [room.answers, room.now, room.locked, room.revealed, room.phase]
    ProgressPicture(
        grid=grid_view(room),
        answers=solara.use_memo(lambda: answers_view(room, found), [*stands, found]),
        desk=solara.use_memo(lambda: desk_view(room), [room.attempts]),
        known=known,
    )
    marking = solara.use_memo(lambda: marking_view(room), [*stands, room.markings])
    MarkingPicture(marking=marking, event_act=act)


@solara.component
def _Debrief(key: str, look: Look) -> None:
    room, (found, known) = look.room, _marks(key, look)
    offered = solara.use_memo(lambda: items(room), [room.lesson.digest])
    chosen, choose = solara.use_state({"item": first_item(room), "team": NOTHING})
    item, team, games = chosen["item"], chosen["team"], _games(look)
    work = solara.use_memo(lambda: debrief_of(key, room, the_workers()), [key, games])
    done, _ = use_latest(work, lambda: (len(work.found), work.fault), SECOND)
    wanted = pieces(room, item, team)
    solara.use_effect(lambda: work.want(wanted), [work, wanted])
    got = work.found

    def take(given: dict[str, Any]) -> None:
        one, who = str(given.get("item", item)), str(given.get("team", team))
        if one in {row["id"] for row in offered} and who in ("", *room.teams):
            choose({"item": one, "team": who})

    stands = [room.answers, room.now, room.locked, room.revealed, room.phase, found, done]
    DebriefPicture(
        slides=solara.use_memo(lambda: slides(room, found, got), stands),
        paths=solara.use_memo(lambda: paths_view(got.get(("paths", item))), [done, item, games]),
        worth=solara.use_memo(
            lambda: worth_view(room, got) if played(room) else None, [done, games]
        ),
        chain=solara.use_memo(lambda: chain_view(got, team), [done, team, games]),
        items=offered,
        teams=list(room.teams),
        chosen=chosen,
        progress={
            "done": sum(piece in got for piece in wanted),
            "total": len(wanted),
            "fault": work.fault,
            "marks": known,
        },
        event_choose=take,
        event_again=lambda _: work.again(),
    )


@solara.component
def _League(key: str, look: Look) -> None:
    found, known = _marks(key, look)
    LeaguePicture(league=league_view(look.room, found), known=known)


def _led(key: str) -> list[RoomRow]:
    """Return the classes that are led here: opened beside this one, or led by this browser."""
    school, also = the_school(), set()
    for member, token in members_of(cookies.value).items():
        try:
            held = school.who(token)
            if held and held[1] == member:
                person = school.value(held[0]).members[member]
                also |= {held[0]} if person.team == INSTRUCTOR else set()
        except RoomError:
            continue
    return school.led_with(key, also)


@solara.component
def _Home(key: str, look: Look) -> None:
    room, member = look.room, look.person.id
    told, tell = solara.use_state({"text": "", "fault": "", "id": ""})

    def done(change: Callable[[], tuple[str, str]]) -> None:
        """Change what this machine keeps, if this is still an instructor; tell what came."""
        try:
            person = the_school().value(key).members.get(member)
            if person is None or person.team != INSTRUCTOR:
                raise RoomError("You do not lead this class any more.")
            text, new = change()
            tell({"text": text, "fault": "", "id": new})
        except (RoomError, KeyError, TypeError, ValueError) as error:
            tell({"text": "", "fault": str(error), "id": ""})

    def copy(given: dict[str, Any]) -> tuple[str, str]:
        opened = the_school().copy(key, str(given["title"])[:80])
        return "A new class is open, with new codes and nobody in it:", opened.id

    def open_one(given: dict[str, Any]) -> tuple[str, str]:
        of = the_school().lesson(str(given["lesson"]))
        teams, title = int(given["teams"]), str(given["title"])
        opened = the_school().open(of, key, teams=teams, title=title)
        return "A new class is open:", opened.id

    def forget(given: dict[str, Any]) -> tuple[str, str]:
        if given["id"] == key:
            raise RoomError("You lead this class here: delete it from another one.")
        if given["id"] not in {row.id for row in _led(key)}:
            raise RoomError("You do not lead this class.")
        the_school().forget(given["id"])
        return "The class is deleted.", ""

    HomePicture(
        files=solara.use_memo(lambda: files_view(room, member), [room.lesson.digest, member]),
        classes=classes_view(_led(key), key),
        lessons=solara.use_memo(lambda: lessons_view(room.lesson), [room.lesson.digest]),
        told=told,
        event_copy=lambda given: done(lambda: copy(given)),
        event_open=lambda given: done(lambda: open_one(given)),
        event_forget=lambda given: done(lambda: forget(given)),
    )
