"""The loop that takes a source's frames through every stage, and what the user can ask of it meanwhile."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import cv2
import numpy as np

from currency_app.camera.base import Source
from currency_app.dialogue import Dialogue
from currency_app.events import (
    AppEvent,
    CameraLost,
    DecidedEvent,
    Frame,
    Hint,
    Observation,
    RunSummary,
    SourceEvent,
)
from currency_app.guidance.hints import Framing
from currency_app.pipeline import Pipeline
from currency_app.recognition.recognizer import FrameReader
from currency_app.speech.announcer import Announcer
from currency_app.speech.greeting import Greeting
from currency_app.speech.voices.base import Voice
from currency_app.timing.governor import Governor
from currency_app.timing.latency import LatencyRecorder
from currency_app.timing.shortage import MemoryShortage
from currency_app.tracking.tracker import NoteTracker

_LAST_WORDS_S, _QUIT_WORDS_S = 8.0, 3.0
"""Seconds, at most, in which what is being said may end after the source has, and after the user has ended the run. The
longest sentence takes about six, a total three: who quits while all keys are said wants no more of them."""
_LAST_CHANGES_S = 1.0
"""Seconds, at most, in which what the user has changed just before the end is kept; chosen by hand."""

StartTimer = Callable[[float, Callable[[], None]], Callable[[], None]]
"""Calls a function after some seconds, on a thread of its own; returns what cancels that."""


class Listener(Protocol):
    """Hears what an `App` decides, on the thread that runs it: the event log is one.

    It must return soon, for the next frame waits until it has.
    """

    def on_event(self, event: AppEvent, text: str | None) -> None:
        """Hear of an event, and of the words that are said about it; None if nothing is said.

        A hint comes only when it is said. Values, and notes and cameras that come and go, come in any case.
        """
        ...

    def on_end(self, summary: RunSummary) -> None:
        """Hear how the run went: the last call."""
        ...


@runtime_checkable
class FrameListener(Protocol):
    """A listener that also sees every frame that is read, as a window that shows them does."""

    def on_frame(self, frame: Frame, observation: Observation) -> None:
        """See a frame, turned back if the camera mirrors, and what it shows: the last call for it.

        It must return at once, for the next frame waits until it has. A frame that was too old to count comes too.
        """
        ...


@runtime_checkable
class _LooksMore(Protocol):
    """A recognizer that makes extra looks, unless it is told not to."""

    extra_looks: bool


class App(Dialogue):
    """Takes a source's frames through every stage until the source ends.

    Threads: one thread calls `run`, and on it every stage and every listener are called. `stop`, and whatever a user
    can ask, see `Dialogue`, may be called from any thread, such as a keyboard's or a window's, and return at once.
    Nothing else may be called while it runs.

    mirrored: the camera's driver gives mirror images, which are turned back before anything reads them.
    greeting: said once, when a picture has come that is not black; several sentences are a `Greeting`.
    max_seconds: of source time, after which it stops.
    clock: seconds, for latency and the age of frames, so that of a live source must be the same. start_timer: ends a
    run in time whose camera is lost, for then no event comes.
    """

    def __init__(
        self,
        source: Source,
        recognizer: FrameReader,
        tracker: NoteTracker,
        framing: Framing,
        announcer: Announcer,
        voice: Voice,
        listeners: Sequence[Listener] = (),
        *,
        mirrored: bool = False,
        greeting: str | Greeting = "",
        max_seconds: float | None = None,
        clock: Callable[[], float] = time.perf_counter,
        start_timer: StartTimer | None = None,
    ) -> None:
        super().__init__(announcer, voice)
        self.latency = LatencyRecorder()
        self.frames = 0
        self._source = source
        self._recognizer = recognizer
        self._looks_more = recognizer if isinstance(recognizer, _LooksMore) else None
        self._pipeline = Pipeline(tracker, framing)
        self._listeners = tuple(listeners)
        self._frame_listeners = tuple(listener for listener in listeners if isinstance(listener, FrameListener))
        self._mirrored = mirrored
        self._greeting = greeting if isinstance(greeting, Greeting) else Greeting([greeting] if greeting else [])
        self._max_seconds = max_seconds
        self._clock = clock
        self._start_timer = start_timer or _start_timer
        self._governor = Governor(clock)
        self._shortage = MemoryShortage()
        self._shown: tuple[bool, int | None] = (False, None)
        self._cancel_timer: Callable[[], None] | None = None
        self._quits = False

    def run(self) -> None:
        """Run until the source ends or `max_seconds` are over; then let the last words be heard.

        If it is interrupted, or the source raises, that is raised again once everything is closed and the listeners
        have heard of the end.
        """
        t = 0.0
        try:
            for event in self._source.events():
                t = event.t
                if self._max_seconds is not None and t > self._max_seconds:
                    break
                self._tell_listeners(t)
                self._process(event)
            self._voice.wait(_QUIT_WORDS_S if self._quits else _LAST_WORDS_S)
        finally:
            self._stop_timer()
            self._source.close()
            self.wait_for_choices(_LAST_CHANGES_S)
            self._voice.close()
            self._tell_listeners(t)
            summary = RunSummary(
                t,
                self.frames,
                self._source.dropped,
                self.latency.percentiles(),
                skipped=self._governor.skipped,
                stale=self._governor.stale,
            )
            for listener in self._listeners:
                listener.on_end(summary)

    def stop(self) -> None:
        """End the run as soon as the source lets it."""
        self._quits = True
        self._source.close()

    def _process(self, event: SourceEvent) -> None:
        if not isinstance(event, Frame):
            for decided in self._pipeline.events_of_gap(event.t):
                self._publish(decided)
            self._publish(event)
            if isinstance(event, CameraLost):
                self._end_in_time(event.t)
            return
        self._stop_timer()
        if self._governor.takes(event):
            self._read(event)

    def _read(self, frame: Frame) -> None:
        """Take a frame through every stage, then show it."""
        start = self._clock()
        if self._mirrored:
            frame = replace(frame, image=np.asarray(cv2.flip(frame.image, 1), np.uint8))
        try:
            observation = self._recognizer.observe(frame)
        except (MemoryError, cv2.error) as error:
            self._shortage.pass_over(frame, error)
            self._governor.skipped += 1
            self._pipeline.pass_over(frame.t)
            return
        self._shortage.end()
        self._act_on(frame, observation, start)
        for listener in self._frame_listeners:
            listener.on_frame(frame, observation)

    def _act_on(self, frame: Frame, observation: Observation, start: float) -> None:
        """Publish what follows from a frame whose reading began at `start`, unless it is too old by now."""
        self.frames += 1
        spent_ms = (self._clock() - start) * 1e3
        counts = self._governor.counts(frame, observation.stages_ms.get("network", 0.0), spent_ms)
        if self._looks_more is not None:
            self._looks_more.extra_looks = self._governor.extra_looks
        if not counts:
            self.latency.add({**observation.stages_ms, "frame": spent_ms})
            self._pipeline.pass_over(frame.t)
            return
        events = self._pipeline.events_for(observation)
        self.latency.add({**observation.stages_ms, "frame": (self._clock() - start) * 1e3})
        self._wake_voice(observation)
        for decided in events:
            self._publish(decided)
        # With a cover closed it sees nothing, so it is not ready.
        ready = not (observation.black or self._pipeline.covered)
        if not self.muted:
            with self._changing:
                self._greeting.update(observation, self._voice, ready=ready, phrases=self._announcer.phrases)

    def _wake_voice(self, observation: Observation) -> None:
        """Wake the voice when a note comes into view, or another one does, since its value will be said soon."""
        shown = (observation.shows_note, observation.value)
        if observation.shows_note and shown != self._shown:
            self._voice.wake()
        self._shown = shown

    def _end_in_time(self, t: float) -> None:
        """Close the source when `max_seconds` are over, unless a frame comes; the camera was lost at t seconds."""
        if self._max_seconds is not None:
            self._stop_timer()
            self._cancel_timer = self._start_timer(max(self._max_seconds - t, 0.0), self._source.close)

    def _stop_timer(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None

    def _publish(self, event: DecidedEvent) -> None:
        if self._greeting.introducing and isinstance(event, Hint):
            return  # the user listens, and holds nothing up yet
        self.publish(event)
        self._tell_listeners(event.t)

    def _tell_listeners(self, t: float) -> None:
        """Tell the listeners of all that they have not heard of, at t seconds of source time."""
        for event, text in self.due(t):
            for listener in self._listeners:
                listener.on_event(event, text)


def _start_timer(seconds: float, function: Callable[[], None]) -> Callable[[], None]:
    timer = threading.Timer(seconds, function)
    timer.daemon = True
    with contextlib.suppress(RuntimeError):  # no thread is to be had: the run goes on until it is ended otherwise
        timer.start()
    return timer.cancel
