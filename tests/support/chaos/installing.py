"""Puts virtual time in the place of Python's threads and clocks, in the app's modules alone."""

from __future__ import annotations

import concurrent.futures
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

from tests.support.chaos.virtual_threads import Condition, Event, Lock, Thread, Timer
from tests.support.chaos.virtual_time import VirtualTime


@contextmanager
def installed(
    virtual: VirtualTime,
    perf_counter: Callable[[], float] | None = None,
    others: Mapping[Callable[..., object], object] | None = None,
) -> Iterator[None]:
    """Within it, the loaded modules of the app wait in virtual time, and read its clock.

    perf_counter: seconds of the clock of live frames, which may not be that of everything else. others: functions that
    are defaults of arguments, and what shall be in their place.
    """
    clock = partial(getattr, virtual, "now")
    counter = perf_counter or clock
    threads = _threads_of(virtual)

    class VirtualFuture(concurrent.futures.Future[Any]):
        def __init__(self) -> None:
            super().__init__()
            self._condition = threads.Condition()

    clocks: dict[Any, Any] = {time.monotonic: clock, time.perf_counter: counter, time.sleep: virtual.sleep}
    clocks.update(others or {})
    times = SimpleNamespace(monotonic=clock, perf_counter=counter, sleep=virtual.sleep, time=time.time)
    undo: list[Callable[[], object]] = []
    for module in [module for name, module in sys.modules.items() if name.partition(".")[0] == "currency_app"]:
        for name, there in list(vars(module).items()):
            if there is threading:
                _replace(module, name, threads, undo)
            elif there is time:
                _replace(module, name, times, undo)
            elif there is concurrent.futures.Future:
                _replace(module, name, VirtualFuture, undo)
            else:
                for function in _functions_of(there, module):
                    _replace_defaults(function, clocks, undo)
    try:
        yield
    finally:
        for step in reversed(undo):
            step()


def _threads_of(virtual: VirtualTime) -> SimpleNamespace:
    made: dict[int, Thread] = {}

    def thread(*args: Any, **kwargs: Any) -> Thread:
        new = Thread(virtual, *args, **kwargs)
        made[id(new.turn)] = new
        return new

    return SimpleNamespace(
        Lock=partial(Lock, virtual),
        RLock=partial(Lock, virtual, reentrant=True),
        Condition=partial(Condition, virtual),
        Event=partial(Event, virtual),
        Thread=thread,
        Timer=partial(Timer, virtual),
        current_thread=lambda: made.get(id(virtual.current)),
    )


def _replace(module: ModuleType, name: str, new: object, undo: list[Callable[[], object]]) -> None:
    undo.append(partial(setattr, module, name, getattr(module, name)))
    setattr(module, name, new)


def _functions_of(there: object, module: ModuleType) -> Iterator[FunctionType]:
    """The functions that a module defines, and those of its classes."""
    if isinstance(there, FunctionType) and there.__module__ == module.__name__:
        yield there
    elif isinstance(there, type) and there.__module__ == module.__name__:
        yield from (member for member in vars(there).values() if isinstance(member, FunctionType))


def _replace_defaults(function: FunctionType, clocks: dict[Any, Any], undo: list[Callable[[], object]]) -> None:
    defaults, named = function.__defaults__ or (), function.__kwdefaults__ or {}

    def of(value: object) -> object:
        return clocks.get(value, value) if callable(value) else value

    if any(of(value) is not value for value in (*defaults, *named.values())):
        undo.append(partial(setattr, function, "__defaults__", function.__defaults__))
        undo.append(partial(setattr, function, "__kwdefaults__", function.__kwdefaults__))
        function.__defaults__ = tuple(of(value) for value in defaults) or None
        function.__kwdefaults__ = {name: of(value) for name, value in named.items()}
