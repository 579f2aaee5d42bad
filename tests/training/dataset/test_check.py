"""`currency-train check`: what it finds in a data folder, what it does not, and how it tells."""

from __future__ import annotations

import base64
import csv
import json
import re
import signal
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from currency_app.arrays import Image
from tests.support.drawn_data import COLUMNS, photo, room, save
from training.commands.cli import main
from training.dataset.check.check import check
from training.dataset.check.findings import Finding, Report
from training.dataset.check.inspection import ImageSummary, inspect
from training.dataset.check.pictures import note_share
from training.dataset.duplicates import duplicate_pairs, groups, is_duplicate, perceptual_hash, thumbnail


@pytest.fixture(autouse=True)
def _signal_handler() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


class Data:
    """A data folder with a manifest: two classes of 1 dollar and rooms, in train and val, that is fit for use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[dict[str, str]] = []
        self._seed = 0
        for side in ("front", "back"):
            for split, number in (("train", 4), ("val", 1)):
                for _ in range(number):
                    self.add_note(1, side, split)
        for split, number in (("train", 22), ("val", 3)):
            for _ in range(number):
                self.add("background", split, room(self.seed()), kind="background")

    def seed(self) -> int:
        self._seed += 1
        return self._seed

    def add(self, class_name: str, split: str, picture: Image, name: str = "", **columns: str) -> Path:
        """Save a picture and give it a row."""
        name = name or f"{class_name}/picture{self.seed()}.png"
        self.label(name, class_name, split, **columns)
        return save(self.folder / name, picture)

    def label(self, name: str, class_name: str, split: str, **columns: str) -> None:
        kind = {"kind": "photo", "source": "drawn", "notes_in_image": "single"}
        self.rows.append({"path": name, "class": class_name, "split": split, **kind, **columns})

    def add_note(self, value: int, side: str, split: str) -> Path:
        picture, corners = photo(value, side, self.seed())
        return self.add(f"usd_{value}_{side}", split, picture, polygon=polygon(corners))

    def write(self) -> Path:
        with (self.folder / "manifest.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, COLUMNS)
            writer.writeheader()
            writer.writerows(self.rows)
        return self.folder

    def report(self, currency: str | None = None) -> Report:
        return check(inspect(self.write(), currency, lambda items: items))


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path / "data")


def polygon(corners: npt.NDArray[np.float32]) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in corners)


def of_kind(report: Report, kind: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.kind == kind]


def only(report: Report, kind: str) -> Finding:
    (finding,) = of_kind(report, kind)
    return finding


def recompressed(picture: Image, quality: int = 40, scale: float = 0.6) -> Image:
    """The same picture as another site would serve it."""
    smaller = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, packed = cv2.imencode(".jpg", smaller, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


# The pictures that are the same


def test_a_picture_is_known_again_scaled_and_recompressed() -> None:
    picture, _ = photo(20, "front", 3)
    again = recompressed(picture)
    apart = perceptual_hash(thumbnail(picture)) ^ perceptual_hash(thumbnail(again))
    assert apart.bit_count() <= 4
    assert is_duplicate(thumbnail(picture), thumbnail(again))


def test_pictures_of_other_rooms_and_notes_are_not_the_same() -> None:
    pictures = [photo(value, side, 1)[0] for value in (1, 5, 20) for side in ("front", "back")]
    pictures += [room(seed) for seed in range(20)]
    assert duplicate_pairs([thumbnail(picture) for picture in pictures]) == []


def test_pictures_of_one_colour_are_the_same_only_in_that_colour() -> None:
    grey, other = (np.full((30, 40, 3), level, np.uint8) for level in (90, 94))
    assert is_duplicate(thumbnail(grey), thumbnail(grey))
    assert not is_duplicate(thumbnail(grey), thumbnail(other))


def test_each_pair_is_given_once_the_lower_place_first() -> None:
    one, other = room(1), room(2)
    thumbnails = [thumbnail(picture) for picture in (one, other, one, other)]
    assert duplicate_pairs(thumbnails) == [(0, 2), (1, 3)]
    assert duplicate_pairs([]) == []


def test_pairs_that_share_a_picture_are_one_group() -> None:
    assert groups([(1, 2), (3, 4), (5, 6), (4, 2)]) == [[3, 4, 1, 2], [5, 6]]
    assert groups([]) == []


# What is found


def test_data_that_is_fit_for_use_has_remarks_only(data: Data) -> None:
    report = data.report()
    assert report.usable
    assert {finding.kind for finding in report.findings} == {"few_images"}
    assert report.counts == {
        "usd_1_front": {"train": 4, "val": 1, "test": 0, "test_web": 0},
        "usd_1_back": {"train": 4, "val": 1, "test": 0, "test_web": 0},
        "background": {"train": 22, "val": 3, "test": 0, "test_web": 0},
    }
    assert report.summary() == "Usable, 2 remarks: 35 images, 2 classes of USD"


def test_images_that_are_missing_cut_short_or_none_must_be_mended(data: Data) -> None:
    whole = data.add_note(1, "front", "train")
    whole.write_bytes(whole.read_bytes()[:3000])
    data.add_note(1, "front", "train").write_text("hello")
    data.label("usd_1_front/absent.png", "usd_1_front", "train")
    report = data.report()
    assert not report.usable
    found = of_kind(report, "unreadable")
    assert report.findings[:3] == tuple(found)
    assert whole.name in found[0].text
    assert "absent.png" in found[2].text
    assert report.counts["usd_1_front"]["train"] == 4


@pytest.mark.parametrize("split", ["test", "test_web"])
def test_a_picture_in_train_and_in_a_test_must_be_mended(data: Data, split: str) -> None:
    first = data.add_note(1, "front", "train")
    picture = cv2.imread(str(first))
    assert picture is not None
    second = data.add("usd_1_front", split, recompressed(np.asarray(picture, np.uint8)))
    report = data.report()
    finding = only(report, "same_across_splits")
    assert finding.must_fix
    assert not report.usable
    assert [[image.path for image in group] for group in finding.groups] == [[first, second]]
    assert f"in train and again in {split}, such as usd_1_front/{first.name} and" in finding.text


def test_a_picture_in_train_and_val_is_a_remark(data: Data) -> None:
    picture = room(77)
    for split in ("val", "train"):
        data.add("background", split, picture, kind="background")
    report = data.report()
    assert report.usable
    assert "1 picture is in train and again in val" in only(report, "same_across_splits").text


def test_copies_in_one_split_are_counted_as_pictures_not_as_pairs(data: Data) -> None:
    for _ in range(3):
        data.add("background", "train", room(77), kind="background")
    finding = only(data.report(), "same_in_one_split")
    assert finding.text.startswith("1 picture is more than once")
    assert [len(group) for group in finding.groups] == [3]


def test_one_picture_in_two_classes_is_told(data: Data) -> None:
    picture, _ = photo(1, "front", 500)
    for class_name in ("usd_1_front", "usd_1_back"):
        data.add(class_name, "train", picture)
    assert "in two classes" in only(data.report(), "same_in_two_classes").text


def test_a_photo_of_several_notes_is_in_several_classes_rightly(data: Data) -> None:
    name = "usd_1_front/both.png"
    data.add("usd_1_front", "train", photo(1, "front", 500)[0], name=name)
    data.label(name, "usd_1_back", "train", notes_in_image="mixed")
    report = data.report()
    assert not of_kind(report, "same_in_two_classes")
    assert not of_kind(report, "same_in_one_split")


def test_without_background_nothing_can_be_trained(data: Data) -> None:
    data.rows = [row for row in data.rows if row["kind"] != "background"]
    report = data.report()
    assert only(report, "no_background").must_fix
    assert not of_kind(report, "few_background")


def test_background_is_held_against_five_times_an_average_class(data: Data) -> None:
    for _ in range(2):
        data.add_note(1, "back", "train")
    assert "25 images without a note" in only(data.report(), "few_background").text
    assert "30 are advised" in only(data.report(), "few_background").text


def test_other_currencies_count_as_background(data: Data) -> None:
    for _ in range(2):
        data.add_note(1, "back", "train")
    for _ in range(5):
        data.add("eur_20", "train", room(data.seed()), kind="other_currency")
    report = data.report()
    assert report.counts["background"]["train"] == 27
    assert not of_kind(report, "few_background")
    assert not of_kind(report, "class_name")


def test_a_class_must_have_images_to_train_on(data: Data) -> None:
    data.add_note(5, "front", "test")
    finding = only(data.report(), "no_images")
    assert finding.must_fix
    assert finding.text.startswith("usd_5_front has no image")


def test_a_class_without_validation_is_a_remark_and_no_validation_at_all_is_not(data: Data) -> None:
    data.add_note(5, "front", "train")
    finding = only(data.report(), "no_validation")
    assert not finding.must_fix
    assert finding.text.startswith("usd_5_front")
    for row in data.rows:
        row["split"] = "train"
    assert only(data.report(), "no_validation").must_fix


def test_few_images_and_imbalance_are_told_the_rarest_first(data: Data) -> None:
    data.add_note(5, "front", "train")
    report = data.report()
    assert "usd_5_front has 1 image to" in of_kind(report, "few_images")[0].text
    assert "5 times as many images as usd_5_front" in only(report, "imbalance").text


def test_class_names_that_are_no_value(data: Data) -> None:
    data.add("usd20front", "train", room(900))
    data.add("toy_money", "train", room(901))
    wrong, other = sorted(of_kind(data.report(), "class_name"), key=lambda finding: not finding.must_fix)
    assert wrong.must_fix
    assert wrong.text.startswith("usd20front is not a class name")
    assert not other.must_fix
    assert other.text.startswith("toy_money is no value of USD")


def test_an_unknown_split_is_never_used(data: Data) -> None:
    data.add_note(1, "front", "training")
    report = data.report()
    assert "'training'" in only(report, "unknown_split").text
    assert not report.usable


def test_frames_of_one_take_in_two_splits(data: Data) -> None:
    frame = room(300)
    for number, split in enumerate(("train", "train", "val")):
        moved = np.asarray(np.roll(frame, 5 * number, axis=1), np.uint8)
        data.add("usd_1_front", split, moved, name=f"usd_1_front/left-{number}.png")
    finding = only(data.report(), "torn_takes")
    assert "1 take lies in more than one split, such as left in usd_1_front (2 in train, 1 in val)" in finding.text


def test_pictures_that_only_share_a_cameras_name_are_no_take(data: Data) -> None:
    for number, split in enumerate(("train", "train", "val")):
        data.add("background", split, room(300 + number), name=f"background/IMG_{number}.png", kind="background")
    assert not of_kind(data.report(), "torn_takes")


@pytest.mark.parametrize(
    ("corners", "kind"),
    [
        ("60,70 260,155 260,70 60,155", "folded_corners"),
        ("60,70 61,70 62,70 63,70", "folded_corners"),
        ("260,70 60,70 60,155 260,155", "mirrored_corners"),
        ("60,70 130,70 130,100 60,100", "small_notes"),
        ("-500,-300 -200,-300 -200,-200 -500,-200", "small_notes"),
    ],
)
def test_corners_that_cannot_be_right_or_are_small(data: Data, corners: str, kind: str) -> None:
    data.add("usd_1_front", "train", photo(1, "front", 600)[0], polygon=corners)
    report = data.report()
    assert {finding.kind for finding in report.findings} - {"few_images", "few_background"} == {kind}
    assert report.usable


def test_the_share_of_a_note_counts_only_what_is_in_the_picture() -> None:
    summary = ImageSummary(np.zeros((64, 64), np.uint8), width=100, height=50)
    inside = np.array([[0, 0], [50, 0], [50, 50], [0, 50]], np.float32)
    assert note_share(inside, summary) == pytest.approx(0.5)
    assert note_share(inside - np.array([25, 0], np.float32), summary) == pytest.approx(0.25)
    assert note_share(inside[::-1].copy(), summary) == pytest.approx(0.5)


def test_the_currency_is_the_one_that_most_images_show(data: Data) -> None:
    for row in data.rows:
        row["class"] = row["class"].replace("usd_1", "eur_10")
    assert data.report().inspected.currency == "eur"
    assert set(data.report().counts) == {"eur_10_front", "eur_10_back", "background"}


def test_a_folder_per_class_is_checked_for_what_no_training_would_read(tmp_path: Path) -> None:
    for number in range(6):
        save(tmp_path / "usd_1_front" / f"take{number}-1.png", photo(1, "front", number)[0])
        save(tmp_path / "background" / f"room{number}-1.png", room(number))
    (tmp_path / "usd_5_front").mkdir()
    (tmp_path / ".cache").mkdir()
    (tmp_path / "usd_1_front" / "phone.heic").write_bytes(b"x")
    save(tmp_path / "loose.png", room(50))
    report = check(inspect(tmp_path, None, lambda items: items))
    assert only(report, "no_images").text.startswith("usd_5_front")
    assert only(report, "ignored").text.startswith("2 files will not be read")
    assert report.counts["usd_1_front"] == {"train": 5, "val": 1, "test": 0, "test_web": 0}


# How it is told


def command(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(["check", *arguments])
    except SystemExit as error:
        code = int(error.code or 0)
    told = capfd.readouterr()
    return code, told.out, told.err


def test_one_line_a_finding_the_worst_first(data: Data, capfd: pytest.CaptureFixture[str]) -> None:
    data.label("absent.png", "usd_1_front", "train")
    code, out, err = command(capfd, "--data", str(data.write()))
    lines = out.splitlines()
    assert code == 1
    assert err == ""
    assert lines[0] == "1 to mend, 2 remarks: 36 images, 2 classes of USD"
    assert [line.split(":")[0] for line in lines[1:]] == ["Mend", "Remark", "Remark"]


def test_exit_code_0_with_remarks(data: Data, capfd: pytest.CaptureFixture[str]) -> None:
    assert command(capfd, "--data", str(data.write()))[0] == 0


def test_many_findings_of_a_kind_are_cut_short(data: Data, capfd: pytest.CaptureFixture[str]) -> None:
    for number in range(25):
        data.label(f"absent{number}.png", "usd_1_front", "train")
    _, out, _ = command(capfd, "--data", str(data.write()))
    assert out.count("absent") == 20
    assert out.splitlines()[-1].startswith("And 5 more")


def test_json_holds_everything_with_paths_in_the_data_folder(data: Data, capfd: pytest.CaptureFixture[str]) -> None:
    data.label("absent.png", "usd_1_front", "train")
    code, out, _ = command(capfd, "--json", "--data", str(data.write()))
    told: dict[str, Any] = json.loads(out)
    assert code == 1
    assert told["currency"] == "USD"
    assert not told["usable"]
    assert told["images"] == 35
    assert told["findings"][0]["kind"] == "unreadable"
    assert told["findings"][0]["images"] == [["absent.png"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "nowhere"], "no data folder"),
        (["--data", "empty"], "no labelled image"),
        (["--data", "data", "--currency", "eur"], "a value of eur"),
        (["--data", "data", "--out", "nowhere/page.html"], "no folder nowhere"),
        (["--data", "data", "--out", "empty"], "ends in .html"),
        (["--data", "data", "--out", "a.png"], "ends in .html"),
    ],
)
def test_bad_input_is_one_sentence(
    data: Data,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(data.write().parent)
    Path("empty").mkdir()
    code, out, err = command(capfd, *arguments)
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    assert said in err


class Page(HTMLParser):
    """What a page is made of: names of tags, attributes of images, everything that it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[dict[str, str]] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "img":
            self.images.append(given)
        self.fetched += [given[name] for name in ("src", "href") if name in given]


def test_the_page_stands_alone_and_can_be_heard(data: Data, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    picture, corners = photo(1, "front", 700)
    for split in ("train", "test"):
        data.add("usd_1_front", split, picture, polygon=polygon(corners))
    data.add("<b>toy</b>", "train", room(701), name="toys/one.png")
    data.label("absent.png", "usd_1_front", "train")
    target = tmp_path / "page.html"
    target.write_text("an older page")
    code, _, _ = command(capfd, "--data", str(data.write()), "--out", str(target))
    assert code == 1
    text = target.read_text(encoding="utf-8")
    page = Page(text)
    assert page.tags.count("h1") == 1
    assert page.tags.count("h2") == 2
    assert {"caption", "th", "main", "title"} <= set(page.tags)
    assert '<html lang="en">' in text
    assert "b" not in page.tags  # a class name is text, not a tag
    assert all(source.startswith("data:image/jpeg;base64,") for source in page.fetched)
    assert {image["alt"] for image in page.images} == {"usd_1_front, train", "usd_1_front, test", "<b>toy</b>, train"}
    assert "Not readable: usd_1_front, train, absent.png" in text
    for image in page.images:
        packed = np.frombuffer(base64.b64decode(image["src"].partition(",")[2]), np.uint8)
        decoded = cv2.imdecode(packed, cv2.IMREAD_COLOR)
        assert decoded is not None
        assert max(decoded.shape) <= 180
    assert str(tmp_path) not in re.sub("<h3>.*</h3>", "", text)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "page.html"]
