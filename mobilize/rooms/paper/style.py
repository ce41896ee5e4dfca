"""Style of printed papers beside that of every page: A4 and Letter alike, black on white."""

MORE = """
body { max-width: 60rem }
h3 { break-after: avoid }
thead { display: table-header-group }
tr { break-inside: avoid }
.say { border-left: 4px solid #0b5cad; padding: .3rem .9rem; background: #eef5fc }
.do { font-family: ui-monospace, "DejaVu Sans Mono", monospace; background: #f3f6f9;
  padding: .4rem .8rem; display: inline-block; overflow-wrap: anywhere; max-width: 100% }
.keep { color: #8a1c1c; font-weight: 600 }
.sheet { break-before: page }
ol li, ul li { margin: .25rem 0; max-width: 46rem }
.columns { columns: 3; font-size: .82rem; list-style: none; padding: 0 }
.columns li { margin: .1rem 0; break-inside: avoid }
caption { break-after: avoid; font-weight: 600 }
td:first-child { font-weight: 600 }
@media print { .say, .do { background: none; border: 1px solid #9aa7b5 }
  body { font-size: 9pt } table, .columns { font-size: 7.8pt } h1 { font-size: 16pt }
  h2 { font-size: 12pt; margin: .9rem 0 .3rem; padding-top: .3rem } p, ol, ul { margin: .4rem 0 }
  table { margin: .2rem 0 .5rem } th, td { padding: .12rem .4rem } thead { break-after: avoid } }
"""
