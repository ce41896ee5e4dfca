"""A class of one lesson: teams, an instructor, one door for what they do; no browser code."""
