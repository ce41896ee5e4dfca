"""What rooms and classes share in the browser: how people are asked in, join, and keep a seat."""
