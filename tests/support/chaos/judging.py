"""What is wrong with a run: whatever hangs, whatever ends it but an error in one line, wrong values, and lost ones."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.chaos.faults import Fault
from tests.support.chaos.rig import Rig
from tests.support.chaos.stage import Showing
from tests.support.chaos.virtual_time import StuckError

KINDS = ("hangs", "crashes", "wrong", "lost")
"""The columns of the table."""
LOOKS_BACK_S = 1.0
"""Seconds before a sighting in which its note must have been in view: it is announced within a frame or two."""
REACHES_S = {"text": 0.5, "system": 2.5, "auto": 6.0}
"""Seconds from a sighting until its value is heard or printed, by voice: a screen reader may first end other words."""
SETTLES_S = 2.0
"""Seconds after a fault in which the app may still be affected by it."""
SPEAKS_AGAIN_S = 25.0
"""Seconds after a fault within which speech works again: it is tried every ten."""
SEEN_S = 2.5
"""Seconds of good pictures in which a note must have been announced."""
_EVERY_S = 0.2
"""Seconds between two good pictures, at most, for a note to be seen surely."""


@dataclass(frozen=True)
class Brought:
    """A fault that happened, from when to when."""

    fault: Fault
    begin_s: float
    end_s: float


@dataclass(frozen=True)
class Violation:
    """What must not be. kind: one of KINDS."""

    kind: str
    what: str


def violations(rig: Rig, brought: Sequence[Brought], voice: str, asked_to_end_s: float) -> list[Violation]:
    """Judge a run that has ended."""
    return [
        *_ends_badly(rig, brought),
        *_wrong_values(rig, brought),
        *_missed_notes(rig, brought, asked_to_end_s),
        *_lost_values(rig, REACHES_S[voice]),
        *_unlisted(rig, brought),
        *_unspoken(rig, brought, voice),
        *_untold(rig, brought, asked_to_end_s),
    ]


def _ends_badly(rig: Rig, brought: Sequence[Brought]) -> Iterator[Violation]:
    if isinstance(rig.crash, StuckError):
        yield Violation("hangs", str(rig.crash))
    elif rig.crash is not None:
        yield Violation("crashes", repr(rig.crash))
    for name, error in rig.time.errors:
        yield Violation("crashes", f"thread {name}: {error!r}")
    complaints = [line for _, line in rig.page.lines if line.startswith("currency-app: ")]
    began = any(event["event"] == "summary" for _, event in rig.events())
    may_end = any(each.fault.ends or not began for each in brought)  # a start may be refused
    if any("could be listed" in line for line in complaints):  # it asked to end before there was room again
        may_end |= _lasts_to_the_end(rig, brought)
    allowed = {0, 130} | ({2} if may_end else set())
    if rig.crash is None and rig.code not in allowed:
        yield Violation("crashes", f"exit code {rig.code}: {complaints}")
    if rig.code == 2 and not complaints:
        yield Violation("crashes", "exit code 2 without a word")
    for _, line in rig.page.lines:
        if "Traceback" in line:
            yield Violation("crashes", "a traceback")


def sightings(rig: Rig) -> list[tuple[float, dict[str, Any]]]:
    """When each value was announced, and the event."""
    return [(at, event) for at, event in rig.events() if event["event"] == "sighting"]


def _wrong_values(rig: Rig, brought: Sequence[Brought]) -> Iterator[Violation]:
    announced: list[tuple[Showing | None, float]] = []
    for at, event in sightings(rig):
        shown = [showing for showing in rig.stage.shown if showing.begin_s <= at and at - LOOKS_BACK_S <= showing.end_s]
        right = [showing for showing in shown if showing.value == event["value"]]
        if not right:
            yield Violation("wrong", f"{event['value']} at {at:.2f} s, when {[s.value for s in shown]} was shown")
        announced.append((right[-1] if right else None, at))
    for (before, then), (showing, at) in itertools.pairwise(announced):
        if showing is not None and before is showing and not _disturbed(brought, then - SETTLES_S, at):
            yield Violation("wrong", f"the note shown at {showing.begin_s:.2f} s was counted twice")
    counts = [event["notes"] for _, event in rig.events() if event["event"] == "total"]
    if len(counts) != len(sightings(rig)) and not rig.pressed:
        yield Violation("wrong", f"{len(sightings(rig))} values, but totals {counts}")


def _missed_notes(rig: Rig, brought: Sequence[Brought], asked_to_end_s: float) -> Iterator[Violation]:
    """Notes that were seen well for long enough, and not announced."""
    camera_faults = [each for each in brought if each.fault.camera]
    times = sightings(rig)
    for showing in rig.stage.shown:
        end = showing.begin_s + SEEN_S
        good = [t for t in rig.camera.good if showing.begin_s <= t <= end]
        gaps = [later - earlier for earlier, later in itertools.pairwise([showing.begin_s, *good, end])]
        if end > min(asked_to_end_s, rig.time.now) or max(gaps) > _EVERY_S:
            continue
        if _disturbed(camera_faults, showing.begin_s - 8.0, end):
            continue
        if not any(showing.begin_s <= at <= showing.end_s + LOOKS_BACK_S for at, _ in times):
            yield Violation("lost", f"{showing.value} was shown at {showing.begin_s:.2f} s, and nothing announced")


def _lost_values(rig: Rig, within_s: float) -> Iterator[Violation]:
    """Announced values that were neither heard nor printed in time."""
    heard = [(words.begin_s, words.text) for words in (*rig.sound.heard, *rig.reader.taken) if words.whole]
    reached = [*heard, *rig.page.printed]
    for at, event in sightings(rig):
        if "text" not in event:
            continue
        after = [then for then, text in reached if event["text"] in text and then >= at - 1e-6]
        # Who asks for it again begins it anew.
        later = [then for then, other in sightings(rig) if then > at and other.get("text") == event["text"]]
        later += [then for then in rig.repeated_at if then > at]
        until = max([at, *(then for then in later if then - at < within_s)]) + within_s + _suspended(rig, at)
        if not after:
            yield Violation("lost", f"{event['text']} at {at:.2f} s: neither heard nor printed")
        elif min(after) > until:
            yield Violation("lost", f"{event['text']} at {at:.2f} s: not heard or printed until {min(after):.2f} s")


def _suspended(rig: Rig, at: float) -> float:
    """Seconds for which the process was suspended soon after a time."""
    return sum(seconds for begin, seconds in rig.time.suspended if at - 0.1 <= begin <= at + 8)


def _lasts_to_the_end(rig: Rig, brought: Sequence[Brought]) -> bool:
    """Whether a fault lasted, or had just ended, when the run was over."""
    return any(each.end_s > rig.time.now - SETTLES_S for each in brought)


def _unlisted(rig: Rig, brought: Sequence[Brought]) -> Iterator[Violation]:
    """Notes that the list lacks, although it could be written in the end."""
    if rig.pressed or rig.code != 0 or _lasts_to_the_end(rig, brought):
        return
    values = [str(event["value"]) for _, event in sightings(rig)]
    if list(rig.listed) != values:
        yield Violation("lost", f"{values} were announced, and {rig.listed} are listed")


def _unspoken(rig: Rig, brought: Sequence[Brought], voice: str) -> Iterator[Violation]:
    """Values that are only printed, although speech has worked for long."""
    if voice == "text" or any(each.fault.for_good for each in brought):
        return
    broken = [each for each in brought if not each.fault.camera]
    heard = [words for words in (*rig.sound.heard, *rig.reader.taken) if words.whole]
    for at, event in sightings(rig):
        if _disturbed(broken, at - SPEAKS_AGAIN_S, at + 8.0) or "text" not in event or at + 8.0 > rig.time.now:
            continue
        if not any(at <= words.begin_s <= at + 8.0 for words in heard if event["text"] in words.text):
            yield Violation("lost", f"{event['text']} at {at:.2f} s was not spoken, long after the last trouble")


def _untold(rig: Rig, brought: Sequence[Brought], asked_to_end_s: float) -> Iterator[Violation]:
    """What must be told of a fault that came alone."""
    if len(brought) != 1 or brought[0].fault.event is None:
        return
    (only,) = brought
    until = only.begin_s + only.fault.event_after_s
    if until > min(only.end_s, asked_to_end_s):
        return
    times = [at for at, event in rig.events() if event["event"] == only.fault.event]
    if only.begin_s > 1.0 and not any(only.begin_s <= at <= until for at in times):
        yield Violation(
            "lost", f"{only.fault.event} was not told of {only.fault.name} at {only.begin_s:.2f} s: {times}"
        )


def _disturbed(brought: Sequence[Brought], begin: float, end: float) -> bool:
    return any(each.begin_s <= end and begin <= each.end_s + SETTLES_S for each in brought)
