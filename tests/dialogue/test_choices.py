"""What the user changes while the app runs: rate, language, hints and silence, what is said of it and what is kept."""

from __future__ import annotations

import threading

import pytest

from currency_app.dialogue import Dialogue
from currency_app.errors import VoiceError
from currency_app.events import CameraBack, CameraLost, Hint, HintKind, Maybe, Sighting, Total, Unknown
from currency_app.settings import MAX_RATE, MIN_RATE, SettingValue
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import Phrases
from currency_app.speech.voices import ChangingVoice
from currency_app.testing import FakeVoice

WAIT_S = 20.0


class ReaderVoice(FakeVoice):
    """Speaks at a rate that is set elsewhere."""

    rate_is_elsewhere = True


class Talk:
    """A dialogue whose voice can be changed: `opened` has each voice with its rate and language."""

    def __init__(self, *, rate: int | None = 165, language: str = "en", kind: type[FakeVoice] = FakeVoice) -> None:
        self.opened: list[tuple[FakeVoice, int | None, str]] = []
        self.kept: list[tuple[str, SettingValue | None]] = []
        self.unspoken: set[str] = set()
        self.kind = kind
        self.voice = ChangingVoice(self.open, rate, Phrases(language))
        self.announcer = Announcer(Phrases(language))
        self.dialogue = Dialogue(self.announcer, self.voice)
        self.dialogue.keep_choices(lambda key, value: self.kept.append((key, value)))

    def open(self, rate: int | None, phrases: Phrases) -> FakeVoice:
        if phrases.language in self.unspoken:
            raise VoiceError("No voice speaks it.")
        voice = self.kind()
        self.opened.append((voice, rate, phrases.tag))
        return voice

    def done(self) -> list[str]:
        """What the newest voice has said, once all that was asked for holds."""
        assert self.dialogue.wait_for_choices(WAIT_S)
        return [utterance.text for utterance in self.opened[-1][0].said]


def sighting(t: float = 0.0, side: str | None = "front", confidence: float = 0.987) -> Sighting:
    return Sighting(t, "USD", 20, side, confidence)


def test_a_faster_voice_takes_the_place_of_the_first() -> None:
    talk = Talk()
    talk.dialogue.faster()
    assert talk.done() == ["185 words a minute"]
    first, second = talk.opened
    assert (second[1:], first[0].closed, second[0].closed) == ((185, "en"), True, False)
    assert talk.kept == [("rate", 185)]
    talk.dialogue.publish(sighting())
    assert talk.done()[-1] == "20 dollars"
    assert first[0].said == []


def test_keys_that_come_faster_than_voices_open_are_added_up() -> None:
    talk, opening = Talk(), threading.Event()
    open_voice = talk.voice._open_voice

    def slow(rate: int | None, phrases: Phrases) -> object:
        assert opening.wait(WAIT_S)
        return open_voice(rate, phrases)

    talk.voice._open_voice = slow  # type: ignore[assignment]
    for _ in range(5):
        talk.dialogue.slower()
    talk.dialogue.next_language()
    opening.set()
    assert talk.done()[0].startswith("Español")
    assert talk.opened[-1][1:] == (MIN_RATE, "es")
    assert len(talk.opened) <= 3
    assert dict(talk.kept) == {"rate": MIN_RATE, "language": "es"}


@pytest.mark.parametrize(("rate", "ask", "limit"), [(MAX_RATE, "faster", "500"), (MIN_RATE, "slower", "80")])
def test_the_limit_is_said_and_needs_no_other_voice(rate: int, ask: str, limit: str) -> None:
    talk = Talk(rate=rate)
    getattr(talk.dialogue, ask)()
    assert talk.done() == [f"{limit} words a minute"]
    assert len(talk.opened) == 1
    assert talk.kept == []


@pytest.mark.parametrize("talk", [Talk(rate=None), Talk(kind=ReaderVoice)], ids=["printed", "screen reader"])
def test_a_rate_that_is_set_elsewhere_is_said_to_be(talk: Talk) -> None:
    talk.dialogue.faster()
    assert talk.done() == ["The speed is set elsewhere"]
    assert talk.kept == []


def test_words_and_voice_change_their_language_together() -> None:
    talk = Talk(language="es-MX")
    seen: list[str] = []
    talk.dialogue.follow_language(lambda phrases: seen.append(phrases.tag))
    talk.dialogue.publish(sighting())
    said = []
    for _ in range(4):
        talk.dialogue.next_language()
        talk.dialogue.wait_for_choices(WAIT_S)
        talk.dialogue.say_total()
        talk.dialogue.repeat()
        said.append(talk.done())
    assert said == [
        ["Français", "Total : vingt dollars, un billet", "vingt dollars"],
        ["Deutsch", "Insgesamt zwanzig Dollar, ein Schein", "zwanzig Dollar"],
        ["English", "Total 20 dollars, 1 note", "20 dollars"],
        ["Español", "Total: veinte dólares, un billete", "veinte dólares"],
    ]
    tags = ["fr", "de", "en", "es-MX"]
    assert [tag for _, _, tag in talk.opened[1:]] == seen == [value for _, value in talk.kept] == tags


def test_a_language_that_no_voice_speaks_is_passed_over_in_the_language_of_now() -> None:
    talk = Talk()
    talk.unspoken = {"es"}
    talk.dialogue.next_language()
    assert talk.done() == ["No voice here speaks Español"]
    assert talk.announcer.phrases.language == "en"
    assert talk.kept == []
    talk.dialogue.next_language()
    assert talk.done() == ["Français"]


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), OSError("no process"), ValueError("odd")])
def test_a_voice_that_fails_once_leaves_the_keys_alive(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    talk = Talk()
    open_voice, errors = talk.voice._open_voice, [error]

    def fails_once(rate: int | None, phrases: Phrases) -> object:
        if errors:
            raise errors.pop()
        return open_voice(rate, phrases)

    talk.voice._open_voice = fails_once  # type: ignore[assignment]
    talk.dialogue.faster()
    assert talk.done() == ([] if isinstance(error, ValueError) else ["165 words a minute"])
    assert ("ValueError: odd" in capsys.readouterr().err) == isinstance(error, ValueError)
    talk.dialogue.next_language()
    assert talk.done()[0].startswith("Español")


def test_a_rate_that_the_voice_cannot_take_leaves_the_one_of_now() -> None:
    talk = Talk()
    talk.unspoken = {"en"}
    talk.dialogue.faster()
    assert talk.done() == ["165 words a minute"]
    assert talk.kept == []


def test_hints_go_from_all_to_none_and_back() -> None:
    talk = Talk()
    levels = []
    for _ in range(3):
        talk.dialogue.next_hints_level()
        levels.append(talk.announcer.hints)
    assert talk.done() == ["Few hints", "No hints", "All hints"]
    assert levels == ["few", "off", "all"]
    assert talk.kept[-1] == ("hints", "all")


def test_a_choice_that_cannot_be_kept_is_told_once_until_one_can() -> None:
    talk, answers = Talk(), iter([False, False, True, False])
    talk.dialogue.keep_choices(lambda key, value: next(answers))
    for _ in range(4):
        talk.dialogue.next_hints_level()
        talk.done()
    unkept = "The settings cannot be saved"
    assert talk.done() == ["Few hints", unkept, "No hints", "All hints", "Few hints", unkept]


def test_while_it_is_muted_only_keys_are_answered_and_notes_count() -> None:
    talk = Talk()
    talk.announcer.count = True
    talk.dialogue.toggle_mute()
    assert talk.dialogue.muted
    talk.dialogue.publish(Hint(0.0, HintKind.MOVE_CLOSER))
    talk.dialogue.publish(sighting(1.0))
    talk.dialogue.say_total()
    talk.dialogue.repeat()
    assert talk.done() == ["Muted. Keys are still answered", "Total 20 dollars, 1 note", "20 dollars"]
    heard = list(talk.dialogue.due(1.0))
    assert heard == [(sighting(1.0), None), (Total(1.0, {"USD": 20}, 1), None)], "nothing was said about them"
    talk.dialogue.toggle_mute()
    talk.dialogue.publish(sighting(9.0))
    assert talk.done()[-3:] == ["Speech is on", "20 dollars", "Total 40 dollars, 2 notes"]
    assert talk.kept == [], "a start that stays silent would be taken for one that failed"


def test_a_camera_that_was_lost_while_it_was_muted_is_told_with_the_end_of_that() -> None:
    talk = Talk()
    talk.dialogue.toggle_mute()
    talk.dialogue.publish(CameraLost(1.0))
    talk.dialogue.toggle_mute()
    assert talk.done()[1:] == ["Speech is on. The camera has stopped. Trying again"]
    talk.dialogue.toggle_mute()
    talk.dialogue.publish(CameraBack(9.0))
    talk.dialogue.toggle_mute()
    assert talk.done()[-1] == "Speech is on"


def test_side_and_sureness_of_what_was_said_last() -> None:
    talk = Talk()
    for event in (
        None,
        sighting(),
        sighting(side=None, confidence=0.9999),
        Maybe(3.0, "USD", 5, 0.713),
        Unknown(5.0),
    ):
        if event is not None:
            talk.dialogue.publish(event)
        talk.dialogue.say_details()
    assert talk.done() == [
        "No note has been read yet",
        "20 dollars",
        "20 dollars, front, 98 percent sure",
        "20 dollars",
        "20 dollars, 99 percent sure",
        "Maybe 5 dollars. Turn the note over",
        "Maybe 5 dollars. Turn the note over. 71 percent sure",
        "I do not know this note",
        "I do not know this note",
    ]


def test_a_voice_that_is_closed_while_another_opens_stays_closed() -> None:
    talk, opening, going = Talk(), threading.Event(), threading.Event()
    open_voice = talk.voice._open_voice

    def slow(rate: int | None, phrases: Phrases) -> object:
        going.set()
        assert opening.wait(WAIT_S)
        return open_voice(rate, phrases)

    talk.voice._open_voice = slow  # type: ignore[assignment]
    talk.dialogue.faster()
    assert going.wait(WAIT_S)
    talk.voice.close()
    opening.set()
    assert talk.done() == []
    assert all(voice.closed for voice, _, _ in talk.opened)


def test_a_word_never_sounds_in_a_voice_of_another_language() -> None:
    """One thread says the total again and again, while another changes the language."""
    talk = Talk()
    talk.dialogue.publish(sighting())
    stop = threading.Event()

    def speak() -> None:
        t = 1.0
        while not stop.is_set():
            talk.dialogue.publish(sighting(t))
            t += 1.0

    thread = threading.Thread(target=speak)
    thread.start()
    for _ in range(40):
        talk.dialogue.next_language()
        talk.dialogue.wait_for_choices(WAIT_S)
    stop.set()
    thread.join(WAIT_S)
    for voice, _, tag in talk.opened:
        phrases = Phrases(tag)
        assert {utterance.text for utterance in voice.said} <= {phrases.value(20, "USD"), phrases.text("language_name")}
