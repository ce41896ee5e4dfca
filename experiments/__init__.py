"""Batch policy experiments; for now the plain comparison of two policies."""
