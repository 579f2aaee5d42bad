"""The contrast of the window's colours, by WCAG's own definition."""

from __future__ import annotations

import pytest

from currency_app.settings import THEMES
from currency_app.window.themes import (
    CONTRAST,
    DARK,
    LIGHT,
    WINDOW_THEMES,
    Theme,
    contrast_ratio,
    relative_luminance,
    window_theme,
)

AAA, EDGE = 7.0, 3.0
"""WCAG 2.2: 1.4.6 for text, 1.4.11 for what is not text."""


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#abcdef", "#abcdef", 1),
    ],
)
def test_contrast_is_what_others_measure(one: str, other: str, ratio: float) -> None:
    assert contrast_ratio(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast_ratio(other, one) == contrast_ratio(one, other)


def test_white_is_the_lightest() -> None:
    assert relative_luminance("#ffffff") == pytest.approx(1.0)


@pytest.mark.parametrize("theme", WINDOW_THEMES.values(), ids=lambda theme: theme.name)
def test_text_is_aaa_and_edges_are_seen(theme: Theme) -> None:
    texts = [(theme.text, theme.background), (theme.value, theme.background), (theme.doubtful, theme.background)]
    texts += [(theme.text, theme.button), (theme.on_focus, theme.focus)]
    assert {pair: contrast_ratio(*pair) for pair in texts if contrast_ratio(*pair) < AAA} == {}
    edges = [(theme.edge, theme.background), (theme.focus, theme.background), (theme.focus, theme.button)]
    edges += [(theme.outline, theme.outline_halo)]
    assert {pair: contrast_ratio(*pair) for pair in edges if contrast_ratio(*pair) < EDGE} == {}


def test_the_settings_name_the_themes() -> None:
    assert set(THEMES) == {"auto", *WINDOW_THEMES}


@pytest.mark.parametrize(
    ("setting", "dark", "contrast", "theme"),
    [
        ("auto", False, False, LIGHT),
        ("auto", True, False, DARK),
        ("auto", True, True, CONTRAST),
        ("auto", False, True, CONTRAST),
        ("light", True, True, LIGHT),
        ("dark", False, False, DARK),
    ],
)
def test_auto_follows_the_system(setting: str, dark: bool, contrast: bool, theme: Theme) -> None:
    assert window_theme(setting, system_dark=dark, system_contrast=contrast) is theme
