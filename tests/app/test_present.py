"""What a tab shows is the latest, also after it failed once."""

import threading

import pytest
import solara

from mobilize.app import present
from mobilize.app.present import use_latest
from mobilize.watchers import Watchers

PATIENCE = 120.0


class Bell:
    def __init__(self):
        self.heard = Watchers("a bell")

    def watch(self, watcher):
        return self.heard.add(watcher)


@pytest.mark.parametrize("where", ["look", "paint"])
def test_a_tab_that_could_not_be_brought_up_to_date_tries_again(monkeypatch, caplog, where):
    monkeypatch.setattr(present, "AGAIN", 0.01)
    bell, came = Bell(), threading.Event()
    now = {"text": "old", "faults": ""}

    def fault(here):
        if now["faults"] == here:
            now["faults"] = ""
            raise RuntimeError("out of reach for a moment")

    def look():
        fault("look")
        return now["text"]

    def paint(text):
        fault("paint")
        if text == "new":
            came.set()

    @solara.component
    def tab():
        paint(use_latest(bell, look))
        solara.Text("there")

    _, context = solara.render(tab(), handle_error=False)
    now |= {"text": "new", "faults": where}
    bell.heard.tell()
    assert came.wait(PATIENCE)
    assert "a tab is not up to date" in caplog.text
    context.close()
