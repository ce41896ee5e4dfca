"""Games: what people decide, turn by turn, kept and replayed; no browser code."""
