"""The DPAS desk: one order at a time, answered by 15 CFR 700.12-700.18; no browser code."""
