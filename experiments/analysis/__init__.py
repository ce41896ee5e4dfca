"""What the runs of a study say: pure functions, frames in, frames out; no plots, no files.

`futures` averages runs over luck; all else starts from what it returns. `paired`, `robust`,
`front` and `survive` compare packages; `importance`, `sensitivity` and `discovery` say which
uncertain values matter, and `luck` how much no value explains.
"""
