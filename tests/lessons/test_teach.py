"""`mobilize teach` says what is wrong, keeps a file to itself, and tells what is kept of people."""

import pytest

from mobilize.app.driver import taught
from mobilize.app.scripted import Visitor


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("no-such-lesson",), "no-such-lesson"),
        ((), "name a lesson to open one"),
        (("priority", "--teams", "99"), "99 teams"),
        (("priority", "--title", "x" * 200), "text of 0 to 80 letters"),
    ],
)
def test_what_is_wrong_is_said(not_served, options, said):
    assert said in not_served("teach", *options)


def test_one_server_at_a_time_has_a_file_and_the_next_goes_on_with_it(tmp_path, not_served):
    saves, log = tmp_path / "kept.sqlite", tmp_path / "log.txt"
    with taught(saves, log, "priority") as server:
        assert f"another server has {saves} open" in not_served("teach", "priority")
        server.process.kill()  # and the system lets the next one in
        server.process.wait()
    with taught(saves, log) as again:
        assert (again.code, again.staff) == (server.code, server.staff)


def test_the_page_on_data_tells_of_a_class_and_not_of_a_room(tmp_path):
    with taught(tmp_path / "kept.sqlite", tmp_path / "log.txt", "priority") as server:
        _, text = Visitor(server.address).get("/data")
    for told in (
        "your team and part",
        "The instructor sees everything",
        "numbers instead of names",
    ):
        assert told in text
    assert "white cell" not in text.lower()
