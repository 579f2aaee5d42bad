"""Stands in for the package prism: some backends run, and what they are sent is kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

_NAMES = ("ORCA", "SPEECH_DISPATCHER", "NVDA", "JAWS", "ZOOM_TEXT", "SAPI", "UIA", "VOICE_OVER", "AV_SPEECH")


class PrismError(Exception):
    pass


class FakePrism:
    """running: the names of what runs. broken: what a backend raises. output, spoken: what was sent, and if it cut."""

    PrismError = PrismError
    BackendId = SimpleNamespace(**{name: name for name in _NAMES})

    def __init__(self, running: set[str], *, supports_output: bool = True) -> None:
        self.running = running
        self.supports_output = supports_output
        self.broken: Exception | None = None
        self.output: list[tuple[str, bool]] = []
        self.spoken: list[tuple[str, bool]] = []
        self.contexts = 0
        self.context_error: Exception | None = None

    def Context(self) -> FakePrism:  # noqa: N802 - the package's name
        self.contexts += 1
        if self.context_error is not None:
            raise self.context_error
        return self

    def exists(self, backend_id: str) -> bool:
        return backend_id in _NAMES

    def create(self, backend_id: str) -> Backend:
        if backend_id not in self.running:
            raise PrismError("Backend not available")
        return Backend(self, backend_id)


class Backend:
    def __init__(self, prism: FakePrism, name: str) -> None:
        self.name = name
        self._prism = prism

    @property
    def features(self) -> Any:
        runs = self.name in self._prism.running
        return SimpleNamespace(is_supported_at_runtime=runs, supports_output=self._prism.supports_output)

    def output(self, text: str, interrupt: bool) -> None:
        self._take(self._prism.output, text, interrupt)

    def speak(self, text: str, interrupt: bool) -> None:
        self._take(self._prism.spoken, text, interrupt)

    def _take(self, kept: list[tuple[str, bool]], text: str, interrupt: bool) -> None:
        if self._prism.broken is not None:
            raise self._prism.broken
        kept.append((text, interrupt))
