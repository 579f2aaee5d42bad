"""What an app tells its voice besides the words, and what it learns from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from currency_app.app import App
from currency_app.events import Utterance
from currency_app.speech.greeting import Greeting
from currency_app.speech.phrases import Phrases
from currency_app.testing import FakeRecognizer, FakeVoice
from tests.support.app_run import AppRun, frames_of, show
from tests.support.observations import Part, box, seen

FAR = box(0.4, 0.4, 0.6, 0.6)


class DiaryVoice(FakeVoice):
    """Keeps in which order it was woken and told words."""

    def __init__(self) -> None:
        super().__init__()
        self.diary: list[str] = []

    def say(self, utterance: Utterance) -> bool:
        self.diary.append(utterance.text)
        return super().say(utterance)

    def wake(self) -> None:
        super().wake()
        self.diary.append("wake")


def test_a_note_that_comes_into_view_wakes_the_voice_before_its_value(tmp_path: Path) -> None:
    voice = DiaryVoice()
    show(tmp_path, Part(1), Part(2, 20), Part(1), Part(2, 5), Part(1), voice=voice)
    assert voice.diary == ["wake", "20 dollars", "wake", "5 dollars"]


def test_a_note_that_takes_the_place_of_another_wakes_the_voice_too(tmp_path: Path) -> None:
    voice = DiaryVoice()
    show(tmp_path, Part(10, 20), Part(3, 5), voice=voice)
    assert voice.diary == ["wake", "20 dollars", "wake", "5 dollars"]


def test_a_note_too_far_away_to_be_read_wakes_the_voice(tmp_path: Path) -> None:
    far = [replace(seen(i / 15, {}), corners=FAR) for i in range(30)]
    assert AppRun(tmp_path, frames_of(far), FakeRecognizer(far)).voice.woken == 1


def test_an_empty_view_wakes_nobody(tmp_path: Path) -> None:
    assert show(tmp_path, Part(3)).voice.woken == 0


def test_a_hint_that_the_voice_drops_is_not_logged_and_comes_again_soon(tmp_path: Path) -> None:
    class BusyAtFirst(FakeVoice):
        def say(self, utterance: Utterance) -> bool:
            self.busy, said = False, not self.busy and super().say(utterance)
            return said

    voice = BusyAtFirst()
    voice.busy = True
    far = [seen(i / 15, {20: 0.6, 5: 0.4}, corners=FAR) for i in range(40)]
    session = AppRun(tmp_path, frames_of(far), FakeRecognizer(far), voice=voice)
    assert session.said == ["Move the note closer"]
    assert session.happened == ["hint", "summary"]
    assert session.logged[0]["t"] < 1.5


def test_a_greeting_is_said_in_the_language_of_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = App.run

    def run_in_the_next_language(app: App) -> None:
        app.next_language()
        run(app)

    monkeypatch.setattr(App, "run", run_in_the_next_language)
    session = show(tmp_path, Part(1), greeting=Greeting([Phrases.ready]))
    assert session.said == ["Español", Phrases("es").ready()]


@pytest.mark.parametrize("quits", [True, False])
def test_who_quits_need_not_hear_a_long_sentence_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quits: bool
) -> None:
    waited: list[float] = []

    class Talkative(FakeVoice):
        def say(self, utterance: Utterance) -> bool:
            if quits:
                apps[0].stop()
            return super().say(utterance)

        def wait(self, timeout_s: float) -> bool:
            waited.append(timeout_s)
            return super().wait(timeout_s)

    run, apps = App.run, list[App]()

    def run_in_reach(app: App) -> None:
        apps.append(app)
        run(app)

    monkeypatch.setattr(App, "run", run_in_reach)
    show(tmp_path, Part(2, 20), voice=Talkative())
    assert max(waited) == (3.0 if quits else 8.0)


def test_the_total_is_renewed_if_it_has_to_wait(tmp_path: Path) -> None:
    session = show(tmp_path, Part(1), Part(2, 20), Part(1))
    session.app.say_total()
    total = session.voice.said[-1]
    assert total.text == "Total 20 dollars, 1 note"
    assert total.renew is not None
    assert total.renew() == total.text
