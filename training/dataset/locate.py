"""Find notes in photographs by scans of the same notes: which side is seen, and where its corners are.

Points that look alike in a scan and in a photograph give the projective map from the one to the other. They are SIFT
keypoints (Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 2004), compared as in Arandjelovic
and Zisserman, "Three things everyone should know to improve object retrieval", CVPR 2012. Many of them must agree on
the map (RANSAC: Fischler and Bolles, Commun. ACM 24, 1981). A hand may cover part of the note, and it may be any way
up. A note that is folded, blurred or of another design is not found, and its row stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from currency_app.arrays import Floats
from currency_app.errors import DataError
from currency_app.images import read_image
from currency_app.recognition.corners import UNIT_SQUARE, project
from currency_app.recognition.second_look import note_homography
from training.dataset.labels import Label, parse_label
from training.dataset.manifest import LabelledImage
from training.parallel import in_threads
from training.progress import Progress

MIN_INLIERS = 25
"""How many points must agree on where a note lies. Of 84 web photographs of euros, 72 reach it, each by a scan of the
right value when those of all seven are tried; the best wrong one has 16.
"""
_WORKING_SIDE = 800
"""Pixels of the longer side to which every image is scaled before its keypoints are found. Chosen by hand."""
_MAX_POINTS = 2000
"""How many keypoints of an image are kept, the strongest. Chosen by hand."""
_MAX_DISTANCE_RATIO = 0.75
"""How far the nearest descriptor may be, as a share of the second nearest: Lowe's ratio test; he proposes 0.8."""
_MAX_REPROJECTION_ERROR = 4.0
"""How far from its place a point may be mapped and still agree, pixels of the scaled photograph. Chosen by hand."""


@dataclass(frozen=True, eq=False)
class _Keypoints:
    """Keypoints of an image.

    positions: float32 [n, 2], fractions of the image. descriptors: float32 [n, 128]. size: float32 [2], width and
    height of the image, pixels.
    """

    positions: Floats
    descriptors: Floats
    size: Floats


def locate(images: Sequence[LabelledImage], currency: str, progress: Progress) -> list[LabelledImage]:
    """Return the rows, with side and corners added to photographs of a single note that a scan of it matches.

    Only photographs without corners are searched. images: rows as `relabel_for` returns them. Raises DataError if there
    is no scan of the currency whose side is labelled.
    """
    faces: dict[int | None, list[tuple[str, _Keypoints]]] = {}
    for image in images:
        label = parse_label(image.class_name, currency)
        if image.kind == "scan" and label.side is not None:
            faces.setdefault(label.value, []).append((image.class_name, _keypoints(image)))
    if not faces:
        raise DataError(
            f"There is no scan of {currency} whose side is told: add a flat picture of each face, cropped to its "
            f"edges, such as {currency}_20_front/scan.jpg."
        )
    unlocated = [image for image in images if _needs_corners(image, parse_label(image.class_name, currency), faces)]
    found = in_threads(lambda image: _located(image, currency, faces), unlocated, progress)
    located = {id(image): made for image, made in zip(unlocated, found, strict=True)}
    return [located.get(id(image), image) for image in images]


def _needs_corners(image: LabelledImage, label: Label, faces: dict[int | None, Any]) -> bool:
    """Whether an image is a photograph of a single note without corners, of a value that has a scan."""
    return image.kind == "photo" and image.polygon is None and image.notes_in_image == "single" and label.value in faces


def _located(
    image: LabelledImage, currency: str, faces: dict[int | None, list[tuple[str, _Keypoints]]]
) -> LabelledImage:
    """Return the row with side and corners of the best matching scan; unchanged if too few points agree."""
    label = parse_label(image.class_name, currency)
    photo = _keypoints(image)
    best, inliers = image, MIN_INLIERS - 1
    for name, scan in faces[label.value]:
        if label.side is not None and name != image.class_name:
            continue
        corners, count = _match(scan, photo)
        if corners is not None and count > inliers:
            best, inliers = replace(image, class_name=name, polygon=(corners * photo.size).astype(np.float32)), count
    return best


def _keypoints(image: LabelledImage) -> _Keypoints:
    picture = cv2.cvtColor(read_image(image.path), cv2.COLOR_BGR2GRAY)
    height, width = picture.shape
    scale = _WORKING_SIDE / max(height, width)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = cv2.resize(
        picture, (max(round(width * scale), 1), max(round(height * scale), 1)), interpolation=interpolation
    )
    points, found = cv2.SIFT.create(nfeatures=_MAX_POINTS).detectAndCompute(picture, None)
    positions = np.array([point.pt for point in points], np.float32).reshape(-1, 2) / picture.shape[1::-1]
    descriptors = found if points else np.zeros((0, 128), np.float32)
    descriptors = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-7))
    return _Keypoints(
        positions.astype(np.float32), descriptors.astype(np.float32), np.array([width, height], np.float32)
    )


def _match(scan: _Keypoints, photo: _Keypoints) -> tuple[Floats | None, int]:
    """Return a scan's corners in a photograph, float32 [4, 2] fractions of it, and how many points agree on them."""
    if min(len(scan.descriptors), len(photo.descriptors)) < MIN_INLIERS:
        return None, 0
    candidates = cv2.BFMatcher().knnMatch(scan.descriptors, photo.descriptors, k=2)
    matches = [one for one, other in candidates if one.distance < _MAX_DISTANCE_RATIO * other.distance]
    if len(matches) < MIN_INLIERS:
        return None, 0
    pixels = _WORKING_SIDE * photo.size / photo.size.max()
    of_scan = scan.positions[[pair.queryIdx for pair in matches]]
    of_photo = photo.positions[[pair.trainIdx for pair in matches]] * pixels
    to_photo: Any
    to_photo, inliers = cv2.findHomography(of_scan, of_photo, cv2.RANSAC, _MAX_REPROJECTION_ERROR)
    if to_photo is None:
        return None, 0
    corners = project(to_photo, UNIT_SQUARE) / pixels.astype(np.float32)
    return (None if note_homography(corners, 0.0) is None else corners), int(inliers.sum())
