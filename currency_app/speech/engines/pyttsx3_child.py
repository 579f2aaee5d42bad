"""Runs pyttsx3 in a process of its own, as a script: `python pyttsx3_child.py --rate 165 ...`.

Two faults of pyttsx3, both measured, make this necessary. It prints on standard output, which in the app may carry
JSON. And its own `stop` does not interrupt, so the only sure way to silence or to unblock it is to end its process.

It reads one JSON object a line on standard input: {"text": "20 dollars", "path": "/tmp/1.wav"} writes a WAV file,
{"text": "20 dollars", "path": null} speaks. It answers each with a line on standard output, {} or {"error": "..."}.
While it speaks, {"begun": true} comes before that, if the engine tells of its first word; as on Windows and macOS.
One more such line, before all others, says whether speech is possible at all; it may be {"warning": "..."}. It ends at
the end of its input and then removes the folder named by --remove, so that nothing is left however the app ended.

With --list-voices it writes the voices of the engine as one JSON list, and ends.

It imports nothing of this project, so that it starts as fast as pyttsx3 does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable
from typing import Any, TextIO

_FINISH_S = 10.0
"""Seconds in which espeak's own thread must have written a file; far more than it takes, chosen by hand."""


class Engine:
    """One pyttsx3 engine, used either for files or for one spoken text.

    It cannot do both: after a file, `say` would write that file again.

    Args:
        driver: pyttsx3's name of a driver, None for the platform's own.
        voice: an espeak-ng voice; None for one of the platform's voices that speaks the language.
        language: a code such as "en" or "es-MX".
        rate: words per minute.
        any_voice: whether another voice may speak if none speaks the language; `warning` then says so.

    Raises LookupError if no voice speaks the language, and no other may: what it makes of the words of a value might be
    taken for another value.
    """

    def __init__(self, driver: str | None, voice: str | None, language: str, rate: int, any_voice: bool) -> None:
        import pyttsx3

        self._engine = pyttsx3.init(driver)
        self._finished = threading.Event()
        self._errors: list[str] = []
        self._engine.connect("finished-utterance", lambda **_: self._finished.set())
        self._engine.connect("error", lambda **details: self._errors.append(str(details.get("exception"))))
        self.warning = ""
        try:
            if voice is not None:
                self._set_espeak_voice(voice, language)
            else:
                matching = matching_voice(self._engine, language)
                if matching is not None:
                    self._engine.setProperty("voice", matching)
        except LookupError as error:
            if not any_voice:
                raise
            self.warning = str(error)
        self._engine.setProperty("rate", rate)

    def save(self, text: str, path: str) -> None:
        """Write a text to a WAV file. Raises RuntimeError if that fails."""
        self._run(lambda: self._engine.save_to_file(text, path))
        # espeak works on a thread of its own: on a busy machine runAndWait returns before the file is complete.
        if not self._finished.wait(_FINISH_S):
            raise RuntimeError("the speech engine does not finish")

    def say(self, text: str, begun: Callable[[], None]) -> None:
        """Speak, and return when it was heard, which holds for the engines of Windows and macOS, not for espeak.

        begun: called at each word.
        """
        self._engine.connect("started-word", lambda **_: begun())
        self._run(lambda: self._engine.say(text))

    def _run(self, command: Callable[[], None]) -> None:
        self._finished.clear()
        self._errors.clear()
        command()
        self._engine.runAndWait()
        if self._errors:
            raise RuntimeError(self._errors[0])

    def _set_espeak_voice(self, voice: str, language: str) -> None:
        """Use the voice; if espeak-ng lacks it, the voice without its variant ("+f2"), or the language's own."""
        # Until its loop has run, setProperty only queues; from then on it works at once, and a loop would not end.
        self._engine.runAndWait()
        for name in (voice, voice.split("+", maxsplit=1)[0], _base(language)):
            self._errors.clear()
            self._engine.setProperty("voice", name)
            if not self._errors:
                return
        raise _no_voice(language)


def matching_voice(engine: Any, language: str) -> str | None:
    """Return the id of a voice for a language; None if no voice tells what it speaks.

    That is the current voice if it speaks the language, whatever its country, for the user chose it; else one of the
    country that is named, else any that speaks the language. Raises LookupError if none does.

    engine: pyttsx3's. language: a code such as "en" or "es-MX".
    """
    voices = {str(voice.id): _spoken_by(voice) for voice in engine.getProperty("voices")}
    if not any(voices.values()):
        return None
    tag = language.lower()
    matching = {voice: tags for voice, tags in voices.items() if any(_base(one) == _base(tag) for one in tags)}
    if not matching:
        raise _no_voice(language)
    current = engine.getProperty("voice")
    if current in matching:
        return current
    return next((voice for voice, tags in matching.items() if tag in tags), next(iter(matching)))


def _list_voices(driver: str | None) -> list[dict[str, Any]]:
    """Return id, name and languages of an engine's voices; no languages if it does not tell."""
    import pyttsx3

    voices = pyttsx3.init(driver).getProperty("voices")
    return [{"id": str(voice.id), "name": str(voice.name), "languages": _spoken_by(voice)} for voice in voices]


def _spoken_by(voice: Any) -> list[str]:
    """Return the languages of one of pyttsx3's voices as tags in lower case, such as "en-us"."""
    known = [code for code in voice.languages or [] if code]
    codes = [code.decode(errors="ignore") if isinstance(code, bytes) else str(code) for code in known]
    return [code.lower().replace("_", "-") for code in codes if not code.startswith("Unknown")]


def _base(tag: str) -> str:
    return tag.split("-", maxsplit=1)[0]


def _no_voice(language: str) -> LookupError:
    return LookupError(
        f"no voice that speaks the language {_base(language)!r} is installed. Add one in the system's settings of "
        "speech, or choose another --language"
    )


def main() -> None:
    """Answer requests until the input ends, or list the voices."""
    parser = argparse.ArgumentParser(description="Speak, or write WAV files, for another process.")
    parser.add_argument("--driver")
    parser.add_argument("--voice")
    parser.add_argument("--language", default="en")
    parser.add_argument("--rate", type=int, default=165)
    parser.add_argument("--any-voice", action="store_true")
    parser.add_argument("--remove")
    parser.add_argument("--list-voices", action="store_true")
    arguments = parser.parse_args()

    # Keep what pyttsx3 and the libraries below it print from getting between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr

    if arguments.list_voices:
        try:
            answers.write(json.dumps(_list_voices(arguments.driver)))
        except Exception as error:  # as for the engine below
            answers.write(json.dumps([]))
            print(error, file=sys.stderr)
        answers.flush()
        return
    try:
        if not _serve(arguments, answers):
            return  # the app knows, and removes the folder itself
    except OSError:  # nobody reads the answers any more: the app was killed while a text was made
        os.dup2(2, answers.fileno())  # where what is left of them goes, instead of raising once more
    if arguments.remove:
        shutil.rmtree(arguments.remove, ignore_errors=True)


def _serve(arguments: argparse.Namespace, answers: TextIO) -> bool:
    """Answer requests until the input ends, and return whether there is an engine; without one that is the only answer.

    Raises OSError if an answer cannot be written.
    """

    def answer(error: str | None = None, warning: str = "") -> None:
        answers.write(json.dumps({"error": error} if error else {"warning": warning} if warning else {}) + "\n")
        answers.flush()

    begun = threading.Event()

    def begin() -> None:
        if not begun.is_set():
            begun.set()
            answers.write(json.dumps({"begun": True}) + "\n")
            answers.flush()

    try:
        engine = Engine(arguments.driver, arguments.voice, arguments.language, arguments.rate, arguments.any_voice)
    except Exception as error:  # drivers raise whatever their libraries do; any error means no speech
        answer(" ".join(str(error).split()) or type(error).__name__)
        return False
    answer(warning=engine.warning)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["path"] is None:
                engine.say(request["text"], begin)
            else:
                engine.save(request["text"], request["path"])
        except Exception as error:
            answer(" ".join(str(error).split()) or type(error).__name__)
        else:
            answer()
    return True


if __name__ == "__main__":
    main()
