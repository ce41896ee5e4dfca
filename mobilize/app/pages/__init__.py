"""Pages, one a module: thin components that put views into pictures."""
