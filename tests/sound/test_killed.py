"""What speaks for the app is killed: screen reader, player, engine, sound server. Words go the next way, none is lost.

Real processes, but for the screen reader, which is the stand-in for Orca 49: it can tell what it has said.
"""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import psutil
import pytest

from tests.sound.conftest import PHRASES, VALUES
from tests.support.desktop import system_python
from tests.support.orca_stand_in import OrcaStandIn
from tests.support.sound.hearing import NEVER_SAID, Ears, resampled, spoken
from tests.support.sound.pulse import SINK_RATE, PrivatePulse, Recorder, segments, utterances
from tests.support.speaking_run import SpeakingRun
from tests.support.waiting import wait_until

pytest.importorskip("prism", reason="needs the extra screen-reader", exc_type=ImportError)
pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None or system_python() is None, reason="needs D-Bus and GLib"
)
IN_TIME_S = 2.0
"""Seconds in which words reach the user by the next way."""
LONGEST_S = 1.6
"""Seconds that a value takes to say, at most."""
SHORTEST_S = 0.6
"""Seconds that a value takes to say, at least, and more than sounds of one that is cut off."""
STOPS_S = 0.03
"""Seconds in which nothing more is heard of a player that was killed."""
INTO_S = 0.2
"""Seconds into a value at which what says it is killed."""
FPS = 15
RATE_KEPT = 0.8
"""Share of the frames that must be read after a fault, 0..1: the machine may do other things meanwhile."""


def text(value: int) -> str:
    return PHRASES.value(value, "USD")


def own_environ(pulse: PrivatePulse, orca: OrcaStandIn, folder: Path) -> dict[str, str]:
    return {**pulse.env, **orca.environ, "TMPDIR": str(folder)}


def kill_sound_server(pulse: PrivatePulse) -> float:
    socket = pulse.env["PULSE_SERVER"].removeprefix("unix:")
    (server,) = [
        child
        for child in psutil.Process().children()
        if child.name() == "pulseaudio" and any(socket in argument for argument in child.cmdline())
    ]
    server.kill()
    return time.monotonic()


def wait_for_sound(recorder: Recorder, since: float) -> None:
    """Block until something sounds, and a little longer: real words are to be cut off."""
    wait_until(lambda: len(segments(recorder.samples()[max(0, recorder.at(since)) :], SINK_RATE)) > 0)
    time.sleep(INTO_S)


def whole_values(recorder: Recorder, since: float, until: float) -> list[str]:
    """The values that were heard whole between two moments."""
    samples = recorder.samples()[max(0, recorder.at(since)) : max(0, recorder.at(until))]
    ears = Ears([text(value) for value in VALUES])
    whole = [part for part in utterances(samples) if part.stop - part.start > SHORTEST_S * SINK_RATE]
    words = " ".join(ears.hear(resampled(samples[part])) for part in whole)
    amounts = sorted((spoken(text(value)) for value in (*VALUES, *NEVER_SAID)), key=len, reverse=True)
    return re.findall(rf"\b({'|'.join(amounts)})\b", words)


def assert_frames_kept_coming(app: SpeakingRun, *faults: float) -> None:
    before = app.frames_in(IN_TIME_S, faults[0] - IN_TIME_S)
    if before < RATE_KEPT * FPS * IN_TIME_S:
        pytest.skip(f"this computer is too busy: {before} frames in {IN_TIME_S:g} s before anything was killed")
    after = [app.frames_in(IN_TIME_S, fault) for fault in faults]
    print(f"frames in {IN_TIME_S:g} s before the first fault: {before}, after each: {after}")
    assert min(after) >= RATE_KEPT * before, (before, after)


def test_one_after_the_other(tmp_path: Path) -> None:
    values = (20, 5, 50, 100, 1)
    with (
        PrivatePulse() as pulse,
        OrcaStandIn(tmp_path) as orca,
        Recorder(pulse.env, SINK_RATE) as recorder,
        SpeakingRun(values, own_environ(pulse, orca, tmp_path)) as app,
    ):
        app.wait_for_value(2)
        wait_until(lambda: text(5) in orca.texts("began"))
        time.sleep(INTO_S)
        orca.kill()
        no_orca = time.monotonic()

        decided = app.wait_for_value(3)
        wait_for_sound(recorder, decided)
        no_player = app.kill_child("paplay") + STOPS_S

        time.sleep(LONGEST_S)  # the next player says it meanwhile
        no_engine = app.kill_child("pyttsx3_child")
        for folder in tmp_path.glob("currency-app-*"):  # so that the next value must be made anew
            shutil.rmtree(folder)

        remade = app.wait_for_value(4)
        decided = app.wait_for_value(5)
        wait_for_sound(recorder, decided)
        no_sound = kill_sound_server(pulse)
        app.wait()

        assert app.texts_of("decided") == [text(value) for value in values]
        assert orca.texts("said") == [text(20)]
        assert orca.texts("began") == [text(20), text(5)], "nobody else has said the first"
        assert whole_values(recorder, 0.0, no_orca) == []
        assert whole_values(recorder, no_orca, no_orca + IN_TIME_S + LONGEST_S) == [spoken(text(5))]
        assert whole_values(recorder, no_orca, no_player) == [spoken(text(5))]
        assert whole_values(recorder, no_player, no_player + IN_TIME_S + LONGEST_S) == [spoken(text(50))]
        assert whole_values(recorder, remade, remade + IN_TIME_S + LONGEST_S) == [spoken(text(100))]
        assert whole_values(recorder, no_player, no_sound) == [spoken(text(value)) for value in (50, 100)]
        printed = dict(zip(app.texts_of("printed"), app.times_of("printed"), strict=True))
        assert [words for words in app.texts_of("printed") if words in map(text, values)] == [text(1)]
        assert printed[text(1)] - no_sound < IN_TIME_S
        assert_frames_kept_coming(app, no_orca, no_player, no_engine, no_sound)


def test_all_at_once(tmp_path: Path) -> None:
    values = (20, 5, 50)
    with (
        PrivatePulse() as pulse,
        OrcaStandIn(tmp_path) as orca,
        SpeakingRun(values, own_environ(pulse, orca, tmp_path)) as app,
    ):
        app.wait_for_value(2)
        wait_until(lambda: text(5) in orca.texts("began"))
        time.sleep(INTO_S)
        orca.kill()
        kill_sound_server(pulse)
        killed = app.kill_child("pyttsx3_child")
        app.wait()
        assert orca.texts("said") == [text(20)]
        assert [words for words in app.texts_of("printed") if words in map(text, values)] == [text(5), text(50)]
        printed = dict(zip(app.texts_of("printed"), app.times_of("printed"), strict=True))
        assert printed[text(5)] - killed < IN_TIME_S
        assert printed[text(50)] - app.times_of("decided")[2] < IN_TIME_S
        assert_frames_kept_coming(app, killed)
