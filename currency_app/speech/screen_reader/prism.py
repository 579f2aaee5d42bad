"""Screen readers that can be sent words, by the package prismatoid, which the extra `screen-reader` brings.

A backend is always chosen by its id. The package's own choice of the best one has been a speech engine while a screen
reader ran: a second voice.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from currency_app.errors import VoiceError

_BACKENDS = {
    "linux": ("ORCA",),
    "win32": (
        *("NVDA", "JAWS", "ZOOM_TEXT", "SYSTEM_ACCESS", "WINDOW_EYES", "SENSE_READER"),
        *("PC_TALKER", "BOY_PC_READER", "ZDSR"),
    ),
    "darwin": ("VOICE_OVER",),
}
"""The ids, by platform, of Prism's backends that are screen readers: all but its speech engines and UIA, which tells of
none whether it runs."""


def load_prism() -> Any:
    """Return the package, None if it is not installed or its library does not load here."""
    try:
        return importlib.import_module("prism")
    except (ImportError, OSError):
        return None


class PrismReader:
    """A screen reader by a backend of Prism, which belongs to the thread that made it."""

    def __init__(self, backend: Any, prism: Any) -> None:
        self.name = str(backend.name)
        self.interrupts = True
        self.outlived = False
        self._backend = backend
        self._prism = prism
        self._with_braille = bool(backend.features.supports_output)

    def send(self, text: str, *, interrupt: bool) -> None:
        """Let it say the words, and show them in braille if it does both at once."""
        try:
            if self._with_braille:
                self._backend.output(text, interrupt)
            else:
                self._backend.speak(text, interrupt)
        except (self._prism.PrismError, RuntimeError, ValueError) as error:
            raise VoiceError(f"{self.name} took no words: {error}.") from error

    def is_running(self) -> bool:
        """Return whether its screen reader answers."""
        return bool(self._backend.features.is_supported_at_runtime)

    def close(self) -> None:
        """Let go of the backend."""
        self._backend = None


class PrismFinder:
    """Looks for screen readers of this platform. The first call loads the library: 0.1 to 0.3 s."""

    def __init__(self, platform: str = sys.platform, load: Callable[[], Any] = load_prism) -> None:
        self._names = _BACKENDS.get(platform, ())
        self._load = load
        self._prism: Any = None
        self._context: Any = None
        self._loaded = False

    def find(self) -> PrismReader | None:
        """Return the first screen reader that runs, None if there is none, or no Prism."""
        if not self._loaded:
            self._loaded = True
            self._prism = self._load()
        if self._prism is None:
            return None
        if self._context is None:
            try:
                self._context = self._prism.Context()
            except RuntimeError:
                return None
        for name in self._names:
            reader = self._reader(getattr(self._prism.BackendId, name, None))
            if reader is not None:
                return reader
        return None

    def _reader(self, backend_id: Any) -> PrismReader | None:
        try:
            if backend_id is None or not self._context.exists(backend_id):
                return None
            backend = self._context.create(backend_id)  # a new one, for NVDA's never connects again
        except (self._prism.PrismError, RuntimeError, ValueError):
            return None
        return PrismReader(backend, self._prism) if backend.features.is_supported_at_runtime else None
