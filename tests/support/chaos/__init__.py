"""Faults for the whole app: `python -m tests.support.chaos` lets them happen at random, and counts what came of it."""
