"""What the tests by recorded sound share: a private loudspeaker, the app's phrases, and ears for them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator

import pytest

from currency_app.events import HintKind
from currency_app.speech.phrases import Phrases
from currency_app.speech.phrases.language_file import ANSWERS
from currency_app.speech.voices import open_voice
from currency_app.speech.voices.base import Voice
from tests.support.sound.hearing import Ears
from tests.support.sound.pulse import PrivatePulse, missing_programs

VALUES = (1, 2, 5, 10, 20, 50, 100)
PHRASES = Phrases("en", {"en": {"one": "dollar", "other": "dollars"}})
DEMONSTRATED = PHRASES.fixed_phrases(VALUES, "USD", demonstration=True)
AWAITED = "System speech does not answer yet. The app waits for it.\n"
"""What is printed if the engine needs two seconds to start."""
SAID = list(dict.fromkeys([*PHRASES.fixed_phrases(VALUES, "USD"), *DEMONSTRATED]))
"""Every text that the app says, in its normal run or in the demonstration, except the totals."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only Linux has a sound server that can be had for one's own."""
    for item in items:
        if sys.platform != "linux" and "sound" in item.path.parts:
            item.add_marker(pytest.mark.skip(reason="needs Linux: sound is recorded from a private PulseAudio"))


@pytest.fixture(scope="session")
def pulse() -> Iterator[PrivatePulse]:
    """The private sound server, which this process and all that it starts play into."""
    missing = missing_programs()
    if missing:
        pytest.fail(f"The tests by recorded sound need more programs. {missing}", pytrace=False)
    before = dict(os.environ)
    with PrivatePulse() as server:
        os.environ.update(server.env)
        yield server
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def ears() -> Ears:
    """Ears that know all that the app says."""
    return Ears(SAID)


@pytest.fixture(scope="session")
def ears_for_cuts() -> Ears:
    """Ears that also expect hints to be cut off by what comes next, where no key is pressed that would be answered.

    With the answers among what they know, they have taken "1 dollar" after half a hint for half an answer.
    """
    answers = {PHRASES.text(key) for key in ANSWERS}
    return Ears([text for text in SAID if text not in answers], cut_off=[PHRASES.hint(kind) for kind in HintKind])


@pytest.fixture(scope="session")
def voice(pulse: PrivatePulse) -> Iterator[Voice]:
    """System speech as `--voice system` opens it."""
    warnings = io.StringIO()
    voice = open_voice("system", SAID, None, "en", warnings)
    yield voice
    voice.close()
    fallen_back = warnings.getvalue().replace(AWAITED, "")  # which a busy computer may need to
    assert not fallen_back, f"speech fell back to text: {fallen_back}"
