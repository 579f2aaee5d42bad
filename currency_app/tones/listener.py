"""Hears what an app decides and sees, and lets tones tell of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from currency_app.events import AppEvent, Frame, HintKind, Observation, RunSummary, Sighting
from currency_app.recognition.bundle import Bundle
from currency_app.speech.voices import Voice
from currency_app.streams import complain
from currency_app.tones.choice import ToneChooser
from currency_app.tones.sounds import MAX_PULSES, TONES, ToneKind, pulses
from currency_app.tones.worker import ToneWorker, player_here


class ToneListener:
    """A `Listener` and `FrameListener` of an App whose tones go to a worker.

    assess: returns what one observation calls for, as `Framing.assess` does. values: those of each currency, by ISO
    code, in the order of the currencies. worker: plays the tones; it is closed at the end of the run.
    """

    def __init__(
        self,
        assess: Callable[[Observation], HintKind | None],
        values: Mapping[str, Sequence[int]],
        worker: ToneWorker,
    ) -> None:
        self._chooser = ToneChooser(assess)
        self._values = {currency: sorted(of) for currency, of in values.items()}
        self._worker = worker

    def mute_with(self, muted: Callable[[], bool]) -> None:
        """Let nothing sound while a function returns True, as while the user has muted the app."""
        self._worker.muted = muted

    def on_frame(self, frame: Frame, observation: Observation) -> None:
        """Tell of a note that comes into view, or to its place, or is lost."""
        self._offer(self._chooser.update(observation))

    def on_event(self, event: AppEvent, text: str | None) -> None:
        """Count out a value, after its words, and tell of a note that has left."""
        self._offer(self._chooser.hear(event))
        if isinstance(event, Sighting):
            count = self._values.get(event.currency, []).index(event.value) + 1
            if count <= MAX_PULSES:
                place = list(self._values).index(event.currency)
                self._worker.offer(pulses(count, place), waits=True)

    def on_end(self, summary: RunSummary) -> None:
        """End the thread that plays them."""
        self._worker.close()

    def _offer(self, tone: ToneKind | None) -> None:
        if tone is not None:
            self._worker.offer(TONES[tone])


def open_tones(
    bundles: Sequence[Bundle], assess: Callable[[Observation], HintKind | None], voice: Voice
) -> ToneListener:
    """Return a listener whose tones sound here, never over a voice. assess: see `ToneListener`."""
    worker = ToneWorker(voice, player_here(), lambda sentence: complain(f"currency-app: {sentence}"))
    return ToneListener(assess, {bundle.currency: bundle.values for bundle in bundles}, worker)
