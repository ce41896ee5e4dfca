"""Pages of a student: the lesson, the team's own game, the DPAS desk, words of the course."""
