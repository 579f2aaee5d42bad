"""Figures of a bundle: intervals, overlaps, and what is counted as what."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.errors import DataError, ImageError
from currency_app.events import Observation
from currency_app.identify import Identified
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.corners import convex_iou
from currency_app.recognition.recognizer import Recognizer
from tests.support.drawn_data import write_data, write_manifest
from tests.support.observations import box, nothing, seen
from tests.support.painted import colour_of, paint, write_picture
from training.dataset.manifest import LabelledImage, measurable, read_data
from training.measuring.identified import IdentifiedImage, identify_all, read_readable, wilson
from training.measuring.photographs import figures

UNIT = box(0, 0, 1, 1)


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion", Stat. Med. 17, 1998, table I.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0000),
        (0, 0, 0.0, 1.0),
    ],
)
def test_intervals_are_those_of_the_literature(right: int, n: int, low: float, high: float) -> None:
    assert wilson(right, n) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(
    ("one", "other", "iou"),
    [
        (UNIT, UNIT, 1.0),
        (UNIT, np.roll(UNIT, 2, axis=0), 1.0),
        (UNIT, UNIT[::-1], 1.0),
        (UNIT, box(0.5, 0, 1.5, 1), 1 / 3),
        (UNIT, box(0, 0, 0.5, 0.5), 0.25),
        (UNIT, box(2, 2, 3, 3), 0.0),
        (box(-0.5, 0, 0.5, 1), box(0, 0, 1, 1), 1 / 3),
        (UNIT, [[0, 0], [1, 1], [1, 0], [0, 1]], 0.0),  # folded over
        (UNIT, [[0.5, 0.5]] * 4, 0.0),
        ([[0.5, 0.5]] * 4, [[0.5, 0.5]] * 4, 0.0),
    ],
)
def test_overlap_of_two_notes(one: npt.ArrayLike, other: npt.ArrayLike, iou: float) -> None:
    assert convex_iou(one, other) == pytest.approx(iou, abs=1e-5)
    assert convex_iou(other, one) == pytest.approx(iou, abs=1e-5)


def labelled(
    name: str = "usd_20_front",
    split: str = "test",
    source: str = "me",
    kind: str = "photo",
    polygon: npt.NDArray[np.float32] | None = None,
    path: str = "a.png",
    notes: str = "single",
) -> LabelledImage:
    return LabelledImage(Path(path), kind, source, name, split, polygon, notes)


def identified(image: LabelledImage, observation: Observation, spoken: bool) -> IdentifiedImage:
    return IdentifiedImage(image, Identified(observation, spoken, None), (200, 100))


def twenty(chance: float = 0.99) -> Observation:
    return seen(0, {20: chance}, corners=box(0.25, 0.25, 0.75, 0.75))


def test_what_counts_as_right_given_and_wrong() -> None:
    items = [
        identified(labelled(), twenty(), True),  # right, said
        identified(labelled(), twenty(0.6), False),  # right, not said
        identified(labelled("usd_20_back"), twenty(), True),  # the value counts, not the side
        identified(labelled("usd_5_front"), twenty(), True),  # wrong, said
        identified(labelled("usd_5_front"), twenty(0.6), False),  # wrong, not said
        identified(labelled(), nothing(0), False),  # missed
    ]
    (name, found) = next(iter(figures(items, "usd").notes.items()))
    assert name == "test me photo"
    assert (found.n, found.right, found.spoken, found.wrong) == (6, 3, 3, 1)
    assert found.iou is None
    assert found.interval == wilson(3, 6)


def test_a_value_where_no_note_is_counts_by_itself() -> None:
    items = [
        identified(labelled("background", kind="background", notes=""), nothing(0), False),
        identified(labelled("background", kind="background", notes=""), twenty(), True),
        identified(labelled("eur_20_front", kind="other_currency", notes=""), twenty(0.6), False),
    ]
    found = figures(items, "usd")
    assert found.notes == {}
    assert {name: (empty.n, empty.spoken) for name, empty in found.empty.items()} == {
        "test me background": (2, 1),
        "test me other_currency": (1, 0),
    }


def test_each_source_and_split_is_by_itself() -> None:
    items = [
        identified(labelled(split=split, source=source), twenty(), True)
        for split in ("val", "test")
        for source in ("a", "b")
    ]
    assert list(figures(items, "usd").notes) == ["test a photo", "test b photo", "val a photo", "val b photo"]


def test_readable_frames_get_a_line_more() -> None:
    items = [identified(labelled(path="a.png"), twenty(), True), identified(labelled(path="b.png"), nothing(0), False)]
    found = figures(items, "usd", frozenset({Path("a.png")})).notes
    assert (found["test me photo"].n, found["test me photo"].right) == (2, 1)
    assert (found["test me photo, readable"].n, found["test me photo, readable"].right) == (1, 1)


def test_overlap_is_measured_where_the_corners_are_known() -> None:
    truth = box(0.25, 0.25, 0.75, 0.75) * [200, 100]
    right = labelled(polygon=truth.astype(np.float32))
    items = [
        identified(right, twenty(), True),
        identified(right, nothing(0), False),
        identified(labelled(), twenty(), True),
    ]
    assert [item.iou() for item in items] == [pytest.approx(1.0), 0.0, None]
    assert figures(items, "usd").notes["test me photo"].iou == pytest.approx(0.5)


def test_json_and_text_have_the_same_figures() -> None:
    items = [identified(labelled(), twenty(), True), identified(labelled(), nothing(0), False)]
    items.append(identified(labelled("background", kind="background", notes=""), twenty(), True))
    found = figures(items, "usd")
    entry = json.loads(json.dumps(found.as_json()))
    assert entry == {
        "notes": {
            "test me photo": {
                "n": 2,
                "right": 1,
                "right_share": 0.5,
                "right_interval": [0.0945, 0.9055],
                "given": 1,
                "given_share": 0.5,
                "wrong_given": 0,
                "mean_iou": None,
            }
        },
        "without_note": {"test me background": {"n": 1, "given": 1}},
        "faces": {"usd_20_front": {"right": 1, "n": 2}},
    }
    lines = found.as_text().splitlines()
    assert len(lines) == 6
    assert lines[1].split() == ["test", "me", "photo", "2", "50.0%", "9.5%", "to", "90.5%", "50.0%", "0", "-"]
    assert lines[3].split() == ["test", "me", "background", "1", "1"]
    assert lines[5].split() == ["usd_20_front", "2", "50.0%"]


def test_nothing_judged_is_still_a_table() -> None:
    assert figures([], "usd").as_json() == {"notes": {}, "without_note": {}, "faces": {}}
    assert len(figures([], "usd").as_text().splitlines()) == 3


def test_faces_are_counted_over_all_sources_but_without_frames_that_nobody_can_read() -> None:
    """`b.png` is a frame of a source whose readable frames are listed, and it is not among them."""
    items = [
        identified(labelled(path="a.png"), twenty(), True),
        identified(labelled(path="b.png"), nothing(0), False),
        identified(labelled(path="c.png", source="other"), nothing(0), False),
        identified(labelled("usd_5_back", path="d.png", source="other"), twenty(), True),
        identified(labelled("background", kind="background", notes=""), nothing(0), False),
    ]
    faces = figures(items, "usd", frozenset({Path("a.png")})).faces
    assert list(faces.items()) == [("usd_5_back", (0, 1)), ("usd_20_front", (1, 2))]


def test_images_with_several_notes_are_left_out(tmp_path: Path) -> None:
    images = read_data(write_data(tmp_path))
    measured = measurable(images, ["test"])
    assert sum(image.path.name == "two.png" for image in images) == 2
    assert not any(image.path.name == "two.png" for image in measured)
    assert len({image.path for image in measured}) == len(measured)
    assert {image.split for image in measured} == {"test"}
    assert len([image for image in measured if image.kind == "photo"]) == 4


def test_readable_frames_are_read_from_their_tables(tmp_path: Path) -> None:
    (tmp_path / "one_readable.csv").write_text("path,readable\na.png,1\nb.png,0\n")
    (tmp_path / "two_readable.csv").write_text("path,readable,by\nsub/c.png,1,me\n")
    (tmp_path / "other.csv").write_text("path,readable\nd.png,1\n")
    (tmp_path / "excels_readable.csv").write_text("path;readable\nsub\\d.png;1\n", encoding="utf-8-sig")
    assert read_readable(tmp_path) == {tmp_path / name for name in ("a.png", "sub/c.png", "sub/d.png")}


@pytest.mark.parametrize("content", [b"path,legible\na.png,1\n", b"path,readable\n\xe9.png,1\n"])
def test_a_table_of_readable_frames_that_is_none_has_its_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "one_readable.csv").write_bytes(content)
    with pytest.raises(DataError, match=r"one_readable\.csv"):
        read_readable(tmp_path)


def test_a_bundle_is_judged_on_real_files(tmp_path: Path, tiny_bundle: Path) -> None:
    """From a data folder to figures, by the recognizer that users have."""
    values = (1, 2, 5, 10, 20, 50, 100)
    rows = []
    for value, name in ((20, "usd_20_front"), (5, "usd_20_front"), (None, "usd_20_front"), (None, "background")):
        path = f"{value}-{name}.png"
        write_picture(tmp_path / path, paint(None if value is None else colour_of(values, value, "front")))
        rows.append(
            {
                "path": path,
                "kind": "background" if name == "background" else "photo",
                "source": "painted",
                "class": name,
                "split": "test",
                "polygon": "16,12 48,12 48,36 16,36" if name != "background" else "",
                "notes_in_image": "" if name == "background" else "single",
            }
        )
    images = read_data(write_manifest(tmp_path, rows))
    watched: list[LabelledImage] = []

    def progress(items: list[LabelledImage]) -> list[LabelledImage]:
        watched.extend(items)
        return items

    items = identify_all(Recognizer(load_bundle(tiny_bundle)), images, progress)
    found = figures(items, "usd")
    notes = found.notes["test painted photo"]
    assert (notes.n, notes.right, notes.spoken, notes.wrong) == (3, 1, 2, 1)
    assert notes.iou == pytest.approx(2 / 3, abs=0.05)
    assert found.empty["test painted background"].spoken == 0
    assert watched == images


def test_an_image_that_cannot_be_read_is_named(tmp_path: Path, tiny_bundle: Path) -> None:
    with pytest.raises(ImageError, match=r"none\.png"):
        identify_all(Recognizer(load_bundle(tiny_bundle)), [labelled(path=str(tmp_path / "none.png"))], list)
