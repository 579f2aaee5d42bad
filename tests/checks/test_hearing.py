"""The checks of screen reader, speech and sound: who says the sentence, and when the user is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from currency_app.checks import CheckResult, HearingChecks
from currency_app.checks import hearing as checks_hearing
from currency_app.errors import VoiceError
from currency_app.speech import check
from currency_app.speech.engines import SoundOutput
from currency_app.speech.screen_reader import ExpectedReader, ScreenReader
from currency_app.testing import FakeScreenReader
from tests.support.fake_speaker import FakePlaying, FakeSpeaker

SENTENCE = "This app says the value of a banknote"
HEADPHONES = SoundOutput("Headphones", is_default=True, muted=False, volume=0.6)


class Speaker(FakeSpeaker):
    """Sounds each text for no time."""

    def start(self, text: str) -> FakePlaying:
        playing = super().start(text)
        playing.finish()
        return playing


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> Speaker:
    """What speaks in place of this machine's engine, beside no screen reader that was overlooked."""
    fake = Speaker()
    monkeypatch.setattr(check, "open_speaker", lambda language, rate, warn: fake)
    monkeypatch.setattr(checks_hearing, "explain_no_reader", lambda stream: "None is running.")
    return fake


class User:
    """Answers each question the same, and keeps the questions."""

    def __init__(self, heard: bool | None) -> None:
        self.heard = heard
        self.asked: list[str] = []

    def __call__(self, question: str) -> bool | None:
        self.asked.append(question)
        return self.heard


def look(
    user: Callable[[str], bool | None],
    *,
    voice: str = "auto",
    language: str = "en",
    reader: ScreenReader | None = None,
    outputs: tuple[SoundOutput, ...] = (HEADPHONES,),
) -> list[CheckResult | None]:
    """Return what the three checks find, in the doctor's order."""
    checks = HearingChecks(language, voice, user, find=lambda: reader, outputs=lambda: outputs)
    return [checks.screen_reader(), checks.speech(), checks.sound()]


NO_READER = (True, "None is running. The app speaks by itself.")
SPOKEN = (True, "System speech works in English.")


@pytest.mark.parametrize(
    ("heard", "ok", "end"),
    [
        (True, True, "at 60% of its volume, and you heard it."),
        (None, True, "at 60% of its volume."),
        (False, False, "and you did not hear it. Connect loudspeakers or headphones and turn them on"),
    ],
)
def test_a_sentence_sounds_and_the_user_says_whether_it_was_heard(
    speaker: Speaker, heard: bool | None, ok: bool, end: str
) -> None:
    user = User(heard)
    reader, speech, sound = look(user)
    assert (reader, speech) == (NO_READER, SPOKEN)
    assert sound is not None
    assert sound[0] is ok
    assert sound[1].startswith(f'"{SENTENCE}" was played on Headphones, ')
    assert end in sound[1]
    assert (speaker.asked, speaker.closed, user.asked) == ([SENTENCE], True, [f'Did you hear "{SENTENCE}"?'])


def test_another_output_is_named_if_nothing_was_heard_on_the_one_in_use(speaker: Speaker) -> None:
    sound = look(User(False), outputs=(HEADPHONES, SoundOutput("HDMI")))[2]
    assert sound is not None
    assert sound[1].endswith("Choose another output in the sound settings, such as HDMI, or turn it up.")


def test_what_is_muted_is_told_without_a_question(speaker: Speaker) -> None:
    user = User(True)
    sound = look(user, outputs=(SoundOutput("Headphones", is_default=True, muted=True),))[2]
    assert sound is not None
    assert not sound[0]
    assert sound[1].startswith("Headphones is muted.")
    assert user.asked == []


def test_the_sentence_is_in_the_language_of_the_app(speaker: Speaker) -> None:
    look(User(None), language="fr")
    assert speaker.asked == ["Cette application dit la valeur d'un billet"]


def test_without_speech_nobody_is_asked_about_sound(speaker: Speaker) -> None:
    speaker.error = VoiceError("It is missing. Install it.")
    user = User(True)
    assert look(user) == [NO_READER, (False, "It is missing. Install it."), None]
    assert user.asked == []


@pytest.mark.parametrize("voice", ["text", "off"])
def test_who_wants_no_sound_gets_none(speaker: Speaker, voice: str) -> None:
    user = User(True)
    assert look(user, voice=voice) == [NO_READER, SPOKEN, None]
    assert (speaker.asked, user.asked) == ([], [])


@pytest.mark.parametrize("heard", [True, False, None])
def test_a_screen_reader_says_the_sentence_in_place_of_the_system(speaker: Speaker, heard: bool | None) -> None:
    reader, user = FakeScreenReader(), User(heard)
    found, speech, sound = look(user, reader=reader)
    assert found == (True, "fake screen reader is running, and the app speaks through it.")
    assert speech == SPOKEN
    assert (reader.sent, speaker.asked) == ([(SENTENCE, False)], [])
    assert user.asked == [f'Did fake screen reader say or show "{SENTENCE}"?']
    assert (sound is None) is (heard is not False)
    if sound is not None:
        assert not sound[0]
        assert "docs/screen-readers.md" in sound[1]


def test_beside_a_screen_reader_the_system_speaks_if_the_user_chose_that(speaker: Speaker) -> None:
    reader = FakeScreenReader()
    found, _, sound = look(User(True), voice="system", reader=reader)
    assert found is not None
    assert found[1].endswith("The app does not speak through it: your voice is system.")
    assert (reader.sent, speaker.asked) == ([], [SENTENCE])
    assert sound is not None


def test_beside_a_screen_reader_that_cannot_be_found_nothing_else_speaks(speaker: Speaker) -> None:
    """With this voice the app leaves the words to it, and so does the check."""
    shown: list[str] = []
    found, speech, _ = look(User(True), voice="screen-reader", reader=ExpectedReader("the terminal's", shown.append))
    assert found is not None
    assert found[1] == "The words are left to the terminal's, whether or not one runs: your voice is screen-reader."
    assert (shown, speaker.asked, speech) == ([SENTENCE], [], SPOKEN)


@pytest.mark.parametrize(("voice", "expected"), [("screen-reader", True), ("auto", False)])
def test_a_screen_reader_is_looked_for_as_the_app_does(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch, voice: str, expected: bool
) -> None:
    looked: list[bool] = []

    def finder(stream: object, *, expected: bool) -> Callable[[], None]:
        looked.append(expected)
        return lambda: None

    monkeypatch.setattr(checks_hearing, "screen_reader_finder", finder)
    works, line = HearingChecks("en", voice).screen_reader()
    assert looked == [expected]
    assert works is not expected
    assert line.endswith("Your voice is screen-reader: start one." if expected else "The app speaks by itself.")
