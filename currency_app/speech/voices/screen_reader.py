"""The first voice of the chain: the running screen reader, with the user's own voice, pace and braille.

A thread looks for one, sends the words, and notices within moments that it has gone. A second thread watches the first,
because whatever takes the words may hang.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.screen_reader.base import ScreenReader
from currency_app.speech.screen_reader.pacing import Message, MessagePacing
from currency_app.speech.voices.base import Voice, take_back

HANGS_S = 1.2
"""Seconds in which a screen reader must take words, or tell whether it runs; else they are handed on, within 2 s."""

_LOOK_S = 0.1
"""Seconds between two looks at whether it still runs, which cost next to nothing."""
_WATCH_S = 0.25
"""Seconds between two looks at whether it hangs."""
_FIND_S = 2.0
"""Seconds between two looks for one that was started meanwhile: 5 ms each."""
_HUNG_S = 30.0
"""Seconds until one that hung is tried again; chosen by hand."""
_END_S = 1.0
"""Seconds that `close` waits for the thread."""


_Answer = TypeVar("_Answer")


class ScreenReaderVoice:
    """Says utterances through the screen reader that runs; another voice says them while there is none.

    `MessagePacing` says what is sent, and when. A screen reader may come and go. When it goes, or hangs, the other
    voice says what has not been said, and so all that follows. When it comes, the other voice first ends what it is
    saying.

    Args:
        find: returns the screen reader that runs, None without one; called on a thread of this voice.
        otherwise: the voice that speaks without one; `close` closes it too.
        clock: returns seconds, as time.monotonic does.
    """

    def __init__(
        self,
        find: Callable[[], ScreenReader | None],
        otherwise: Voice,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = "screen-reader"
        self._find = find
        self._otherwise = otherwise
        self._clock = clock
        self._changed = threading.Condition()
        self._pacing = MessagePacing()
        self._reader: ScreenReader | None = None
        self._looking = True  # until the first look has ended, words wait
        self._sending: Utterance | None = None
        self._asked_at: float | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="screen-reader", daemon=True)
        self._thread.start()
        threading.Thread(target=self._watch, name="screen-reader-watch", daemon=True).start()

    def say(self, utterance: Utterance) -> bool:
        """Send it when its turn comes, or have the other voice say it; return False if it is dropped."""
        with self._changed:
            if self._closed.is_set():
                return False
            if not self._in_charge():
                return self._otherwise.say(utterance)
            self._changed.notify_all()
            return self._pacing.offer(utterance, self._clock())

    def take_back(self, utterance: Utterance) -> None:
        """Forget it if it waits; what a screen reader has been sent, it says."""
        with self._changed:
            self._pacing.forget(utterance)
            take_back(self._otherwise, utterance)

    @property
    def rate_is_elsewhere(self) -> bool:
        """Whether a screen reader speaks now, whose rate is the user's own."""
        return self._reader is not None

    def wake(self) -> None:
        """Get the other voice ready, if it will speak."""
        with self._changed:
            if not self._in_charge():
                self._otherwise.wake()

    def wait(self, timeout_s: float) -> bool:
        """Block until everything has probably been said, at most timeout_s seconds. Return whether it has."""
        deadline = self._clock() + timeout_s
        with self._changed:
            while self._busy():
                left_s = deadline - self._clock()
                if left_s <= 0:
                    return False
                self._changed.wait(min(_LOOK_S, left_s))
        return self._otherwise.wait(max(0.0, deadline - self._clock()))

    def close(self) -> None:
        """Send nothing more, and let the other voice print the values that were not sent. Safe to call twice."""
        self._closed.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not threading.current_thread():
            self._thread.join(_END_S)
        with self._changed:
            sending = [] if self._sending is None else [self._sending]
            left = [*sending, *self._pacing.waiting()]
            self._pacing, self._sending = MessagePacing(), None
        for utterance in left:
            if utterance.priority is Priority.VALUE:
                self._otherwise.say(utterance)
        self._otherwise.close()

    def _in_charge(self) -> bool:
        return self._reader is not None or self._looking

    def _busy(self) -> bool:
        return self._in_charge() and not (self._sending is None and self._pacing.idle(self._clock()))

    def _work(self) -> None:
        while not self._closed.is_set():
            reader = self._ask(self._find)
            if reader is None:
                with self._changed:
                    self._hand_over(outlived=True)
                self._closed.wait(_FIND_S)
                continue
            try:
                if self._adopted(reader):
                    self._closed.wait(self._serve(reader))
            finally:
                reader.close()

    def _adopted(self, reader: ScreenReader) -> bool:
        """Wait until the other voice is quiet, so that there are never two, and speak through the screen reader."""
        with self._changed:
            while not self._otherwise.wait(0.0):
                if self._closed.is_set():
                    return False
                self._changed.wait(_LOOK_S)
            self._reader = reader
            self._looking = False
        return True

    def _serve(self, reader: ScreenReader) -> float:
        """Send words until the screen reader has gone; return in how many seconds to look for one again."""
        while not self._closed.is_set():
            running = self._ask(reader.is_running)
            with self._changed:
                if self._reader is not reader:
                    return _HUNG_S
                if not running:
                    self._hand_over(outlived=reader.outlived)
                    return 0.0
                message = self._pacing.take(self._clock(), interrupts=reader.interrupts)
                if message is None:
                    self._changed.wait(_LOOK_S)
                    continue
                self._sending = message.utterance
            sent = self._ask(partial(_send, reader, message))
            with self._changed:
                if self._reader is not reader:
                    return _HUNG_S
                if not sent:
                    self._hand_over(outlived=reader.outlived)
                    return _FIND_S
                self._sending = None
                self._changed.notify_all()
        return 0.0

    def _ask(self, question: Callable[[], _Answer]) -> _Answer | None:
        """Return the answer to what may hang or fail; None if it fails."""
        self._asked_at = self._clock()
        try:
            return question()
        except Exception:  # a thread that ended here would be silent for good
            return None
        finally:
            self._asked_at = None

    def _watch(self) -> None:
        """Hand over what is on its way to a screen reader that hangs."""
        while not self._closed.wait(_WATCH_S):
            asked_at = self._asked_at
            if asked_at is not None and self._clock() - asked_at >= HANGS_S:
                with self._changed:
                    if self._in_charge() and self._asked_at == asked_at:
                        self._hand_over(outlived=self._reader is None or self._reader.outlived)

    def _hand_over(self, *, outlived: bool) -> None:
        """Let the other voice say what the screen reader has not said, and all that follows."""
        unsaid = self._pacing.unsaid(self._clock(), outlived=outlived)
        sending = self._sending
        if sending is not None and not any(sending is utterance for utterance in unsaid):
            unsaid.append(sending)
        unsaid += self._pacing.waiting()
        self._pacing, self._sending, self._reader, self._looking = MessagePacing(), None, None, False
        for utterance in unsaid:
            self._otherwise.say(utterance)
        self._changed.notify_all()


def _send(reader: ScreenReader, message: Message) -> bool:
    """Return whether the screen reader took a message."""
    try:
        reader.send(message.utterance.text, interrupt=message.interrupt)
    except VoiceError:
        return False
    return True
