"""What a cheap camera does to a scene: light, white balance, blur, noise, compression."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Drawing, Numbers

_MAX_DEFOCUS = 2.2
"""Standard deviation of the strongest defocus of any picture, 256ths of its width. Judged by eye."""
_MAX_MOTION = 13.0
"""Length of the longest motion blur of any picture, 256ths of its width. Judged by eye."""


def through_webcam(rng: np.random.Generator, picture: Drawing, strength: float = 1.0, height: float = 0.0) -> Drawing:
    """Return a picture, uint8 [h, w, 3] BGR, as a webcam would have given it.

    strength: 0 leaves it as it is, 1 is all that the camera may do. height: of the note, or of what is held, as a share
    of the picture: a large one, which is near or moves, can be blurred more and still be seen.
    """
    seen = picture.astype(np.float32)
    seen = _lit(rng, seen, strength)
    max_defocus, max_motion = (
        (_MAX_DEFOCUS, _MAX_MOTION) if rng.random() < 0.7 else (height * 256 * 0.05, height * 256 * 0.4)
    )
    seen = _blurred(
        rng, seen, strength, float(np.clip(max_defocus, _MAX_DEFOCUS, 8)), float(np.clip(max_motion, _MAX_MOTION, 45))
    )
    if rng.random() < 0.6 * strength:
        noise = rng.standard_normal(seen.shape, dtype=np.float32)
        seen = np.asarray(cv2.scaleAdd(noise, float(rng.uniform(1, 11) * strength), seen), np.float32)
    seen8: Drawing = np.clip(seen, 0, 255).astype(np.uint8)
    if rng.random() < 0.7 * strength:
        quality = int(rng.uniform(25, 95))
        _, packed = cv2.imencode(".jpg", seen8, [cv2.IMWRITE_JPEG_QUALITY, quality])
        seen8 = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))
    return seen8


def _lit(rng: np.random.Generator, seen: Numbers, strength: float) -> Numbers:
    """Return the picture under uneven light, glare, and with another exposure, contrast and white balance."""
    height, width = seen.shape[:2]
    if rng.random() < 0.5 * strength:
        corner_light = rng.uniform(0.45, 1.4, (2, 2)).astype(np.float32)
        seen = seen * cv2.resize(corner_light, (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
    if rng.random() < 0.15 * strength:
        glare = np.zeros((height, width), np.float32)
        centre = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        axes = (int(width * rng.uniform(0.03, 0.15)), int(height * rng.uniform(0.02, 0.1)))
        cv2.ellipse(glare, centre, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(60, 220)), -1)
        seen = seen + cv2.GaussianBlur(glare, (0, 0), width * float(rng.uniform(0.01, 0.05)))[..., None]
    if rng.random() < 0.8 * strength:
        seen = seen * np.exp(rng.normal(0, 0.1 * strength, 3)).astype(np.float32)
    if rng.random() < 0.8 * strength:
        gamma = float(np.exp(rng.normal(0, 0.3 * strength)))
        gain = float(np.exp(rng.normal(-0.05, 0.25 * strength)))
        seen = 255 * cv2.pow(np.clip(seen * (gain / 255), 0, 1), gamma)
    if rng.random() < 0.12 * strength:  # far too little light, or too much
        brighter = rng.uniform(-2.5, -0.9) if rng.random() < 0.6 else rng.uniform(0.5, 1.5)
        seen = np.clip(seen * float(np.exp(brighter)), 0, 255)
    if rng.random() < 0.4 * strength:
        seen = (seen - 128) * float(rng.uniform(0.5, 1.25)) + 128 + float(rng.normal(0, 12))
    if rng.random() < 0.35 * strength:
        grey = cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY)[..., None]
        seen = grey + (seen - grey) * np.float32(rng.uniform(0, 1.5))
    return np.asarray(seen, np.float32)


def _blurred(
    rng: np.random.Generator, seen: Numbers, strength: float, max_defocus: float, max_motion: float
) -> Numbers:
    """Return the picture in low resolution, out of focus, moved, sharpened, or as it was.

    max_defocus, max_motion: 256ths of the picture's width.
    """
    height, width = seen.shape[:2]
    kind = rng.random() / max(strength, 1e-3)
    if kind < 0.15:
        small = float(rng.uniform(0.35, 0.9))
        shrunk = cv2.resize(seen, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.resize(shrunk, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    if kind < 0.35:
        return np.asarray(
            cv2.GaussianBlur(seen, (0, 0), width / 256 * float(rng.uniform(0.4, max_defocus))), np.float32
        )
    if kind < 0.55:
        length = max(int(width / 256 * rng.uniform(2, max_motion)), 2)
        kernel = np.zeros((length, length), np.float32)
        half = (length - 1) / 2
        angle = rng.uniform(0, np.pi)
        step = np.array([np.cos(angle), np.sin(angle)]) * half
        first, last = np.round(half - step).astype(int), np.round(half + step).astype(int)
        cv2.line(kernel, tuple(int(v) for v in first), tuple(int(v) for v in last), 1.0)
        return np.asarray(cv2.filter2D(seen, -1, kernel / kernel.sum()), np.float32)
    if kind < 0.65:
        sharper = cv2.GaussianBlur(seen, (0, 0), 1.5)
        return seen + float(rng.uniform(0.3, 1.2)) * (seen - sharper)
    return seen
