"""One thread or two, on networks that take as long as the test says: what is chosen, kept, and measured again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.recognition.bundle import Bundle, load_bundle
from currency_app.recognition.network import Network
from currency_app.testing import FakeClock
from currency_app.timing import ThreadChoice, ThreadChooser, choice
from currency_app.timing.choice import CHOICES_FILE, pick_threads


def chosen(one: list[float], two: list[float]) -> int:
    picked = pick_threads({1: one, 2: two})
    assert picked is not None
    return picked.threads


@pytest.mark.parametrize(
    ("one", "two", "threads"),
    [
        ([14.0] * 20, [8.0] * 20, 2),
        ([14.0] * 20, [12.0] * 20, 1),  # it does not pay clearly
        ([14.0] * 20, [8.0] * 18 + [19.0] * 2, 1),  # the slowest are slower: another program has the core
        ([6.0] * 20, [3.0] * 20, 1),  # nobody would notice
        ([150.0] * 3, [80.0] * 3, 2),  # a slow computer is measured in three
    ],
)
def test_two_threads_only_if_they_pay(one: list[float], two: list[float], threads: int) -> None:
    assert chosen(one, two) == threads


def test_too_few_passes_tell_nothing() -> None:
    assert pick_threads({1: [14.0] * 3, 2: [8.0] * 2}) is None


class Computer:
    """Makes networks whose passes take as long as on a computer: milliseconds by number of threads."""

    def __init__(self, folder: Path, bundle: Bundle, **ms: float) -> None:
        self.folder = folder
        self.bundle = bundle
        self.ms = {1: ms["one"], 2: ms["two"]}
        self.clock = FakeClock()
        self.made: list[int] = []
        self.passes = 0

    def make(self, bundle: Bundle, threads: int) -> Network:
        self.made.append(threads)

        def run(picture: Any) -> tuple[Any, Any]:
            assert picture.shape == (bundle.height, bundle.width, 3)
            self.passes += 1
            self.clock.now += self.ms[threads] / 1e3
            return np.zeros(1, np.float32), np.zeros(9, np.float32)

        return run

    def start(self, processors: int = 2) -> ThreadChooser:
        return ThreadChooser([self.bundle], self.folder, self.make, self.clock, processors)


@pytest.fixture
def computer(tmp_path: Path, tiny_bundle: Path) -> Computer:
    return Computer(tmp_path / "cache", load_bundle(tiny_bundle), one=14.0, two=8.0)


def test_it_is_measured_once_and_kept(computer: Computer) -> None:
    first = computer.start().choice()
    assert first == ThreadChoice(2, {1: {"p50": 14.0, "p95": 14.0}, 2: {"p50": 8.0, "p95": 8.0}})
    assert computer.clock.now < 0.7, "a user may wait for it"
    assert computer.made == [1, 2]
    assert computer.start().choice() == first
    assert computer.made == [1, 2], "the second start measures nothing"
    assert [path.name for path in computer.folder.iterdir()] == [CHOICES_FILE]


def test_what_is_kept_tells_of_the_computer_and_nothing_else(computer: Computer) -> None:
    computer.start().choice()
    kept = json.loads((computer.folder / CHOICES_FILE).read_text(encoding="utf-8"))
    assert list(kept) == ["processor", "processors", "version", "choices"]
    ((fingerprint, entry),) = kept["choices"].items()
    assert len(fingerprint) == 64
    assert list(entry) == ["threads", "pass_ms"]


def test_a_very_slow_computer_is_measured_in_about_a_second(computer: Computer) -> None:
    computer.ms = {1: 150.0, 2: 80.0}
    assert computer.start().choice().threads == 2
    assert computer.clock.now < 1.0


def test_one_that_is_slower_still_keeps_nothing(computer: Computer) -> None:
    computer.ms = {1: 700.0, 2: 400.0}
    assert computer.start().choice() == ThreadChoice(1, {})
    assert not computer.folder.exists()


def test_one_processor_has_nothing_to_choose(computer: Computer) -> None:
    assert computer.start(processors=1).choice() == ThreadChoice(1, {})
    assert computer.made == []


@pytest.mark.parametrize("change", ["processor", "count", "bundle", "version"])
def test_another_processor_bundle_or_version_is_measured_again(
    computer: Computer, change: str, four_value_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.start().choice()
    processors = 4 if change == "count" else 2
    if change == "bundle":
        computer.bundle = load_bundle(four_value_bundle)
    elif change == "processor":
        monkeypatch.setattr(choice, "cpu_name", lambda: "another")
    elif change == "version":
        monkeypatch.setattr(choice, "__version__", "99")
    computer.ms = {1: 14.0, 2: 13.0}
    assert computer.start(processors).choice().threads == 1
    assert computer.made == [1, 2, 1, 2]


def test_choices_for_several_bundles_are_kept_beside_each_other(computer: Computer, four_value_bundle: Path) -> None:
    first = computer.bundle
    for bundle in (first, load_bundle(four_value_bundle), first):
        computer.bundle = bundle
        computer.start().choice()
    assert computer.made == [1, 2, 1, 2]


def test_several_currencies_are_measured_as_a_frame_costs_them(computer: Computer, four_value_bundle: Path) -> None:
    bundles = [computer.bundle, load_bundle(four_value_bundle)]
    found = ThreadChooser(bundles, computer.folder, computer.make, computer.clock, 2).choice()
    assert found.pass_ms[1]["p50"] == pytest.approx(28.0)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"9",
        b'"text"',
        b"[" * 100_000,
        b'{"choices": 7}',
    ],
)
def test_a_damaged_file_is_measured_again_and_replaced(computer: Computer, damage: bytes) -> None:
    path = computer.folder / CHOICES_FILE
    computer.folder.mkdir()
    path.write_bytes(damage)
    assert computer.start().choice().threads == 2
    computer.start().choice()
    assert computer.made == [1, 2]


@pytest.mark.parametrize(
    "entry",
    [
        7,
        None,
        [],
        {},
        {"threads": 64, "pass_ms": {"1": {"p50": 1, "p95": 1}, "2": {"p50": 1, "p95": 1}}},
        {"threads": 2, "pass_ms": {}},
        {"threads": 2, "pass_ms": {"1": {"p50": "fast", "p95": 1}, "2": {"p50": 1, "p95": 1}}},
        {"threads": 1e999, "pass_ms": {}},
    ],
)
def test_a_damaged_entry_is_measured_again(computer: Computer, entry: Any) -> None:
    computer.start().choice()
    path = computer.folder / CHOICES_FILE
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["choices"] = dict.fromkeys(kept["choices"], entry)
    path.write_text(json.dumps(kept), encoding="utf-8")
    assert computer.start().choice().threads == 2
    assert computer.made == [1, 2, 1, 2]


def test_a_folder_that_cannot_be_written_is_no_error(computer: Computer) -> None:
    computer.folder.write_text("a file in its place", encoding="utf-8")
    assert computer.start().choice().threads == 2
    assert computer.start().choice().threads == 2


def test_a_measurement_that_is_given_up_keeps_nothing(computer: Computer) -> None:
    chooser = computer.start()
    chooser.close()
    chooser.close()
    assert not computer.folder.exists() or computer.passes >= 60, "unless it was over"


def test_the_file_does_not_grow_for_ever(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, four_value_bundle: Path
) -> None:
    monkeypatch.setattr(choice, "_MAX_KEPT", 1)
    first = computer.bundle
    for bundle in (first, load_bundle(four_value_bundle), first):
        computer.bundle = bundle
        computer.start().choice()
    kept = json.loads((computer.folder / CHOICES_FILE).read_text(encoding="utf-8"))
    assert len(kept["choices"]) == 1
