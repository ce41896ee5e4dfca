"""A report of a study: its parts in order, and the files that they become."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.report.again import again
from experiments.report.answer import answer, cautions
from experiments.report.blocks import Block, Document, Section, Text
from experiments.report.boxes import where_it_fails
from experiments.report.causes import causes
from experiments.report.compared import costs, differences
from experiments.report.drawing import alone
from experiments.report.facts import Facts
from experiments.report.fans import fans
from experiments.report.html import to_html
from experiments.report.markdown import pictures_of, to_markdown
from experiments.report.method import method
from experiments.report.rests import rests
from experiments.report.robust import robustness, survivals
from experiments.report.searched import in_short, searched
from experiments.report.survey import NAME, survey
from experiments.results import open_results
from mobilize.playing import HONEST
from mobilize.whole import write_file

REPORT = "report.html"
PICTURES = "pictures/studies"
PAGES = "studies"


def report(folder: str | Path) -> Document:
    """Return the report of a study from its folder of results.

    Raises
    ------
    ResultsError
        If the folder holds no results.
    """
    return document(Facts(open_results(folder)))


def document(facts: Facts) -> Document:
    """Return the report of a study."""
    about = facts.about
    opening: list[Block] = [Text(str(about["question"]), "lead")]
    opening += [Text(said, "answer", lead) for lead, said in answer(facts)]
    opening += [Text(said, "answer", lead) for lead, said in in_short(facts)]
    opening += [Text(said, "note", lead) for lead, said in cautions(facts)]
    opening.append(Text(HONEST, "muted"))
    sections = [
        Section("packages", "What the packages do",
                [*differences(facts), *fans(facts), *costs(facts),
                 *([] if facts.sampled else robustness(facts))]),
        Section("futures", "What happens when assumptions vary",
                [*survivals(facts), *(robustness(facts) if facts.sampled else []), *causes(facts),
                 *where_it_fails(facts)]),
        Section("search", "What the search found", searched(facts)),
        Section("method", "Method", method(facts)),
        Section("rests", "What it rests on", rests(facts)),
        Section("again", "How to make it again", again(facts)),
    ]  # fmt: skip
    return Document(str(about["title"]), opening, [s for s in sections if s.blocks])


def write_report(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write the report of a study as one self-contained page; the same results, the same bytes.

    Parameters
    ----------
    folder : path
        Results of the study.
    out : path, optional
        The page; ``report.html`` in the folder by default.

    Raises
    ------
    ResultsError
        If the folder holds no results.
    OSError
        If the page cannot be written.
    """
    path = Path(out) if out is not None else Path(folder) / REPORT
    page = to_html(report(folder))
    write_file(path, lambda part: _put(part, page))
    return path


def write_pages(folder: str | Path, docs: str | Path) -> list[Path]:
    """Write the report as Markdown with pictures into a folder of docs; return the files."""
    facts = Facts(open_results(folder))
    found, name, docs = document(facts), facts.results.name, Path(docs)
    made = f"python -m experiments.report results/{name}-... docs"
    pictures = pictures_of([block for section in found.sections for block in section.blocks])
    files = {docs / PICTURES / f"{name}-{p.name}.svg": alone(p) for p in pictures}
    files[docs / PAGES / f"{name}.md"] = to_markdown(found, f"../{PICTURES}/{name}-", made)
    for path, text in files.items():
        write_file(path, lambda part, text=text: _put(part, text))  # type: ignore[misc]
    return sorted(files)


def write_survey(folders: Sequence[str | Path], docs: str | Path) -> list[Path]:
    """Write the pages of several studies and one on what all of them found; return the files."""
    files = [path for folder in folders for path in write_pages(folder, docs)]
    found = survey([Facts(open_results(folder)) for folder in folders])
    made = "python -m experiments.report results/NAME-... results/OTHER-... docs"
    path = Path(docs) / PAGES / f"{NAME}.md"
    write_file(path, lambda part: _put(part, to_markdown(found, "", made)))
    return [*files, path]


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
