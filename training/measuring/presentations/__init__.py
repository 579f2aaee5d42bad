"""Measures the whole app on presentations: notes that come, are held and go."""
