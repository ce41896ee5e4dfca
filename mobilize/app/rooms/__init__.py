"""The tabletop in the browser: people join by code and a name, each at a seat of one room."""
