"""The swap point inside system speech: what turns one text into sound on this machine.

`SystemVoice` decides what is said and when; a `Speaker` only makes it sound. `tests/voices/fake_speaker.py` has a fake.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Playback(Protocol):
    """One text that is sounding."""

    def wait(self) -> None:
        """Block until it has sounded to its end or was stopped. VoiceError if it could not be heard."""
        ...

    def stop(self) -> None:
        """Silence it at once. Safe to call from any thread, more than once, and after the end."""
        ...


class Speaker(Protocol):
    """Makes texts sound, one after the other, on one thread."""

    def prepare(self, texts: Sequence[str]) -> None:
        """Get ready in the background for texts that are likely to be said. Returns at once, never raises."""
        ...

    def start(self, text: str) -> Playback:
        """Start to sound. May block while the speech is made. VoiceError if that is impossible here."""
        ...

    def probe(self, text: str) -> None:
        """Try all that `start` needs, without a sound. VoiceError, with the cure, if it is impossible here."""
        ...

    def close(self) -> None:
        """Stop making speech and let everything go; a `start` under way in another thread ends with VoiceError."""
        ...
