"""Measures the whole app on presentations: what is said for notes that come, are held and go, and what is not."""
