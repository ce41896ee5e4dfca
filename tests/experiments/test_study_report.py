"""Reports of studies: right sentences in all cases, safe, complete, and the same bytes again."""

import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest

from experiments.crew import Processes
from experiments.measures import figure
from experiments.report import write_pages, write_report
from experiments.report.answer import answer, cautions
from experiments.report.facts import Facts
from experiments.report.page import write_survey
from experiments.report.searched import read_search
from experiments.report.words import SPACE
from experiments.results import ResultsError, open_results
from experiments.run import run_study
from experiments.store import RUNS
from experiments.study import read_study
from mobilize.cli import main

BAD = "<script>alert(1)</script>"
STUDY = """
title = "Shells {bad}"
question = "Which decision brings most? {bad}"
scenario = "artillery-2022"
seed = 7
worlds = 4
months = 52
[[package]]
name = "first"
title = "Charges first {bad} | [x](y)"
use = "charges-first"
[[package]]
name = "training"
title = "Training"
[[package.set]]
date = "2022-06"
lever = "title3-training"
target = "US"
[[outcome]]
name = "rounds"
title = "Rounds {bad}"
measure = "deliveries"
of = "us-155-charges"
acceptable = 500000
[[outcome]]
name = "money"
measure = "paid"
"""
FACTORS = """
[[factor]]
varies = "parameter:training"
[[factor]]
varies = "parameter:attrition"
"""
DESIGNS = {
    "none": "",
    "one-at-a-time": FACTORS + '[design]\nkind = "one-at-a-time"\nworlds = 2\n',
    "factorial": FACTORS + '[design]\nkind = "factorial"\nlevels = 2\nworlds = 1\n',
    "sobol": FACTORS + '[design]\nkind = "sobol"\npoints = 24\nworlds = 2\n',
    "saltelli": FACTORS + '[design]\nkind = "saltelli"\npoints = 4\nworlds = 1\n',
    "morris": FACTORS + '[design]\nkind = "morris"\ntrajectories = 3\nworlds = 1\n',
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return a function that runs a study once, and gives its folder."""
    root, crew = tmp_path_factory.mktemp("reports"), Processes(1)
    made = {}

    def run(kind):
        if kind not in made:
            study = read_study(kind, STUDY.format(bad=BAD) + DESIGNS[kind], root)
            made[kind] = root / kind
            run_study(study, made[kind], crew)
        return made[kind]

    yield run
    crew.close()


class Page(HTMLParser):
    """Gathers tags with their attributes, and the text outside styles."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.text = ""
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_data(self, data):
        self.text += "" if self._style else data


def facts_of(folder, frame=None, **about):
    """Return facts of results whose runs or description are changed."""
    facts = Facts(open_results(folder))
    facts.about.update(about)
    if frame is not None:
        facts.__dict__["all_runs"] = frame
    return facts


def said(facts):
    return " ".join(text for _, text in answer(facts)).replace(SPACE, " ")


@pytest.mark.parametrize("kind", DESIGNS)
def test_every_kind_of_design_has_a_whole_page_that_runs_nothing_and_fetches_nothing(
    kind, ran, tmp_path
):
    path = write_report(ran(kind), tmp_path / "page.html")
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    names = [tag for tag, _ in page.tags]
    assert "script" not in names
    assert "img" not in names
    assert BAD in page.text  # it is there, as text
    links = [v for _, attrs in page.tags for k, v in attrs.items()
             if k in ("href", "src", "xlink:href")]  # fmt: skip
    assert links
    assert all(link.startswith("#") for link in links)
    assert "url(http" not in text
    assert {"packages", "method", "rests", "again"} <= {a.get("id") for _, a in page.tags}
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_tables_name_their_rows_and_columns_and_pictures_say_what_they_show(ran, tmp_path):
    page = Page(write_report(ran("sobol"), tmp_path / "p.html").read_text(encoding="utf-8"))
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == 1
    assert names.count("table") == names.count("caption") > 5
    assert all(a.get("scope") in ("col", "row") for tag, a in page.tags if tag == "th")
    pictures = [a for tag, a in page.tags if tag == "svg"]
    assert len(pictures) == names.count("figcaption") > 3
    assert all(len(a["aria-label"]) > 20 and a["role"] == "img" for a in pictures)
    levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_the_same_results_give_the_same_bytes(ran, tmp_path):
    one, two = (write_report(ran("sobol"), tmp_path / f"{n}.html") for n in "ab")
    assert one.read_bytes() == two.read_bytes()
    pages = [write_pages(ran("sobol"), tmp_path / n) for n in "cd"]
    assert [p.read_bytes() for p in pages[0]] == [p.read_bytes() for p in pages[1]]


def test_the_answer_has_the_figures_of_the_runs(ran):
    facts = facts_of(ran("sobol"))
    runs = facts.results.nominal()
    means = runs.pivot(index="replication", columns="package", values="rounds").mean()
    gain = means["first"] - means["baseline"]
    best = facts.best
    assert best.row["difference"] == pytest.approx(gain)
    frame = facts.results.futures().groupby(["point", "package"])["rounds"].mean().unstack()
    gap = frame[best.package] - frame["baseline"]
    row = facts.found.set_index(["package", "outcome"]).loc[(best.package, "rounds")]
    assert row["holds"] == pytest.approx((gap * row["sign"] > 1e-9 * frame["baseline"]).mean())
    assert "24 sampled futures" in said(facts)
    assert "probability" not in said(facts)


def changed(folder, change):
    """Return the runs of a study with the rounds of its packages changed."""
    frame = open_results(folder).runs()
    for name, shift in change.items():
        mine = frame["package"] == name
        frame.loc[mine, "rounds"] = frame.loc[mine, "replication"].map(shift).astype(float)
    return frame


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"baseline": lambda k: 9 + k, "first": lambda k: 19 + k + k % 2, "training": lambda k: k},
         "does best for"),
        ({"baseline": lambda k: 9, "first": lambda k: 5 + 9 * (k % 2), "training": lambda k: 9},
         "no package is clearly better"),
        ({"baseline": lambda k: 9, "first": lambda k: 4 + k % 2, "training": lambda k: 1},
         "every package is worse"),
        ({"baseline": lambda k: 9, "first": lambda k: 9, "training": lambda k: 9},
         "no package changes"),
    ],
)  # fmt: skip
def test_the_answer_fits_what_was_found(change, words, ran):
    facts = facts_of(ran("none"), changed(ran("none"), change))
    assert words in said(facts)
    assert "none was varied" in said(facts)


def test_one_package_and_one_world_are_no_comparison(ran):
    frame = open_results(ran("none")).runs()
    facts = facts_of(ran("none"), frame[frame["replication"] == 0])
    assert "one world, so no interval" in said(facts)
    facts = Facts(open_results(ran("none")))
    facts.packages, facts.others = {"baseline": "No change"}, []
    assert "nothing to compare it with" in said(facts)


def test_outcomes_that_disagree_are_told(ran):
    frame = changed(ran("none"), {"baseline": lambda k: 9 + k, "first": lambda k: 19 + k + k % 2})
    frame["stock"] = frame["rounds"] * -1.0
    results = open_results(ran("none"))
    results.about["outcomes"].append(
        results.about["outcomes"][0] | {"name": "stock", "title": "Stock left"}
    )
    facts = Facts(results)
    facts.__dict__["all_runs"] = frame
    told = dict(cautions(facts))
    assert "\u201cStock left\u201d is" in told["Outcomes disagree."]


def test_failed_and_missing_runs_are_left_out_in_pairs_and_told(ran):
    frame = open_results(ran("sobol")).runs()
    frame.loc[frame["run"] == 1, ["status", "error", "rounds", "money"]] = [
        "error",
        "x",
        None,
        None,
    ]
    facts = facts_of(ran("sobol"), frame[frame["point"] < 20])
    told = dict(cautions(facts))
    assert "1 run" in told["Failed runs."]
    assert facts.nominal.left_out == (0,)
    assert f"{len(frame):,} runs are there" in told["Not finished."]
    assert facts.sampled.cases == 19
    nothing = facts_of(ran("sobol"), frame[frame["run"] < 2])
    assert answer(nothing)[0][0] == "No answer yet."


def test_unfinished_results_have_a_page(ran, tmp_path):
    for kind in ("saltelli", "morris", "one-at-a-time"):
        folder = tmp_path / kind
        shutil.copytree(ran(kind), folder)
        for path in sorted((folder / RUNS).glob("*.parquet")):
            table = pq.read_table(path)
            half = table.slice(0, table.num_rows // 2)
            path.unlink()
            pq.write_table(half, path.with_name(f"{0:09d}-{half.num_rows - 1:09d}.parquet"))
        assert "Not finished." in write_report(folder).read_text(encoding="utf-8")


def test_markdown_says_the_same_and_shows_every_picture(ran, tmp_path):
    html = Page(write_report(ran("sobol"), tmp_path / "p.html").read_text(encoding="utf-8")).text
    *pictures, page = write_pages(ran("sobol"), tmp_path / "docs")
    text = page.read_text(encoding="utf-8")
    assert page == tmp_path / "docs/studies/sobol.md"
    for target in re.findall(r"\]\((\.\./[^)]*)\)", text):
        assert (page.parent / target).resolve() in [p.resolve() for p in pictures]
    assert text.count("](../") == len(pictures) > 3
    for path in pictures:
        assert path.stat().st_size < 150_000
        ElementTree.fromstring(path.read_text(encoding="utf-8"))
        assert "var(--" not in path.read_text(encoding="utf-8")
    assert "<script" not in text
    for _, sentence in answer(Facts(open_results(ran("sobol")))):
        assert sentence in html
        plain = unescape(re.sub(r"\\(.)", r"\1", text))
        assert " ".join(sentence.split()) in plain.replace("\n", " ")


def test_a_run_opened_as_the_report_says_gives_the_figure_of_the_results(ran, tmp_path):
    text = write_report(ran("sobol"), tmp_path / "p.html").read_text(encoding="utf-8")
    code = unescape(re.search(r"<pre tabindex=0>(from experiments.*?)</pre>", text, re.S)[1])
    code = code.replace("'study.toml'", repr(str(ran("sobol") / "study.toml")))
    scope = {}
    exec(code, scope)
    frame = open_results(ran("sobol")).runs()
    at = (frame["point"] == scope["point"]) & (frame["world"] == scope["world"])
    row = frame[at & (frame["package"] == scope["package"])].iloc[0]
    outcome = open_results(ran("sobol")).outcomes[0]
    assert figure(scope["model"], outcome) == row["rounds"]


def test_what_a_search_found_is_told(ran, tmp_path):
    folder = tmp_path / "searched"
    shutil.copytree(ran("none"), folder)
    about = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    about["search"] = {"objectives": about["outcomes"], "generations": 3, "population": 2}
    (folder / "study.json").write_text(json.dumps(about), encoding="utf-8")
    rows = [(0, 5.0, 9.0, 0.0), (0, 4.0, 9.5, 0.0), (1, 6.0, 12.0, 0.0), (1, 99.0, 1.0, 2.0)]
    told = [
        {"generation": g, "violation": v, "figures": {"rounds": r, "money": m},
         "package": {"name": f"found-{n}", "title": f"{BAD} {n}", "settings": []}}
        for n, (g, r, m, v) in enumerate(rows)
    ]  # fmt: skip
    (folder / "candidates.json").write_text(json.dumps(told), encoding="utf-8")
    found = read_search(Facts(open_results(folder)))
    assert found.front.tolist() == [True, False, True, False]
    assert found.volume.tolist() == sorted(found.volume.tolist())
    page = Page(write_report(folder).read_text(encoding="utf-8"))
    assert "2 of 3 generations, 4 candidates, 1 beyond a limit; 2 on the front" in page.text
    assert "found-2" in page.text
    assert "script" not in [tag for tag, _ in page.tags]


def test_the_command_writes_the_page_and_says_where(ran, tmp_path, capsys):
    out = tmp_path / "there" / "page.html"
    assert main(["report", str(ran("none")), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"report": str(out)}
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert main(["report", str(tmp_path)]) == 2
    assert "no results of a study" in capsys.readouterr().err
    with pytest.raises(ResultsError):
        write_report(tmp_path)


def test_one_page_tells_what_several_studies_found_and_how_many_findings_survive(ran, tmp_path):
    folders = [ran("sobol"), ran("none")]
    files = write_survey(folders, tmp_path)
    page = (tmp_path / "studies" / "README.md").read_text(encoding="utf-8")
    assert files[-1].name == "README.md"
    facts = Facts(open_results(folders[0]))
    firm = facts.found[facts.found["verdict"].isin(["survives", "mostly"])]
    told = firm[firm["outcome"] != "money"]
    assert len(told), "something to tell"
    assert page.count("| survives |") + page.count("| mostly |") == len(told)
    assert f"Of {len(facts.found)} findings" in page
    assert page.count("The whole report:") == 2
    assert BAD not in page
    assert write_survey(folders, tmp_path) == files
    assert (tmp_path / "studies" / "README.md").read_text(encoding="utf-8") == page
