"""Only the first time counts that the app reaches a milestone."""

from __future__ import annotations

import time

import pytest

from currency_app import milestones


def test_the_first_time_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(milestones, "_REACHED", {})
    before = time.perf_counter()
    milestones.reach("command")
    first = milestones.reached()
    milestones.reach("command")
    milestones.reach("ready")
    assert before <= first["command"] <= time.perf_counter()
    assert milestones.reached()["command"] == first["command"]
    assert list(milestones.reached()) == ["command", "ready"]
