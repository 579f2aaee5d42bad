"""A frame as the network takes it: whole, in the bundle's size and fit, and where it lies there."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.recognition.preprocessing import fit_picture
from tests.support.observations import box, bundle_of


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
@pytest.mark.parametrize("frame", [(640, 480), (480, 640), (100, 7), (1, 1), (3000, 2)])
def test_the_whole_frame_is_given_to_the_network(fit: str, frame: tuple[int, int]) -> None:
    """Whichever the shape, nothing of the frame is cut off, and the place it takes up is told."""
    image = np.full((frame[1], frame[0], 3), 200, np.uint8)
    picture, placement = fit_picture(image, bundle_of(fit=fit, size=(96, 64)))
    assert picture.shape == (64, 96, 3)
    assert picture.dtype == np.uint8
    ys, xs = np.nonzero(picture[..., 0])
    low = np.array([xs.min() / 96, ys.min() / 64])
    high = np.array([(xs.max() + 1) / 96, (ys.max() + 1) / 64])
    np.testing.assert_allclose(placement.offset, low, atol=1e-6)
    np.testing.assert_allclose(placement.offset + placement.share, high, atol=1e-6)
    assert set(np.unique(picture)) <= {0, 200}


@pytest.mark.parametrize("frame", [(640, 480), (480, 640), (1280, 720)])
def test_letterbox_keeps_the_shape_and_stretch_fills(frame: tuple[int, int]) -> None:
    image = np.zeros((frame[1], frame[0], 3), np.uint8)
    _, boxed = fit_picture(image, bundle_of(fit="letterbox", size=(96, 96)))
    _, filled = fit_picture(image, bundle_of(fit="stretch", size=(96, 96)))
    assert boxed.share[0] / boxed.share[1] == pytest.approx(frame[0] / frame[1], rel=0.02)
    assert float(boxed.share.max()) == 1
    assert filled.share.tolist() == [1, 1]


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
def test_corners_go_to_the_picture_and_back(fit: str) -> None:
    _, placement = fit_picture(np.zeros((480, 640, 3), np.uint8), bundle_of(fit=fit, size=(96, 64)))
    corners = box(-0.1, 0.2, 0.6, 0.7)
    np.testing.assert_allclose(placement.to_frame(placement.to_picture(corners)), corners, atol=1e-6)
