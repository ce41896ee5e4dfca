"""What an instructor sees of a class, as plain data; no browser code."""
