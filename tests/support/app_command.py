"""`currency-app` on a tiny bundle, and the painted pictures that it can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.commands.cli import main
from tests.support.commands import Ran
from tests.support.painted import colour_of, paint, printed, write_picture

USD = (1, 2, 5, 10, 20, 50, 100)


class Command(Ran):
    """`currency-app`, on a tiny bundle."""

    def __init__(self, bundle: Path, capfd: pytest.CaptureFixture[str]) -> None:
        super().__init__(main, "currency-app", capfd)
        self._bundle = str(bundle)

    def on_bundle(self, command: str, *arguments: str) -> Command:
        return self(command, "--currency", self._bundle, *arguments)


def note(value: int, side: str = "front") -> Any:
    return printed(paint(colour_of(USD, value, side)))


def dusk() -> Any:
    """A room without a note, and not too dark for a hint."""
    return np.full((48, 64, 3), 9, np.uint8)


def write_clip(folder: Path, *parts: tuple[int, Any]) -> Path:
    """A folder of pictures, which is played 15 a second: how many frames, and what they show."""
    frames = [picture for count, picture in parts for _ in range(count)]
    for index, picture in enumerate(frames):
        write_picture(folder / f"{index:04}.png", picture)
    return folder
