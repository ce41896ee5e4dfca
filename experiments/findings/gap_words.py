"""What the page on the industrial gap says beside its figures."""

HEAD = """# The industrial gap: three packages and a challenger

{label} Written by
`python -m experiments.findings.gap docs` (two to ten minutes on two cores); do not edit by hand.
Mobilize {version}, scenario `{scenario}`, seed {seed}, {worlds} worlds in the same luck under
every policy and each of the challenger's three mindsets. Where the page speaks of worlds without
naming a mindset, each world counts once, with the mindset that its luck draws. Brackets round a
difference: its 90 % interval holds zero.

*Ready stock* buys, borrows and pools; *announced ramp* gives frameworks and money to primes
alone; *whole chain* pays the tiers that bind and plants that allies have. Each is a package of
`policies/packages`; their sums of money differ, so compare what they do and not what a dollar
does. There is no single score: M1-M7 ([model.md](model.md), 7.21) measure different things.

![A panel a metric: fans of worlds without change, medians of packages](pictures/gap-metrics.svg)

Bands: 50 % and 90 % of worlds without change; dashed: its second series.
"""
LADDER = """![Share of worlds by the highest step, package and mindset](pictures/gap-ladder.svg)

Share of worlds in which a step is taken at any time in the five years:
"""
UNMET = """## Fires that went unmet

Units asked for in five years and neither delivered from stock nor stood in for; median of worlds
(5-95 %) without change, then paired differences:

"""
REASONS = """## Why the worst month is the worst

In the median world (world {world}; by value of unmet fires) the worst month is `{month}`: of
{asked} asked of `{program}`, {units} went unfired.

```
{chain}
```

What each mindset adds up in that month, in that world, each with its own signals; last, the sum
under each package:

![Waterfalls of the three mindsets in the worst month.](pictures/gap-waterfall.svg)

"""
REST = """## What this rests on

The challenger is notional from end to end. The same comparison, `{package}` less no change, with
one figure at the low or high end of its range in `agents/mindsets.csv` (in all mindsets) or
`agents/ladder.csv` (of all steps), in half of the worlds:

"""
RESTS = """
What stands whatever the figure: fewer fires go unmet, and the worlds attacked stay the same. What
does not: which way ready stock moves the index of the opportunist and the fearful after a year.
It turns with the weight of the short war and with that of the window, so it is not a finding.
"""
METRICS = """## The metrics

Median of worlds (5-95 %), then mean paired differences with 90 % intervals. Both are made from
[gap.csv](gap.csv), which holds every world.
"""
SURPRISES = """## What surprised us

- **No package keeps the challenger from attacking.** Whatever is decided in 2027, worlds attacked
  within five years are the same or nearly so, under every mindset. In January stores would
  last 29 days of the renewed offensive, a year later one day (M1 takes the program that fails
  first), and from then on the war eats what is made. The chance of a short war is then near its
  end, and what a package adds in a trickle cannot move it: days of fires are won before a war,
  not in it. Compare lesson 9 of [lessons.md](lessons.md), where peace leaves the rounds in store.
- **Ready stock buys a day of fires in the first year, and borrows some of it.** Fewer fires go
  unmet in the first three years and more after that. GEM-T, NSM, Stinger and Javelin fall
  short more than without it; which loan or substitute takes each of them we did not trace.
- **The announcement misses what binds.** It lifts what is announced three years ahead, but M2
  as the challenger sees it stays: M2 takes the slowest program (JASSM-ER in most worlds), and the
  money goes to lines for PAC-3, SM-6 and AMRAAM. What it does open is a little of the window, so
  every mindset is at times a trace more ready to act, and slightly more fires, of PAC-3, go unmet.
- **The whole chain helps most and pulls two ways.** It cuts unmet fires several times as much as
  ready stock does, nearly all of it GEM-T and NSM, whose Chinese metals it replaces. In the
  fourth year it lowers the index of the patient, who looks at the long war, and raises that of
  the fearful and the opportunist, who see the window close.
- **What binds lies deep.** The reason chain of the worst month begins at `{first}` and ends at
  `{root}`, which makes {item} and is bound by {bound}.
"""
