"""The interface of what turns one text into sound on this machine.

`SystemVoice` chooses what is said and when; a `Speaker` only makes it sound. Tests use the `FakeSpeaker` of
`tests.support.fake_speaker`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Playback(Protocol):
    """One text that is sounding."""

    def wait(self) -> None:
        """Block until it has sounded to its end or was stopped. Raises VoiceError if it could not be heard."""
        ...

    def sounding(self) -> bool:
        """Return whether it is known to have begun, and to go on; False while somebody still makes it, or hangs.

        Safe to call from any thread, while another one waits.
        """
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
        """Start to sound, or to make speech that then sounds, once somebody waits for it.

        Raises VoiceError if that is impossible now, NoSpeechError if it is for good.
        """
        ...

    def wake(self) -> Playback | None:
        """Start to play a moment of silence, which wakes a loudspeaker; return None where that cannot be done.

        Raises VoiceError if it fails.
        """
        ...

    def probe(self, text: str) -> None:
        """Try everything that `start` needs, without a sound.

        Raises VoiceError, which says how to fix it, if `start` is impossible here.
        """
        ...

    def close(self) -> None:
        """Stop making speech and free everything; a `start` under way in another thread ends with VoiceError."""
        ...
