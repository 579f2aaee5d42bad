"""`--currency usd,eur` on the command line. The two tiny bundles know the same colours, as dollars and as euros."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from currency_app.errors import BundleError
from currency_app.recognition.bundle import load_bundle, load_bundles
from tests.support.app_command import Command, dusk, note, write_clip
from tests.support.painted import write_picture
from tests.support.tiny import copy_bundle

pytestmark = pytest.mark.usefixtures("later_start")

NEVER = {"sure": 1.0, "maybe": 1.0}
EUROS = {"en": {"one": "euro", "other": "euros"}}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, tiny_bundle: Path) -> dict[str, Path]:
    """Bundles of both currencies, and of each one that is never sure of anything."""
    base = tmp_path_factory.mktemp("bundles")
    euros = copy_bundle(tiny_bundle, base / "eur", currency="eur", names=EUROS)
    return {
        "usd": tiny_bundle,
        "usd-unsure": copy_bundle(tiny_bundle, base / "usd-unsure", thresholds=NEVER),
        "eur": euros,
        "eur-unsure": copy_bundle(euros, base / "eur-unsure", thresholds=NEVER),
    }


@pytest.fixture
def command(folders: dict[str, Path], capfd: pytest.CaptureFixture[str]) -> Command:
    return Command(folders["usd"], capfd)


def both(folders: dict[str, Path], usd: str = "usd", eur: str = "eur") -> list[str]:
    return ["--currency", f"{folders[usd]},{folders[eur]}"]


@pytest.mark.parametrize(
    ("unsure", "said", "currency"),
    [("eur-unsure", ["20 dollars", "5 dollars"], "USD"), ("usd-unsure", ["20 euros", "5 euros"], "EUR")],
)
def test_run_says_what_the_sure_one_says(
    command: Command, folders: dict[str, Path], unsure: str, said: list[str], currency: str
) -> None:
    clip = write_clip(Path("clip"), (5, dusk()), (20, note(20)), (20, dusk()), (20, note(5, "back")))
    options = both(folders, **{unsure[:3]: unsure})
    command("run", "--source", str(clip), "--voice", "text", "--events", "-", *options)
    assert command.code == 0
    assert [line for line in command.err if line.endswith(("dollars", "euros"))] == said
    sightings = [entry for entry in command.json() if entry["event"] == "sighting"]
    assert [(entry["currency"], entry["value"]) for entry in sightings] == [(currency, 20), (currency, 5)]


def test_run_says_no_value_of_which_both_are_sure(command: Command, folders: dict[str, Path]) -> None:
    clip = write_clip(Path("clip"), (5, dusk()), (60, note(20)), (20, dusk()))
    command("run", "--source", str(clip), "--voice", "text", "--events", "-", *both(folders))
    assert command.code == 0
    assert not any("dollar" in line or "euro" in line for line in command.err)
    assert {entry["event"] for entry in command.json()} <= {"hint", "summary"}


@pytest.mark.parametrize(
    ("usd", "eur", "currency", "spoken"),
    [("usd", "eur-unsure", "USD", True), ("usd-unsure", "eur", "EUR", True), ("usd", "eur", "USD", False)],
)
def test_identify_gives_one_answer_an_image(
    command: Command, folders: dict[str, Path], usd: str, eur: str, currency: str, spoken: bool
) -> None:
    write_picture(Path("a.png"), note(20))
    write_picture(Path("b.png"), dusk())
    command("identify", "--json", "a.png", "b.png", *both(folders, usd, eur))
    assert (command.code, command.err) == (0, [])
    found, empty = command.json()
    assert (found["currency"], found["value"], found["spoken"]) == (currency, 20, spoken)
    assert (empty["currency"], empty["value"], empty["spoken"]) == (None, None, False)
    command("identify", "a.png", "b.png", *both(folders, usd, eur))
    words = {"USD": "20 dollars", "EUR": "20 euros"}[currency]
    assert command.out[0].startswith(f"a.png: {words}, front (")
    assert ("sure)" in command.out[0]) == spoken
    assert command.out[1] == "b.png: no note"


def test_the_order_of_the_currencies_changes_no_answer(command: Command, folders: dict[str, Path]) -> None:
    write_picture(Path("a.png"), note(50))
    command("identify", "--json", "a.png", "--currency", f"{folders['usd']},{folders['eur-unsure']}")
    (one,) = command.json()
    command("identify", "--json", "a.png", "--currency", f" {folders['eur-unsure']} , {folders['usd']} ")
    assert command.json() == [one]


@pytest.mark.parametrize("arguments", [["run", "--voice", "off"], ["identify", "a.png"], ["benchmark"]])
@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("{usd},xyz", "There is no model bundle xyz"),
        ("{usd},{usd}", "names USD twice: give each currency once, such as usd,eur."),
        ("{usd},{usd-unsure}", "names USD twice"),
        ("{usd},", "lacks a currency beside a comma"),
        (",{usd}", "lacks a currency beside a comma"),
        ("{usd},,{eur}", "lacks a currency beside a comma"),
    ],
)
def test_currencies_that_do_not_go_together_are_refused(
    command: Command, folders: dict[str, Path], arguments: list[str], names: str, sentence: str
) -> None:
    assert sentence in command(*arguments, "--currency", names.format(**folders)).refused()


def test_a_folder_may_have_a_comma_in_its_name(folders: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "mine,old").symlink_to(folders["eur"])
    (bundle,) = load_bundles(str(tmp_path / "mine,old"))
    assert bundle.currency == "EUR"
    assert [b.currency for b in load_bundles(f"{folders['usd']},{folders['eur']}")] == ["USD", "EUR"]
    assert load_bundles(str(folders["usd"])) == (load_bundle(folders["usd"]),)
    with pytest.raises(BundleError, match="no model bundle"):
        load_bundles("")


def test_benchmark_and_doctor_take_several(command: Command, folders: dict[str, Path]) -> None:
    from currency_app.checks import check_model

    clip = write_clip(Path("clip"), (30, note(20)))
    command("benchmark", "--source", str(clip), *both(folders))
    assert "Frames: 30" in command.out
    assert "here 2 were read at once" in command.out[-1]
    assert check_model(both(folders)[1]) == (
        True,
        "USD, values 1, 2, 5, 10, 20, 50, 100; EUR, values 1, 2, 5, 10, 20, 50, 100",
    )


def test_the_speed_of_several_is_told_and_fails_nobody(
    monkeypatch: pytest.MonkeyPatch, folders: dict[str, Path]
) -> None:
    from currency_app import benchmarking
    from currency_app.checks import check_speed

    given: list[Any] = []

    def run_benchmark(bundles: Any, *rest: Any) -> benchmarking.Benchmark:
        given.append([bundle.currency for bundle in bundles])
        stages_ms = {"frame": {"p50": 30.0, "p95": 40.0, "p99": 99.0}}
        return benchmarking.Benchmark("a CPU", 1, 9, stages_ms, 30.0, pass_ms={"p50": 24.0})

    monkeypatch.setattr(benchmarking, "run_benchmark", run_benchmark)
    ok, text = check_speed(both(folders)[1])
    assert given == [["USD", "EUR"]]
    assert ok
    assert text == (
        "19 of 20 frames within 40.0 ms; 25 are allowed for one currency, and these are 2. "
        "Up to 25 frames a second of a camera are read, without extra looks"
    )
