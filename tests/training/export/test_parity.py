"""When an export counts as the network that was trained, and when it does not."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import LiteRTNetwork
from tests.support.observations import USD_VALUES
from tests.support.painted import SIZE, colour_of, paint, write_picture
from tests.support.parity import perfect_parity
from training.dataset.manifest import LabelledImage
from training.export.parity import TOLERANCES, Parity, Tolerance, compare, failings
from training.export.photo_readings import PhotoReading, read_photos

PERFECT = perfect_parity(200)


def image(class_name: str, path: Path = Path("x.png")) -> LabelledImage:
    return LabelledImage(path, "photo", "me", class_name, "test", None, "single")


def reading(
    value: int | None, confidence: float, spoken: bool, probability: float = 0.9, corner: float = 0.0, looks: int = 1
) -> PhotoReading:
    one = (np.array([probability, 1 - probability], np.float32), np.array([corner, 0] * 4 + [1], np.float32))
    return PhotoReading([one] * looks, (value, spoken), value, confidence, spoken)


def test_equal_readings_differ_in_nothing(bundle: Bundle) -> None:
    given = [reading(20, 0.99, True), reading(None, 0.9, False)]
    found = compare(given, given, [image("usd_20_front"), image("background")], bundle)
    assert found == replace(PERFECT, photos=2, same_decisions=2)


def test_differences_are_of_each_photographs_worst_look(bundle: Bundle) -> None:
    trained = [reading(20, 0.99, True, looks=3), reading(20, 0.99, True), reading(20, 0.99, True)]
    other = reading(20, 0.99, True, probability=0.5)
    exported = [
        replace(trained[0], looks=[trained[0].looks[0], other.looks[0], trained[0].looks[0]]),
        reading(20, 0.99, True, probability=0.91),
        reading(20, 0.99, True, probability=0.88),
    ]
    found = compare(trained, exported, [image("usd_20_front")] * 3, bundle)
    assert found.max_difference == pytest.approx(0.4)
    assert found.median_difference == pytest.approx(0.02)


def test_corners_are_compared_where_there_is_a_note(bundle: Bundle) -> None:
    trained = [reading(20, 0.99, True), reading(20, 0.6, False), reading(None, 0.9, False)]
    exported = [reading(20, 0.99, True, corner=0.01), reading(20, 0.6, False, corner=0.03), reading(None, 0.9, False)]
    exported[2] = reading(None, 0.9, False, corner=0.8)
    found = compare(trained, exported, [image("usd_20_front")] * 3, bundle)
    assert found.corner_distance == pytest.approx(0.02)


def test_decisions_are_the_value_and_whether_it_is_spoken(bundle: Bundle) -> None:
    trained = [reading(20, 0.96, True), reading(20, 0.96, True), reading(20, 0.7, False), reading(None, 0.9, False)]
    exported = [reading(20, 0.94, False), reading(10, 0.96, True), reading(10, 0.7, False), reading(5, 0.99, True)]
    truth = [image("usd_20_front"), image("usd_20_back"), image("usd_20_front"), image("background")]
    found = compare(trained, exported, truth, bundle)
    assert found.same_decisions == 0
    assert found.changed_decisions == 2, "the first two are near the threshold of 0.95"
    assert found.lost_values == 1, "only the second was sure and is another now"
    assert found.wrong_values == 2, "10 for 20, and 5 for no note"


def test_what_strays_by_its_own_way_may_be_alike_for_the_same_pictures(bundle: Bundle) -> None:
    trained = [reading(None, 0.8, False)] * 2
    strays = replace(reading(20, 0.6, False), looks_decision=(None, False))
    differs = replace(reading(None, 0.8, False), looks_decision=(20, False))
    found = compare(trained, [strays, strays], [image("background")] * 2, bundle)
    assert (found.changed_decisions, found.same_decisions) == (0, 0)
    found = compare(trained, [differs, differs], [image("background")] * 2, bundle)
    assert (found.changed_decisions, found.same_decisions) == (2, 2)


def test_corners_of_a_network_that_does_not_locate_are_not_compared(bundle: Bundle) -> None:
    blind = replace(bundle, locates=False)
    found = compare([reading(20, 0.99, True)], [reading(20, 0.99, True, corner=0.5)], [image("usd_20_front")], blind)
    assert found.corner_distance == 0


def test_a_note_that_is_nearly_none_is_near_its_threshold(bundle: Bundle) -> None:
    """No note is said from a probability of a half on."""
    near, far = reading(None, 0.53, False), reading(None, 0.58, False)
    seen = reading(20, 0.5, False)
    assert compare([near], [seen], [image("background")], bundle).changed_decisions == 0
    assert compare([far], [seen], [image("background")], bundle).changed_decisions == 1


@pytest.mark.parametrize(
    ("precision", "parity", "said"),
    [
        ("fp32", replace(PERFECT, max_difference=1e-4), None),
        ("fp32", replace(PERFECT, max_difference=1.1e-4), "a probability differs by 1.1e-04, at most 1.0e-04"),
        ("fp32", replace(PERFECT, max_difference=math.nan), "a probability differs by nan"),
        ("fp16", replace(PERFECT, max_difference=0.4, median_difference=2e-3), None),
        ("fp16", replace(PERFECT, median_difference=2.1e-3), "probabilities differ by a median of 2.1e-03"),
        ("fp32", replace(PERFECT, changed_decisions=1), "1 photographs are decided otherwise, at most 0"),
        ("fp16", replace(PERFECT, changed_decisions=1), "1 photographs are decided otherwise, at most 0"),
        ("int8", replace(PERFECT, same_decisions=198, changed_decisions=2, median_difference=0.1), None),
        *[
            (name, replace(PERFECT, same_decisions=197), "only 197 of 200 photographs are decided the same")
            for name in TOLERANCES
        ],
        ("int8", replace(PERFECT, wrong_values=1), "1 wrong values would be spoken, at most 0"),
        ("int8", replace(PERFECT, median_difference=math.nan), "probabilities differ by a median of nan"),
        *[(name, replace(PERFECT, corner_distance=0.011), "corners differ by a median of 1.1%") for name in TOLERANCES],
        *[(name, replace(PERFECT, lost_values=1), "1 sure values are lost, at most 0") for name in TOLERANCES],
    ],
)
def test_what_is_allowed(precision: str, parity: Parity, said: str | None) -> None:
    found = failings(parity, TOLERANCES[precision])
    assert len(found) == (said is not None), found
    if said is not None:
        assert said in found[0]


def test_everything_that_fails_is_told() -> None:
    worst = Parity(
        photos=10,
        max_difference=1,
        median_difference=1,
        corner_distance=1,
        changed_decisions=10,
        same_decisions=0,
        lost_values=10,
        wrong_values=10,
    )
    assert len(failings(worst, Tolerance(0, 0, 0, 0, 1, 0, 0))) == 7


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    folder = tmp_path_factory.mktemp("photos")
    shown = {"usd_5_front": (5, "front"), "usd_100_back": (100, "back"), "background": None}
    return [
        image(
            name, write_picture(folder / f"{name}.png", paint(None if face is None else colour_of(USD_VALUES, *face)))
        )
        for name, face in shown.items()
    ]


def test_networks_read_the_same_photographs(bundle: Bundle, photos: list[LabelledImage]) -> None:
    trained, same = LiteRTNetwork(bundle), LiteRTNetwork(bundle)

    def none_seen(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        assert picture.shape == (SIZE, SIZE, 3)
        return np.eye(len(bundle.labels), dtype=np.float32)[-1], np.zeros(9, np.float32)

    expected, found = read_photos(trained, {"same": same, "none": none_seen}, bundle, photos, lambda items: items)
    assert [one.own_decision for one in expected] == [(5, True), (100, True), (None, False)]
    assert [one.looks_decision for one in expected] == [one.own_decision for one in expected]
    assert compare(expected, found["same"], photos, bundle) == replace(PERFECT, photos=3, same_decisions=3)
    blind = compare(expected, found["none"], photos, bundle)
    assert (blind.same_decisions, blind.lost_values, blind.wrong_values) == (1, 2, 0)
    assert blind.max_difference > 0.9


def test_an_export_looks_at_what_the_trained_network_looked_at(bundle: Bundle, photos: list[LabelledImage]) -> None:
    """And at what its own corners show it, of which only what it reads is compared."""
    from currency_app.recognition.second_look import SecondLook

    twice = replace(bundle, second_look=SecondLook(0.1, 0.05, 0.5, 0.5, repeats=2))
    seen: list[bytes] = []

    def elsewhere(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen.append(picture.tobytes())
        probabilities = np.eye(len(bundle.labels), dtype=np.float32)[0]
        return probabilities, np.array([0.4, 0.4, 0.9, 0.4, 0.9, 0.9, 0.4, 0.9, 1], np.float32)

    expected, found = read_photos(LiteRTNetwork(bundle), {"else": elsewhere}, twice, photos[:1], lambda items: items)
    assert len(expected[0].looks) == len(found["else"][0].looks) == 3
    assert expected[0].looks_decision == expected[0].own_decision, "the looks are pooled as the app does it"
    assert len(set(seen)) == len(seen), "no picture is looked at twice"
    assert len(seen) == 5, "one frame, two looks of its own, two of the trained network's"


def test_a_network_that_gives_no_numbers_fails(bundle: Bundle, photos: list[LabelledImage]) -> None:
    def broken(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.full(len(bundle.labels), np.nan, np.float32), np.full(9, np.nan, np.float32)

    expected, found = read_photos(LiteRTNetwork(bundle), {"broken": broken}, bundle, photos, lambda items: items)
    parity = compare(expected, found["broken"], photos, bundle)
    assert all(failings(parity, tolerance) for tolerance in TOLERANCES.values())
    assert math.isnan(parity.max_difference)
