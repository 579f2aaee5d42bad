"""What is told from a player's reports, with the times that were measured on PulseAudio."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from currency_app.speech.engines.player import BEGIN_S, LATE_S
from currency_app.speech.engines.player_reports import PlayerReports

STARTED = 100.0
SIGN_S = BEGIN_S / 2
SECONDS = 1.2
LEVEL = b"\r####################                             +| 40%"


def paplay() -> PlayerReports:
    return PlayerReports("paplay", SECONDS, STARTED, sign_s=SIGN_S, late_s=LATE_S)


def aplay() -> PlayerReports:
    return PlayerReports("aplay", SECONDS, STARTED, sign_s=SIGN_S, late_s=LATE_S)


def reports(*played_s: float) -> bytes:
    """What `paplay --verbose` has written until then."""
    opening = b"Opening a playback stream with sample specification 's16le 1ch 22050Hz'.\nConnection established.\n"
    return opening + b"".join(b"Time: %.3f sec; Latency: 9 usec.        \r" % played for played in played_s)


@pytest.mark.parametrize("program", [paplay, aplay])
@pytest.mark.parametrize("said", [b"", b"ALSA lib conf.c:1: warning\n", reports()])
def test_a_player_without_any_report_is_given_up_so_that_the_next_begins_within_two_seconds(
    program: Callable[[], PlayerReports], said: bytes
) -> None:
    silent = program()
    silent.hear(said, STARTED + 0.7)
    assert silent.deadline() == STARTED + SIGN_S
    assert not silent.gave_sign
    assert not silent.sounding(STARTED + 0.7)


def test_a_loudspeaker_that_wakes_is_waited_for_but_does_not_sound_yet() -> None:
    """Measured: 1.9 s of reports that nothing has been played, and then all of it is heard."""
    waking = paplay()
    for step in range(2, 38):
        waking.hear(reports(*[0.0] * step), STARTED + 0.05 * step)
        assert waking.deadline() > STARTED + 0.05 * (step + 1)
        assert not waking.sounding(STARTED + 0.05 * step)
    waking.hear(reports(*[0.0] * 38, 0.05), STARTED + 1.95)
    assert waking.sounding(STARTED + 1.95)


def test_paplay_that_reports_no_more_is_given_up() -> None:
    """As when the sound server hangs in the middle of a word."""
    stuck = paplay()
    stuck.hear(reports(0.0, 0.1), STARTED + 0.2)
    assert stuck.sounding(STARTED + 0.2)
    assert stuck.deadline() < STARTED + 0.2 + 1
    assert not stuck.sounding(STARTED + 1.1)


def test_what_goes_on_may_end_late() -> None:
    late = paplay()
    late.hear(reports(0.0, 0.5), ends := STARTED + SECONDS + LATE_S)
    assert ends < late.deadline() < ends + 1
    late.hear(reports(0.0, 0.5, 1.15), ends + 0.6)
    assert late.heard
    assert late.deadline() > ends + 0.6, "its last tenth of a second still sounds"


def test_aplay_sounds_once_its_buffer_empties() -> None:
    filling = aplay()
    filling.hear(LEVEL * 4, STARTED + 0.05)
    assert filling.gave_sign
    assert not filling.sounding(STARTED + 1.0), "a loudspeaker that takes nothing lets it fill the buffer too"
    filling.hear(LEVEL * 5, STARTED + 0.19)
    assert filling.sounding(STARTED + 0.19)
    filling.hear(LEVEL * 9, STARTED + 0.7)
    assert filling.deadline() == STARTED + SECONDS + LATE_S, "it reports nothing while the buffer empties"


def test_a_program_that_never_reports_is_judged_by_its_end() -> None:
    other = PlayerReports("/usr/bin/other", SECONDS, STARTED, sign_s=SIGN_S, late_s=LATE_S)
    assert other.deadline() == STARTED + SECONDS + LATE_S
    assert not other.sounding(STARTED + 1)
