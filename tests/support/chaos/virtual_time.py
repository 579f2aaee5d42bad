"""Threads that take turns, and a clock that leaps to whatever is due next: hours of a program's time in minutes.

What the app takes for threads are stacks of one thread: each runs until it waits for something, and which goes on then
is drawn by a seed. So a run is the same each time, many orders in which threads can meet are tried, and if nobody can
ever go on, that is known at once. What is waited for must be waited for through this module: see `installing`.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Callable

from greenlet import getcurrent, greenlet

_YIELDS = 0.1
"""Share of the locks taken and the signals given at which another thread may go first."""


class StuckError(Exception):
    """No thread can ever go on, or the time is over in which all should have ended."""


class _Gone(BaseException):
    """Ends a thread that outlives the run."""


class Turn:
    """One thread's place among those that take turns."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.ready: Callable[[], bool] | None = None
        self.deadline: float | None = None
        self.pending: BaseException | None = None
        self.stack = getcurrent()


class VirtualTime:
    """The clock, and whose turn it is. The thread that makes it is the main thread.

    chance: draws who goes on. errors: what ended a thread but its own end, with the thread's name. limit_s: seconds
    after which the main thread gets a StuckError.
    """

    def __init__(self, chance: random.Random, limit_s: float = float("inf")) -> None:
        self.chance = chance
        self.limit_s = limit_s
        self.now = 0.0
        self.steps = 0
        self.no_threads = False
        self.suspended: list[tuple[float, float]] = []
        self.errors: list[tuple[str, BaseException]] = []
        self.main = Turn("main")
        self.current = self.main
        self.turns = [self.main]
        self._over = False

    def block(self, ready: Callable[[], bool], timeout_s: float | None = None) -> bool:
        """Let the others go on until something holds, or so many seconds are over; return whether it holds."""
        me = self.current
        if self._over:
            raise _Gone
        me.ready, me.deadline = ready, None if timeout_s is None else self.now + max(timeout_s, 0.0)
        chosen = self._choose()
        if chosen is not me:
            self.current = chosen
            chosen.stack.switch()
        self._end_if_over(me)
        if me.pending is not None:
            pending, me.pending = me.pending, None
            raise pending
        return ready()

    def sleep(self, seconds: float) -> None:
        """Let so many seconds go by."""
        until = self.now + max(seconds, 0.0)
        self.block(lambda: self.now >= until, seconds)

    def let_others(self) -> None:
        """Let another thread go first now and then."""
        if not self._over and self.chance.random() < _YIELDS:
            self.block(lambda: True)

    def interrupt(self) -> None:
        """Let the program's handler hear of a signal, and raise in the main thread what it raises."""
        handler = signal.getsignal(signal.SIGTERM)
        try:
            (handler if callable(handler) else signal.default_int_handler)(signal.SIGTERM, None)
        except KeyboardInterrupt as interrupt:
            self.main.pending = interrupt

    def suspend(self, seconds: float) -> None:
        """Let time go by for the world, but for no thread."""
        self.suspended.append((self.now, seconds))
        self.limit_s += seconds
        self.now += seconds

    def begin(self, turn: Turn, run: Callable[[], object]) -> None:
        """Let a new thread take part. Raises RuntimeError if no thread is to be had now."""
        if self.no_threads:
            raise RuntimeError("can't start new thread")

        def whole(*_: object) -> None:
            try:
                if not self._over:
                    run()
            except _Gone:
                pass
            except BaseException as error:  # the run goes on, and is judged by it
                self.errors.append((turn.name, error))
            turn.alive = False
            following = self.main if self._over else self._choose()
            self.current = following
            turn.stack.parent = following.stack  # where it goes on after the end

        turn.stack = greenlet(whole, self.main.stack)
        self.turns.append(turn)

    def end(self) -> list[str]:
        """End all threads but the main one, whatever they wait for; return the names of those that were alive."""
        left = [turn for turn in self.turns if turn.alive and turn is not self.main]
        self._over = True
        for turn in left:
            self.current = turn
            turn.stack.switch()
        self.current = self.main
        return [turn.name for turn in left]

    def _end_if_over(self, me: Turn) -> None:
        if self._over and me is not self.main:
            raise _Gone

    def _choose(self) -> Turn:
        self.steps += 1
        while True:
            able = [turn for turn in self.turns if turn.alive and self._is_able(turn)]
            if able:
                return able[0] if len(able) == 1 else self.chance.choice(able)
            self.turns = [turn for turn in self.turns if turn.alive]
            due = [turn.deadline for turn in self.turns if turn.deadline is not None]
            if not due or min(due) > self.limit_s:
                waiting = ", ".join(turn.name for turn in self.turns)
                self.main.pending = StuckError(f"stuck at {self.now:.1f} s, of {waiting}")
                self.limit_s = float("inf")
                return self.main
            self.now = min(due)

    def _is_able(self, turn: Turn) -> bool:
        return (
            turn.pending is not None
            or turn.ready is None
            or (turn.deadline is not None and turn.deadline <= self.now)
            or turn.ready()
        )
