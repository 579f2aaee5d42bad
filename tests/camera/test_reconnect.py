"""The whole app on a network camera that stops and comes back."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.support.mjpeg_server import MjpegServer

_PATIENCE_S = 30.0


def _events(log: Path) -> list[str]:
    return [json.loads(line)["event"] for line in log.read_text().splitlines()] if log.exists() else []


def _wait_for(log: Path, event: str) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while event not in _events(log):
        assert time.monotonic() < deadline, f"no {event} within {_PATIENCE_S:.0f} s: {_events(log)}"
        time.sleep(0.05)


def test_a_camera_that_stops_is_announced_and_reconnected_to(tmp_path: Path) -> None:
    with MjpegServer() as server:
        messages, events = watched(server, tmp_path / "events.jsonl")
    assert "The camera has stopped. Trying again" in messages
    assert "The camera is working again" in messages
    assert "Traceback" not in messages
    assert events[-1] == "summary"


def watched(server: MjpegServer, log: Path) -> tuple[str, list[str]]:
    """What the app prints and logs of a camera that stops and starts again."""
    command = [sys.executable, "-m", "currency_app", "run", "--source", server.url, "--voice", "text"]
    app = subprocess.Popen([*command, "--events", str(log)], stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while not server.sent_at:
            assert time.monotonic() < deadline, "the app never connected"
            time.sleep(0.05)
        time.sleep(0.5)
        server.stop()
        _wait_for(log, "camera_lost")
        server.start()
        _wait_for(log, "camera_back")
    finally:
        app.terminate()
        _, messages = app.communicate(timeout=_PATIENCE_S)
    return messages, _events(log)
