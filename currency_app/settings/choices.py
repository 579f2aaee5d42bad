"""What the user chooses before a run: plain values, without anything that reads, shows or speaks."""

from __future__ import annotations

from dataclasses import dataclass

VOICE_KINDS = ("auto", "screen-reader", "system", "text", "off")
"""The values of `--voice`."""
MIN_RATE, MAX_RATE = 80, 500
"""The range of `--rate`, words per minute; chosen by hand, wider than what is easily understood."""
HINT_LEVELS = ("all", "few", "off")
"""The values of `--hints`, from the most words to the fewest."""
THEMES = ("auto", "dark", "light", "contrast")
"""The colours of the window; auto is what the system shows its own windows in."""


@dataclass(frozen=True)
class Settings:
    """The choices of one run. The options of `currency-app run` set them."""

    currency: str = "usd"
    """Installed currencies, or folders of model bundles, with commas between them."""
    language: str = "en"
    """What is said in: a code such as "es" or "es-MX", or "auto" for the system's language.

    The commands' default is "auto". A program that fills in nothing measures the same words on every machine.
    """
    voice: str = "auto"
    """Who speaks: one of VOICE_KINDS."""
    voice_required: bool = True
    """Whether a voice that cannot work here is an error; if not, the app speaks by "auto" and says so."""
    rate: int | None = None
    """Words per minute; None for the voice's own."""
    camera_faces_user: bool = True
    """Whether the camera looks at the user, as a webcam does, or at the note from the user's side."""
    mirrored: bool = False
    """Whether the camera's driver gives mirror images."""
    demonstration: bool = False
    """Whether the notes are drawn ones, whose values are announced as a demonstration's and printed too."""
    hints: str = "all"
    """How many hints are said: one of HINT_LEVELS; `speech.announcer` tells what "few" leaves out."""
    tones: bool = False
    """Whether short tones tell of a note in view, its value, its place and that it has left."""
    count: bool = False
    """Whether the total is said after each value."""
    window: bool | None = None
    """Whether a window shows the picture and the value; None for one where there can be one."""
    window_required: bool = True
    """Whether a window that cannot open is an error; if not, the app runs without one and prints why."""
    theme: str = "auto"
    """The colours of the window: one of THEMES."""
    max_seconds: float | None = None
    """Seconds of source time after which the run ends; None for no end."""
    threads: int | None = None
    """Threads of the network; None for one, or what was measured to be best for a camera or live stream."""
