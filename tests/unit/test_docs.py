import ast
import doctest
import importlib
import pkgutil
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

import agents
import mobilize
import policies
from agents.tables import rows
from mobilize import dictionary, month, terms
from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.scenario import load, schema, settings, shipped
from mobilize.scenario.defaults import default
from mobilize.state import State
from policies import package

DOCS = Path(__file__).parents[2] / "docs"
FENCED = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
NAME = re.compile(r"(?<![\w.-])[A-Za-z_][\w-]*(?:\.\w+)*")
FUNCTIONS = {"min", "max", "exp"}
FOLDERS = ("mobilize", "agents", "policies")


def text(name):
    return (DOCS / name).read_text(encoding="utf-8")


def code(page):
    """What stands in backticks inside a line, commands left out."""
    return re.findall(r"`(?!python)([^`\n]+)`", FENCED.sub("", page))


@cache
def modules():
    """Every module of the packages that the pages may name."""
    found = {}
    for top in (mobilize, agents, policies):
        found[top.__name__] = top
        for info in pkgutil.walk_packages(top.__path__, f"{top.__name__}."):
            if not info.name.endswith("__main__"):
                found[info.name] = importlib.import_module(info.name)
    return found


@cache
def names():
    """Every name of the state, the network, the parameters and the tables."""
    columns = {c for table in schema.tables().values() for c in table}
    words = {w for a in schema.attributes() for w in (*a.choices, *a.words)}
    keys = {key for _, entry, _ in dictionary.ENTRIES for key in entry}
    fields = {*State._fields, *Network._fields, *Parameters._fields}
    lines = {str(line) for name in shipped() for line in load(name)["lines"]["id"]}
    moved = {t.name for known in terms.SCOPES.values() for t in known}
    return {
        *fields,
        *moved,
        *columns,
        *words,
        *keys,
        *schema.tables(),
        *shipped(),
        *package.shipped(),
        *lines,
        *(row["name"] for row in rows("mindsets.csv")),
        *FUNCTIONS,
    }


def exists(name):
    if name in names() or name in modules():
        return True
    if "." not in name:
        return name in {n.rpartition(".")[2] for n in called(month.work, month.disturb)}
    head, _, rest = name.rpartition(".")
    if (DOCS / name).is_file() or name == settings.FILE:
        return True
    if head in schema.tables():
        return rest in schema.tables()[head]
    while head and head not in modules():
        head, _, more = head.rpartition(".")
        rest = f"{more}.{rest}"
    thing = modules().get(head)
    for part in rest.split("."):
        thing = getattr(thing, part, None)
    return thing is not None


@cache
def called(*kernels):
    """What the given functions of month.py call, in their order."""
    tree = ast.parse(Path(month.__file__).read_text(encoding="utf-8"))
    wanted = [kernel.__name__ for kernel in kernels]
    bodies = [node for node in tree.body if getattr(node, "name", "") in wanted]
    calls = [
        (node.lineno, node.func.id)
        for body in bodies
        for line in body.body
        for node in ast.walk(line)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return tuple(name for _, name in sorted(calls))


def test_the_data_dictionary_is_the_one_the_schema_gives():
    assert text("data.md") == dictionary.dictionary(), (
        "renew it: python -m mobilize.dictionary > docs/data.md"
    )


def test_the_dictionary_names_every_column_parameter_and_key():
    page = text("data.md")
    assert all(f"| `{a.header}` |" in page for a in schema.attributes())
    assert all(f"| `{name}` |" in page for name in default("parameters")["name"])
    for _, entry, _ in dictionary.ENTRIES:
        assert all(f"`{key}`" in page for key in entry)


def test_no_table_of_the_generated_pages_has_a_broken_row():
    for page in ("data.md", "evidence.md"):
        for block in re.findall(r"(?:^\|.*\n)+", text(page), re.MULTILINE):
            bars = {len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines()}
            assert len(bars) == 1, block


def test_the_account_of_evidence_is_the_one_the_data_give():
    page = text("evidence.md")
    assert dictionary.renewed(page) == page, (
        "renew it: python -m mobilize.dictionary docs/evidence.md"
    )


def test_every_shipped_scenario_has_an_account_of_its_evidence():
    assert {part[1] for part in dictionary.PART.findall(text("evidence.md"))} == set(shipped())


def test_evidence_counts_every_filled_figure_once():
    rows = [row.strip("| \n").split(" | ") for row in dictionary.evidence(shipped()[0]).split("\n")]
    counts = {row[0]: [int(cell) for cell in row[1:]] for row in rows[2:] if len(row) == 5}
    total = counts.pop("**all**")
    tables = [count for name, count in counts.items() if name.startswith("**")]
    assert [sum(column) for column in zip(*tables, strict=True)] == total


@pytest.mark.parametrize("page", ["model.md", "evidence.md"])
def test_every_name_in_code_type_exists(page):
    found = {name for piece in code(text(page)) for name in NAME.findall(piece)}
    assert len(found) > 3
    assert sorted(name for name in found if not exists(name)) == []


def test_the_check_of_names_finds_a_wrong_one():
    wrong = ("mobilize.physics.ordering.order_output", "order_output", "mobilize.nothing.here")
    assert not any(map(exists, (*wrong, "lines.rate", "mobilize.world.World.shortfal")))


def test_every_name_with_an_underscore_in_a_formula_exists():
    formulas = "\n".join(FENCED.findall(text("model.md")))
    used = {name for name in NAME.findall(formulas) if "_" in name}
    local = {"by_equipment", "by_crew", "stock_gap", "p_short", "p_long"}
    assert sorted(n for n in used - local if not exists(n) and not any(
        hasattr(module, n) for module in modules().values())) == []  # fmt: skip


def test_every_parameter_is_named_in_the_description_of_the_model():
    page = text("model.md")
    assert [n for n in Parameters._fields if not re.search(rf"\b{n}\b", page)] == []


def test_the_schedule_is_that_of_the_month():
    page = text("model.md")
    physics = page[page.index("Then the physics") : page.index("## 4.")]
    steps = re.findall(r"^\d+\. `mobilize\.physics\.\w+\.(\w+)`", physics, re.MULTILINE)
    assert steps == [name for name in called(month.work) if name != "int"]
    before = page[page.index("## 3.") : page.index("Then the physics")]
    places = [before.index(f"`{name}`") for name in called(month.disturb)]
    assert places == sorted(places)


def test_the_quickstart_does_what_it_says():
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testfile(
        str(DOCS / "quickstart.md"), module_relative=False, optionflags=flags, encoding="utf-8"
    )
    assert result.attempted > 20
    assert result.failed == 0


def test_links_between_pages_lead_somewhere():
    for page in DOCS.glob("*.md"):
        for link in re.findall(r"\]\(([\w./-]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).is_file(), f"{page.name}: {link}"


def test_examples_of_toml_in_the_pages_can_be_read():
    for page in DOCS.glob("*.md"):
        for block in re.findall(
            r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            tomllib.loads(block)


def test_the_example_of_the_readme_is_what_the_command_prints(capsys):
    from mobilize.cli import main

    main(["why", "artillery-2022", "--item", "us-155-charges", "--month", "2024-09"])
    printed = " ".join(capsys.readouterr().out.split())
    page = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    shown = page[page.index("Why us-155") : page.index("```\n\nIn Python")]
    assert " ".join(shown.split()) in printed
