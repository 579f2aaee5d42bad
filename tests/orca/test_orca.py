"""A real Orca says each value that the app prints or shows in its window, without a key, and nobody else says it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from currency_app.benchmarking.chain.onset import correlation, read_wav
from currency_app.speech.engines import WavSpeaker, open_speaker
from tests.orca.desktop import APP, OrcaDesktop, only
from tests.sound.conftest import PHRASES, VALUES
from tests.support.note_clip import write_note_clip
from tests.support.sound.hearing import NEVER_SAID, Ears, resampled, spoken
from tests.support.sound.pulse import SINK_RATE, Samples, segments

pytest.importorskip("PySide6", reason="needs the extra window")
SHOWN = 7 if "ORCA_FULL" in os.environ else 2
"""Notes that are shown in the window, and then in the terminal."""
IN_WINDOW, IN_TERMINAL = (20, 5, 100, 2, 10, 1, 50)[:SHOWN], (50, 1, 2, 100, 5, 20, 10)[:SHOWN]
AMOUNTS = {spoken(PHRASES.value(value, "USD")): value for value in (*VALUES, *NEVER_SAID)}
AROUND_S = 4.0
"""Seconds in which Orca says what the window or the terminal is called, and that the app is ready."""
OTHER_WORDS = (
    *("Screen reader on", "Screen reader off", "Banknote reader", "frame", "terminal", "camera", "label", "starting"),
    *(PHRASES.ready(), "Move the note closer", "Move the note up", "Move the note down"),
)
"""What else Orca says."""
SECOND_VOICE = 0.55
"""Likeness from which the app's own voice has been heard: Orca's comes to 0.51 at most, the app's own beside it to 0.59
at least."""


@dataclass(frozen=True)
class Session:
    """What was seen and heard of one desktop, on which the app ran in its window, then in GNOME's terminal."""

    values: list[str]
    """The words of each value that the app was sure of."""
    spoken: list[str]
    """What Orca let its speech server say."""
    braille: list[str]
    """The lines of the braille display."""
    sound: Samples
    """What the loudspeaker played."""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("orca")
    values: list[str] = []
    with OrcaDesktop(folder) as desktop:
        for place, shown in (("window", IN_WINDOW), ("terminal", IN_TERMINAL)):
            clip, events = folder / f"{place}.avi", folder / f"{place}.jsonl"
            write_note_clip(clip, shown, AROUND_S)
            app = [*APP, "--source", str(clip), "--realtime", "--events", str(events)]
            in_terminal = ["gnome-terminal", "--wait", "--", *app, "--no-window"]
            desktop.run(*([*app, "--window"] if place == "window" else in_terminal), timeout_s=120)
            lines = list(map(json.loads, events.read_text(encoding="utf-8").splitlines()))
            if lines[-1]["dropped"] > lines[-1]["frames"] / 4:
                pytest.skip("this computer is too busy to read a clip in real time")
            values += [event["text"] for event in lines if event["event"] == "sighting"]
        sound = desktop.sound()
    return Session(values, desktop.spoken(), desktop.braille(), sound)


def test_the_app_is_sure_of_each_note(session: Session) -> None:
    assert session.values == [PHRASES.value(value, "USD") for value in (*IN_WINDOW, *IN_TERMINAL)]


def test_orca_says_each_value_once_in_order(session: Session) -> None:
    assert [text for text in session.spoken if "dollar" in text] == session.values


def test_orca_says_once_in_the_window_that_the_app_is_ready(session: Session) -> None:
    """Also if it reads what has the focus only then."""
    before = session.spoken[: session.spoken.index(session.values[0])]
    assert " ".join(before).count(PHRASES.ready()) == 1, before


def test_the_braille_display_shows_each_value(session: Session) -> None:
    """Orca shows a message for five seconds, and then what it showed before."""
    shown = only(session.braille, session.values)
    assert shown == session.values, session.braille


def test_each_value_is_heard_once_in_order(session: Session) -> None:
    ears = Ears([*session.values, *OTHER_WORDS], in_a_row=True)
    heard = [ears.hear(resampled(session.sound[part])) for part in segments(session.sound, SINK_RATE)]
    amounts = "|".join(sorted(AMOUNTS, key=len, reverse=True))
    values = [AMOUNTS[found] for words in heard for found in re.findall(rf"\b({amounts})\b", words)]
    assert values == [*IN_WINDOW, *IN_TERMINAL], heard


def likeness(recorded: Samples, words: Samples) -> float:
    """Of the part of a recording that is most like some words, -1..1."""
    return float(correlation(recorded.astype(np.float64), words.astype(np.float64)).max())


@pytest.fixture(scope="module")
def own_voice() -> Iterator[dict[str, Samples]]:
    """Each value in the voice that the app speaks with where no screen reader runs."""
    speaker = open_speaker("en", None)
    assert isinstance(speaker, WavSpeaker)
    texts = {PHRASES.value(value, "USD") for value in (*IN_WINDOW, *IN_TERMINAL)}
    yield {text: read_wav(speaker.cache.wav(text).path)[0].astype(np.int16) for text in texts}
    speaker.close()


def test_no_second_voice_is_heard(session: Session, own_voice: dict[str, Samples]) -> None:
    assert {text for text, words in own_voice.items() if likeness(session.sound, words) >= SECOND_VOICE} == set()


def test_a_second_voice_would_be_heard(session: Session, own_voice: dict[str, Samples]) -> None:
    """Whenever the app spoke beside Orca, the test above would notice."""
    for words in own_voice.values():
        for part in segments(session.sound, SINK_RATE):
            both = np.zeros(max(len(words), part.stop - part.start), np.int32)
            both[: part.stop - part.start] = session.sound[part]
            both[: len(words)] += words
            assert likeness(np.clip(both, -32768, 32767).astype(np.int16), words) >= SECOND_VOICE
