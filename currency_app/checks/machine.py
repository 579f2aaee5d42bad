"""Whether the model can be used, and how fast it is on this computer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from currency_app.checks.base import CheckResult

if TYPE_CHECKING:
    from currency_app.camera import Source
    from currency_app.events import SourceEvent

SPEED_FRAMES = 150
"""Ten seconds of the drawn scene: enough for a 95th percentile."""


def check_model(currency: str) -> CheckResult:
    """Read and verify the bundle of a currency, or of several."""
    from currency_app.recognition.bundle import load_bundles

    found = [
        f"{bundle.currency}, values {', '.join(str(value) for value in bundle.values)}"
        for bundle in load_bundles(currency)
    ]
    return True, "; ".join(found)


def check_threads(currency: str) -> CheckResult:
    """Tell how many threads the network gets for a camera, as it was measured here, or is measured now."""
    from currency_app.recognition.bundle import load_bundles
    from currency_app.timing import ThreadChooser

    choice = ThreadChooser(load_bundles(currency)).choice()
    if not choice.pass_ms:
        return True, f"{choice.threads}: two need more than one processor, and time to be measured"
    one, two = (f"{choice.pass_ms[threads]['p50']:.1f} ms" for threads in (1, 2))
    return True, f"{choice.threads}; a look takes {one} with one thread, {two} with two"


def check_speed(currency: str) -> CheckResult:
    """Time the app on the first seconds of the demonstration.

    Fails if 1 frame in 20 or more is over the budget. It also tells at which pace a camera would be read.

    The budget is for one currency: for several together the time is told, whatever it is.
    """
    from currency_app.benchmarking import BUDGET_MS, run_benchmark
    from currency_app.demo.scene import DemoScene
    from currency_app.recognition.bundle import load_bundles
    from currency_app.timing import ThreadChooser, pace_for

    bundles = load_bundles(currency)
    threads = ThreadChooser(bundles).choice().threads
    scene = _FirstFrames(DemoScene(realtime=False), SPEED_FRAMES)
    measured = run_benchmark(bundles, DemoScene(realtime=False), scene, threads)
    frame_ms = measured.stages_ms["frame"]
    pace = pace_for(measured.pass_ms["p50"], frame_ms["p50"])
    found = f"19 of 20 frames within {frame_ms['p95']:.1f} ms; {BUDGET_MS:.0f} are allowed"
    if len(bundles) > 1:
        found = f"{found} for one currency, and these are {len(bundles)}"
    # A whole sentence, for what follows it is what to do.
    looks = "with" if pace.extra_looks else "without"
    found = f"{found}. Up to {pace.frames_per_second:.0f} frames a second of a camera are read, {looks} extra looks"
    if len(bundles) > 1:
        return True, found
    if frame_ms["p95"] > BUDGET_MS:
        return False, f"{found}. Close other programs and try again."
    return True, found


class _FirstFrames:
    """The beginning of a source."""

    def __init__(self, source: Source, count: int) -> None:
        self.name = source.name
        self.dropped = 0
        self._source = source
        self._count = count

    def events(self) -> Iterator[SourceEvent]:
        return itertools.islice(self._source.events(), self._count)

    def close(self) -> None:
        self._source.close()
