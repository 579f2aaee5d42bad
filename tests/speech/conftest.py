"""A stand-in for pyttsx3 in the child process, so that these tests need no speech engine and make no sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.speech.engines import synthesis

FAKE_PYTTSX3 = '''
import os, threading, time, types, wave


class Engine:
    """Does what espeak's driver does: files are written on another thread, and chatter goes to standard output."""

    def __init__(self):
        self.callbacks, self.orders, self.ran = {}, [], False

    def connect(self, topic, call):
        self.callbacks[topic] = call

    def getProperty(self, name):
        spoken = {"hans": ["de_DE"], "ann": [b"en-us"]}
        voices = [types.SimpleNamespace(id=name, languages=codes) for name, codes in spoken.items()]
        return voices if name == "voices" else "hans"

    def setProperty(self, name, value):
        if name == "voice" and str(value).startswith("no such voice"):
            self.orders.append(lambda: self.callbacks["error"](exception=ValueError("SetVoiceByName failed")))
            if self.ran:
                self.run_orders()
        print("set", name, value)

    def save_to_file(self, text, path):
        self.orders.append(lambda: threading.Thread(target=self.write, args=(text, path)).start())

    def write(self, text, path):
        time.sleep(0.05)
        if text == "hang":
            time.sleep(600)
        if text == "nothing":
            open(path, "wb").close()
        elif text == "die once" and not os.path.exists(os.environ["DIED"]):
            open(os.environ["DIED"], "w").close()
            os._exit(1)
        else:
            with wave.open(path, "wb") as out:
                out.setparams((1, 2, 22050, 0, "NONE", ""))
                out.writeframes(bytes(2 * 2205))
        print("Audio saved to", path, flush=True)
        self.callbacks["finished-utterance"](name=None, completed=True)

    def say(self, text):
        def speak():
            if text == "refuse":
                self.callbacks["error"](exception=ValueError("refused"))
            for location in (0, 3) if text != "mute" else ():
                self.callbacks["started-word"](name="20", location=location, length=2)
            time.sleep(600 if text in ("forever", "mute") else 0)
        self.orders.append(speak)

    def runAndWait(self):
        if self.ran and not self.orders:
            time.sleep(600)  # a loop with nothing to say never ends
        self.ran = True
        self.run_orders()

    def run_orders(self):
        orders, self.orders = self.orders, []
        for order in orders:
            order()


def init(driver=None):
    os.system("echo chatter of a library")
    if driver == "missing":
        raise RuntimeError("you probably do not have\\n eSpeak installed!")
    if driver == "hangs":
        time.sleep(600)
    if driver == "hangs for a time":
        while not os.path.exists(os.environ["DIED"]):
            time.sleep(0.02)
    return Engine()
'''


@pytest.fixture
def fake_pyttsx3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Child processes find the stand-in instead of pyttsx3. $DIED names a file that "die once" leaves.

    The driver "hangs for a time" waits for that file. Texts have time to be made, also on a busy machine.
    """
    monkeypatch.setattr(synthesis, "_RENDER_S", 60.0)
    folder = tmp_path / "fake"
    folder.mkdir()
    (folder / "pyttsx3.py").write_text(FAKE_PYTTSX3)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("DIED", str(tmp_path / "died"))
