"""Names of the challenger's mindsets and of the rungs of its ladder; figures are in `agents`."""

MINDSETS = ("opportunist", "fearful", "patient")
RUNGS = ("protest", "slow-roll", "embargo", "sabotage", "quarantine", "attack")  # upwards
