"""Every phrase, spoken by system speech into a loudspeaker, is heard as that phrase."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from currency_app.errors import VoiceError
from currency_app.events import HintKind, Priority, Utterance
from currency_app.speech.engines.platforms import open_speaker
from currency_app.speech.engines.player import PLAYERS, WavPlayer
from currency_app.speech.engines.synthesis import WavCache
from currency_app.speech.engines.wav_speaker import WavSpeaker
from currency_app.speech.voices.system import SystemVoice
from tests.sound.conftest import PHRASES, SAID, VALUES
from tests.support.sound.hearing import RATE, Ears, spoken
from tests.support.sound.pulse import LOUDSPEAKERS, PrivatePulse, Recorder, missing_programs, segments

WRONG = [PHRASES.value(value, "USD") for value in (3, 15, 60)]


@pytest.fixture(scope="module")
def cache(pulse: PrivatePulse) -> Iterator[WavCache]:
    """The app's own speech, at its usual rate."""
    speaker = open_speaker("en", None)
    assert isinstance(speaker, WavSpeaker)
    yield speaker.cache
    speaker.close()


@pytest.fixture(scope="module")
def heard(pulse: PrivatePulse, cache: WavCache, ears: Ears) -> dict[str, str]:
    """What was heard of each text, each said by a SystemVoice; on all loudspeakers at once, to save time."""

    def hear(number: int) -> dict[str, str]:
        loudspeaker = LOUDSPEAKERS[number]
        player = WavPlayer([(*PLAYERS[0], f"--device={loudspeaker}")])
        voice = SystemVoice(WavSpeaker(cache, player), not_heard)
        understood = {}
        for text in [*SAID, *WRONG][number :: len(LOUDSPEAKERS)]:
            with Recorder(pulse.env, RATE, loudspeaker) as recorder:
                voice.say(Utterance(text, Priority.VALUE))
                assert voice.wait(30.0)
                recorder.catch_up()
                understood[text] = ears.hear_whole(recorder.samples())
        return understood

    def not_heard(utterance: Utterance | None, error: VoiceError | None) -> None:
        print(f"{utterance}: {error}")

    with ThreadPoolExecutor(len(LOUDSPEAKERS)) as at_once:
        return {text: words for some in at_once.map(hear, range(len(LOUDSPEAKERS))) for text, words in some.items()}


def test_the_list_of_phrases_is_whole() -> None:
    wanted = {PHRASES.value(value, "USD") for value in VALUES}
    wanted |= {PHRASES.maybe(value, "USD") for value in VALUES}
    wanted |= {PHRASES.demonstration(PHRASES.value(value, "USD")) for value in VALUES}
    wanted |= {PHRASES.hint(kind) for kind in HintKind}
    assert wanted <= set(SAID)


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_is_heard(heard: dict[str, str], text: str) -> None:
    assert heard[text] == spoken(text)


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_value_would_be_heard_as_wrong(heard: dict[str, str], text: str) -> None:
    """The ears do not just pick the nearest of the right ones."""
    assert heard[text] == spoken(text)


def test_silence_is_heard_as_nothing(pulse: PrivatePulse, ears: Ears) -> None:
    with Recorder(pulse.env, RATE) as recorder:
        recorder.catch_up(1.0)
        assert segments(recorder.samples(), RATE) == []
        assert ears.hear(recorder.samples()) == ""


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: player[0])
def test_each_player_plays_all_of_it(pulse: PrivatePulse, cache: WavCache, ears: Ears, player: tuple[str, ...]) -> None:
    with Recorder(pulse.env, RATE) as recorder:
        WavSpeaker(cache, WavPlayer([player])).start("100 dollars").wait()
        recorder.catch_up()
        assert ears.hear_whole(recorder.samples()) == "one hundred dollars"


def test_missing_programs_are_named_with_the_command_that_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "apt-get install espeak-ng pulseaudio" in str(missing_programs())
