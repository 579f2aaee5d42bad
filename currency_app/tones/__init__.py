"""Short tones beside speech: a note in view, its place, its value, and that it has left.

`--tones` asks for them. They are made in code, played by the program that plays speech, and never over speech.
"""

from __future__ import annotations

from currency_app.tones.listener import ToneListener, open_tones

__all__ = ["ToneListener", "open_tones"]
