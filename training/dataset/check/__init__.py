"""Check a data folder: open every image, and report what to fix in words, JSON and on a page."""
