"""Lessons: what a class reads, predicts, decides and explains, as data; no browser code."""
