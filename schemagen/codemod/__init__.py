"""Rewrites Python that speaks of a backend: which places mean the thing that is renamed, and the text after it."""
