"""The lessons that the model should teach, each as an experiment with a picture.

``python -m experiments.findings docs/pictures`` runs them all and renews the pictures and the page
``docs/lessons.md`` beside their folder.
"""
