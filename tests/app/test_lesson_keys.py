"""Every step of every lesson on a student's page, and that a keyboard is enough for it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mobilize.app import classes
from mobilize.app.views import lesson as views
from mobilize.lessons.classroom.sight import sight
from mobilize.lessons.load import shipped
from tests.lessons.common import TEACHER, Class, lesson

PAGES = Path(classes.__file__).parent
VOID = {"input", "br", "hr", "img"}
NATIVE = {"button", "a", "input", "select", "textarea", "summary", "form"}
WAYS = {
    "choice": {"input"},
    "number": {"input"},
    "rank": {"button"},
    "queue": {"button"},
    "constraint": {"select"},
    "reasoning": {"textarea"},
}
BY_POINTER = re.compile(r"@(mouse|pointer|touch|drag|drop|dblclick|contextmenu)")


class Tags(HTMLParser):
    """The tags of a template with their attributes, and the conditions they stand under."""

    def __init__(self, file):
        super().__init__()
        self.open, self.found = [], []
        text = file.read_text(encoding="utf-8")
        self.feed(text[text.index("<template>") + 10 : text.rindex("</template>")])

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.found.append((tag, attrs, [*self.open]))
        if tag not in VOID:
            self.open.append(attrs)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs), [*self.open]))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.open.pop()


def templates():
    return sorted(PAGES.rglob("*.vue"))


@pytest.mark.parametrize("name", shipped())
def test_every_step_opens_with_all_that_its_questions_need_to_be_answered(name):
    room, one = Class(of=name).must(TEACHER, "begin"), lesson(name)
    kinds = set()
    for step in one.steps:
        told = sight(room.room, "p0", None)
        assert views.head(told)["shown"] == step.name
        here = views.step_of(told)
        asked = [views.question(told, here, q) for q in here["questions"]]
        assert [q["name"] for q in asked] == [q.name for q in step.questions if q.asked]
        for q in asked:
            kinds.add(q["kind"])
            assert q["text"]
            assert q["open"]
            if q["kind"] in ("choice", "rank", "constraint"):
                assert len({o["name"] for o in q["options"]}) == len(q["options"]) > 1
                assert all(o["text"] for o in q["options"])
            if q["kind"] == "queue":
                assert len({o["id"] for o in q["book"]}) == len(q["book"]) > 1
            if q["kind"] == "constraint":
                assert len(q["bounds"]) > 1
            if q["kind"] == "reasoning":
                assert q["limit"] > 0
        if step is not one.steps[-1]:
            room.next()
    assert kinds <= set(WAYS)


@pytest.mark.parametrize("kind", WAYS)
def test_a_kind_of_question_is_answered_by_what_a_keyboard_reaches(kind):
    """A block is of a kind by its v-if; the last, without one, is of reasonings."""
    tags, blocks = Tags(PAGES / "pupils" / "question.vue"), {}
    for tag, _, above in tags.found:
        for one in above:
            test = one.get("v-if", one.get("v-else-if", ""))
            of = set(re.findall(r"q\.kind === '(\w+)'", test))
            if one.get("class") == "q-essay":
                of = {"reasoning"}
            for each in of if "?" not in test else ():
                blocks.setdefault(each, set()).add(tag)
    assert WAYS[kind] <= blocks.get(kind, set())


@pytest.mark.parametrize("file", templates(), ids=lambda file: file.stem)
def test_nothing_on_the_pages_of_a_class_needs_a_pointer(file):
    for tag, attrs, _ in Tags(file).found:
        assert not any(BY_POINTER.match(name) for name in attrs), (tag, attrs)
        if any(name.startswith("@click") for name in attrs):
            assert tag in NATIVE, (tag, attrs)
        assert int(attrs.get("tabindex", "0")) <= 0
        if tag == "a":
            assert "href" in attrs or ":href" in attrs
