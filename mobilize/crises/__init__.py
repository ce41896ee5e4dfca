"""What goes wrong: kinds of disturbance, what they do, events of an exercise, chance hazards."""
