"""The guide for iOS: the numbers in its listing are those of the app, and it asks for what a package has."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from currency_app.arrays import Corners
from currency_app.camera.live import RETRY_S, STALL_S
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.corners import area_in_frame
from currency_app.recognition.second_look import _MAX_AREA, _MIN_AREA, _MIN_DEPTH_RATIO
from currency_app.speech.phrases import Phrases
from currency_app.tracking.belief import BeliefSettings
from currency_app.tracking.tracker import TrackerSettings
from currency_app.tracking.weight import frame_weight
from tests.support.observations import box, note
from tests.support.sources import CHECKOUT
from training.export.coreml import package_metadata
from training.export.coreml_program import CORNERS, PROBABILITIES
from training.export.vectors import VECTOR_TOLERANCES

GUIDE = (CHECKOUT / "docs" / "ios.md").read_text(encoding="utf-8")
LISTING, VECTOR_TEST = re.findall(r"```swift\n(.*?)```", GUIDE, re.DOTALL)


def constants(listing: str) -> dict[str, float]:
    """Of lines like `static let memory = 0.2, gain = 1.2`."""
    lines = re.findall(r"static let (.*)", listing)
    return {name: float(number) for line in lines for name, number in re.findall(r"(\w+) = ([\d.]+)", line)}


def test_frames_add_up_as_in_the_app() -> None:
    told, settings = constants(LISTING), BeliefSettings()
    assert told == {
        "memory": settings.memory_s,
        "gain": settings.gain,
        "misread": settings.misread,
        "longestStep": settings.longest_step_s,
        "comePerSecond": settings.come_per_s,
        "goPerSecond": settings.go_per_s,
        "turnPerSecond": settings.turn_per_s,
        "agreeFrames": TrackerSettings().agree_frames,
        "leastOverlap": TrackerSettings().min_iou,
        "caution": TrackerSettings().caution,
        "leaveSeconds": TrackerSettings().hidden_s,
        "replaceSeconds": TrackerSettings().replace_s,
        "doubtSeconds": TrackerSettings().doubt_s,
    }


@pytest.mark.parametrize("value", [20, None])
@pytest.mark.parametrize("in_view", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("corners", [box(-1, 0.05, 1, 0.95), box(-0.8, -0.2, 1.4, 1.3), box(0.3, 0.4, 0.5, 0.6)])
def test_a_frame_counts_as_much_as_in_the_app(value: int | None, in_view: float, corners: Corners) -> None:
    """Of a note that is sharp and not covered: the listing measures neither."""
    seen = replace(note(0, 20), value=value, in_view=in_view, corners=corners, sharpness=9.0)
    known = {"inView": in_view, "cover": area_in_frame(corners), "min": min, "max": max}
    (complete,) = re.findall(r"let complete = (.*)", LISTING)
    (weight,) = re.findall(r"let weight = reading.value == nil \? 1 : (.*)", LISTING)
    known["complete"] = eval(complete.replace("reading.", ""), known)
    assert (1.0 if value is None else eval(weight, known)) == pytest.approx(frame_weight(seen))


def test_it_tells_what_is_missing_before_the_listing() -> None:
    before, _ = GUIDE.split("```swift", 1)
    assert "## What is missing: the check of the numerals" in before
    assert "numerals" not in LISTING, "it reads them: then the page must not say that it does not"


def test_the_differences_it_tells_are_true() -> None:
    settings = TrackerSettings()
    text = " ".join(GUIDE.split())
    assert f"A note has left after {settings.hidden_s} s; on the desktop after {settings.leave_s} s" in text
    assert f"stay doubtful for {settings.lost_s:.0f} s" in text
    assert f"when no frame has come for {STALL_S:.0f} s" in text


def test_it_says_what_the_app_says() -> None:
    phrases = Phrases("en")
    said = {text for text in re.findall(r'say\("(.*?)"[,)]', LISTING) if text}
    maybe = phrases.maybe(20, "USD").replace("20 dollars", r"\(network.facts.amount(value))")
    assert said == {phrases.ready(), phrases.disclaimer(), phrases.camera_lost(), phrases.camera_back(), maybe}
    assert f".now() + {RETRY_S:.0f})" in LISTING


def test_a_note_can_lie_where_the_app_looks_for_one() -> None:
    assert f"area > {_MIN_AREA}, area < {_MAX_AREA:.0f} else" in LISTING
    assert f"depths.min()! >= {_MIN_DEPTH_RATIO} * depths.max()!" in LISTING


def test_it_asks_for_what_a_package_has(tiny_bundle: Path) -> None:
    assert f'featureValue(for: "{PROBABILITIES}")' in LISTING
    assert f'featureValue(for: "{CORNERS}")' in LISTING
    told = package_metadata(load_bundle(tiny_bundle), "fp16")
    asked = set(re.findall(r'part\("(\w+)"\)', LISTING))
    assert asked - {"second_look", "locates"} <= set(told)
    assert {"second_look", "locates"} <= asked


def test_it_names_all_that_the_package_tells(tiny_bundle: Path) -> None:
    optional = {"network_sha256", "second_look", "locates", "locates_unknown"}
    told = {*package_metadata(load_bundle(tiny_bundle), "fp16"), *optional}
    (table,) = re.findall(r"^\| `labels` .*?\n\n", GUIDE, re.DOTALL | re.MULTILINE)
    named = {name for row in table.splitlines() if row for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == told


def test_it_reads_every_number_of_the_shipped_bundle() -> None:
    """The listing's structures have the names of the bundle's own parts, or an app would not start."""
    raw = json.loads((CHECKOUT / "models" / "usd" / "bundle.json").read_text(encoding="utf-8"))
    for structure, part in (
        ("Label", raw["labels"][0]),
        ("Thresholds", raw["thresholds"]),
        ("SecondLook", raw["second_look"]),
        ("Input", raw["input"]),
    ):
        (body,) = re.findall(rf"struct {structure}: Decodable \{{(.*)\}}", LISTING)
        names = [name for names in re.findall(r"let ([\w, ]+):", body) for name in names.split(", ")]
        assert set(names) <= set(part), structure


def test_the_vectors_are_read_as_they_are_written() -> None:
    assert set(re.findall(r"expected\.allowed\.(\w+)", VECTOR_TEST)) == set(VECTOR_TOLERANCES)
    for name in ("picture", "looks", "answer", "denomination_probs", "corners", "value", "confidence", "spoken"):
        assert re.search(rf"let [\w, ]*\b{name}\b", VECTOR_TEST), name


def test_every_page_it_names_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)", GUIDE):
        if target.endswith(".mlpackage") or target.startswith("http"):
            continue
        assert (CHECKOUT / "docs" / target).exists(), target
