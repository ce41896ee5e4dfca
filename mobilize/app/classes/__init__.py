"""Lessons in the browser: students join a team by code and a name, an instructor leads."""
