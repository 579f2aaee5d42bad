"""Locks, conditions, events and threads as those of `threading`, whose threads take turns in virtual time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self

from tests.support.chaos.virtual_time import Turn, VirtualTime


class Lock:
    """A `threading.Lock`, and an RLock if it is reentrant."""

    def __init__(self, time: VirtualTime, *, reentrant: bool = False) -> None:
        self.time = time
        self._reentrant = reentrant
        self._owner: Turn | None = None
        self._depth = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        me = self.time.current
        if self._owner is me and self._reentrant:
            self._depth += 1
            return True
        self.time.let_others()
        if self._owner is not None and not (
            blocking and self.time.block(lambda: self._owner is None, None if timeout < 0 else timeout)
        ):
            return False
        self._owner, self._depth = me, 1
        return True

    def release(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._owner = None

    def locked(self) -> bool:
        return self._owner is not None

    def let_go(self) -> int:
        depth, self._depth, self._owner = self._depth, 0, None
        return depth

    def take_again(self, depth: int) -> None:
        try:
            self.time.block(lambda: self._owner is None)
        finally:
            self._owner, self._depth = self.time.current, depth

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Condition:
    """A `threading.Condition`."""

    def __init__(self, time: VirtualTime, lock: Lock | None = None) -> None:
        self.time = time
        self._lock = lock or Lock(time, reentrant=True)
        self._waiters: list[list[bool]] = []

    def __enter__(self) -> bool:
        return self._lock.__enter__()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def wait(self, timeout: float | None = None) -> bool:
        waiter = [False]
        self._waiters.append(waiter)
        depth = self._lock.let_go()
        try:
            return self.time.block(lambda: waiter[0], timeout)
        finally:
            self._waiters = [other for other in self._waiters if other is not waiter]
            self._lock.take_again(depth)

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        until = None if timeout is None else self.time.now + timeout
        while not (result := predicate()):
            left = None if until is None else until - self.time.now
            if left is not None and left <= 0:
                break
            self.wait(left)
        return result

    def notify(self, n: int = 1) -> None:
        for waiter in self._waiters[:n]:
            waiter[0] = True

    def notify_all(self) -> None:
        self.notify(len(self._waiters))


class Event:
    """A `threading.Event`."""

    def __init__(self, time: VirtualTime) -> None:
        self.time = time
        self._set = False

    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        self._set = True
        self.time.let_others()

    def clear(self) -> None:
        self._set = False

    def wait(self, timeout: float | None = None) -> bool:
        return self.time.block(self.is_set, timeout) if not self._set else True


class Thread:
    """A `threading.Thread`."""

    def __init__(
        self,
        time: VirtualTime,
        target: Callable[..., object] | None = None,
        name: str = "thread",
        args: tuple[Any, ...] = (),
        daemon: bool = True,
    ) -> None:
        self.time = time
        self.name = name
        self.daemon = daemon
        self.turn = Turn(name)
        self._started = False
        self._target, self._args = target, args

    def run(self) -> None:
        if self._target is not None:
            self._target(*self._args)

    def start(self) -> None:
        self.time.begin(self.turn, self.run)
        self._started = True
        self.time.let_others()

    def join(self, timeout: float | None = None) -> None:
        if self._started:
            self.time.block(lambda: not self.turn.alive, timeout)

    def is_alive(self) -> bool:
        return self._started and self.turn.alive


class Timer(Thread):
    """A `threading.Timer`."""

    def __init__(
        self, time: VirtualTime, interval: float, function: Callable[..., object], args: Iterable[Any] = ()
    ) -> None:
        super().__init__(time, function, "timer", tuple(args))
        self._interval = interval
        self._cancelled = Event(time)

    def cancel(self) -> None:
        self._cancelled.set()

    def run(self) -> None:
        if not self._cancelled.wait(self._interval):
            super().run()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()
