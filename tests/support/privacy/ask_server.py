"""Starts `currency-app serve`, sends it a note, and prints the answers: a program that is run with the network denied.

The second picture is larger than what web frameworks write to temporary files, and is sent in a form.
"""

from __future__ import annotations

import json

import httpx
import numpy as np

from tests.support.server.live import LOOPBACK_TLS, LiveServer
from tests.support.server.pictures import encoded, held_note, note_jpeg


def main() -> None:
    note = held_note()
    noise = np.random.default_rng(0).integers(0, 8, (960, 1280, 3), np.uint8)
    large = encoded(np.kron(note, np.ones((2, 2, 1), np.uint8)) // 8 * 8 + noise, "PNG")
    assert len(large) > 1_500_000
    with LiveServer() as server:
        address = f"{server.url}/v1/identify"
        plain = httpx.post(
            address, content=note_jpeg(), headers={"Content-Type": "image/jpeg"}, verify=LOOPBACK_TLS, timeout=60
        )
        form = httpx.post(address, files={"image": ("note.png", large, "image/png")}, verify=LOOPBACK_TLS, timeout=60)
        log = [line for line in server.log if "127.0.0.1" not in line]
    answers = [{**answer.json(), "milliseconds": 0} for answer in (plain, form)]
    print(json.dumps({"answers": answers, "log": log}))


if __name__ == "__main__":
    main()
