"""Writes what the app decided as JSON Lines, one object an event, as soon as it happens."""

from __future__ import annotations

import contextlib
import errno
import json
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from currency_app.errors import CurrencyAppError
from currency_app.events import (
    AppEvent,
    CameraBack,
    CameraCovered,
    CameraLost,
    CameraUncovered,
    Cleared,
    Hint,
    Maybe,
    NoteLeft,
    RunSummary,
    Sighting,
    Total,
    Undone,
    Unknown,
)


class EventLog:
    """Writes events to a text stream, as an app's listener.

    Use it as a context manager, so that a file is closed.

    target: a file's path, whose content is replaced, "-" for standard output, None to write nothing. Raises
    CurrencyAppError if the file cannot be written, also later, as on a full disk.
    """

    def __init__(self, target: str | None) -> None:
        self._target = target
        self._owned: TextIO | None = None
        self._stream: TextIO | None = sys.stdout if target == "-" else None
        if target not in (None, "-"):
            try:
                self._owned = self._stream = Path(str(target)).open("w", encoding="utf-8")  # noqa: SIM115
            except OSError as error:
                raise self._unwritable() from error

    def on_event(self, event: AppEvent, text: str | None = None) -> None:
        """Write one event and, if something is said about it, its words."""
        entry = _as_json(event)
        if text is not None:
            entry["text"] = text
        self._put(entry)

    def on_end(self, summary: RunSummary) -> None:
        """Write the last line: frames by what became of them, and latency percentiles by stage in milliseconds."""
        latency_ms = {
            stage: {name: round(ms, 2) for name, ms in percentiles.items()}
            for stage, percentiles in summary.latency_ms.items()
        }
        self._put(
            {
                "t": round(summary.t, 3),
                "event": "summary",
                "frames": summary.frames,
                "dropped": summary.dropped,
                "skipped": summary.skipped,
                "stale": summary.stale,
                "latency_ms": latency_ms,
            }
        )

    def __enter__(self) -> EventLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._owned is not None:
            with contextlib.suppress(OSError):  # what could not be written was reported when it was to be
                self._owned.close()

    def _put(self, entry: dict[str, Any]) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(json.dumps(entry) + "\n")
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            self._stream = None
            if self._target == "-" and error.errno == errno.EIO:  # the terminal has been closed, and nobody reads
                return
            raise self._unwritable() from error

    def _unwritable(self) -> CurrencyAppError:
        name = "standard output" if self._target == "-" else self._target
        return CurrencyAppError(f"The events cannot be written to {name}: choose another file.")


def _as_json(event: AppEvent) -> dict[str, Any]:
    t = round(event.t, 3)
    match event:
        case Sighting():
            return {
                "t": t,
                "event": "sighting",
                "currency": event.currency,
                "value": event.value,
                "side": event.side,
                "confidence": round(event.confidence, 3),
            }
        case Maybe():
            return {
                "t": t,
                "event": "maybe",
                "currency": event.currency,
                "value": event.value,
                "confidence": round(event.confidence, 3),
            }
        case Unknown():
            return {"t": t, "event": "unknown"}
        case Hint():
            return {"t": t, "event": "hint", "hint": event.kind.value}
        case NoteLeft():
            return {"t": t, "event": "note_left"}
        case CameraLost():
            return {"t": t, "event": "camera_lost"}
        case CameraBack():
            return {"t": t, "event": "camera_back"}
        case CameraCovered():
            return {"t": t, "event": "camera_covered"}
        case CameraUncovered():
            return {"t": t, "event": "camera_uncovered"}
        case Total() | Undone() | Cleared():
            return {"t": t, **_total_as_json(event)}


def _total_as_json(event: Total | Undone | Cleared) -> dict[str, Any]:
    match event:
        case Total():
            return {"event": "total", "total": dict(event.amounts), "notes": event.notes}
        case Undone():
            return {"event": "undo", "currency": event.currency, "value": event.value}
        case Cleared():
            return {"event": "clear"}
