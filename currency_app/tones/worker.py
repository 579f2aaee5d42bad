"""Plays tones on a thread of its own, never over speech."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from currency_app.errors import NoSpeechError, VoiceError
from currency_app.speech.engines import Playback, SoundFolder, Wav, WavPlayer, unwritable
from currency_app.speech.voices import Voice
from currency_app.tones.sounds import Step, write_tone

_LOOK_S = 0.05
"""Seconds between two looks at whether somebody speaks."""
_PATIENCE_S = 8.0
"""Seconds for which a value's pulses wait until its words have been said, and others after them. Chosen by hand."""
_END_S = 2.0
"""Seconds that `close` waits for the thread, which ends within moments once its sound was stopped; chosen by hand."""


class TonePlayer(Protocol):
    """Plays WAV files: `WavPlayer` is one."""

    def play(self, wav: Path, seconds: float) -> Playback:
        """Start to play a file that lasts some seconds. Raises VoiceError if that is impossible."""
        ...


def player_here(platform: str = sys.platform) -> TonePlayer:
    """Return what plays WAV files on this platform."""
    if platform == "win32":
        from currency_app.tones.windows import WindowsPlayer

        return WindowsPlayer()
    return WavPlayer([("afplay",)]) if platform == "darwin" else WavPlayer()


class ToneWorker:
    """Plays the newest tone, if nobody speaks; `offer` returns at once.

    A tone whose moment is over says something wrong, so one that cannot sound now is dropped. Only a value's pulses
    wait, until its words have been said.

    Args:
        voice: whose speech no tone may disturb.
        player: plays files.
        complain: called once, with a sentence, when tones cannot be played. They are tried again, unless the program
            that plays them is missing.
        clock: returns seconds, as time.monotonic does.
    """

    def __init__(
        self,
        voice: Voice,
        player: TonePlayer,
        complain: Callable[[str], object],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.muted: Callable[[], bool] = lambda: False
        """Whether nothing may sound now; to be set before anything is offered."""
        self._voice = voice
        self._player = player
        self._complain = complain
        self._clock = clock
        self._changed = threading.Condition()
        self._next: tuple[Sequence[Step], bool] | None = None
        self._complained = False
        self._closed = False
        self._folder = SoundFolder("currency-app-tones-")
        self._made: dict[tuple[Step, ...], Wav] = {}
        self._count = 0
        self._thread = threading.Thread(target=self._work, name="tones", daemon=True)
        self._thread.start()

    def offer(self, steps: Sequence[Step], *, waits: bool = False) -> None:
        """Play a tone. waits: it may wait until nobody speaks, and goes before those that may not."""
        with self._changed:
            if self._next is None or waits or not self._next[1]:
                self._next = (steps, waits)
                self._changed.notify_all()

    def close(self) -> None:
        """Stop at once. Safe to call twice."""
        with self._changed:
            self._closed, self._next = True, None
            self._changed.notify_all()
        self._thread.join(_END_S)

    def _work(self) -> None:
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._next is not None or self._closed)
                    if self._closed or self._next is None:
                        return
                    steps, waits = self._next
                    if not waits:
                        self._next = None
                try:
                    self._sound(self._file(steps), steps if waits else None)
                except NoSpeechError as error:
                    self._complain_once(error)
                    return
                except (VoiceError, RuntimeError) as error:  # it may pass; RuntimeError: no thread is to be had
                    self._complain_once(error)
                with self._changed:
                    if self._next is not None and self._next[0] is steps:
                        self._next = None
        finally:
            self._forget_files()

    def _complain_once(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            self._complain(f"There are no tones now. {error}")

    def _file(self, steps: Sequence[Step]) -> Wav:
        """Return a tone's file, made anew if something has removed it. Raises VoiceError if it cannot be written."""
        try:
            folder = self._usable_folder()
            made = self._made.get(tuple(steps))
            if made is None or not made.is_whole():
                self._count += 1
                made = self._made[tuple(steps)] = write_tone(steps, folder / f"{self._count}.wav")
            return made
        except OSError as error:
            self._forget_files()
            raise unwritable(error) from error

    def _usable_folder(self) -> Path:
        """Return the folder of the files, a new one if something has removed it."""
        folder = self._folder.usable()
        if folder is None:
            self._made.clear()
            folder = self._folder.make()
        return folder

    def _forget_files(self) -> None:
        self._made.clear()
        self._folder.remove()

    def _sound(self, tone: Wav, waiting: Sequence[Step] | None) -> None:
        """Play it to its end, if nobody speaks. waiting: one that waits, and begins again after it was disturbed."""
        until = self._clock() + _PATIENCE_S
        while not self.muted() and not (
            self._voice.wait(0 if waiting is None else _LOOK_S) and self._played(tone, waiting)
        ):
            if waiting is None or self._is_over(waiting) or self._clock() >= until:
                return

    def _is_over(self, waiting: Sequence[Step] | None) -> bool:
        """Whether nobody needs a tone any more that waits, or waited."""
        newer = waiting is not None and self._next is not None and self._next[0] is not waiting
        return self._closed or newer or self.muted()

    def _played(self, tone: Wav, waiting: Sequence[Step] | None) -> bool:
        """Play it, and stop it if somebody begins to speak. Return whether it sounded to its end."""
        playing = self._player.play(tone.path, tone.seconds)
        over, disturbed = threading.Event(), threading.Event()

        def listen() -> None:
            while not over.wait(_LOOK_S):
                if not self._voice.wait(0) or self._is_over(waiting):
                    disturbed.set()
                    playing.stop()
                    return

        try:
            threading.Thread(target=listen, name="tones-listen", daemon=True).start()
            playing.wait()
        except RuntimeError:  # without somebody who listens it might sound over speech
            playing.stop()
            raise
        finally:
            over.set()
        return not disturbed.is_set()
