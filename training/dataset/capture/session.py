"""Take training pictures from a camera while a voice says how to hold the note."""

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
"""Seconds that the last announcement may take before the program ends; chosen by hand."""
_MEASURED_WIDTH = 320
"""Pixels to which pictures are scaled before their focus is measured, so that all cameras compare. Chosen by hand."""


@dataclass(frozen=True)
class CaptureSettings:
    """When a picture is taken."""

    interval_s: float = 0.5
    """Seconds of source time between pictures; of the frames in between the sharpest counts."""
    settle_s: float = 1.5
    """Seconds after a prompt in which no picture is taken, because the note is still on its way."""
    min_focus: float = 0.01
    """Least `focus_measure`; webcam frames in which people can just read a note start at 0.01."""
    min_difference: float = 2.0
    """Least mean difference from the picture before, grey levels; the noise of a webcam in front of a still scene
    reaches 1.
    """
    min_brightness: float = 15.0
    """Mean grey level, 0..255, under which nothing can be seen."""
    patience_s: float = 4.0
    """Seconds without a picture after which the reason is spoken."""


@dataclass(frozen=True, eq=False)
class _Candidate:
    image: npt.NDArray[np.uint8]
    focus: float


class CaptureSession:
    """Takes a number of pictures of one class.

    mirrored: the camera's driver gives mirror images, which are turned back, for a mirrored note is no note. taken: how
    many pictures have been written.
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
        self._previous: Image | None = None
        self._rejection: str | None = None
        self._quiet_since = 0.0

    def run(self) -> None:
        """Take pictures until there are enough, the source ends, or the user interrupts; what was taken stays.

        Raises DataError if a picture cannot be written, SourceError if the source gives none.
        """
        try:
            for event in self._source.events():
                match event:
                    case Frame():
                        self._process(event)
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
    def rejection(self) -> str | None:
        """Why the last picture was not taken, in the plan's words; None if one was taken since."""
        return None if self._rejection is None else self._plan.text(self._rejection)

    def _process(self, frame: Frame) -> None:
        settings, t = self._settings, frame.t
        prompt = self._prompter.update(t, self._count - self.taken)
        if prompt is not None:
            self._say(prompt)
            self._best, self._quiet_since = None, t
        if t - self._prompter.prompt_started < settings.settle_s:
            self._best_until = self._prompter.prompt_started + settings.settle_s + settings.interval_s
            return
        measured = focus_measure(frame.image)
        if self._best is None or measured > self._best.focus:
            self._best = _Candidate(frame.image, measured)
        if t >= self._best_until:
            self._best_until = t + settings.interval_s
            self._accept_or_reject(self._best, t)
            self._best = None
        if self._rejection is not None and t - self._quiet_since >= settings.patience_s:
            self._say(self._plan.text(self._rejection))
            self._quiet_since = t

    def _accept_or_reject(self, candidate: _Candidate, t: float) -> None:
        small = thumbnail(candidate.image)
        self._rejection = self._rejection_of(candidate, small)
        if self._rejection is None:
            image = np.asarray(cv2.flip(candidate.image, 1), np.uint8) if self._mirrored else candidate.image
            self._target.save(image)
            self._previous, self._quiet_since = small, t
            self.taken += 1

    def _rejection_of(self, candidate: _Candidate, small: Image) -> str | None:
        if float(small.mean()) < self._settings.min_brightness:
            return "dark"
        if candidate.focus < self._settings.min_focus:
            return "blurred"
        if self._previous is not None and difference(small, self._previous) < self._settings.min_difference:
            return "same"
        return None

    def _say(self, text: str) -> None:
        self._voice.say(Utterance(text, Priority.STATUS))


def focus_measure(image: npt.NDArray[np.uint8]) -> float:
    """Return how sharp a picture is: the variance of its Laplacian over that of its grey levels.

    image: uint8 [h, w, 3] BGR. Measured at 320 pixels width. The ratio, unlike the Laplacian alone, stays equal in dim
    light.
    """
    height = max(round(image.shape[0] * _MEASURED_WIDTH / image.shape[1]), 1)
    small = cv2.resize(image, (_MEASURED_WIDTH, height), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var()) / max(float(grey.var()), 1.0)
