"""The `Speaker` of Linux: texts become WAV files, and a player plays them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError

from currency_app.errors import VoiceError
from currency_app.speech.engines.player import WavPlayer
from currency_app.speech.engines.speaker import Playback
from currency_app.speech.engines.synthesis import WavCache
from currency_app.speech.engines.wav_file import Wav


class WavSpeaker:
    """Plays WAV files, made in advance if possible.

    A text that must still be made is made on a thread of its own, so that `start` never blocks.
    """

    def __init__(self, cache: WavCache, player: WavPlayer) -> None:
        self.cache = cache
        self._player = player

    def prepare(self, texts: Sequence[str]) -> None:
        """Make these texts in the background."""
        self.cache.prepare(texts)

    def start(self, text: str) -> Playback:
        """Start to sound, at once if the text was made in advance."""
        made = self.cache.made(text)
        return _MadePlayback(self._make(text), self._play) if made is None else self._play(made)

    def wake(self) -> Playback:
        """Start to play silence."""
        return self._play(self.cache.silence())

    def probe(self, text: str) -> None:
        """Make the text, and play silence to its end."""
        self.cache.wav(text)
        self.wake().wait()

    def close(self) -> None:
        """End the child and remove the files."""
        self.cache.close()

    def _play(self, made: Wav) -> Playback:
        return self._player.play(made.path, made.seconds)

    def _make(self, text: str) -> Future[Wav]:
        making: Future[Wav] = Future()

        def make() -> None:
            with contextlib.suppress(InvalidStateError):  # it was cancelled
                try:
                    making.set_result(self.cache.wav(text, lambda: not making.cancelled()))
                except VoiceError as error:
                    making.set_exception(error)

        try:
            threading.Thread(target=make, name="speech-make", daemon=True).start()
        except RuntimeError:  # no thread to be had now
            make()
        return making


class _MadePlayback:
    """The `Playback` of a text that is made first."""

    def __init__(self, making: Future[Wav], play: Callable[[Wav], Playback]) -> None:
        self._making = making
        self._play = play
        self._lock = threading.Lock()
        self._playing: Playback | None = None
        self._stopped = False

    def wait(self) -> None:
        try:
            made = self._making.result()
        except CancelledError:
            return
        except VoiceError:
            if self._stopped:
                return
            raise
        with self._lock:
            if self._stopped:
                return
            self._playing = self._play(made)
        self._playing.wait()

    def sounding(self) -> bool:
        return self._playing is not None and self._playing.sounding()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            playing = self._playing
        self._making.cancel()
        if playing is not None:
            playing.stop()
