"""What is handed out on paper: the facilitator's guide, and a handout for every seat."""
