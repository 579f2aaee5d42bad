"""How the times of some starts become figures."""

from __future__ import annotations

from dataclasses import replace

from currency_app.benchmarking.start import StartFigures

START = {"command": 50.0, "options": 120.0, "window": 300.0, "model": 320.0, "camera": 440.0, "voice": 480.0}
START |= {"ready": 500.0, "sound": 600.0, "drawn": 350.0}
FIGURES = StartFigures("a CPU", (), "on the display", "auto", [START, START, {**START, "sound": 900.0}])


def test_each_stage_is_counted_from_the_one_before() -> None:
    stages = FIGURES.stages()
    assert {stage: found["p50"] for stage, found in stages.items()} == {
        "command": 50,
        "options": 70,
        "window": 180,
        "model": 20,
        "camera": 120,
        "voice": 40,
        "ready": 20,
        "sound": 100,
    }
    assert FIGURES.total()["p50"] == sum(found["p50"] for found in stages.values()) == 600
    assert FIGURES.drawn()["p50"] == 350


def test_without_a_window_its_stage_is_left_out() -> None:
    bare = {name: ms for name, ms in START.items() if name not in ("window", "drawn")}
    figures = replace(FIGURES, starts=[bare])
    assert figures.stages()["model"]["p50"] == 200
    assert figures.drawn() == {}
    assert "window" not in figures.as_json()["stages_ms"]
    assert "window drawn" not in figures.as_text()


def test_the_target_holds_if_ready_is_heard_in_time_every_time() -> None:
    assert FIGURES.within_target
    assert not replace(FIGURES, starts=[{**START, "sound": 2001.0}]).within_target
    unheard = replace(FIGURES, starts=[START, {name: ms for name, ms in START.items() if name != "sound"}])
    assert (unheard.heard, unheard.within_target) == (1, False)
    silent = replace(FIGURES, starts=[unheard.starts[1]])
    assert not silent.within_target
    assert 'of which "Ready" was heard: 0' in silent.as_text()


def test_the_figures_are_printed() -> None:
    text = FIGURES.as_text()
    assert "window: p50 180 ms, p95 180 ms, 30% of the whole: Qt is loaded, and the window opened" in text
    assert "total: p50 600 ms" in text
    assert text.endswith("holds")
    assert FIGURES.as_json()["within_target"] is True
