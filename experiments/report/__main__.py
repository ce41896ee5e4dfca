"""Write reports of studies into docs: a Markdown page and its pictures each, and what all found."""

from __future__ import annotations

import sys

from experiments.report.page import write_pages, write_survey

if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python -m experiments.report FOLDER... docs")
    *folders, docs = sys.argv[1:]
    written = write_pages(folders[0], docs) if len(folders) == 1 else write_survey(folders, docs)
    for path in written:
        print(path)
