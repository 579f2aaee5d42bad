"""What drivers give in place of 8-bit colour, made into it: grey, alpha, 16 bits, raw YUV and JPEG bytes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Image
from currency_app.errors import SourceError

_RANGES = (1023.0, 4095.0, 16383.0, 65535.0)
"""Brightest levels of sensors of 10, 12, 14 and 16 bits."""
_PACKED = {"UYVY": cv2.COLOR_YUV2BGR_UYVY, "YVYU": cv2.COLOR_YUV2BGR_YVYU}
"""Two bytes a pixel, by their four-letter code. Others are taken for YUYV, which most webcams give."""
_PLANAR = {
    "NV12": cv2.COLOR_YUV2BGR_NV12,
    "NV21": cv2.COLOR_YUV2BGR_NV21,
    "YV12": cv2.COLOR_YUV2BGR_YV12,
    "YU12": cv2.COLOR_YUV2BGR_I420,
    "I420": cv2.COLOR_YUV2BGR_I420,
}
"""One byte of luma a pixel and the colours below, which makes the array half as high again."""
_JPEG = b"\xff\xd8"
_UNKNOWN = "The camera gives pictures of a kind that is not known. Switch it to MJPG or YUYV, or use another camera."


class PixelConverter:
    """Makes 8-bit colour of the arrays of one camera, whatever it gives.

    It remembers how bright a camera of more than 8 bits has been, so that its pictures do not flicker: drivers do not
    tell how many of 16 bits they use.
    """

    def __init__(self) -> None:
        self._brightest = 0.0

    def to_bgr(self, array: npt.NDArray[Any], code: str = "") -> Image | None:
        """Return uint8 [h, w, 3] BGR; None if the array is empty or damaged.

        code: the four-letter code of the camera's format, if it is known. Raises SourceError for what cannot be read.
        """
        if array.size == 0:
            return None
        if array.dtype == np.uint16:
            array = self._to_8_bits(array)
        if array.dtype != np.uint8 or array.ndim > 3:
            raise SourceError(_UNKNOWN)
        if 1 in array.shape[:2] or array.ndim == 1:
            return _decoded(np.ravel(array))
        if array.ndim == 3 and array.shape[2] == 1:
            array = array[:, :, 0]
        if array.ndim == 2:
            planar = _PLANAR.get(code) if array.shape[0] % 3 == 0 and array.shape[1] % 2 == 0 else None
            return _converted(array, cv2.COLOR_GRAY2BGR if planar is None else planar)
        if array.shape[2] == 2:
            if array.shape[1] % 2:
                raise SourceError(_UNKNOWN)
            return _converted(array, _PACKED.get(code, cv2.COLOR_YUV2BGR_YUYV))
        if array.shape[2] == 4:
            return _converted(array, cv2.COLOR_BGRA2BGR)
        if array.shape[2] != 3:
            raise SourceError(_UNKNOWN)
        return np.asarray(array, np.uint8)

    def _to_8_bits(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        self._brightest = max(self._brightest, float(array.max()))
        full = next(limit for limit in _RANGES if self._brightest <= limit)
        return np.asarray(array * (255.0 / full), np.uint8)


def _converted(array: npt.NDArray[Any], conversion: int) -> Image:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(array), conversion), np.uint8)


def _decoded(data: npt.NDArray[np.uint8]) -> Image | None:
    """Decode one picture's bytes, as a driver gives them that was told not to convert."""
    if data[: len(_JPEG)].tobytes() != _JPEG:
        raise SourceError(_UNKNOWN)
    image = cv2.imdecode(np.ascontiguousarray(data), cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image, np.uint8)
