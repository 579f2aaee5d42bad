"""What a player program reports while it plays, and when to give it up.

Nobody can ask a loudspeaker whether it was heard, but the programs tell how they go on, if they are asked to. Measured
on PulseAudio: `paplay --verbose` reports every 0.05 s, how much has sounded, from 0.1 s after it was started, and
"0.000" for as long as the loudspeaker wakes. `aplay -V mono` draws a level for each eighth of a second that the sound
system took: four at once after 0.05 s, the next as the first ones sound. While the sound system hangs neither does.
"""

from __future__ import annotations

import re
from pathlib import PurePath

REPORTING: dict[str, tuple[str, ...]] = {"paplay": ("--verbose",), "aplay": ("-V", "mono")}
"""What makes a program report how it goes on, to stand after the file."""

_SILENT_S = 0.8
"""Seconds without any report after which a program that has reported hangs; chosen by hand, it reports every 0.05 s."""

_PATIENCE_S = 10.0
"""Seconds that a player may run longer whose reports tell that more and more has sounded; chosen by hand."""

_STEP_S = 0.5
"""Seconds in which more must have sounded then; chosen by hand."""

_REPORTED_S = 0.1
"""Seconds at the sound's end that a report may lack, as reports stop a little before it; measured: 0.05 s."""

_FILLED_S = 0.1
"""Seconds in which aplay fills the sound system's buffer; a level after that shows that the first ones have sounded."""

_PLAYED = re.compile(rb"Time: (\d+\.\d+) sec")


class PlayerReports:
    """How one player program goes on with one sound; all times are seconds of one clock.

    Args:
        program: its name or path. One that REPORTING lacks gives no reports, and is judged by its end alone.
        seconds: how long the sound lasts.
        started_at: when the program was started.
        sign_s: seconds in which its first report must have come.
        late_s: seconds that it may run longer than the sound lasts.
    """

    def __init__(self, program: str, seconds: float, started_at: float, *, sign_s: float, late_s: float) -> None:
        self._program = PurePath(program).name
        self._seconds = seconds
        self._started_at = started_at
        self._sign_s = sign_s
        self._late_s = late_s
        self._reports = 0
        self._first_at = self._last_at = self._went_on_at = started_at
        self._played_s = 0.0
        self._took_more = False

    @property
    def gave_sign(self) -> bool:
        """Whether it has reported anything; True for a program that never does."""
        return self._reports > 0 or self._program not in REPORTING

    @property
    def heard(self) -> bool:
        """Whether it has reported that all of the sound was played."""
        return 0 < self._seconds - _REPORTED_S <= self._played_s

    def hear(self, output: bytes, now: float) -> None:
        """Take note of all that the program has written until now."""
        if self._program == "paplay":
            played = _PLAYED.findall(output)
            reports, played_s = len(played), float(played[-1]) if played else 0.0
        else:
            reports, played_s = output.count(b"\r"), 0.0
        if reports > self._reports:
            if self._reports == 0:
                self._first_at = now
            self._last_at = now
            self._took_more = now - self._first_at > _FILLED_S
        if played_s > self._played_s:
            self._went_on_at = now
        self._reports, self._played_s = reports, played_s

    def sounding(self, now: float) -> bool:
        """Return whether it is known to sound; False for a program that gives no reports."""
        if self._program == "paplay":
            return self.heard or (self._played_s > 0 and now - self._went_on_at < _SILENT_S)
        return self._program in REPORTING and self._took_more

    def deadline(self) -> float:
        """Return until when the program may go on without another report."""
        if not self.gave_sign:
            return self._started_at + self._sign_s
        end = self._started_at + self._seconds
        last = end + self._late_s
        if self._played_s > 0:
            last = max(last, min(self._went_on_at + _STEP_S, end + _PATIENCE_S))
        if self._program == "paplay" and not self.heard:
            return min(last, self._last_at + _SILENT_S)
        return last
