"""The laboratory: studies and results of this machine, for the page that shows them; no browser."""
