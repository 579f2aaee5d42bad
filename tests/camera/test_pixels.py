"""What drivers give in place of colour: all of it becomes uint8 BGR, or one sentence."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from currency_app.arrays import Image
from currency_app.camera import capture
from currency_app.camera.pixels import PixelConverter
from currency_app.demo import draw_room
from currency_app.errors import SourceError

ROOM = np.ascontiguousarray(draw_room(640, 480))
GREY = cv2.cvtColor(ROOM, cv2.COLOR_BGR2GRAY)
WIDE = GREY.astype(np.uint16)


def to_bgr(array: npt.NDArray[Any], code: str = "") -> Image:
    image = PixelConverter().to_bgr(array, code)
    assert image is not None
    assert image.dtype == np.uint8
    assert image.shape == ROOM.shape
    return image


def difference(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    return float(np.abs(one.astype(np.float64) - other).mean())


def packed() -> npt.NDArray[np.uint8]:
    """YUYV: luma of each pixel, and of each pair one blue and one red part."""
    luma, red, blue = np.moveaxis(cv2.cvtColor(ROOM, cv2.COLOR_BGR2YCrCb), 2, 0)
    pairs = np.empty((*GREY.shape, 2), np.uint8)
    pairs[..., 0] = np.round(16 + luma * (219 / 255))
    pairs[:, ::2, 1], pairs[:, 1::2, 1] = blue[:, ::2], red[:, ::2]
    return pairs


def test_colour_is_left_as_it_is() -> None:
    assert np.array_equal(to_bgr(ROOM), ROOM)


@pytest.mark.parametrize(
    "array",
    [GREY, GREY[..., None], WIDE * 257, WIDE * 256, WIDE * 16, WIDE * 4, (WIDE * 257)[..., None]],
    ids=["2d", "one channel", "16 bits", "16 bits, the upper 8 in use", "12 bits", "10 bits", "16 bits, one channel"],
)
def test_grey_of_all_depths(array: npt.NDArray[Any]) -> None:
    assert difference(to_bgr(array), GREY[..., None]) < 2


@pytest.mark.parametrize(
    "array",
    [
        cv2.cvtColor(ROOM, cv2.COLOR_BGR2BGRA),
        ROOM.astype(np.uint16) * 257,
        cv2.imencode(".jpg", ROOM)[1].reshape(1, -1),
        cv2.imencode(".jpg", ROOM)[1].reshape(-1, 1),
        cv2.imencode(".jpg", ROOM)[1].ravel(),
    ],
    ids=["alpha", "16 bits", "a JPEG's row", "a JPEG's column", "a JPEG's bytes"],
)
def test_colour_of_other_kinds(array: npt.NDArray[Any]) -> None:
    assert difference(to_bgr(array), ROOM) < 3


@pytest.mark.parametrize(("code", "order"), [("YUYV", [0, 1]), ("", [0, 1]), ("UYVY", [1, 0])])
def test_two_bytes_a_pixel(code: str, order: list[int]) -> None:
    assert difference(to_bgr(packed()[..., order], code), ROOM) < 8


@pytest.mark.parametrize("code", ["I420", "YU12"])
def test_planes(code: str) -> None:
    assert difference(to_bgr(cv2.cvtColor(ROOM, cv2.COLOR_BGR2YUV_I420), code), ROOM) < 8


def test_a_camera_of_many_bits_does_not_flicker() -> None:
    """Its range is known by the brightest picture so far, not by each one."""
    converter = PixelConverter()
    bright, dim = converter.to_bgr(WIDE * 257), converter.to_bgr(WIDE * 8)
    assert bright is not None
    assert dim is not None
    assert dim.mean() < bright.mean() / 20


@pytest.mark.parametrize("array", [np.zeros((0, 0, 3), np.uint8), np.frombuffer(b"\xff\xd8 cut", np.uint8)])
def test_empty_and_damaged_is_a_failed_read(array: npt.NDArray[Any]) -> None:
    assert PixelConverter().to_bgr(array) is None


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4, 5), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((4, 5, 2), np.uint8),
        np.zeros((1, 999), np.uint8),
        np.zeros((2, 4, 4, 3), np.uint8),
    ],
)
def test_the_rest_is_one_sentence(array: npt.NDArray[Any]) -> None:
    with pytest.raises(SourceError, match=r"of a kind that is not known\. Switch it to"):
        PixelConverter().to_bgr(array)


class Driver:
    """A cv2.VideoCapture that gives one array for ever."""

    array: npt.NDArray[Any] = GREY

    def __init__(self, *arguments: object) -> None:
        pass

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def set(self, *arguments: object) -> bool:
        return False

    def get(self, prop: int) -> float:
        return 0.0

    def grab(self) -> bool:
        return True

    def retrieve(self) -> tuple[bool, npt.NDArray[Any]]:
        return True, self.array

    def release(self) -> None:
        pass


def test_a_grey_camera_is_read_in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "VideoCapture", Driver)
    camera = capture.open_camera(0)
    assert camera is not None
    image = camera.read()
    assert image is not None
    assert image.shape == ROOM.shape
