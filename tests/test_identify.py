"""Still images: the answer, whether the app would say it, and the form that other programs read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.arrays import Image
from currency_app.errors import ImageError
from currency_app.events import Frame, HintKind, Observation
from currency_app.identify import Identified, answer_among, as_json, as_text, identify, identify_file
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.speech.phrases import Phrases
from tests.support.observations import BUNDLE, box, seen
from tests.support.painted import NOTE_SIZE, colour_of, paint, printed, write_picture

USD = (1, 2, 5, 10, 20, 50, 100)
FIELDS = ["path", "currency", "value", "side", "confidence", "spoken", "corners", "hint", "unknown"]
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
    found = identify(Recognizer(replace(recognizer.bundle, maybe=0.3)), paint(DOUBTFUL))
    entry = as_json(Path("a.jpg"), "USD", found)
    assert entry["value"] in USD
    assert entry["confidence"] < recognizer.bundle.sure
    assert entry["spoken"] is False
    assert entry["unknown"] is False
    assert "not sure, the app would not say it" in as_text(Path("a.jpg"), "USD", phrases, found)


def test_a_note_that_is_seen_well_and_is_not_even_doubtful_is_unknown(recognizer: Recognizer, phrases: Phrases) -> None:
    found = identify(recognizer, printed(paint(DOUBTFUL, frame=(640, 480))))
    entry = as_json(Path("a.jpg"), "USD", found)
    assert entry["confidence"] < recognizer.bundle.maybe
    assert (entry["unknown"], entry["spoken"], entry["hint"]) == (True, False, None)
    assert as_text(Path("a.jpg"), "USD", phrases, found) == "a.jpg: I do not know this note"


def test_a_note_that_is_held_badly_is_not_called_unknown(recognizer: Recognizer) -> None:
    assert not identify(recognizer, shown(DOUBTFUL, (0.5, 0.2))).unknown
    assert not sure(recognizer).unknown


class Stills:
    """Answers every still with one observation, in place of a recognizer."""

    def __init__(self, observation: Observation) -> None:
        self.bundle = BUNDLE
        self.observation = observation

    def observe_still(self, image: Image) -> Observation:
        return self.observation


def of_still(observation: Observation, *, mirror_left: bool = True, mirrored: bool = False) -> Identified:
    stills = cast(Recognizer, Stills(observation))
    return identify(stills, np.zeros((48, 64, 3), np.uint8), mirror_left, mirrored)


LEFT, RIGHT = box(0.05, 0.3, 0.45, 0.7), box(0.55, 0.3, 0.95, 0.7)


def two_notes(chance: float = 0.99, *, refused: bool = False) -> Observation:
    """A sure 20 on the picture's left, and a 100 of this chance on its right."""
    other = replace(seen(0, {100: chance}, side="back", corners=RIGHT), other_notes=1, refused=refused)
    return replace(seen(0, {20: 0.99}, corners=LEFT), other_notes=1, others=(other,))


def test_of_several_notes_each_has_its_entry(phrases: Phrases) -> None:
    entry = as_json(Path("a.jpg"), "USD", of_still(two_notes()))
    first, second = entry["notes"]
    assert first == {key: value for key, value in entry.items() if key not in ("path", "notes")}
    assert [(note["value"], note["spoken"], note["hint"]) for note in (first, second)] == [
        (20, True, "several_notes"),
        (100, True, "several_notes"),
    ]
    assert "notes" not in as_json(Path("a.jpg"), "USD", of_still(seen(0, {20: 0.99})))


@pytest.mark.parametrize("observation", [two_notes(0.9), two_notes(refused=True), replace(two_notes(), refused=True)])
def test_of_several_notes_none_is_spoken_if_one_is_not_sure(observation: Observation, phrases: Phrases) -> None:
    found = of_still(observation)
    entry = as_json(Path("a.jpg"), "USD", found)
    assert [entry["spoken"], *(note["spoken"] for note in entry["notes"])] == [False, False, False]
    assert as_text(Path("a.jpg"), "USD", phrases, found).endswith(". Show one note at a time")


@pytest.mark.parametrize(("mirror_left", "mirrored"), [(True, False), (False, False), (True, True), (False, True)])
def test_several_notes_are_named_from_the_users_left(mirror_left: bool, mirrored: bool, phrases: Phrases) -> None:
    """A camera that faces the user has the user's left on the right of what it sees, mirrored by its driver or not."""
    words = as_text(Path("a.jpg"), "USD", phrases, of_still(two_notes(), mirror_left=mirror_left, mirrored=mirrored))
    notes = ["20 dollars, front (99%, sure)", "100 dollars, back (99%, sure)"]
    assert words == f"a.jpg: {' and '.join(notes[::-1] if mirror_left else notes)}"


def test_corners_of_every_note_are_those_in_the_mirror_image() -> None:
    found = of_still(two_notes(), mirrored=True)
    for one, place in zip((found, *found.others), (RIGHT, LEFT), strict=True):
        assert one.observation.corners is not None
        np.testing.assert_allclose(one.observation.corners.mean(axis=0), place.mean(axis=0), atol=1e-6)


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


FAR = replace(seen(0, {}), corners=box(0.4, 0.4, 0.65, 0.6))
"""A note that is seen from too far away to be read."""


def test_a_note_too_far_away_to_be_read_is_a_note_in_words_too(phrases: Phrases) -> None:
    found = of_still(FAR)
    entry = as_json(Path("a.jpg"), None, found)
    assert (entry["value"], entry["corners"] is None, entry["hint"]) == (None, False, "move_closer")
    for currency in ("USD", None):
        said = as_text(Path("a.jpg"), currency, phrases, found)
        assert said == "a.jpg: a note without a value. Move the note closer"


def test_of_several_notes_the_first_may_have_no_value(phrases: Phrases) -> None:
    """What stands beside it is told all the same, with its currency."""
    first, (other,) = seen(0, {}), two_notes().others
    found = of_still(replace(first, corners=LEFT, other_notes=1, others=(other,)))
    assert found.has_value
    bundle, _ = answer_among([BUNDLE, replace(BUNDLE, currency="EUR")], [found, of_still(seen(0, {}))])
    assert bundle is BUNDLE
    assert "a note without a value" in (said := as_text(Path("a.jpg"), "USD", phrases, found))
    assert "100 dollars, back (99%, not sure" in said


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
    assert identify_file([recognizer], path).found.observation.value == 50
    (tmp_path / "b.png").write_text("no image")
    with pytest.raises(ImageError):
        identify_file([recognizer], tmp_path / "b.png")
