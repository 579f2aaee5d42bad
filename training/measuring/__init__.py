"""Measures bundles on photographs and presentations, and writes a report about them."""
