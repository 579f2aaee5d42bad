"""Accounts for every frame and every note of a soak, one by one."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.soak.camera import ShownNote
from tests.support.soak.figures import Row, none_row

LATE_PICTURES = 45
"""Pictures after a note has gone in which it may still be announced: 1.5 seconds."""
EARLY_PICTURES = 20
"""Pictures before most of a note is in view in which its value may be sure: it takes 0.75 seconds to come in."""


@dataclass(frozen=True)
class TakenFrame:
    """One frame that the app took."""

    index: int
    """Its number among those that the source grabbed."""
    picture: int
    """Its number among those that the camera sent; -1 if it carries no stamp of the camera."""
    t: float
    """Seconds of source time."""
    taken_s: float
    """When the app took it, seconds of the camera's clock."""
    done_s: float
    """When the app asked for the next one."""


def read_frames(path: Path, ticks: Sequence[int]) -> list[TakenFrame]:
    """Return what `watched_app` wrote down. ticks: when each picture was drawn."""
    numbers = {tick: number for number, tick in enumerate(ticks)}
    found = []
    for line in path.read_text(encoding="ascii").splitlines():
        index, tick, t, taken_s, done_s = line.split()
        found.append(TakenFrame(int(index), numbers.get(int(tick), -1), float(t), float(taken_s), float(done_s)))
    return found


@dataclass
class FrameAccount:
    """What became of the pictures between the first that was taken and the last."""

    sent: int = 0
    """Pictures that the camera sent in between, both included."""
    taken: int = 0
    """Frames that the app took."""
    dropped: int = 0
    """Frames that were overwritten by a newer one before the app came for them, by the gaps between those taken."""
    unknown: int = 0
    """Frames that carry no stamp of the camera."""
    backwards: int = 0
    """Frames that are older than the one before, or the same one again."""
    lost: int = 0
    """Pictures that were sent and never grabbed."""
    unaccounted: int = 0
    """Frames that were taken or dropped, and that the summary of the run does not count, or counts twice."""

    def rows(self) -> list[Row]:
        return [
            Row("frames", f"{self.sent} sent, {self.taken} taken, {self.dropped} dropped for newer ones", ""),
            none_row("frames without a stamp", self.unknown, f"{self.taken}"),
            none_row("frames twice or backwards", self.backwards, f"{self.taken}"),
            none_row("frames lost", self.lost, f"{self.sent}"),
            none_row("frames not accounted for", self.unaccounted, f"{self.sent}"),
        ]


def account_frames(frames: Sequence[TakenFrame], summary: Mapping[str, Any], seconds: float) -> FrameAccount:
    """Compare what was sent, what the app took, and what its summary says.

    The summary counts a stale frame by itself; if it was stale only once it had been read, among those read as well.
    seconds: of source time, after which the app ends: the frame that tells it so is not read.
    """
    frames = [frame for frame in frames if frame.t <= seconds]
    account = FrameAccount(taken=len(frames))
    known = [frame for frame in frames if frame.picture >= 0]
    account.unknown = len(frames) - len(known)
    if not known:
        return account
    account.sent = known[-1].picture - known[0].picture + 1
    account.dropped = known[-1].index - known[0].index + 1 - len(known)
    for before, frame in itertools.pairwise(known):
        account.backwards += frame.picture <= before.picture or frame.index <= before.index
        account.lost += max((frame.picture - before.picture) - (frame.index - before.index), 0)
    counted = summary["frames"] + summary["skipped"]
    account.unaccounted = max(counted - len(frames), len(frames) - counted - summary["stale"], 0)
    account.unaccounted += max(known[0].index + account.dropped - summary["dropped"], 0)
    return account


@dataclass
class NoteAccount:
    """What became of the notes that came and went."""

    shown: int = 0
    """Notes."""
    announced: int = 0
    """Of those, how many were announced once, by the right value."""
    wrong: list[str] = field(default_factory=list)
    """Sightings of another value, or while no note was in view."""
    missed: list[str] = field(default_factory=list)
    """Notes without a sighting of their value."""
    repeated: int = 0
    """Sightings of a note that had been announced."""
    heard: int = 0
    """Sightings whose words were heard."""
    printed: int = 0
    """Sightings whose words were not heard, but printed."""
    unheard: int = 0
    """Sightings whose words were neither heard nor printed."""
    miscounted: int = 0
    """Totals that do not follow from the sighting before."""
    never_left: int = 0
    """Sightings that no `note_left` follows before the next one."""
    others: list[str] = field(default_factory=list)
    """Events that nothing shown accounts for, such as a lost camera."""

    def rows(self) -> list[Row]:
        of = f"{self.shown} notes"
        return [
            Row("notes", f"{self.shown} shown, {self.announced} announced once with their value", "", self.shown > 0),
            none_row("values wrong", len(self.wrong), of + "".join(f"; {text}" for text in self.wrong[:3])),
            none_row("notes lost", len(self.missed), of + "".join(f"; {text}" for text in self.missed[:3])),
            none_row("notes said twice", self.repeated, of),
            Row(
                "values heard",
                f"{self.heard} of {self.heard + self.printed + self.unheard}, {self.printed} printed",
                "",
            ),
            none_row("values neither heard nor printed", self.unheard, of),
            none_row("totals wrong", self.miscounted, of),
            none_row("notes that never left", self.never_left, of),
            none_row("other events", len(self.others), of + "".join(f"; {text}" for text in self.others[:3])),
        ]


def account_notes(
    shown: Sequence[ShownNote],
    events: Sequence[Mapping[str, Any]],
    frames: Sequence[TakenFrame],
    heard: Mapping[float, float],
    printed: Sequence[str] = (),
) -> NoteAccount:
    """Compare what was shown with the events.

    heard: when the words of the sighting at t began to sound. printed: lines, of which each can stand for one sighting.
    """
    account = NoteAccount(shown=len(shown))
    sightings: dict[int, list[int]] = {}
    open_value, total, notes = False, 0, 0
    known = [frame for frame in frames if frame.picture >= 0]
    lines = list(printed)
    last = shown[-1].last + LATE_PICTURES if shown else -1
    for event in events:
        match event["event"]:
            case "sighting":
                picture = picture_at(known, event["t"])
                if picture > last:  # of a note that had not gone yet when the run ended
                    break
                place = _note_at(shown, picture)
                if place is None or shown[place].value != event["value"]:
                    view = "no note" if place is None else f"{shown[place].value}"
                    account.wrong.append(f"{event['value']} at {event['t']:.1f} s (picture {picture}: {view})")
                else:
                    sightings.setdefault(place, []).append(event["value"])
                if event["t"] in heard:
                    account.heard += 1
                elif event.get("text") in lines:
                    lines.remove(event["text"])
                    account.printed += 1
                else:
                    account.unheard += 1
                account.never_left += open_value
                open_value = True
                total, notes = total + event["value"], notes + 1
            case "total":
                account.miscounted += event["total"] != {"USD": total} or event["notes"] != notes
            case "note_left":
                open_value = False
            case "hint" | "summary":
                pass
            case other:
                account.others.append(f"{other} at {event['t']:.1f} s")
    account.announced = sum(len(values) == 1 for values in sightings.values())
    account.missed = [
        f"{note.value} (pictures {note.first} to {note.last})" for n, note in enumerate(shown) if n not in sightings
    ]
    account.repeated = sum(len(values) - 1 for values in sightings.values())
    return account


def picture_at(frames: Sequence[TakenFrame], t: float) -> int:
    """The number of the picture that the app saw at t seconds of source time; -1 without frames."""
    if not frames:
        return -1
    place = bisect_left(frames, t - 0.001, key=lambda frame: frame.t)
    return frames[min(place, len(frames) - 1)].picture


def _note_at(shown: Sequence[ShownNote], picture: int) -> int | None:
    """The place of the note in view at a picture, that comes in, or that has just gone."""
    near = (note.first - EARLY_PICTURES <= picture <= note.last + LATE_PICTURES for note in shown)
    return next((n for n, in_view in enumerate(near) if in_view), None)
