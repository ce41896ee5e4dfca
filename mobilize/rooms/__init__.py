"""Rooms: several teams and a white cell play one game; no browser code."""
