"""Threads in virtual time: what they wait for comes, a deadlock is known, and a seed always leads to the same run."""

from __future__ import annotations

import random

import pytest

from tests.support.chaos.virtual_threads import Condition, Event, Lock, Thread, Timer
from tests.support.chaos.virtual_time import StuckError, VirtualTime


def world(seed: int = 1, limit_s: float = 100.0) -> VirtualTime:
    return VirtualTime(random.Random(seed), limit_s)


def test_time_leaps_to_what_is_due_next() -> None:
    time = world()
    seen: list[float] = []

    def work(seconds: float) -> None:
        time.sleep(seconds)
        seen.append(time.now)

    threads = [Thread(time, work, args=(seconds,)) for seconds in (50.0, 0.5, 7.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [0.5, 7.0, 50.0]
    assert time.end() == []


def test_a_wait_ends_when_it_is_notified_or_its_time_is_over() -> None:
    time = world()
    changed, done = Condition(time), Event(time)
    Timer(time, 3.0, done.set).start()
    with changed:
        assert not changed.wait(2.0)
    assert time.now == 2.0
    assert done.wait(5.0)
    assert time.now == 3.0


def test_a_timer_hands_its_arguments_on() -> None:
    time, rung = world(), list[str]()
    Timer(time, 3.0, rung.append, ["three"]).start()
    time.sleep(4.0)
    assert rung == ["three"]


def test_a_lock_is_one_threads_alone() -> None:
    time = world()
    lock, inside, most = Lock(time), [0], [0]

    def work() -> None:
        for _ in range(20):
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.01)
                inside[0] -= 1

    threads = [Thread(time, work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_two_that_wait_for_each_other_are_stuck() -> None:
    time = world()
    one, other = Lock(time), Lock(time)

    def work() -> None:
        with other:
            time.sleep(1.0)
            one.acquire()

    with one:
        Thread(time, work).start()
        time.sleep(0.5)
        with pytest.raises(StuckError):
            other.acquire()
    assert time.end() == ["thread"]


def test_what_goes_on_for_ever_is_stuck_too() -> None:
    time = world(limit_s=20.0)
    with pytest.raises(StuckError):
        while True:
            time.sleep(0.1)


def test_an_interrupt_reaches_the_main_thread_alone() -> None:
    time = world()

    def interrupt() -> None:
        time.sleep(1.0)
        time.interrupt()

    Thread(time, interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        Event(time).wait()
    assert time.now == 1.0


def test_an_error_of_a_thread_is_kept() -> None:
    time = world()
    thread = Thread(time, lambda: 1 / 0, "dividing")
    thread.start()
    thread.join()
    assert [(name, type(error)) for name, error in time.errors] == [("dividing", ZeroDivisionError)]


def order_of(seed: int) -> list[int]:
    time = world(seed)
    order: list[int] = []

    def work(number: int) -> None:
        time.sleep(1.0)
        order.append(number)

    threads = [Thread(time, work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return order


def test_a_seed_draws_the_order_and_always_the_same_one() -> None:
    assert order_of(3) == order_of(3)
    assert len({tuple(order_of(seed)) for seed in range(5)}) > 1
