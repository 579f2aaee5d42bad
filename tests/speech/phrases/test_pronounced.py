"""Every phrase as espeak-ng says it: no value is near another, none is long, and no hint is.

espeak-ng's own transcription and sound are judged, at the usual rate; nobody listens here.
"""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import wave
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pytest

from currency_app.events import HintKind
from currency_app.speech.engines.platforms import DEFAULT_RATE
from currency_app.speech.phrases import Phrases, languages
from currency_app.speech.phrases.language_file import load_language

pytestmark = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed: sudo apt-get install espeak-ng"
)

TAGS = [*languages(), *(f"{code}-{country}" for code in languages() for country in load_language(code).espeak_voices)]
"""Each language, and each country with a voice of its own."""
LONGEST_VALUE_S, LONGEST_HINT_S = 1.5, 3.0
MIN_PHONEMES_APART = 2
SILENT = 50
"""In steps of 16-bit samples: espeak-ng ends each text with 0.2 s of silence, which is no part of it."""


class Pronounced(NamedTuple):
    """One text as espeak-ng says it."""

    phonemes: tuple[str, ...]
    seconds: float


@cache
def pronounced(tag: str) -> dict[str, Pronounced]:
    """All values and hints of a language."""
    phrases = Phrases(tag)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(2) as at_once:

        def say(text: str) -> Pronounced:
            return espeak(phrases.espeak_voice, phrases.spoken(text), Path(folder) / f"{texts.index(text)}.wav")

        texts = [*values(tag), *hints(tag)]
        return dict(zip(texts, at_once.map(say, texts), strict=True))


def espeak(voice: str, text: str, wav: Path) -> Pronounced:
    command = ["espeak-ng", "-v", voice, "-s", str(DEFAULT_RATE), "--ipa", "--sep=_", "-w", str(wav), text]
    ipa = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    with wave.open(str(wav)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16).astype(np.int32)
        loud = np.flatnonzero(np.abs(samples) > SILENT)
        seconds = float(loud[-1] - loud[0]) / sound.getframerate()
    phonemes = re.split(r"[_\s]+", re.sub("[ˈˌ]", "", ipa))
    return Pronounced(tuple(phoneme for phoneme in phonemes if phoneme), seconds)


def values(tag: str) -> list[str]:
    phrases = Phrases(tag)
    return [phrases.value(value, code) for code, by_hand in phrases._file.values.items() for value in by_hand]


def hints(tag: str) -> list[str]:
    return [Phrases(tag).hint(kind) for kind in HintKind]


def apart(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many phonemes must be put in, left out or changed to make one the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, 1):
        before, row = row, [i]
        for j, theirs in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (mine != theirs)))
    return row[-1]


def test_distances_are_counted_in_phonemes() -> None:
    assert apart(("d", "ø"), ("d", "i")) == 1
    assert apart(("d", "ø"), ("d", "i", "s")) == 2
    assert apart((), ("d", "i")) == 2


@pytest.mark.parametrize("tag", TAGS)
def test_no_value_is_taken_for_another(tag: str) -> None:
    said = pronounced(tag)
    near = [
        (one, other)
        for one, other in itertools.combinations(values(tag), 2)
        if apart(said[one].phonemes, said[other].phonemes) < MIN_PHONEMES_APART
    ]
    assert not near


def test_without_its_spelling_french_ten_is_taken_for_two(tmp_path: Path) -> None:
    said = [espeak("fr-fr", text, tmp_path / "x.wav").phonemes for text in ("deux dollars", "dix dollars")]
    assert apart(*said) < MIN_PHONEMES_APART, "the spelling in fr.toml is not needed any more"


@pytest.mark.parametrize("tag", TAGS)
def test_no_hint_is_taken_for_another_or_for_a_value(tag: str) -> None:
    said = pronounced(tag)
    pairs = [*itertools.combinations(hints(tag), 2), *itertools.product(hints(tag), values(tag))]
    assert not [pair for pair in pairs if apart(said[pair[0]].phonemes, said[pair[1]].phonemes) < MIN_PHONEMES_APART]


@pytest.mark.parametrize("tag", TAGS)
def test_values_and_hints_are_short(tag: str) -> None:
    said = pronounced(tag)
    assert {text: said[text].seconds for text in values(tag) if said[text].seconds > LONGEST_VALUE_S} == {}
    assert {text: said[text].seconds for text in hints(tag) if said[text].seconds > LONGEST_HINT_S} == {}
