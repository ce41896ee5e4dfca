"""A small valid scenario, written to a folder that a test may then break."""

from pathlib import Path

TOML = """\
# a comment
title = "Small"
summary = "One prime, two suppliers, one mill."
start = "2022-02"
horizon = 60
seed = 7

[[conflict]]
id = "east"
name = "War in the east"

[[conflict.use]]
program = "us-shell-buy"
from = "2022-03"
to = "2023-12"
per_day = 3.5
source = "S1+S2"
confidence = "estimate"

[[conflict.use]]
program = "us-shell-buy"
from = "2024-01"
to = "2024-06"
per_day = 2
source = "S1"
confidence = "documented"

[[disturbance]]
id = "mill-fire"
kind = "outage"
target = "mill"
start = "2022-08"
months = 3
severity = 0.5
recovery = 2
text = "Fire at the mill"
source = "MODEL"
confidence = "notional"

[[disturbance]]
id = "border"
kind = "closure"
target = "assembly>ca-charges"
start = "2023-01"
months = 1
recovery = 0
text = "The border closes"
source = "MODEL"
confidence = "notional"

[[set]]
id = "shot"
name = "Complete shots"
parts = { us-shell-buy = 1 }

[[objective]]
text = "Fill the stock"
program = "us-shell-buy"
month = "2026-01"
stock = 20000

[[objective]]
text = "Deliver"
program = "us-shell-buy"
month = "2025-01"
deliveries = 300

[[disturbance]]
id = "walkout"
kind = "walkout"
target = "steelworks"
text = "The mill is on strike"
source = "MODEL"
confidence = "notional"

[[event]]
id = "pay"
title = "Pay dispute"
trigger = { on = "stock", of = "us-shell-buy", below = 0 }
audience = ["industry"]
text = "The union calls for a strike."
effects = ["walkout"]
expected = "Talks"
objective = "See what a strike costs"

[[hazard]]
id = "fever"
kind = "pandemic"
targets = ["base"]
per_year = 0.0001
text = "A new fever"
source = "MODEL"
confidence = "notional"
"""

TABLES = {
    "countries": """\
id,name,alignment [fraction],own_need [fraction],labour_pool [people],sosa,nato,source,confidence
US,United States,1,0.1,50000,no,yes,S1,documented
CA,Canada,0.95,,8000,yes,yes,S1,estimate
""",
    "items": """\
id,name,kind,unit,control,cost [kUSD/unit],learning [fraction],source,confidence
shell,Shell,end_item,round,licence,3.5,0.9,S1,documented
body,Body,component,body,,1,,S2,estimate
charge,Charge,component,charge,none,0.5,,S2,estimate
steel,Steel,material,tonne,none,2,,S2,estimate
""",
    "bom": """\
item,component,quantity [units/unit],source,confidence
shell,body,1,S1,documented
shell,charge,2,S1,documented
body,steel,0.05,S2,estimate
""",
    "firms": """\
id,name,country,role,source,confidence
prime,"Prime, Inc.",US,prime,S1,documented
bodies,Body works,US,supplier,MODEL,notional
charges,Charge works,CA,supplier,MODEL,notional
steelworks,Steel works,US,supplier,MODEL,notional
""",
    "lines": """\
id,firm,item,place,lat [degrees],lon [degrees],tier [tier],msr [units/month],\
rate_185 [units/month],rate_max [units/month],start_rate [units/month],cycle [months],\
lead [months],labour [person-months/unit],civil_share [fraction],cover [months],qualified,\
source,confidence
assembly,prime,shell,Iowa,40.8,-91.2,1,50,150,300,100,1,2,0.5,0,0,yes,S1,documented
us-bodies,bodies,body,Scranton,41.4,-75.7,2,40,120,250,100,2,3,0.4,,,,S1,estimate
ca-charges,charges,charge,Valleyfield,45.3,-74.1,2,80,250,500,200,1,3,0.1,,,,S1,estimate
us-charges,charges,charge,Radford,37.1,-80.6,2,0,100,200,0,1,3,0.1,,,no,S1,estimate
mill,steelworks,steel,Pittsburgh,40.4,-80,4,5,60,80,50,1,3,0.2,0.9,1,yes,S2,estimate
""",
    "routes": """\
buyer,supplier,share [fraction],transit [months],hedge [months],qualified,\
source,confidence
us-shell-buy,assembly,1,1,,yes,S1,documented
assembly,us-bodies,1,1,1.5,yes,S1,estimate
assembly,ca-charges,1,1,,yes,S1,estimate
assembly,us-charges,1,1,,no,S1,estimate
us-bodies,mill,1,1,,,S2,estimate
""",
    "programs": """\
id,name,country,item,contract,channel,rating,stock [units],objective [units],on_order [units],\
span [months],award [months],training_use [units/month],source,confidence
us-shell-buy,Shells,US,shell,annual,domestic,DO,10000,20000,1200,12,6,10,S1,documented
""",
    "budgets": """\
id,country,purpose,date,amount [MUSD],kind,repeat,source,confidence
fy22,US,us-shell-buy,2022-05,40,base,yearly,S1,documented
plant-22,US,industrial,2022-06,100,supplemental,no,S1,documented
""",
    "projects": """\
id,name,line,kind,payer,decided,fund [months],build [months],equip [months],qualify [months],\
ramp [months],spread [log sd],adds [units/month],cost [MUSD],source,confidence
more-shells,Second shop,assembly,capacity,US,2022-09,3,12,6,2,6,0.25,200,120,S1,documented
home-charges,Charges at home,us-charges,new_source,prime,,2,18,6,4,6,,200,80,S2,estimate
""",
    "provenance": """\
table,id,column,source,confidence,note
lines,mill,msr,MODEL,notional,a guess
lines,*,msr,S2,unverified,
lines,*,labour,MODEL,notional,
routes,assembly>ca-charges,share,S2,unverified,
""",
    "constraints": """\
date,target,constraint,source,confidence
2023-01,mill,steel for bodies,S1,documented
""",
    "hindcast": """\
date,metric,target,value [units],scored,source,confidence,note
2022-12,deliveries,us-shell-buy,110,yes,S1,documented,
2023-12,output,shell,150,yes,S1,documented,
2023-12,capacity,assembly,300,yes,S1,documented,
2021-12,cumulative,shell,0,no,S1,documented,before the run
""",
    "sources": """\
id,title,publisher,year,url,grade
S1,Budget exhibit P-21,US Army,2022,https://example.org/p21,A
S2,Newspaper,,,,B
""",
}


def write_small(folder: Path) -> Path:
    """Write the scenario to a new folder and return it."""
    folder.mkdir(parents=True)
    (folder / "scenario.toml").write_text(TOML, encoding="utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text that occurs exactly once in a file of the folder."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{old!r} occurs {text.count(old)} times in {file}")
    path.write_text(text.replace(old, new), encoding="utf-8")


FLEET_TABLES = {
    "items": """\
module,Radar module,component,module,none,300,,MODEL,notional
new-shell,New shell,end_item,round,none,9,,MODEL,notional
""",
    "firms": """\
modules,Module works,US,supplier,MODEL,notional
""",
    "lines": """\
module-works,modules,module,Andover,42.6,-71.1,2,0,6,12,4,2,4,3,0,0,yes,MODEL,notional
new-assembly,prime,new-shell,Iowa,40.8,-91.2,1,0,50,100,0,1,2,0.5,0,0,no,MODEL,notional
""",
    "routes": """\
radar-care,module-works,1,1,,yes,MODEL,notional
new-shell-buy,new-assembly,1,1,,no,MODEL,notional
""",
    "programs": """\
radar-care,Radars,US,module,annual,domestic,none,30,60,48,12,6,0,MODEL,notional,sustainment
new-shell-work,New shell,US,new-shell,annual,domestic,none,0,0,0,1,1,0,MODEL,notional,development
new-shell-buy,New shells,US,new-shell,annual,domestic,none,0,500,0,12,6,0,MODEL,notional,production
""",
    "budgets": """\
radars,US,radar-care,2022-03,18,base,yearly,MODEL,notional
new-shells,US,new-shell-buy,2024-05,2,base,yearly,MODEL,notional
""",
    "projects": """\
new-hall,New hall,new-assembly,new_source,US,,1,6,2,2,3,,100,20,MODEL,notional
""",
}
"""Rows added to the small scenario: a fleet of radars, a new shell and the line to make it."""

KIND_TABLES = {
    "fleets": """\
program,fielded [units],unserviceable [units],failures [1/year],source,confidence
radar-care,100,12,0.5,MODEL,notional
""",
    "depots": """\
id,program,country,place,capacity [units/month],turnaround [months],transit [months],\
share [fraction],parts [units/unit],cost [kUSD/unit],source,confidence
home-depot,radar-care,US,home,5,6,3,0.95,1,200,MODEL,notional
theatre-depot,radar-care,CA,theatre,4,3,0,0.05,1,250,MODEL,notional
""",
    "milestones": """\
id,program,months [months],cost [MUSD],spread [log sd],then,source,confidence
design,new-shell-work,10,30,0.2,,MODEL,notional
tests,new-shell-work,12,60,0.2,new-hall,MODEL,notional
""",
    "partners": """\
program,country,share [fraction],volatility [fraction],source,confidence
new-shell-work,US,0.6,0.1,MODEL,notional
new-shell-work,CA,0.4,0.3,MODEL,notional
""",
}


def write_kinds(folder: Path) -> Path:
    """Write the small scenario with a program of every kind to a new folder and return it."""
    write_small(folder)
    for name, rows in FLEET_TABLES.items():
        path = folder / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        if name == "programs":
            header, *others = text.splitlines()
            text = "\n".join([f"{header},kind", *(f"{row},production" for row in others), ""])
        path.write_text(text + rows, encoding="utf-8")
    for name, text in KIND_TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


WAR = """
[[conflict]]
id = "south"
name = "War in the south"
outbreak = "2022-06"
need_days = 21
source = "MODEL"
confidence = "notional"

[[conflict.phase]]
name = "opening"
months = 2

[[conflict.phase]]
name = "gap"
months = 3

[[conflict.phase]]
name = "protracted"
months = 6

[[conflict.use]]
program = "new-shell-buy"
phase = "opening"
per_day = 5
source = "S1"
confidence = "estimate"

[[conflict.use]]
program = "us-shell-buy"
phase = "protracted"
per_day = 20
source = "MODEL"
confidence = "notional"

[[conflict.use]]
program = "radar-care"
phase = "opening"
per_day = 0.1
source = "MODEL"
confidence = "notional"

[[conflict.substitute]]
program = "new-shell-buy"
instead = "us-shell-buy"
units = 2
source = "MODEL"
confidence = "notional"

[[conflict]]
id = "north"
name = "War in the north"
outbreak = "attack"
source = "MODEL"
confidence = "notional"

[[conflict.phase]]
name = "all of it"
months = 4

[[conflict.use]]
program = "us-shell-buy"
phase = "all of it"
per_day = 1
source = "MODEL"
confidence = "notional"
"""
"""Conflicts added to that scenario: one that breaks out by date, one that an attack begins."""


def write_war(folder: Path) -> Path:
    """Write the scenario with a program of every kind and three conflicts; return its folder."""
    path = write_kinds(folder) / "scenario.toml"
    path.write_text(path.read_text(encoding="utf-8") + WAR, encoding="utf-8")
    return folder
