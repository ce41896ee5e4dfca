"""Experiments with the model, and what they found; batch studies are to come."""
