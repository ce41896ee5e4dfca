"""The page on studies: ``python -m experiments.handbook > docs/studies.md``."""

from __future__ import annotations

from experiments.designs import NEED
from experiments.measurable import MEASURES, OWN
from experiments.movable import movable, read
from experiments.outcome import HOWS
from mobilize.dictionary import table

HEAD = """\
# Studies

Written by `python -m experiments.handbook > docs/studies.md`; do not edit by hand.

A study asks one question of many worlds, several packages and uncertain numbers. It is one TOML
file. `mobilize experiment` lists the studies that come with Mobilize, `mobilize experiment FILE
--plan` says how many runs, minutes and megabytes one takes, `mobilize experiment FILE` runs it or
goes on with it, and `mobilize report FOLDER` writes one page with the answer, what it rests on and
how to make it again. `--small` runs the same in a small setting, to see that all of it works.

## A study file

```toml
title = "Charges first"
question = "Does money for charges bring more shells, whatever the guesses are?"
scenario = "artillery-2022"      # a shipped one, or a folder beside this file
worlds = 64                      # at the nominal point, where every factor has its base
# months, seed: the scenario's unless given; baseline = "baseline": the package compared with

[design]                         # where in the uncertain it looks
kind = "sobol"
points = 256
worlds = 2                       # at each other point

[factors]                        # what is uncertain: all numbers that rest on guesses ...
every = ["notional", "unverified", "estimate"]
leave = ["parameter:wage"]       # ... but these; patterns such as "challenger:*" too

[[factor]]                       # or one by one, with a range of your own and its source
varies = "parameter:training"
low = 3
high = 9
source = "MODEL"
confidence = "notional"

[[package]]                      # the baseline, no change, is there by itself
name = "charges"
title = "Charges first"
use = "charges-first"            # shipped packages or files, one or a list ...

[[package.set]]                  # ... and settings of its own, as in a package file
date = "2022-10"
lever = "title3-rule"
value = "shadow"

[[outcome]]                      # what counts
name = "shells"
measure = "deliveries"
of = "projectile-155"
from = "2023-01"                 # a window, the whole run by default
goal = "more"
acceptable = 1200000             # from where on it is good enough
```

The file is checked as a whole; every fault is told at once. Its hash is taken over what it means:
scenario, packages, factors, outcomes, design, months, seed and worlds. Comments, titles and layout
do not count, nor does `[small]`, which says how small `--small` makes it.

## Runs

A run is a point of the design, a replication and a package. Packages of a pair meet the same luck
and stand next to each other, so that a study that is half done holds whole pairs. With `luck =
"shared"` replication k meets the luck of world k at every point, which is right for designs that
compare points; with `"own"` (the rule for `latin` and `sobol`) no two points meet the same luck, so
that futures are independent.

Results go to `results/NAME-HASH/`: `study.toml` as written, `study.json` as understood,
`design.parquet` (the points), `runs/FIRST-LAST.parquet` (a row a run: status, outcomes and the
quarterly means behind them), `manifest.json` (versions, hashes, seed) and `log.jsonl`, which a page
can watch. The bytes of `runs/` follow from study and code alone: one process, ten, or a cluster
give the same. Whatever stops a study - Ctrl+C, a file `stop` in the folder, a killed process, a
full disk - loses the chunks under way at most (50 runs, or one pair if that is more, two a worker);
the same command goes on. Results begun by another version are refused unless `--accept` is given;
the manifest then tells.

A run that fails is a row with its error (`status` error, timeout or died) and stops nothing. A run
that kills its process is found by running alone what was under way. Files of results that were
damaged are found when the study is gone on with, and their runs done again.

## On a cluster

```
dask scheduler --host 127.0.0.1 --port 8786 --dashboard-address 127.0.0.1:0
dask worker tcp://127.0.0.1:8786 --nthreads 1 --nworkers 4 --dashboard-address 127.0.0.1:0
mobilize experiment STUDY --scheduler tcp://127.0.0.1:8786
```

It needs `pip install 'mobilize[cluster]'`. Scheduler and workers must have this very version: a
worker with other code stops the study, one with other libraries is noted. Workers may come and go;
without any for 20 s the study stops, and the same command goes on with it, on the cluster or,
without `--scheduler`, on this machine. A Dask cluster runs whatever it is sent by anybody who
reaches it: use trusted networks only, and Dask's TLS between machines.

"""
DESIGNS = {
    "none": "the nominal point alone: packages, worlds, nothing uncertain",
    "one-at-a-time": "each factor at its low and high end (or each word), the others at their "
    "base: a tornado, which misses what factors do together",
    "factorial": "every combination of `levels` values of every factor",
    "latin": "a Latin hypercube of `points` futures",
    "sobol": "the first `points` of a scrambled Sobol sequence: a longer one begins with the same",
    "saltelli": "matrices for Sobol' indices (Saltelli et al. 2010) of `points` rows: `points` x "
    "(factors + 2) futures; 512 rows or more for a ranking",
    "morris": "`trajectories` that move one factor at a time (Morris 1991): a screening of many "
    "factors; needs `mobilize[sensitivity]`",
}
FACTORS = """\
## What may be uncertain

`every` takes all numbers of a scenario that rest on some confidence, with the ranges that the data
give them; a `[[factor]]` names one by its address. Ranges serve to cover what may be true and claim
no odds: a result holds in so many of the sampled futures.

- `parameter:NAME`: a parameter of the model, over the low and high of its row.
- `table:TABLE.COLUMN`, `use:...`, `hazard:...`: figures of the scenario that move together, each by
  its own confidence (below); `rows` narrows it to a pattern of ids.
- `lever:NAME`, `onset:NAME`: size and onset of a lever that a package sets, between the low (-1),
  base (0) and high (1) of the catalogue.
- `challenger:NAME`, `mindset`: how the challenger thinks, where there is one.

A place of 1 multiplies a figure by its spread, -1 divides by it:

"""
COUNTS = """
## What counts

An outcome is a measure, `of` something (a program, an item, `all`), over a window of months
(`from`, `to`), as one figure (`how`):

- of a flow, what happens in a month: {flow};
- of a stock, what stands at its end: {stock}.

`ever`, `share of months` and `months until` compare with `level`; what is never reached counts as
the length of the window. `goal` and `acceptable` say what is good and good enough.

"""
SEARCH = """\
## Searching over levers

```toml
[search]                         # NSGA-II by optuna; needs mobilize[search]
generations = 12
population = 16
objectives = ["shells", "paid"]  # names of outcomes
within = ["paid <= 3000"]

[[search.lever]]
lever = "title3-appropriation"
date = ["2022-10", "2023-04"]
low = 100
high = 500
step = 100

[[search.lever]]
lever = "title3-rule"
date = "2022-10"
values = ["off", "shadow"]
```

Candidates run as packages do, in the same pairs; `candidates.json` lists them, the first of a
generation following from the figures of those before alone, so that a search goes on where it
was.

"""


def page() -> str:
    """Return the text of ``docs/studies.md``."""
    designs = [
        (f"`{kind}`", ", ".join(f"`{key}`" for key in keys) or "-", DESIGNS[kind])
        for kind, keys in NEED.items()
    ]
    spread = [(row["confidence"], row["spread"], row["why"]) for row in read("spread.csv")]
    moved = [(f"`{kind.address}`", kind.title) for kind in movable().values()]
    fixed = [(f"{row['of']}: {row['columns']}", row["why"]) for row in read("fixed.csv")]
    kinds = {kind: ", ".join(f"`{how}`" for how in hows) for kind, hows in HOWS.items()}
    measures = [
        (f"`{m.name}`", m.words.format(of="..."), m.unit if m.unit != OWN else "of the item",
         m.goal or "-", m.kind)
        for m in MEASURES.values()
    ]  # fmt: skip
    return (
        "".join(
            (
                HEAD,
                "## Designs\n\n",
                table(("Kind", "Needs", "Points"), designs),
                "\nEvery design begins with the nominal point, with `worlds` of the study.\n\n",
                FACTORS,
                table(("Confidence", "Spread", "Why"), spread),
                "\n",
                table(("Address", "Moves"), moved),
                "\nLeft out, and why:\n\n",
                table(("Columns", "Why"), fixed),
                COUNTS.format(**kinds),
                table(("Measure", "What", "Unit", "Better", "Kind"), measures),
                "\n",
                SEARCH,
            )
        ).rstrip()
        + "\n"
    )


if __name__ == "__main__":
    print(page(), end="")
