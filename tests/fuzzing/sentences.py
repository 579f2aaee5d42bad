"""What every sentence to a user must be, whatever the input was."""

from __future__ import annotations

_MAX_LETTERS = 2_000
"""Letters of one sentence: a path may be long, what a file holds need not be repeated."""


def is_sentence(text: str) -> bool:
    """Whether a text is one line that can be printed and is not endless."""
    return bool(text.strip()) and text.isprintable() and len(text) <= _MAX_LETTERS
