"""From a game to plain data for the components: no browser code, no rule."""
