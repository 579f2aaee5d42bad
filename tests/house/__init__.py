"""Rules of the house that no linter knows: sizes, names and docstrings of the two packages."""
