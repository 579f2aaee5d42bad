"""One thread or two for the network: measured at the first start on a computer, and kept.

A second thread can take a third off a pass of the network, or make the slowest passes slower while another program has
the other core. So both are timed on the spot, in turns, and whatever else the computer does meets them alike. Two are
chosen only if they pay clearly, in the median and in the 95th percentile, and not where a pass is short anyway.

What was found is kept in the cache folder, and measured again for another processor, bundle or version of the app. A
file that is damaged, or a folder that cannot be written, costs no more than measuring again at the next start.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from currency_app import __version__
from currency_app.paths import cache_folder
from currency_app.recognition.bundle import Bundle, sha256_of
from currency_app.recognition.network import LiteRTNetwork, Network
from currency_app.timing.processor import cpu_name, usable_processors

THREADS = (1, 2)
"""Threads that are compared. More would leave no core for the camera and speech on the computers that people own."""
CHOICES_FILE = "threads.json"
"""Name of the file in the cache folder."""
_PAYS = 0.8
"""Share of the time with one thread, 0..1, up to which two pay clearly. Chosen by hand: chance makes a tenth."""
_SHORT_PASS_MS = 10.0
"""Milliseconds of a pass on one thread up to which a second one gains nothing: at 30 frames a second the core is idle
most of the time. Chosen by hand."""
_PASSES = 30
"""Passes after which a measurement ends: enough for a 95th percentile."""
_MIN_PASSES = 3
"""Passes without which nothing is chosen."""
_MEASURE_S = 0.6
"""Seconds after which a measurement ends that has _MIN_PASSES: opening a camera takes as long. Chosen by hand."""
_MAX_MEASURE_S = 1.0
"""Seconds after which it ends in any case: a user waits for it once."""
_MAX_KEPT = 20
"""Choices that are kept, each for other bundles. Chosen by hand."""

MakeNetwork = Callable[[Bundle, int], Network]
"""Makes the network of a bundle that runs on so many threads."""


@dataclass(frozen=True)
class ThreadChoice:
    """How many threads the network gets, and why."""

    threads: int
    """Threads of the network."""
    pass_ms: Mapping[int, Mapping[str, float]]
    """Milliseconds of a pass by threads, such as {1: {"p50": 13.6, "p95": 14.9}}; empty if nothing was measured."""


def pick_threads(passes_ms: Mapping[int, Sequence[float]]) -> ThreadChoice | None:
    """Return the better of THREADS by the milliseconds of their passes; None if they are too few to tell."""
    if min(len(passes_ms[threads]) for threads in THREADS) < _MIN_PASSES:
        return None
    found = {
        threads: {
            f"p{percent}": round(float(np.percentile(passes_ms[threads], percent, method="higher")), 2)
            for percent in (50, 95)
        }
        for threads in THREADS
    }
    one, two = (found[threads] for threads in THREADS)
    pays = all(two[name] <= _PAYS * one[name] for name in one)
    return ThreadChoice(2 if pays and one["p50"] > _SHORT_PASS_MS else 1, found)


class ThreadChooser:
    """Finds the choice for some bundles: the one that was kept, or else by measuring in the background.

    Making one starts the measurement, if there must be one; `choice` waits for it, `close` gives it up. Whoever makes
    one must call one of the two before the program ends.

    folder: where choices are kept; the platform's cache folder unless given. make_network: makes what is timed.
    clock: seconds. processors: how many may be used. Raises BundleError if a model cannot be run.
    """

    def __init__(
        self,
        bundles: Sequence[Bundle],
        folder: Path | None = None,
        make_network: MakeNetwork = LiteRTNetwork,
        clock: Callable[[], float] = time.perf_counter,
        processors: int | None = None,
    ) -> None:
        count = usable_processors() if processors is None else processors
        self._bundles = tuple(bundles)
        self._path = (cache_folder() if folder is None else folder) / CHOICES_FILE
        self._machine = {"processor": cpu_name(), "processors": count, "version": __version__}
        self._clock = clock
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._found = ThreadChoice(1, {}) if count < max(THREADS) else _parse(self._kept().get(self._key))
        if self._found is None:
            # Made here and not in the background, because standard error is silent while LiteRT starts.
            networks = {threads: [make_network(bundle, threads) for bundle in bundles] for threads in THREADS}
            self._thread = threading.Thread(target=self._measure, args=(networks,), name="choose threads")
            self._thread.start()

    def choice(self) -> ThreadChoice:
        """Return the choice, once it has been measured; one thread if that could not be done in its time."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            if self._found is not None:
                self._keep(self._found)
        return self._found or ThreadChoice(1, {})

    def close(self) -> None:
        """Give a measurement up that is going on. Safe to call twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @property
    def _key(self) -> str:
        return "+".join(sha256_of(bundle.folder / "bundle.json") for bundle in self._bundles)

    def _measure(self, networks: Mapping[int, Sequence[Network]]) -> None:
        pictures = [np.zeros((bundle.height, bundle.width, 3), np.uint8) for bundle in self._bundles]
        passes_ms: dict[int, list[float]] = {threads: [] for threads in THREADS}
        began = self._clock()
        while not self._stop.is_set() and len(passes_ms[1]) < _PASSES:
            for threads in THREADS:
                start = self._clock()
                for network, picture in zip(networks[threads], pictures, strict=True):
                    network(picture)
                passes_ms[threads].append((self._clock() - start) * 1e3)
            spent = self._clock() - began
            if spent > _MAX_MEASURE_S or (spent > _MEASURE_S and len(passes_ms[1]) >= _MIN_PASSES):
                break
        if not self._stop.is_set():
            self._found = pick_threads(passes_ms)

    def _kept(self) -> dict[str, Any]:
        """Return what was kept for this computer: by bundles, the choices as JSON."""
        try:
            raw = json.loads(self._path.read_text(encoding="utf-8"))
            choices = raw["choices"] if self._machine.items() <= raw.items() else {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}
        return choices if isinstance(choices, dict) else {}

    def _keep(self, choice: ThreadChoice) -> None:
        entry = {"threads": choice.threads, "pass_ms": choice.pass_ms}
        kept = [(key, old) for key, old in self._kept().items() if key != self._key]
        choices = dict([*kept, (self._key, entry)][-_MAX_KEPT:])
        # Whole or not at all, as another app may read it; without it the next start measures again.
        part = self._path.with_suffix(f".{os.getpid()}.part")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                part.write_text(json.dumps({**self._machine, "choices": choices}, indent=1) + "\n", encoding="utf-8")
                part.replace(self._path)
            finally:
                part.unlink(missing_ok=True)


def _parse(entry: Any) -> ThreadChoice | None:
    """Return a choice that was kept; None if it is none, or damaged."""
    try:
        pass_ms = {int(n): {str(k): float(v) for k, v in times.items()} for n, times in entry["pass_ms"].items()}
        choice = ThreadChoice(int(entry["threads"]), pass_ms)
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
        return None
    complete = all({"p50", "p95"} <= pass_ms.get(threads, {}).keys() for threads in THREADS)
    return choice if choice.threads in THREADS and complete else None
