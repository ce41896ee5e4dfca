"""The small scenario with four governments that respond to a crisis, one of each stance."""

from pathlib import Path

from tests.scenarios import TABLES, edit, write_small

STANCES = {"US": "lead", "CA": "large", "PL": "front_line", "CH": "neutral"}
ROWS = {
    "countries": """\
PL,Poland,0.9,0.3,6000,no,yes,S1,estimate
CH,Switzerland,0.4,0.2,6000,no,no,S1,estimate
""",
    "firms": """\
pl-works,Polish works,PL,prime,MODEL,notional
swiss,Swiss works,CH,supplier,MODEL,notional
""",
    "lines": """\
pl-assembly,pl-works,shell,Nowa Deba,50.4,21.7,1,10,60,120,30,1,2,0.5,0,0,yes,S1,documented
swiss-charges,swiss,charge,Thun,46.8,7.6,2,20,120,240,60,1,3,0.1,,,,S1,estimate
""",
    "routes": """\
pl-shell-buy,pl-assembly,1,1,,yes,S1,documented
ca-shell-buy,pl-assembly,0.5,1,,yes,S1,documented
ca-shell-buy,assembly,0.5,1,,yes,S1,documented
ch-shell-buy,pl-assembly,1,1,,yes,S1,documented
assembly,swiss-charges,0.3,1,,yes,S1,estimate
pl-assembly,us-bodies,1,1,,yes,S1,estimate
pl-assembly,ca-charges,1,1,,yes,S1,estimate
""",
    "programs": """\
ca-shell-buy,Shells,CA,shell,annual,domestic,none,12000,8000,240,12,6,10,S1,documented
pl-shell-buy,Shells,PL,shell,annual,domestic,none,9000,8000,240,12,6,10,S1,documented
ch-shell-buy,Shells,CH,shell,annual,domestic,none,50000,8000,120,12,6,10,S1,documented
""",
    "projects": """\
more-charges,Charges at home,us-charges,new_source,US,,2,18,6,4,6,,200,80,S2,estimate
third-shop,Third shop,assembly,capacity,US,,3,12,6,2,6,0.25,200,120,S1,documented
""",
}
USE = """
[[conflict.use]]
program = "{program}"
from = "2022-04"
to = "{to}"
per_day = {per_day}
source = "S1"
confidence = "estimate"
"""


def write_allies(
    folder: Path,
    use: dict[str, float],
    stances: dict[str, str] = STANCES,
    to: str = "2023-12",
) -> Path:
    """Write the scenario; `use` is what a conflict from April 2022 takes a day, by program."""
    write_small(folder)
    for name, rows in ROWS.items():
        text = TABLES[name] + rows
        if name == "countries":
            header, *others = text.splitlines()
            added = [f"{row},{stances.get(row[:2], 'none')}" for row in others]
            text = "\n".join([f"{header},stance", *added, ""])
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    edit(folder, "routes.csv", "\nassembly,ca-charges,1,", "\nassembly,ca-charges,0.7,")
    toml = (folder / "scenario.toml").read_text(encoding="utf-8")
    before, after = toml.index("[[conflict.use]]"), toml.index("[[disturbance]]")
    draws = "".join(USE.format(program=i, per_day=d, to=to) for i, d in use.items())
    (folder / "scenario.toml").write_text(toml[:before] + draws + toml[after:], encoding="utf-8")
    return folder
