"""The window in each theme at 100, 200 and 400 %, drawn without a display and measured in the pictures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from tests.support.sources import CHECKOUT

pytest.importorskip("PySide6", reason="needs the extra window")
SCREEN = (1280, 900)
SCALES = (1, 2, 4)
THEME_NAMES = ("light", "dark", "contrast")


@cache
def views(scale: int) -> dict[str, dict[str, Any]]:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
    command = [sys.executable, "-m", "tests.support.window_views", *map(str, SCREEN)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT, env=environ, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("scale", SCALES)
def test_all_words_are_aaa_and_the_ring_is_seen(scale: int, theme: str) -> None:
    view = views(scale)[theme]
    assert set(view["contrast"]) >= {"value", "message", "details"}
    assert {part: ratio for part, ratio in view["contrast"].items() if ratio < 7.0} == {}
    assert view["ring"] >= 3.0


@pytest.mark.parametrize("theme", THEME_NAMES)
@pytest.mark.parametrize("scale", SCALES)
def test_nothing_is_cut_off_and_the_value_is_the_largest(scale: int, theme: str) -> None:
    view = views(scale)[theme]
    assert view["inside"]
    assert view["size"][0] <= SCREEN[0] / scale and view["size"][1] <= SCREEN[1] / scale
    assert view["letters_px"] >= 1.5 * view["other_letters_px"]
    assert any("F10" in text for text in view["buttons"]), "the menu, which has every action"


def test_the_picture_gives_way_to_the_words_at_400_percent_only() -> None:
    assert [views(scale)["dark"]["picture"] for scale in SCALES] == [True, True, False]
