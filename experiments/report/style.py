"""How a report looks: colours of both themes, of series and of shades; print."""

from __future__ import annotations

# Told apart by colour-blind readers by lightness too, 3 to 1 and more against either ground;
# beside them series differ by their marks and lines.
SERIES = ("#5b6675", "#0b5cad", "#b4530a", "#0a7d55", "#8a3ea8", "#b3123f", "#7a6200", "#00788a")
DARK = ("#a9b4c1", "#6db3ff", "#ff9d57", "#4fd0a0", "#d59bf0", "#ff8aa6", "#d6bb3c", "#4cc7da")
INK, FAINT, RULE, PALE = "#16202c", "#56616f", "#d5dde5", "#dbe8f6"
ROLES = {INK: "ink", FAINT: "faint", RULE: "rule", PALE: "pale"} | {
    colour: f"s{n}" for n, colour in enumerate(SERIES)
}
"""By colour of a picture, the variable of the page that stands for it."""
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")

_LIGHT = {
    "ground": "#ffffff", "ink": INK, "muted": "#505b69", "faint": FAINT, "rule": RULE,
    "pale": PALE, "soft": "#f3f6f9", "link": "#0b5cad", "note": "#fff6e6", "edge": "#b4530a",
    "good": "#d3efe2", "fair": "#e6f3ec", "poor": "#fdf0d8", "bad": "#fbdcd5", "none": "#eef1f4",
} | {f"s{n}": colour for n, colour in enumerate(SERIES)}  # fmt: skip
_DARK = {
    "ground": "#11161c", "ink": "#e8edf2", "muted": "#a9b4c1", "faint": "#a9b4c1",
    "rule": "#36414d", "pale": "#23384f", "soft": "#1a2129", "link": "#7cbcff", "note": "#33270f",
    "edge": "#ff9d57", "good": "#124a35", "fair": "#163628", "poor": "#4a3709", "bad": "#5a2117",
    "none": "#232b34",
} | {f"s{n}": colour for n, colour in enumerate(DARK)}  # fmt: skip


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


STYLE = f"""
:root {{ color-scheme: light dark; {_variables(_LIGHT)} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(_DARK)} }} }}
* {{ box-sizing: border-box }}
body {{ margin: 0 auto; max-width: 72rem; padding: 2rem 1.5rem 4rem; background: var(--ground);
  color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }}
h1 {{ font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; overflow-wrap: anywhere }}
h2 {{ font-size: 1.35rem; margin: 2.6rem 0 .6rem; padding-top: .7rem;
  border-top: 2px solid var(--link) }}
h3 {{ font-size: 1.08rem; margin: 2rem 0 .3rem }} h4 {{ font-size: .95rem; margin: 1.2rem 0 .2rem }}
p {{ max-width: 46rem; margin: .5rem 0; overflow-wrap: anywhere }}
.muted {{ color: var(--muted) }}
.lead {{ font-size: 1.12rem; color: var(--muted) }}
.answer {{ max-width: 52rem; font-size: 1.08rem; margin: 0; padding: .45rem 1.1rem;
  background: var(--soft); border-left: 4px solid var(--link) }}
.note {{ background: var(--note); border-left: 4px solid var(--edge); padding: .4rem 1.1rem;
  max-width: 52rem }}
nav {{ margin: 1.2rem 0 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem }}
a {{ color: var(--link) }}
dl {{ display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .35rem 1.2rem;
  margin: .8rem 0; max-width: 62rem }}
dt {{ color: var(--muted) }} dd {{ margin: 0; overflow-wrap: anywhere }}
figure {{ margin: 1rem 0 .6rem }}
figcaption {{ max-width: 50rem; color: var(--muted); font-size: .9rem; margin-top: .3rem }}
svg {{ display: block; width: 100%; height: auto }}
svg text {{ font-family: inherit !important; fill: var(--ink) }}
.wide {{ overflow-x: auto; margin: .5rem 0 }}
table {{ border-collapse: collapse; font-size: .82rem; min-width: 60% }}
caption {{ text-align: left; color: var(--muted); padding: .2rem 0 .4rem; max-width: 50rem }}
th, td {{ padding: .28rem .65rem; border-bottom: 1px solid var(--rule); text-align: left;
  vertical-align: top }}
thead th {{ border-bottom: 2px solid var(--faint); vertical-align: bottom }}
thead .num {{ white-space: normal; min-width: 5rem }}
th {{ font-weight: 600 }} tbody th {{ font-weight: 500; min-width: 9rem; max-width: 24rem }}
.num {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }}
.good {{ background: var(--good) }} .fair {{ background: var(--fair) }}
.poor {{ background: var(--poor) }} .bad {{ background: var(--bad) }}
td.none {{ background: var(--none) }} .best {{ background: var(--good); font-weight: 700 }}
details {{ margin: .4rem 0 }} summary {{ cursor: pointer; color: var(--link); padding: .15rem 0 }}
pre {{ background: var(--soft); padding: .8rem 1rem; overflow-x: auto; font-size: .82rem;
  white-space: pre-wrap; overflow-wrap: anywhere }}
@media (max-width: 40rem) {{ dl {{ grid-template-columns: 1fr; gap: 0 }}
  dd {{ margin-bottom: .5rem }} }}
@page {{ size: A4; margin: 14mm }}
@media print {{ :root {{ font-size: 12.5px; print-color-adjust: exact;
  -webkit-print-color-adjust: exact }}
  body {{ max-width: none; padding: 0; font-size: 9.5pt; background: #fff }}
  nav {{ display: none }} h2, h3, h4, caption, summary {{ break-after: avoid }}
  tr, figure, .answer {{ break-inside: avoid }} .wide {{ overflow: visible }}
  table {{ font-size: 7.5pt }} th, td {{ padding: .15rem .35rem }} tbody th {{ max-width: none }}
  .num {{ white-space: normal }} figcaption, caption {{ max-width: none }} }}
"""
