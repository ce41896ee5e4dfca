"""The pages of a team's seat: plan, situation, talk, brief, help."""
