"""Show notes to the app and listen to it: what runs where, and how its moments are put together."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice

from currency_app.arrays import Numbers
from currency_app.benchmarking.chain.camera import NoteCamera, NoteShowing, plan_showings
from currency_app.benchmarking.chain.figures import ChainFigures, ShownNoteTimes
from currency_app.benchmarking.chain.loudspeaker import SilentLoudspeaker, SoundRecorder, silent_loudspeaker
from currency_app.benchmarking.chain.onset import find_onset, read_wav
from currency_app.benchmarking.chain.stamp import read_stamp
from currency_app.benchmarking.instructions import cpu_features
from currency_app.camera import open_source
from currency_app.camera.base import Source
from currency_app.demo.scene import DemoScene
from currency_app.errors import CurrencyAppError, NoSpeechError
from currency_app.events import AppEvent, Frame, RunSummary, Sighting, SourceEvent
from currency_app.recognition.bundle import Bundle
from currency_app.session import Session
from currency_app.settings import Settings
from currency_app.speech.engines import WavSpeaker, open_speaker
from currency_app.speech.voices import SystemVoice, Voice
from currency_app.timing.processor import cpu_name

_HEARD_WITHIN_S = 3.0
"""Seconds after a decision in which its value must begin to sound: longer than any value takes to say."""
_BUSY = "import os, threading; threading.Thread(target=lambda: (os.read(0, 1), os._exit(0))).start()\nwhile True: pass"
"""A program that keeps a core busy until nobody holds its standard input any more."""
_SLACK_S = 0.02
"""Seconds before a decision from which its value is looked for: the recorder's clock is right to half of it."""


def run_chain(bundle: Bundle, notes: int = 10, threads: int = 1, *, busy: bool = False) -> ChainFigures:
    """Show the app drawn notes, and measure from each one's first picture to the first sample of its value.

    One more is shown before them, to warm up, and left out. busy: keep one core busy by another program meanwhile.
    Raises CurrencyAppError if the bundle does not read dollars, which alone are drawn, or if sound cannot be recorded
    here: that needs Linux and PulseAudio or PipeWire.
    """
    if sys.platform != "linux":
        raise CurrencyAppError("The chain is measured on Linux only, whose sound can be recorded without a sound card.")
    if bundle.currency != "USD":
        raise CurrencyAppError("The notes that are shown are drawn dollars: leave --currency out.")
    values = list(islice(cycle(shown.value for shown in DemoScene(realtime=False).schedule), notes + 1))
    plan = plan_showings(values)
    session = Session(Settings(threads=threads), bundles=[bundle])
    loudspeaker = silent_loudspeaker()
    with loudspeaker, _environment(loudspeaker.env), _recorder_of(loudspeaker) as recorder:
        loud = _LoudVoice([session.phrases.value(value, bundle.currency) for value in dict.fromkeys(values)])
        try:
            with _busy_core() if busy else contextlib.nullcontext():
                watched = _run_app(session, plan, loud.voice)
        finally:
            loud.voice.close()
        recorder.catch_up()
        ears = _Ears(recorder, loud.words)
        found = [
            replace(note, heard_s=ears.onset(note, watched.texts.get(number, "")))
            for number, note in watched.notes(plan)
        ]
    return ChainFigures(cpu_name(), cpu_features(), threads, found[1:], watched.summary, busy)


class WatchedRun:
    """A source and a listener of one run, which note when the app takes and decides what.

    source: gives stamped pictures. last: the number of the last showing, after which the source ends. clock: seconds,
    that of the stamps.
    """

    def __init__(self, source: Source, last: int, clock: Callable[[], float] = time.perf_counter) -> None:
        self.name = source.name
        self.dropped = 0
        self.texts: dict[int, str] = {}
        """The words that were said about each showing."""
        self.summary = RunSummary(0.0, 0, 0, {})
        """How the run went, once it has ended."""
        self._source = source
        self._last = last
        self._clock = clock
        self._number = 0
        self._shown: dict[int, float] = {}
        self._taken: dict[int, float] = {}
        self._decided: dict[int, tuple[float, int]] = {}

    def events(self) -> Iterator[SourceEvent]:
        """Yield the source's events until the room is empty again after the last note."""
        for event in self._source.events():
            self.dropped = self._source.dropped
            stamp = read_stamp(event.image) if isinstance(event, Frame) else None
            if stamp is not None:
                if stamp.number:
                    self._number = stamp.number
                    self._shown.setdefault(stamp.number, stamp.shown_s)
                    self._taken.setdefault(stamp.number, self._clock())
                elif self._number == self._last:
                    return
            yield event

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    def on_event(self, event: AppEvent, text: str | None) -> None:
        """Note when the first value of a showing is decided."""
        if isinstance(event, Sighting) and self._number not in self._decided:
            self._decided[self._number] = (self._clock(), event.value)
            self.texts[self._number] = text or ""

    def on_end(self, summary: RunSummary) -> None:
        """Keep how it went."""
        self.summary = summary

    def notes(self, plan: Sequence[NoteShowing]) -> Iterator[tuple[int, ShownNoteTimes]]:
        """Yield each showing's number and times, all but when it was heard."""
        for number, showing in enumerate(plan, 1):
            decided_s, decided = self._decided.get(number, (None, None))
            moments = self._shown.get(number), self._taken.get(number), decided_s
            yield number, ShownNoteTimes(showing.value, *moments, decided)


class _LoudVoice:
    """The voice that a user hears, and how each of its words sounds."""

    def __init__(self, texts: Sequence[str]) -> None:
        settings = Settings()
        speaker = open_speaker(settings.language, settings.rate)
        if not isinstance(speaker, WavSpeaker):
            raise NoSpeechError("This computer's speech cannot be recorded: measure the chain on Linux.")
        try:
            self.words = {text: read_wav(speaker.cache.wav(text).path)[0] for text in texts}
        except BaseException:
            speaker.close()
            raise
        # What cannot be said is missing in the recording, which is what is reported.
        self.voice = SystemVoice(speaker, lambda utterance, error: None, texts)


def _run_app(session: Session, plan: Sequence[NoteShowing], voice: Voice) -> WatchedRun:
    """Run the app on a camera that shows a plan."""
    with NoteCamera(plan) as camera:
        watched = WatchedRun(open_source(camera.url, realtime=True), len(plan))
        session.app(watched, voice=voice, listeners=[watched]).run()
    return watched


class _Ears:
    """Finds each value in the recording by the very sound that was played. words: that sound, by its text."""

    def __init__(self, recorder: SoundRecorder, words: Mapping[str, Numbers]) -> None:
        self._recorder = recorder
        self._samples = recorder.samples().astype(float)
        self._words = words

    def onset(self, note: ShownNoteTimes, text: str) -> float | None:
        """Return when the words that were said about a note began to sound; None if they did not."""
        if note.decided_s is None or text not in self._words:
            return None
        start = max(self._recorder.at(note.decided_s - _SLACK_S), 0)
        end = start + round(_HEARD_WITHIN_S * self._recorder.rate)
        found = find_onset(self._samples[start:end], self._words[text], self._recorder.rate)
        return None if found is None else self._recorder.when(start + found)


@contextlib.contextmanager
def _busy_core() -> Iterator[None]:
    """Let another program compute without a pause; it ends with this one, however this one does."""
    program = subprocess.Popen([sys.executable, "-c", _BUSY], stdin=subprocess.PIPE)
    try:
        yield
    finally:
        program.kill()
        program.communicate()


def _recorder_of(loudspeaker: SilentLoudspeaker) -> SoundRecorder:
    return SoundRecorder(loudspeaker.env, loudspeaker=loudspeaker.loudspeakers[0])


@contextlib.contextmanager
def _environment(env: Mapping[str, str]) -> Iterator[None]:
    """Let what this process starts play into another sound server."""
    before = dict(os.environ)
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
