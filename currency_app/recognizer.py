"""A model bundle becomes Observations: one frame in, what it shows out. LiteRT, one thread by default."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.bundle import Bundle, NoteLabel
from currency_app.errors import BundleError
from currency_app.events import Frame, Observation

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


class FrameReader(Protocol):
    """The swap point between the app and what reads its frames; `tests/fakes.py` has a `FakeRecognizer`."""

    def observe(self, frame: Frame) -> Observation:
        """What the frame shows."""
        ...


class Recognizer:
    """Reads single frames. Not safe to share between threads: each needs its own.

    threads: of the network; a second one gains nothing on a busy machine and makes the slowest frames slower.
    clock: seconds, for the stages' timings. Raises BundleError where the model cannot be run.
    """

    def __init__(self, bundle: Bundle, threads: int = 1, clock: Callable[[], float] = time.perf_counter) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.bundle = bundle
        self._clock = clock
        try:
            with _silent_standard_error():
                interpreter = Interpreter(model_path=str(bundle.model), num_threads=threads)
                interpreter.allocate_tensors()
            self._run = interpreter.get_signature_runner()
            outputs = self._run(image=np.zeros((1, bundle.height, bundle.width, 3), np.uint8))
            shapes = {name: output.shape for name, output in outputs.items()}
        except (ValueError, RuntimeError) as error:
            raise BundleError(f"{bundle.model} cannot be run here: install the model bundle again.") from error
        if shapes != {"probabilities": (1, len(bundle.labels)), "corners": (1, 9)}:
            raise BundleError(f"{bundle.model} does not give the outputs of its bundle.json: install the bundle again.")

    def observe(self, frame: Frame) -> Observation:
        """What the frame shows."""
        start = self._clock()
        picture, placed = fit_picture(frame.image, self.bundle)
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
        prepared = self._clock()
        outputs = self._run(image=picture[None])
        inferred = self._clock()
        probabilities = calibrated(outputs["probabilities"][0], self.bundle.temperature)
        reading = read_value(probabilities, self.bundle.labels)
        corners, in_view = None, 0.0
        if reading.value is not None:
            corners = (outputs["corners"][0, :8].reshape(4, 2) - placed.offset) / placed.share
            corners, in_view = corners.astype(np.float32), float(outputs["corners"][0, 8])
        light, sharpness = _light_and_sharpness(grey, placed, corners)
        done = self._clock()
        return Observation(
            t=frame.t,
            probabilities=probabilities,
            value=reading.value,
            side=reading.side,
            confidence=reading.confidence,
            corners=corners,
            in_view=in_view,
            light=light,
            sharpness=sharpness,
            stages_ms={
                "preprocess": (prepared - start) * 1e3,
                "network": (inferred - prepared) * 1e3,
                "frame": (done - start) * 1e3,
            },
        )


@dataclass(frozen=True)
class Placed:
    """Where a whole frame lies in the network's picture: fractions of the picture [x, y], offset and share taken up."""

    offset: Floats
    share: Floats


@dataclass(frozen=True)
class Reading:
    """The answer for one frame: see Observation."""

    value: int | None
    side: str | None
    confidence: float


def fit_picture(image: Image, bundle: Bundle) -> tuple[Image, Placed]:
    """The whole frame, uint8 [h, w, 3] BGR, as the network takes it, uint8 [height, width, 3] RGB, and where it lies.

    "stretch" fills the picture and changes the frame's shape; "letterbox" keeps it and fills up with black.
    """
    target_w, target_h = bundle.width, bundle.height
    height, width = image.shape[:2]
    if bundle.fit == "stretch":
        resized = cv2.resize(image, (target_w, target_h), interpolation=cv2.INTER_AREA)
        placed = Placed(np.zeros(2, np.float32), np.ones(2, np.float32))
        return np.asarray(cv2.cvtColor(resized, cv2.COLOR_BGR2RGB), np.uint8), placed
    scale = min(target_w / width, target_h / height)
    new_w, new_h = max(round(width * scale), 1), max(round(height * scale), 1)
    left, top = (target_w - new_w) // 2, (target_h - new_h) // 2
    picture = np.zeros((target_h, target_w, 3), np.uint8)
    resized = cv2.resize(image, (new_w, new_h), interpolation=cv2.INTER_AREA)
    picture[top : top + new_h, left : left + new_w] = cv2.cvtColor(resized, cv2.COLOR_BGR2RGB)
    offset = np.array([left / target_w, top / target_h], np.float32)
    return picture, Placed(offset, np.array([new_w / target_w, new_h / target_h], np.float32))


def calibrated(probabilities: Floats, temperature: float) -> Floats:
    """Softmax outputs [labels] as if their logits had been divided by the temperature.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    logits = np.log(np.maximum(probabilities.astype(np.float64), 1e-12)) / temperature
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)


def read_value(probabilities: Floats, labels: tuple[NoteLabel, ...]) -> Reading:
    """The most likely value, both sides together; none where the background outweighs all values."""
    background = float(sum(p for p, label in zip(probabilities, labels, strict=True) if label.value is None))
    if background >= 0.5:
        return Reading(None, None, background)
    by_value: dict[int, float] = {}
    for probability, label in zip(probabilities, labels, strict=True):
        if label.value is not None:
            by_value[label.value] = by_value.get(label.value, 0.0) + float(probability)
    value = max(by_value, key=by_value.__getitem__)
    sides = [(float(p), label.side) for p, label in zip(probabilities, labels, strict=True) if label.value == value]
    return Reading(value, max(sides, key=lambda item: item[0])[1], min(by_value[value], 1.0))


@contextlib.contextmanager
def _silent_standard_error() -> Iterator[None]:
    """LiteRT reports its start on standard error, which many users hear read aloud, and has no switch for it."""
    try:
        kept = os.dup(2)
    except OSError:  # no standard error to silence
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _light_and_sharpness(grey: Image, placed: Placed, corners: Floats | None) -> tuple[float, float]:
    """Mean luma, 0..255, and variance of the Laplacian, of the note, or of the frame without one."""
    size = np.array(grey.shape[::-1], np.float32)
    left, top = np.round(placed.offset * size).astype(int)
    right, bottom = np.round((placed.offset + placed.share) * size).astype(int)
    frame = grey[top:bottom, left:right]  # without the letterbox, whose edges would count as sharp
    mask = np.zeros(frame.shape, np.uint8)
    whole = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    area = np.clip(whole if corners is None else corners, 0, 1) * np.array(frame.shape[::-1], np.float32)
    cv2.fillPoly(mask, [np.round(area).astype(np.int32)], 255)
    light = cv2.mean(frame, mask)[0]
    _, deviation = cv2.meanStdDev(cv2.Laplacian(frame, cv2.CV_16S), mask=mask)
    return float(light), float(deviation[0, 0]) ** 2
