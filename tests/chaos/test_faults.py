"""Every fault once, and what follows; and that the judge sees what must not be. `make chaos` takes ten minutes."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from currency_app.dialogue.errands import Errands
from currency_app.tracking.tracker import Tracker
from tests.support.chaos.faults import FAULTS
from tests.support.chaos.processes import PROCESS_FAULTS
from tests.support.chaos.scenario import draw, play
from tests.support.chaos.tables import Tally, docs_table
from tests.support.sources import CHECKOUT

SEED = 17


@pytest.mark.slow
@pytest.mark.parametrize("name", [fault.name for fault in FAULTS if not fault.drawn])
def test_nothing_hangs_crashes_is_wrong_or_lost(name: str) -> None:
    judged = play(draw(SEED, name))
    assert judged.brought
    assert judged.found == [], str(judged.scenario)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: signals, and limits set from outside")
@pytest.mark.parametrize("number", [0, len(PROCESS_FAULTS) - 1])
def test_a_real_process_stands_it_too(number: int) -> None:
    assert PROCESS_FAULTS[number].happen(random.Random(SEED)) == []


def test_a_seed_is_the_same_run_each_time() -> None:
    stories = []
    for _ in range(2):
        judged = play(draw(SEED, "screen reader killed"))
        stories.append((judged.rig.log.lines, judged.rig.page.printed, judged.rig.time.steps))
    assert stories[0] == stories[1]


def test_a_value_that_is_swallowed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("currency_app.speech.voices.fallback.FallbackVoice._on_speech_error", lambda *_: None)
    assert "lost" in kinds("sound device gone", seed=0)


def test_a_wrong_value_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    announce = Tracker._announce
    monkeypatch.setattr(Tracker, "_announce", lambda self, seen, note, belief: announce(self, seen, note + 1, belief))
    assert "wrong" in kinds("disk full")


def test_an_error_that_ends_the_app_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("currency_app.pipeline.Pipeline.pass_over", lambda self, t: 1 / 0)
    assert "crashes" in kinds("memory short")


def test_a_hang_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Errands, "wait", lambda self, timeout_s: self._changed.wait_for(lambda: False))
    assert kinds("screen reader starts") == {"hangs"}


def kinds(name: str, seed: int = SEED) -> set[str]:
    """What is found of a fault."""
    return {violation.kind for violation in play(draw(seed, name)).found}


def test_the_table_counts_what_is_wrong_for_each_fault() -> None:
    tally = Tally()
    judged = play(draw(SEED, "screen reader hangs"))
    tally.add([each.fault.name for each in judged.brought], judged.found)
    row = next(line for line in tally.lines() if line.startswith("screen reader hangs"))
    assert row.split()[-5:] == ["1", "0", "0", "0", "0"]


def test_the_page_has_the_faults_and_what_follows_each() -> None:
    page = Path(CHECKOUT / "docs" / "reliability.md").read_text(encoding="utf-8")
    missing = [line for line in docs_table() if line not in page]
    assert not missing, "print them with `python -m tests.support.chaos --table`:\n" + "\n".join(missing)
