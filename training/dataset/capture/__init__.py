"""Take labelled pictures with a camera while a voice says how to hold the note."""

from __future__ import annotations

from training.dataset.capture.prompts import read_plan
from training.dataset.capture.session import CaptureSession
from training.dataset.capture.takes import TakeFolder

__all__ = ["CaptureSession", "TakeFolder", "read_plan"]
