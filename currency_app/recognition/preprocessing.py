"""A frame becomes the picture that a bundle's network takes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.bundle import Bundle


@dataclass(frozen=True)
class Placement:
    """Where a whole frame lies in the network's picture."""

    offset: Floats
    """Left and top of the frame, float32 [2], fractions of the picture."""
    share: Floats
    """Width and height of the frame, float32 [2], fractions of the picture."""

    def to_picture(self, corners: Corners) -> Corners:
        """Return corners in the frame as fractions of the picture. Both float32 [4, 2]."""
        return corners * self.share + self.offset

    def to_frame(self, corners: Floats) -> Corners:
        """Return corners in the picture, float32 [8] or [4, 2], as fractions of the frame, float32 [4, 2]."""
        return ((corners.reshape(4, 2) - self.offset) / self.share).astype(np.float32)


def fit_picture(image: Image, bundle: Bundle, *, fast: bool = False) -> tuple[Image, Placement]:
    """Return the whole frame as the network takes it, and where the frame lies in that picture.

    The bundle's `fit` says how: "stretch" fills the picture and changes the frame's shape, "letterbox" keeps the shape
    and fills up with black.

    Args:
        image: the frame, uint8 [h, w, 3] BGR.
        bundle: whose network it is for; its `width` and `height` are the picture's.
        fast: make it smaller in a third of the time and almost as well, for films; see `_resize_fast`.

    Returns:
        The picture, uint8 [height, width, 3] RGB, and the placement.
    """
    target_w, target_h = bundle.width, bundle.height
    resize = _resize_fast if fast else _resize
    height, width = image.shape[:2]
    if bundle.fit == "stretch":
        resized = resize(image, target_w, target_h)
        placement = Placement(np.zeros(2, np.float32), np.ones(2, np.float32))
        return np.asarray(cv2.cvtColor(resized, cv2.COLOR_BGR2RGB), np.uint8), placement
    scale = min(target_w / width, target_h / height)
    new_w, new_h = max(round(width * scale), 1), max(round(height * scale), 1)
    left, top = (target_w - new_w) // 2, (target_h - new_h) // 2
    picture = np.zeros((target_h, target_w, 3), np.uint8)
    resized = resize(image, new_w, new_h)
    picture[top : top + new_h, left : left + new_w] = cv2.cvtColor(resized, cv2.COLOR_BGR2RGB)
    offset = np.array([left / target_w, top / target_h], np.float32)
    return picture, Placement(offset, np.array([new_w / target_w, new_h / target_h], np.float32))


def _resize(image: Image, width: int, height: int) -> Image:
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _resize_fast(image: Image, width: int, height: int) -> Image:
    """Return the image in another size: every pixel still counts, or nearly.

    OpenCV takes the mean over areas of any size eight times as long as it takes to halve a picture or to mix four
    neighbours. So large pictures are halved first, what is left is brought to twice the size that is asked for, where
    mixing four of at most nine pixels skips little, and that is halved. It gives the grey levels of the slow way to
    about one in 255.
    """
    double_w, double_h = 2 * width, 2 * height
    while image.shape[1] >= 2 * double_w and image.shape[0] >= 2 * double_h:
        image = _resize(image, image.shape[1] // 2, image.shape[0] // 2)
    if image.shape[1] < double_w and image.shape[0] < double_h:
        return _resize(image, width, height)
    doubled = cv2.resize(image, (double_w, double_h), interpolation=cv2.INTER_LINEAR)
    return _resize(np.asarray(doubled, np.uint8), width, height)
