"""Renew the pictures of the lessons and the page beside their folder."""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.findings.lesson import save
from experiments.findings.page import LESSONS, page, picture


def main(folder: Path) -> None:
    """Run every experiment; write its picture to the folder, and the page above it."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [(lesson, lesson.find()) for lesson in LESSONS]
    for lesson, figures in found:
        save(lesson, figures, folder / picture(lesson))
    (folder.parent / "lessons.md").write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m experiments.findings FOLDER, such as docs/pictures")
    main(Path(sys.argv[1]))
