"""Passes of a bundle's network over one frame, or over the part of it that matters just then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.bundle import Bundle, NoteLabel
from currency_app.recognition.corners import hull, project, scaled
from currency_app.recognition.far_note import PART_SIZE
from currency_app.recognition.network import Network
from currency_app.recognition.preprocessing import Placement, fit_picture
from currency_app.recognition.second_look import note_homography, straighten

_HIDDEN_FOR_CLOSER = 1.1
"""Size of what is hidden of notes that are known, against their own, in a closer look beside them. Chosen by hand."""


@dataclass(frozen=True, eq=False)
class Glance:
    """What one pass of the network gave, before any calibration."""

    probabilities: Floats
    """Softmax outputs, float32 [labels]."""
    corners: Corners
    """The note's corners, float32 [4, 2], fractions of the frame; of a part of it, if only a part was looked at."""
    in_view: float
    """Share of the note inside the frame, about 0..1, as the network estimates it."""

    def note_probability(self, labels: tuple[NoteLabel, ...]) -> float:
        """Return the probability, 0..1, of all values added up. labels: the bundle's."""
        return probability_of_note(self.probabilities, labels)


def probability_of_note(probabilities: Floats, labels: tuple[NoteLabel, ...]) -> float:
    """Return the probability, 0..1, of all values added up. probabilities: float32 [labels]. labels: a bundle's."""
    return float(sum(p for p, label in zip(probabilities, labels, strict=True) if label.value is not None))


class NetworkPasses:
    """The ways in which the network can look at a frame. Each call is one pass.

    bundle: says how a frame becomes a picture, and where a closer look has its margin. network: of that bundle.
    """

    def __init__(self, bundle: Bundle, network: Network) -> None:
        self._bundle = bundle
        self._network = network

    def whole(self, picture: Image, placement: Placement) -> Glance:
        """Look at the whole frame. picture, placement: what `fit_picture` gives for it."""
        probabilities, places = self._network(picture)
        return Glance(probabilities, placement.to_frame(places[:8]), float(places[8]))

    def straightened(self, image: Image, to_frame: Floats) -> Image:
        """Return the picture for a closer look, uint8 [height, width, 3] RGB.

        image: the frame, uint8 [h, w, 3] BGR, or [h, w, 4] BGRA. to_frame: from the picture to the frame; see
        `note_homography`.
        """
        note = straighten(image, to_frame, self._bundle.closer_width, self._bundle.closer_height)
        to_rgb = cv2.COLOR_BGR2RGB if note.shape[2] == 3 else cv2.COLOR_BGRA2RGB
        return np.asarray(cv2.cvtColor(note, to_rgb), np.uint8)

    def closer(self, picture: Image, to_frame: Floats) -> Glance:
        """Look at a straightened note. picture: what `straightened` gives with this map to the frame."""
        probabilities, places = self._network(picture)
        return Glance(probabilities, project(to_frame, places[:8].reshape(4, 2)), float(places[8]))

    def part(self, image: Image, origin: tuple[float, float]) -> Glance:
        """Look at a part of the frame, uint8 [h, w, 3] BGR; the corners are fractions of that part.

        origin: left and top of the part, fractions of the frame; it is `far_note.PART_SIZE` as wide and as high.
        """
        height, width = image.shape[:2]
        left, top = (np.array(origin) * [width, height]).astype(int)
        part = image[top : top + max(round(height * PART_SIZE), 1), left : left + max(round(width * PART_SIZE), 1)]
        return self.whole(*fit_picture(np.asarray(part, np.uint8), self._bundle))

    def rest(self, picture: Image, placement: Placement, hidden: Sequence[Corners], scale: float) -> Glance:
        """Look at the whole frame with the notes at these corners hidden.

        picture, placement: as for `whole`. hidden, scale: see `hide_note`.
        """
        for corners in hidden:
            picture = hide_note(picture, placement.to_picture(corners), scale)
        return self.whole(picture, placement)

    def suspect(self, image: Image, corners: Corners, hidden: Sequence[Corners]) -> Glance | None:
        """Look closer at what may be a note at these corners, with notes that are known hidden.

        None if no note can lie like that, or the bundle has no closer looks. image: the frame, uint8 [h, w, 3] BGR.
        """
        rule = self._bundle.second_look
        to_frame = None if rule is None else note_homography(corners, rule.margin)
        if to_frame is None:
            return None
        for known in hidden:
            image = hide_note(image, known, _HIDDEN_FOR_CLOSER)
        return self.closer(self.straightened(image, to_frame), to_frame)


def hide_note(picture: Image, corners: Corners, scale: float) -> Image:
    """Return a copy of the picture in which the note has the colour of its surroundings.

    The colour is the median of all that is not hidden.

    Args:
        picture: uint8 [h, w, channels].
        corners: float32 [4, 2], fractions of this picture.
        scale: size of what is hidden against the note's own, about its centre; see `second_note.HIDDEN_SCALES`.
    """
    hidden = np.zeros(picture.shape[:2], np.uint8)
    grown = hull(scaled(corners, scale)) * picture.shape[1::-1]
    outline = np.round(np.clip(grown, -9999, 9999)).astype(np.int32)
    cv2.fillConvexPoly(hidden, outline, 1)
    # Every seventh pixel tells the median as well, and sooner.
    around = picture.reshape(-1, picture.shape[2])[np.flatnonzero(hidden.ravel() == 0)[::7]]
    colour = np.median(around, axis=0).astype(np.uint8) if len(around) else np.zeros(picture.shape[2], np.uint8)
    copy = picture.copy()
    cv2.fillConvexPoly(copy, outline, [int(level) for level in colour])
    return copy
