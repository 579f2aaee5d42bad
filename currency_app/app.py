"""The loop: the only file that knows every stage."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from currency_app.camera.base import Source
from currency_app.eventlog import EventLog
from currency_app.events import AppEvent, Frame, Hint, Priority, SourceEvent, Utterance
from currency_app.guidance.hints import Framing
from currency_app.latency import LatencyRecorder
from currency_app.pipeline import decide
from currency_app.recognition.recognizer import FrameReader
from currency_app.speech.announcer import Announcer
from currency_app.speech.voices.base import Voice
from currency_app.tracking.tracker import NoteTracker

_LAST_WORDS_S = 8.0


class App:
    """Takes a source's frames through every stage until the source ends.

    mirrored: the camera's driver gives mirror images, which are turned back before anything reads them.
    greeting: said once, when the first picture has come. max_seconds: of source time, after which it stops.
    clock: seconds, for latency only.
    """

    def __init__(
        self,
        source: Source,
        recognizer: FrameReader,
        tracker: NoteTracker,
        framing: Framing,
        announcer: Announcer,
        voice: Voice,
        log: EventLog,
        *,
        mirrored: bool = False,
        greeting: str = "",
        max_seconds: float | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.latency = LatencyRecorder()
        self.frames = 0
        self._source = source
        self._recognizer = recognizer
        self._tracker = tracker
        self._framing = framing
        self._announcer = announcer
        self._voice = voice
        self._log = log
        self._mirrored = mirrored
        self._greeting = greeting
        self._max_seconds = max_seconds
        self._clock = clock

    def run(self) -> None:
        """Until the source ends, max_seconds are over, or the user interrupts; then let the last words be heard."""
        t = 0.0
        try:
            for event in self._source.events():
                t = event.t
                if self._max_seconds is not None and t > self._max_seconds:
                    break
                self._take(event)
            self._voice.wait(_LAST_WORDS_S)
        except KeyboardInterrupt:
            pass
        finally:
            self._source.close()
            self._voice.close()
            self._log.summary(t, self.frames, self._source.dropped, self.latency.percentiles())

    def _take(self, event: SourceEvent) -> None:
        if not isinstance(event, Frame):
            self._tell(event)
            return
        if self.frames == 0 and self._greeting:
            self._voice.say(Utterance(self._greeting, Priority.STATUS))
        start = self._clock()
        if self._mirrored:
            event = replace(event, image=np.asarray(cv2.flip(event.image, 1), np.uint8))
        observation = self._recognizer.observe(event)
        happened = decide(observation, self._tracker, self._framing)
        self.latency.add({**observation.stages_ms, "frame": (self._clock() - start) * 1e3})
        self.frames += 1
        for what in happened:
            self._tell(what)

    def _tell(self, event: AppEvent) -> None:
        utterance = self._announcer.handle(event)
        if utterance is None and isinstance(event, Hint):
            return
        self._log.write(event, utterance.text if utterance else None)
        if utterance is not None:
            self._voice.say(utterance)
