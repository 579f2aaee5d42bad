"""Still images: the answer, whether the app would say it, and the form that other programs read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.errors import ImageError
from currency_app.events import Frame, HintKind
from currency_app.identify import Identified, as_json, as_text, identify, identify_file
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.speech.phrases import Phrases
from tests.support.painted import NOTE_SIZE, colour_of, paint, printed, write_picture

USD = (1, 2, 5, 10, 20, 50, 100)
FIELDS = ["path", "currency", "value", "side", "confidence", "spoken", "corners", "hint"]
DOUBTFUL = tuple(0.5 * (a + b) for a, b in zip(colour_of(USD, 20, "front"), colour_of(USD, 2, "back"), strict=True))
"""A colour halfway between a 20 and another note."""


@pytest.fixture(scope="module")
def recognizer(tiny_bundle: Path) -> Recognizer:
    return Recognizer(load_bundle(tiny_bundle))


@pytest.fixture(scope="module")
def phrases(recognizer: Recognizer) -> Phrases:
    return Phrases("en", recognizer.bundle.names)


def sure(recognizer: Recognizer) -> Identified:
    return identify(recognizer, printed(paint(colour_of(USD, 20, "front"), frame=(640, 480))))


def test_a_sure_note(recognizer: Recognizer, phrases: Phrases) -> None:
    found = sure(recognizer)
    entry = as_json(Path("some/a.jpg"), "USD", found)
    assert list(entry) == FIELDS
    assert (entry["path"], entry["currency"], entry["value"], entry["side"]) == ("some/a.jpg", "USD", 20, "front")
    assert entry["confidence"] > 0.99
    assert entry["spoken"] is True
    assert entry["hint"] is None
    np.testing.assert_allclose(entry["corners"], [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]], atol=0.02)
    assert as_text(Path("some/a.jpg"), "USD", phrases, found) == "some/a.jpg: 20 dollars, front (100%, sure)"


def test_a_doubtful_note_has_its_likeliest_value_but_is_not_spoken(recognizer: Recognizer, phrases: Phrases) -> None:
    found = identify(recognizer, paint(DOUBTFUL))
    entry = as_json(Path("a.jpg"), "USD", found)
    assert entry["value"] in USD
    assert entry["confidence"] < recognizer.bundle.sure
    assert entry["spoken"] is False
    assert "not sure, the app would not say it" in as_text(Path("a.jpg"), "USD", phrases, found)


def test_a_value_has_its_own_threshold(recognizer: Recognizer, phrases: Phrases) -> None:
    """Where a wrong one costs more, what would do for another value is not said."""
    image = paint(colour_of(USD, 20, "front"))
    confidence = recognizer.observe(Frame(image, 0.0, 0)).confidence
    assert recognizer.bundle.sure < confidence < 1
    for value, spoken in ((20, False), (50, True)):
        strict = replace(recognizer.bundle, sure_by_value={value: 1.0})
        found = identify(Recognizer(strict), image)
        assert found.spoken is spoken
        assert as_json(Path("a.jpg"), "USD", found)["spoken"] is spoken


def test_no_note(recognizer: Recognizer, phrases: Phrases) -> None:
    found = identify(recognizer, np.full((48, 64, 3), 4, np.uint8))
    entry = as_json(Path("a.jpg"), "USD", found)
    assert (entry["value"], entry["side"], entry["corners"], entry["spoken"]) == (None, None, None, False)
    assert as_text(Path("a.jpg"), "USD", phrases, found) == "a.jpg: no note"


def shown(
    colour: Sequence[float], centre: tuple[float, float] = (0.5, 0.5), size: tuple[float, float] = NOTE_SIZE
) -> npt.NDArray[np.uint8]:
    """A printed note in a large picture."""
    return printed(paint(colour, centre, (640, 480), size))


def test_the_hint_is_what_would_help(recognizer: Recognizer, phrases: Phrases) -> None:
    found = identify(recognizer, shown(DOUBTFUL))
    assert found.hint is None
    found = identify(recognizer, shown(DOUBTFUL, (0.5, 0.2)))
    assert found.hint is HintKind.MOVE_DOWN
    assert as_json(Path("a.jpg"), "USD", found)["hint"] == "move_down"
    assert as_text(Path("a.jpg"), "USD", phrases, found).endswith(". Move the note down")


AT_LEFT, WIDE = (0.2, 0.5), (0.4, 0.62)


def test_what_is_read_has_its_hint_only_for_other_programs(recognizer: Recognizer, phrases: Phrases) -> None:
    """A note at the edge may be read all the same, and then there is nothing to tell the user."""
    found = identify(recognizer, shown(colour_of(USD, 20, "front"), AT_LEFT, size=WIDE))
    assert found.spoken
    assert as_json(Path("a.jpg"), "USD", found)["hint"] == "move_left"
    assert as_text(Path("a.jpg"), "USD", phrases, found).endswith(", sure)")


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("mirror_left", [False, True])
def test_left_is_the_users_with_every_camera(recognizer: Recognizer, mirror_left: bool, mirrored: bool) -> None:
    image = shown(DOUBTFUL, AT_LEFT, size=WIDE)
    found = identify(recognizer, image, mirror_left, mirrored)
    at_users_left = mirror_left == mirrored
    assert found.hint is (HintKind.MOVE_RIGHT if at_users_left else HintKind.MOVE_LEFT)


def test_corners_are_those_in_the_mirror_image(recognizer: Recognizer) -> None:
    """As it was given: its own top-left corner is at the right there."""
    corners = identify(recognizer, shown(DOUBTFUL, AT_LEFT, size=WIDE), mirrored=True).observation.corners
    assert corners is not None
    assert corners[0, 0] > corners[1, 0]
    assert corners.mean(axis=0)[0] == pytest.approx(0.2, abs=0.04)


def test_a_file(recognizer: Recognizer, tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png", paint(colour_of(USD, 50, "back")))
    assert identify_file(recognizer, path).observation.value == 50
    (tmp_path / "b.png").write_text("no image")
    with pytest.raises(ImageError):
        identify_file(recognizer, tmp_path / "b.png")
