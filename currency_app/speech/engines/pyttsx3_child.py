"""Runs pyttsx3 in a process of its own, as a script: `python engine_child.py --rate 165 ...`.

Two measured traps make this necessary. pyttsx3 prints on standard output, which in the app may carry JSON; and its own
`stop` does not interrupt, so the only sure way to silence or to unblock it is to end its process.

Reads one JSON object a line on standard input: {"text": "20 dollars", "path": "/tmp/1.wav"} writes a WAV file,
{"text": "20 dollars", "path": null} speaks. Answers each with a line on standard output, {} or {"error": "..."}, and
before the first one tells in the same way whether speech is possible at all. Ends at the end of its input, and then
removes the folder named by --remove, so that nothing is left behind however the app ended.

Imports nothing of this project: it starts in the time that pyttsx3 takes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import threading
from typing import Any

_FINISH_S = 10.0


class Engine:
    """One pyttsx3 engine, used either for files or for one spoken text: after a file `say` would write that file again.

    driver: pyttsx3's driver name, None for the platform's own. voice: an espeak-ng voice; None chooses, of the voices
    that the platform has, one that speaks the language.
    """

    def __init__(self, driver: str | None, voice: str | None, language: str, rate: int) -> None:
        import pyttsx3

        self._engine = pyttsx3.init(driver)
        self._finished = threading.Event()
        self._errors: list[str] = []
        self._engine.connect("finished-utterance", lambda **_: self._finished.set())
        self._engine.connect("error", lambda **told: self._errors.append(str(told.get("exception"))))
        if voice is not None:
            self._set_espeak_voice(voice)
        else:
            fitting = matching_voice(self._engine, language)
            if fitting is not None:
                self._engine.setProperty("voice", fitting)
        self._engine.setProperty("rate", rate)

    def save(self, text: str, path: str) -> None:
        """Write a WAV file. RuntimeError if that fails."""
        self._run(lambda: self._engine.save_to_file(text, path))
        # espeak works on a thread of its own: on a busy machine runAndWait is back before the file is complete.
        if not self._finished.wait(_FINISH_S):
            raise RuntimeError("the speech engine does not finish")

    def say(self, text: str) -> None:
        """Speak, and come back when it was heard: true of Windows' and macOS' engines, not of espeak."""
        self._run(lambda: self._engine.say(text))

    def _run(self, order: Any) -> None:
        self._finished.clear()
        self._errors.clear()
        order()
        self._engine.runAndWait()
        if self._errors:
            raise RuntimeError(self._errors[0])

    def _set_espeak_voice(self, voice: str) -> None:
        """Take the voice, or without its variant ("+f2") where this espeak-ng lacks that, or leave the default."""
        for name in (voice, voice.split("+", maxsplit=1)[0]):
            self._errors.clear()
            self._engine.setProperty("voice", name)
            self._engine.runAndWait()  # properties wait in a queue; with nothing to say this only works it off
            if not self._errors:
                return


def matching_voice(engine: Any, language: str) -> str | None:
    """The id of a voice that speaks the language, the current one if it does; None where no voice says that it does."""

    def speaks(voice: Any) -> bool:
        codes = (code.decode(errors="ignore") if isinstance(code, bytes) else code for code in voice.languages or [])
        return any(str(code).lower().replace("_", "-").split("-")[0] == language for code in codes)

    fitting = [str(voice.id) for voice in engine.getProperty("voices") if speaks(voice)]
    current = engine.getProperty("voice")
    return current if current in fitting else next(iter(fitting), None)


def main() -> None:
    """Answer requests until the input ends."""
    parser = argparse.ArgumentParser(description="Speak, or write WAV files, for another process.")
    parser.add_argument("--driver")
    parser.add_argument("--voice")
    parser.add_argument("--language", default="en")
    parser.add_argument("--rate", type=int, default=165)
    parser.add_argument("--remove")
    arguments = parser.parse_args()

    # What pyttsx3 and the libraries below it print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr

    def answer(error: str | None = None) -> None:
        answers.write(json.dumps({} if error is None else {"error": error}) + "\n")
        answers.flush()

    try:
        engine = Engine(arguments.driver, arguments.voice, arguments.language, arguments.rate)
    except Exception as error:  # drivers raise whatever their libraries do; all of it means that there is no speech
        answer(" ".join(str(error).split()) or type(error).__name__)
        return
    answer()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["path"] is None:
                engine.say(request["text"])
            else:
                engine.save(request["text"], request["path"])
        except Exception as error:
            answer(" ".join(str(error).split()) or type(error).__name__)
        else:
            answer()
    if arguments.remove:
        shutil.rmtree(arguments.remove, ignore_errors=True)


if __name__ == "__main__":
    main()
