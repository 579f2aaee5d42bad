"""Runs the app as its command does, and writes down each frame that it takes: a program of its own.

python -m tests.support.soak.watched_app URL SECONDS FRAMES SOUNDS

FRAMES: a file for one line a frame: its number, its stamp in ticks, t, and when it was taken and done with, both on the
clock of the stamps. SOUNDS: a folder that gets each text as the app's engine has made it. Events go to standard output.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from currency_app.benchmarking.chain.stamp import read_stamp
from currency_app.camera import Source, open_source
from currency_app.commands.run import run_session
from currency_app.events import Frame, SourceEvent
from currency_app.settings import Settings
from currency_app.speech.engines.synthesis import WavCache
from currency_app.speech.engines.wav_file import Wav
from tests.support.soak.camera import TICKS_PER_S


class WatchedSource:
    """A source of which each frame is written down, once the app is done with it."""

    def __init__(self, source: Source, frames: TextIO) -> None:
        self.name = source.name
        self.dropped = 0
        self._source = source
        self._frames = frames

    def events(self) -> Iterator[SourceEvent]:
        for event in self._source.events():
            self.dropped = self._source.dropped
            taken_s = time.perf_counter()
            try:
                yield event
            finally:
                if isinstance(event, Frame):
                    stamp = read_stamp(event.image)
                    ticks = -1 if stamp is None else round(stamp.sent_s * TICKS_PER_S)
                    done_s = time.perf_counter()
                    self._frames.write(f"{event.index} {ticks} {event.t:.6f} {taken_s:.6f} {done_s:.6f}\n")

    def close(self) -> None:
        self._source.close()


def keep_sounds(sounds: Path) -> None:
    """Copy each sound that is made: the engine makes noise of its own, so no two of one text are alike."""
    synthesize = WavCache._synthesize

    def kept(self: WavCache, text: str, folder: Path) -> Wav:
        made = synthesize(self, text, folder)
        shutil.copyfile(made.path, sounds / f"{text}.wav")
        return made

    WavCache._synthesize = kept  # type: ignore[method-assign]


def main() -> None:
    url, seconds, frames, sounds = sys.argv[1:]
    keep_sounds(Path(sounds))
    settings = Settings(voice="system", window=True, language="en", threads=1, max_seconds=float(seconds))
    with Path(frames).open("w", encoding="ascii") as lines:
        run_session(settings, lambda: WatchedSource(open_source(url, realtime=True), lines), "-", "")


if __name__ == "__main__":
    main()
