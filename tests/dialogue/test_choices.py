"""What the user changes by keys while the app runs, what they hear of it, and what is kept."""

from __future__ import annotations

import pytest

from currency_app.controls.keys import KEYS_OF_ACTIONS
from currency_app.dialogue import Dialogue
from currency_app.errors import VoiceError
from currency_app.events import Hint, HintKind, Maybe, Sighting, Unknown
from currency_app.settings import MAX_RATE, SettingValue
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import Phrases, languages
from currency_app.speech.voices import ChangingVoice, Voice
from currency_app.testing import FakeVoice

SOON_S = 5.0
TWENTY = Sighting(1.0, "USD", 20, "front", 0.978)


class Talk:
    """A dialogue whose voice can change its rate and language; keeps each voice and what is kept."""

    def __init__(self, rate: int | None = 200, *, fails_for: str = "") -> None:
        self.voices: list[tuple[FakeVoice, int | None, str]] = []
        self.kept: list[tuple[str, SettingValue | None]] = []
        self.fails_for = fails_for
        phrases = Phrases("en")
        self.dialogue = Dialogue(Announcer(phrases), ChangingVoice(self.open, rate, phrases))
        self.dialogue.keep_choices(lambda name, value: self.kept.append((name, value)))

    def open(self, rate: int | None, phrases: Phrases) -> Voice:
        if phrases.language == self.fails_for:
            raise VoiceError("No voice speaks it.")
        self.voices.append((FakeVoice(), rate, phrases.language))
        return self.voices[-1][0]

    def last(self) -> str:
        assert self.dialogue.wait_for_choices(SOON_S)
        return self.voices[-1][0].said[-1].text


def test_the_rate_changes_by_steps_and_is_said_at_the_new_one() -> None:
    talk = Talk()
    talk.dialogue.faster()
    assert "220" in talk.last()
    assert [rate for _, rate, _ in talk.voices] == [200, 220]
    assert talk.voices[0][0].closed
    talk.dialogue.slower()
    assert "200" in talk.last()
    assert talk.dialogue.wait_for_choices(SOON_S)
    assert talk.kept[-1] == ("rate", 200)


def test_the_rate_ends_at_the_highest_and_says_so() -> None:
    talk = Talk(rate=MAX_RATE)
    talk.dialogue.faster()
    assert str(MAX_RATE) in talk.last()
    assert (len(talk.voices), talk.kept) == (1, [])


def test_a_voice_without_a_rate_says_that_it_has_none() -> None:
    talk = Talk(rate=None)
    talk.dialogue.faster()
    assert talk.last() == Phrases("en").text("rate_fixed")


def test_the_language_goes_round_and_words_and_voice_change_together() -> None:
    talk = Talk()
    names = []
    for _ in languages():
        talk.dialogue.next_language()
        names.append(talk.last())
        talk.dialogue.publish(TWENTY)
        language = talk.voices[-1][2]
        assert talk.last() == Phrases(language).value(20, "USD")
        assert names[-1] == Phrases(language).text("language_name")
    assert len(set(names)) == len(languages())
    assert talk.voices[-1][2] == "en"


def test_a_language_that_no_voice_speaks_is_named_and_the_old_one_stays() -> None:
    english = Phrases("en")
    after = sorted(languages())[(sorted(languages()).index("en") + 1) % len(languages())]
    talk = Talk(fails_for=after)
    talk.dialogue.next_language()
    assert Phrases(after).text("language_name") in talk.last()
    talk.dialogue.publish(TWENTY)
    assert talk.last() == english.value(20, "USD")
    assert talk.kept == []


def test_muted_nothing_is_said_but_answers() -> None:
    talk = Talk()
    talk.dialogue.toggle_mute()
    talk.dialogue.publish(TWENTY)
    talk.dialogue.publish(Hint(2.0, HintKind.MOVE_CLOSER))
    assert talk.last() == Phrases("en").text("muted")
    assert next((type(event), text) for event, text in talk.dialogue.due(2.0)) == (Sighting, None), "it is in the log"
    talk.dialogue.say_total()
    assert talk.last() == "Total 20 dollars, 1 note", "what was seen meanwhile counts"
    talk.dialogue.toggle_mute()
    assert talk.last() == Phrases("en").text("unmuted")
    assert talk.kept == [], "a start that stays silent would be taken for one that failed"


def test_hints_become_fewer_then_none_then_all() -> None:
    talk = Talk()
    for level in ("few", "off", "all"):
        talk.dialogue.next_hints_level()
        assert talk.last() == Phrases("en").text(f"hints_{level}")
        assert talk.dialogue.wait_for_choices(SOON_S)
        assert talk.kept[-1] == ("hints", level)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (None, "No note has been read yet"),
        (TWENTY, "20 dollars, front, 97 percent sure"),
        (Sighting(1.0, "USD", 20, None, 1.0), "20 dollars, 99 percent sure"),
        (Maybe(1.0, "USD", 20, 0.81), "Maybe 20 dollars. Turn the note over. 81 percent sure"),
        (Unknown(1.0), "I do not know this note"),
    ],
)
def test_side_and_confidence_are_those_of_what_was_said_last(
    event: Sighting | Maybe | Unknown | None, words: str
) -> None:
    talk = Talk()
    if event is not None:
        talk.dialogue.publish(event)
    talk.dialogue.say_details()
    assert talk.last() == words


@pytest.mark.parametrize("language", languages())
def test_the_spoken_help_names_every_key_and_what_it_does(language: str) -> None:
    phrases, voice = Phrases(language), FakeVoice()
    Dialogue(Announcer(phrases), voice).say_help(KEYS_OF_ACTIONS)
    for name, key in KEYS_OF_ACTIONS.items():
        assert f"{phrases.key(key)}: {phrases.action(name)}" in voice.said[-1].text
