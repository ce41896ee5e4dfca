"""What the page on the industrial gap says beside its figures."""

HEAD = """# The industrial gap: three packages and a challenger

{label} Written by `python -m experiments.findings.gap docs` (about ten minutes on two cores); do not
edit by hand. Mobilize {version}, scenario `{scenario}`, seed {seed}, {worlds} worlds in the same luck
under every policy and each of the challenger's three mindsets. Where the page speaks of worlds without
naming a mindset, each world counts once, with the mindset that its luck draws. Brackets round a
difference: its 90 % interval holds zero.

*Ready stock* buys, borrows and pools; *announced ramp* gives frameworks and money to primes alone;
*whole chain* pays the tiers that bind and plants that allies have. Each is a package of
`policies/packages`; their sums of money differ, so compare what they do and not what a dollar does.
There is no single score: M1-M7 ([model.md](model.md), 7.21) measure different things.

![Nine panels, a metric each: the fan of worlds without change and the medians of three packages.](pictures/gap-metrics.svg)

Bands: 50 % and 90 % of worlds without change; dashed: its second series.
"""
LADDER = """![Share of worlds by the highest step that stands, by package and mindset.](pictures/gap-ladder.svg)

Share of worlds in which a step is taken at any time in the five years:
"""
UNMET = """## Fires that went unmet

Units asked for in five years and neither delivered from stock nor stood in for; median of worlds
(5-95 %) without change, then paired differences:

"""
REASONS = """## Why the worst month is the worst

In the median world (world {world}; by value of unmet fires) the worst month is `{month}`: of {asked}
asked of `{program}`, {units} went unfired.

```
{chain}
```

What each mindset adds up in that month, in that world, each with its own signals; last, the sum under
each package:

![Waterfalls of the three mindsets in the worst month.](pictures/gap-waterfall.svg)

"""
REST = """## What this rests on

The challenger is notional from end to end. The same comparison, `{package}` less no change, with one
figure at the low or high end of its range in `agents/mindsets.csv` (in all mindsets) or
`agents/ladder.csv` (of all steps), in half of the worlds:

"""
METRICS = """## The metrics

Median of worlds (5-95 %), then mean paired differences with 90 % intervals. Both are made from
[gap.csv](gap.csv), which holds every world.
"""
SURPRISES = ""
