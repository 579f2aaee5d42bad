"""Takes training pictures from a camera while a voice tells how to hold the note."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Image
from currency_app.camera.base import Source
from currency_app.events import CameraBack, CameraLost, Frame, Priority, Utterance
from currency_app.speech.phrases import Phrases
from currency_app.speech.voices.base import Voice
from training.dataset.capture.prompts import Prompter, PromptPlan
from training.dataset.capture.takes import TakeFolder
from training.dataset.duplicates import difference, thumbnail

_LAST_WORDS_S = 8.0
_MEASURED_WIDTH = 320


@dataclass(frozen=True)
class CaptureSettings:
    """When a picture is taken.

    every_s: seconds of source time; of the frames in between the sharpest counts. listen_s: after a prompt, in which
    none is taken because the note is still on its way. sharp: least `focus_measure`; webcam frames in which people can
    just read a note start at 0.01. different: least mean difference from the picture before, grey levels; the noise of
    a webcam that sees nothing move reaches 1. dark: mean grey level under which nothing can be seen.
    patience_s: seconds without a picture after which the reason is said.
    """

    every_s: float = 0.5
    listen_s: float = 1.5
    sharp: float = 0.01
    different: float = 2.0
    dark: float = 15.0
    patience_s: float = 4.0


@dataclass(frozen=True, eq=False)
class _Candidate:
    image: npt.NDArray[np.uint8]
    focus_measure: float


class CaptureSession:
    """Takes so many pictures of one class.

    mirrored: the camera's driver gives mirror images, which are turned back, for a mirrored note is no note.
    taken: how many pictures have been written.
    """

    def __init__(
        self,
        source: Source,
        voice: Voice,
        plan: PromptPlan,
        target: TakeFolder,
        count: int,
        *,
        mirrored: bool = False,
        settings: CaptureSettings | None = None,
    ) -> None:
        self.taken = 0
        self._source = source
        self._voice = voice
        self._plan = plan
        self._target = target
        self._count = count
        self._mirrored = mirrored
        self._settings = settings or CaptureSettings()
        self._prompter = Prompter(plan, count)
        self._phrases = Phrases("en")
        self._best: _Candidate | None = None
        self._best_until = 0.0
        self._last: Image | None = None
        self._refused: str | None = None
        self._quiet_since = 0.0

    def run(self) -> None:
        """Until there are enough, the source ends, or the user interrupts; what was taken stays.

        Raises DataError where a picture cannot be written, SourceError where the source gives none.
        """
        try:
            for event in self._source.events():
                match event:
                    case Frame():
                        self._take(event)
                    case CameraLost():
                        self._say(self._phrases.camera_lost())
                    case CameraBack():
                        self._say(self._phrases.camera_back())
                if self.taken >= self._count:
                    break
            self._say(self._plan.text("done", self.taken))
            self._voice.wait(_LAST_WORDS_S)
        except KeyboardInterrupt:
            pass
        finally:
            self._source.close()
            self._voice.close()

    @property
    def refused(self) -> str | None:
        """Why the last picture was not taken, in the plan's words; None where one was taken since."""
        return None if self._refused is None else self._plan.text(self._refused)

    def _take(self, frame: Frame) -> None:
        settings, t = self._settings, frame.t
        prompt = self._prompter.update(t, self._count - self.taken)
        if prompt is not None:
            self._say(prompt)
            self._best, self._quiet_since = None, t
        if t - self._prompter.begun < settings.listen_s:
            self._best_until = self._prompter.begun + settings.listen_s + settings.every_s
            return
        measured = focus_measure(frame.image)
        if self._best is None or measured > self._best.focus_measure:
            self._best = _Candidate(frame.image, measured)
        if t >= self._best_until:
            self._best_until = t + settings.every_s
            self._decide(self._best, t)
            self._best = None
        if self._refused is not None and t - self._quiet_since >= settings.patience_s:
            self._say(self._plan.text(self._refused))
            self._quiet_since = t

    def _decide(self, candidate: _Candidate, t: float) -> None:
        small = thumbnail(candidate.image)
        self._refused = self._why_not(candidate, small)
        if self._refused is None:
            image = np.asarray(cv2.flip(candidate.image, 1), np.uint8) if self._mirrored else candidate.image
            self._target.save(image)
            self._last, self._quiet_since = small, t
            self.taken += 1

    def _why_not(self, candidate: _Candidate, small: Image) -> str | None:
        if float(small.mean()) < self._settings.dark:
            return "dark"
        if candidate.focus_measure < self._settings.sharp:
            return "blurred"
        if self._last is not None and difference(small, self._last) < self._settings.different:
            return "same"
        return None

    def _say(self, text: str) -> None:
        self._voice.say(Utterance(text, Priority.STATUS))


def focus_measure(image: npt.NDArray[np.uint8]) -> float:
    """How sharp a picture, uint8 [h, w, 3] BGR, is: variance of its Laplacian over that of its grey levels.

    Measured at 320 pixels width. The ratio, unlike the Laplacian alone, stays the same in dim light.
    """
    height = max(round(image.shape[0] * _MEASURED_WIDTH / image.shape[1]), 1)
    small = cv2.resize(image, (_MEASURED_WIDTH, height), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var()) / max(float(grey.var()), 1.0)
