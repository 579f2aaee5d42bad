"""Test vectors of an exported network, for whoever runs it elsewhere: drawn pictures and what it makes of them.

They are two frames of the demonstration, one with a note and one without, and each look at them as the network takes
it. No picture of money is among them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.demo.scene import DEMO_FPS, DemoScene
from currency_app.events import Frame
from currency_app.identify import as_json, identify
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import Network
from currency_app.recognition.recognizer import Recognizer

VECTOR_TOLERANCES = {"probability": 0.02, "corner": 0.01}
"""By how much a probability, and a corner as a share of the picture, may differ.

Other processors' rounding differs by less; a step that is done otherwise differs by more.
"""
_SIZE = (320, 240)
"""Width and height of the frames, pixels."""
_PICTURES = 2
"""How many looks are kept as pictures: the whole frame, and the first look at the straightened note."""
_DIGITS = 5
"""Decimal places of the numbers."""


def write_vectors(network: Network, bundle: Bundle, packages: Sequence[str], folder: Path) -> None:
    """Write pictures, and vectors.json with what a network makes of them, into a new folder.

    network: the saved export. packages: its files' names, that for closer looks of another shape last.
    """
    folder.mkdir(parents=True)
    found = {
        "package": packages[0],
        **({"closer_package": packages[1]} if len(packages) > 1 else {}),
        "model_sha256": bundle.raw["model"]["sha256"],
        "allowed": VECTOR_TOLERANCES,
        "vectors": [_vector(network, bundle, name, frame, folder) for name, frame in _frames().items()],
    }
    (folder / "vectors.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _frames() -> dict[str, Image]:
    """Return the room before the first note, and the first note while it is shown."""
    scene = DemoScene(realtime=False)
    shown = scene.schedule[0]
    wanted = {0: "room", round((shown.start_s + shown.end_s) / 2 * DEMO_FPS): "note"}
    frames: dict[str, Image] = {}
    for event in scene.events():
        if isinstance(event, Frame) and event.index in wanted:
            small = cv2.resize(event.image, _SIZE, interpolation=cv2.INTER_AREA)
            frames[wanted[event.index]] = np.asarray(small, np.uint8)
        if len(frames) == len(wanted):
            break
    return frames


def _vector(network: Network, bundle: Bundle, name: str, frame: Image, folder: Path) -> dict[str, Any]:
    """Save the pictures of one frame, and return what is written of it."""
    looks: list[dict[str, Any]] = []

    def watched(picture: Image) -> tuple[Floats, Floats]:
        probabilities, corners = network(picture)
        look: dict[str, Any] = {}
        if len(looks) < _PICTURES:
            look["picture"] = f"{name}-look-{len(looks) + 1}.png"
            _save(folder / look["picture"], np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), np.uint8))
        by_label = zip(bundle.labels, probabilities, strict=True)
        look["denomination_probs"] = {label.name: round(float(p), _DIGITS) for label, p in by_label}
        look["denomination"] = max(look["denomination_probs"], key=look["denomination_probs"].__getitem__)
        look["corners"] = [round(float(number), _DIGITS) for number in corners]
        looks.append(look)
        return probabilities, corners

    recognizer = Recognizer(bundle, network=watched, others=False, search=False)
    picture = f"{name}.png"
    _save(folder / picture, frame)
    found = as_json(Path(picture), bundle.currency, identify(recognizer, frame))
    answer = {key: found[key] for key in ("value", "side", "confidence", "spoken", "corners")}
    return {"picture": picture, "looks": looks, "answer": answer}


def _save(path: Path, picture: Image) -> None:
    packed, data = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    assert packed
    path.write_bytes(data.tobytes())
