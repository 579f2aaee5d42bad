"""What the user chooses before a run: plain values, without anything that reads, shows or speaks."""

from __future__ import annotations

from dataclasses import dataclass

VOICE_KINDS = ("auto", "screen-reader", "system", "text", "off")
"""The values of `--voice`."""
MIN_RATE, MAX_RATE = 80, 500
"""The range of `--rate`, words per minute; chosen by hand, wider than what is easily understood."""


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
    rate: int | None = None
    """Words per minute; None for the voice's own."""
    camera_faces_user: bool = True
    """Whether the camera looks at the user, as a webcam does, or at the note from the user's side."""
    mirrored: bool = False
    """Whether the camera's driver gives mirror images."""
    demonstration: bool = False
    """Whether the notes are drawn ones, whose values are announced as a demonstration's and printed too."""
    max_seconds: float | None = None
    """Seconds of source time after which the run ends; None for no end."""
    threads: int | None = None
    """Threads of the network; None for one, or what was measured to be best for a camera or live stream."""
