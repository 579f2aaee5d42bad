"""One frame in, one observation out: on a tiny network whose notes are colours, and on parts by themselves."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from fakes import FakeClock
from observations import BUNDLE, bundle_of
from tiny_bundle import NOTE_SIZE, SIZE, colour_of, paint

from currency_app.bundle import Bundle, load_bundle, sha256_of
from currency_app.errors import BundleError
from currency_app.events import Frame, Observation
from currency_app.reading import calibrated, read_value
from currency_app.recognizer import Recognizer, fit_picture

USD = (1, 2, 5, 10, 20, 50, 100)


@pytest.fixture(scope="module")
def recognizer(tiny_bundle: Path) -> Recognizer:
    return Recognizer(load_bundle(tiny_bundle))


def observe(recognizer: Recognizer, image: npt.NDArray[np.uint8]) -> Observation:
    return recognizer.observe(Frame(image, t=2.5, index=7))


@pytest.mark.parametrize("frame", [(64, 48), (640, 480), (480, 640), (32, 32)])
@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("value", USD)
def test_every_value_and_side_is_read(recognizer: Recognizer, value: int, side: str, frame: tuple[int, int]) -> None:
    seen = observe(recognizer, paint(colour_of(USD, value, side), frame=frame))
    assert (seen.value, seen.side) == (value, side)
    assert seen.confidence > 0.99
    assert seen.t == 2.5


def test_an_empty_frame_shows_no_note(recognizer: Recognizer) -> None:
    seen = observe(recognizer, paint(None))
    assert (seen.value, seen.side, seen.corners, seen.in_view) == (None, None, None, 0.0)
    assert seen.confidence > 0.99


def test_probabilities_are_those_of_all_labels(recognizer: Recognizer) -> None:
    seen = observe(recognizer, paint(colour_of(USD, 50, "back")))
    assert seen.probabilities.shape == (15,)
    assert float(seen.probabilities.sum()) == pytest.approx(1)
    assert recognizer.bundle.labels[int(seen.probabilities.argmax())].name == "usd_50_back"


def test_colours_are_not_swapped(recognizer: Recognizer) -> None:
    """OpenCV's pictures are BGR and the network's are RGB: swapped, a note would be another note."""
    red, green, blue = colour_of(USD, 20, "front")
    assert (blue, green, red) == colour_of(USD, 2, "back")
    assert observe(recognizer, paint((red, green, blue))).value == 20
    assert observe(recognizer, paint((blue, green, red))).value == 2


@pytest.mark.parametrize("frame", [(64, 64), (640, 480), (480, 640), (1280, 720)])
@pytest.mark.parametrize("centre", [(0.5, 0.5), (0.3, 0.7), (0.72, 0.3)])
@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
def test_corners_are_where_the_note_is_in_the_frame(
    tiny_bundle: Path, fit: str, centre: tuple[float, float], frame: tuple[int, int]
) -> None:
    """Whatever the fit: the network sees another picture, but the corners are fractions of the frame."""
    bundle = replace(load_bundle(tiny_bundle), fit=fit)
    longest = max(frame)
    # What NOTE_SIZE of the network's picture is in the frame.
    share = np.array(frame) / longest if fit == "letterbox" else np.ones(2)
    width, height = np.array(NOTE_SIZE) / share
    centre = (min(max(centre[0], width / 2), 1 - width / 2), min(max(centre[1], height / 2), 1 - height / 2))
    image = paint(colour_of(USD, 10, "front"), centre, frame, (float(width), float(height)))
    seen = observe(Recognizer(bundle), image)
    assert seen.value == 10
    assert seen.corners is not None
    (left, top), (right, bottom) = (np.array(centre) + s * np.array([width, height]) / 2 for s in (-1, 1))
    expected = [[left, top], [right, top], [right, bottom], [left, bottom]]
    np.testing.assert_allclose(seen.corners, expected, atol=0.02)
    assert seen.in_view == pytest.approx(1, abs=0.02)


def test_light_is_that_of_the_note(recognizer: Recognizer) -> None:
    colour = (70, 70, 160)
    luma = 0.299 * 70 + 0.587 * 70 + 0.114 * 160
    image = paint(colour)
    assert image.mean() < luma / 2
    assert observe(recognizer, image).light == pytest.approx(luma, rel=0.15)


def test_light_is_that_of_the_frame_without_a_note(recognizer: Recognizer) -> None:
    assert observe(recognizer, np.full((48, 64, 3), 3, np.uint8)).light == pytest.approx(3, abs=0.5)


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
def test_a_flat_frame_has_no_sharpness(tiny_bundle: Path, fit: str) -> None:
    """The edges of the letterbox are not sharp detail."""
    recognizer = Recognizer(replace(load_bundle(tiny_bundle), fit=fit))
    assert observe(recognizer, np.full((48, 64, 3), 8, np.uint8)).sharpness == pytest.approx(0, abs=0.01)


def test_detail_is_sharper_than_blur(recognizer: Recognizer) -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 24, (SIZE, SIZE, 3), dtype=np.uint8)
    blurred = np.full_like(noise, noise.mean())
    blurred[8:24, 8:24] = noise[8:24, 8:24].mean()
    assert observe(recognizer, noise).sharpness > 10 * observe(recognizer, blurred).sharpness


def test_stages_are_timed(tiny_bundle: Path) -> None:
    clock = FakeClock()

    def ticking() -> float:
        clock.now += 0.002
        return clock.now

    stages = observe(Recognizer(load_bundle(tiny_bundle), clock=ticking), paint(None)).stages_ms
    assert stages == pytest.approx({"preprocess": 2, "network": 2, "frame": 6})


def test_a_currency_of_four_values(four_value_bundle: Path) -> None:
    """Its nine probabilities have the shape of the corners: only the outputs' names tell them apart."""
    values = (5, 10, 20, 50)
    recognizer = Recognizer(load_bundle(four_value_bundle))
    assert len(recognizer.bundle.labels) == 9
    for value in values:
        for side in ("front", "back"):
            seen = observe(recognizer, paint(colour_of(values, value, side), (0.4, 0.6)))
            assert (seen.value, seen.side) == (value, side)
            assert float(seen.probabilities.sum()) == pytest.approx(1)
            assert seen.corners is not None
            np.testing.assert_allclose(seen.corners.mean(axis=0), [0.4, 0.6], atol=0.03)


def test_the_temperature_of_the_bundle_is_used(tiny_bundle: Path) -> None:
    image = paint(colour_of(USD, 20, "front"))
    sharp, soft = (
        observe(Recognizer(replace(load_bundle(tiny_bundle), temperature=t)), image).confidence for t in (1.0, 4.0)
    )
    assert soft < sharp - 0.1


def test_the_start_of_the_network_leaves_standard_error_alone(
    tiny_bundle: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Recognizer(load_bundle(tiny_bundle))
    assert capfd.readouterr() == ("", "")


def test_standard_error_works_again_after_the_start(tiny_bundle: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import os

    Recognizer(load_bundle(tiny_bundle))
    os.write(2, b"still here\n")
    assert capfd.readouterr().err == "still here\n"


def _with_model(tiny_bundle: Path, folder: Path, model: bytes) -> Bundle:
    """A bundle that vouches for another model."""
    shutil.copytree(tiny_bundle, folder, dirs_exist_ok=True)
    (folder / "model.tflite").write_bytes(model)
    description = json.loads((folder / "bundle.json").read_text())
    description["model"]["sha256"] = sha256_of(folder / "model.tflite")
    (folder / "bundle.json").write_text(json.dumps(description))
    return load_bundle(folder)


def test_a_model_that_is_no_network_is_refused(
    tiny_bundle: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bundle = _with_model(tiny_bundle, tmp_path, b"no network at all")
    with pytest.raises(BundleError, match=r"cannot be run here: install the model bundle again\.$"):
        Recognizer(bundle)
    assert capfd.readouterr() == ("", "")


def test_a_cut_off_model_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    whole = (tiny_bundle / "model.tflite").read_bytes()
    bundle = _with_model(tiny_bundle, tmp_path, whole[: len(whole) // 100])
    with pytest.raises(BundleError, match="cannot be run here"):
        Recognizer(bundle)


def test_a_model_of_another_currency_is_refused(tiny_bundle: Path, four_value_bundle: Path, tmp_path: Path) -> None:
    bundle = _with_model(tiny_bundle, tmp_path, (four_value_bundle / "model.tflite").read_bytes())
    with pytest.raises(BundleError, match="does not give the outputs of its bundle"):
        Recognizer(bundle)


@pytest.mark.parametrize("size", [(SIZE * 2, SIZE), (SIZE, SIZE * 2)])
def test_an_input_size_that_the_model_does_not_take_is_refused(tiny_bundle: Path, size: tuple[int, int]) -> None:
    bundle = replace(load_bundle(tiny_bundle), width=size[0], height=size[1])
    with pytest.raises(BundleError, match="cannot be run here"):
        Recognizer(bundle)


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
@pytest.mark.parametrize("frame", [(640, 480), (480, 640), (100, 7), (1, 1), (3000, 2)])
def test_the_whole_frame_is_given_to_the_network(fit: str, frame: tuple[int, int]) -> None:
    """Whichever the shape, nothing of the frame is cut off, and the place it takes up is told."""
    image = np.full((frame[1], frame[0], 3), 200, np.uint8)
    picture, placed = fit_picture(image, bundle_of(fit=fit, size=(96, 64)))
    assert picture.shape == (64, 96, 3)
    assert picture.dtype == np.uint8
    ys, xs = np.nonzero(picture[..., 0])
    low = np.array([xs.min() / 96, ys.min() / 64])
    high = np.array([(xs.max() + 1) / 96, (ys.max() + 1) / 64])
    np.testing.assert_allclose(placed.offset, low, atol=1e-6)
    np.testing.assert_allclose(placed.offset + placed.share, high, atol=1e-6)
    assert set(np.unique(picture)) <= {0, 200}


@pytest.mark.parametrize("frame", [(640, 480), (480, 640), (1280, 720)])
def test_letterbox_keeps_the_shape_and_stretch_fills(frame: tuple[int, int]) -> None:
    image = np.zeros((frame[1], frame[0], 3), np.uint8)
    _, boxed = fit_picture(image, bundle_of(fit="letterbox", size=(96, 96)))
    _, filled = fit_picture(image, bundle_of(fit="stretch", size=(96, 96)))
    assert boxed.share[0] / boxed.share[1] == pytest.approx(frame[0] / frame[1], rel=0.02)
    assert float(boxed.share.max()) == 1
    assert filled.share.tolist() == [1, 1]


def test_temperature_one_changes_nothing_and_higher_ones_soften() -> None:
    given = np.array([0.7, 0.2, 0.1], np.float32)
    np.testing.assert_allclose(calibrated(given, 1), given, atol=1e-6)
    np.testing.assert_allclose(calibrated(given, 2), np.sqrt(given) / np.sqrt(given).sum(), atol=1e-6)
    np.testing.assert_allclose(calibrated(given, 1000), 1 / 3, atol=1e-3)


def test_calibration_of_certainty_is_finite() -> None:
    given = np.array([1, 0, 0], np.float32)
    for temperature in (0.3, 1, 4):
        assert calibrated(given, temperature).sum() == pytest.approx(1)
        assert calibrated(given, temperature).argmax() == 0


def _probabilities(**chances: float) -> npt.NDArray[np.float32]:
    names = [label.name for label in BUNDLE.labels]
    found = np.zeros(len(names), np.float32)
    for name, chance in chances.items():
        found[names.index(name)] = chance
    return found


@pytest.mark.parametrize(
    ("chances", "answer"),
    [
        ({"usd_20_front": 0.9, "background": 0.1}, (20, "front", 0.9)),
        # Both sides together outweigh a value with one likelier side.
        ({"usd_20_front": 0.3, "usd_20_back": 0.25, "usd_5_front": 0.4, "background": 0.05}, (20, "front", 0.55)),
        ({"usd_20_front": 0.3, "usd_5_back": 0.2, "background": 0.5}, (None, None, 0.5)),
        ({"usd_20_front": 0.2, "usd_5_back": 0.35, "background": 0.45}, (5, "back", 0.35)),
    ],
)
def test_the_value_is_read_of_both_sides(
    chances: dict[str, float], answer: tuple[int | None, str | None, float]
) -> None:
    reading = read_value(_probabilities(**chances), BUNDLE.labels)
    assert (reading.value, reading.side) == answer[:2]
    assert reading.confidence == pytest.approx(answer[2])
