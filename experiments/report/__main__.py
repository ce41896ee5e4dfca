"""Write reports of studies into docs: a Markdown page and its pictures each."""

from __future__ import annotations

import sys

from experiments.report.page import write_pages

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m experiments.report FOLDER docs")
    for path in write_pages(*sys.argv[1:]):
        print(path)
