"""Bare passes of the network between the frames of a run, so that both are timed under the same conditions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from currency_app.camera.base import Source
from currency_app.events import Frame, SourceEvent
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import LiteRTNetwork, Network
from currency_app.recognition.preprocessing import fit_picture
from currency_app.timing.latency import LatencyRecorder

_EVERY = 2
"""Frames from one bare pass to the next: in a film they leave the frames enough of the time. Chosen by hand."""


class TimedPasses:
    """A source whose reader waits, after every second frame, for a pass of the network over that whole frame.

    The app times its frames from when it gets them until it asks for the next, so its figures do not contain the
    passes. With several bundles, a pass is one of each.

    source: gives the frames. networks: one for each bundle, in place of LiteRT. clock: seconds.
    """

    def __init__(
        self,
        source: Source,
        bundles: Sequence[Bundle],
        threads: int = 1,
        *,
        networks: Sequence[Network] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.name = source.name
        self.dropped = 0
        self._source = source
        self._bundles = bundles
        self._networks = [LiteRTNetwork(bundle, threads) for bundle in bundles] if networks is None else networks
        self._clock = clock
        self._recorder = LatencyRecorder()
        self._frames = 0

    def percentiles(self) -> dict[str, float]:
        """Return percentiles of a pass, milliseconds: see `LatencyRecorder`. {} before there was one."""
        return self._recorder.percentiles().get("pass", {})

    def events(self) -> Iterator[SourceEvent]:
        """Yield the source's events."""
        for event in self._source.events():
            self.dropped = self._source.dropped
            yield event
            if isinstance(event, Frame):
                if self._frames % _EVERY == 0:
                    self._time_pass(event)
                self._frames += 1

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    def _time_pass(self, frame: Frame) -> None:
        pictures = [fit_picture(frame.image, bundle)[0] for bundle in self._bundles]
        start = self._clock()
        for network, picture in zip(self._networks, pictures, strict=True):
            network(picture)
        self._recorder.add({"pass": (self._clock() - start) * 1e3})
