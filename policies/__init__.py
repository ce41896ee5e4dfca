"""What can be changed, and the rules of law that bound it."""
