"""Understands the app's speech with a recognizer that knows nothing of how it was made.

The recognizer can only choose among the phrases of its grammar. So the grammar has more than the app says: other
amounts, each of which would be a wrong value, and the parts of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
from pocketsphinx import Decoder, get_model_path

from tests.support.sound.pulse import SINK_RATE, Samples, segments, utterances

RATE = 16000
"""Samples per second that the recognizer takes."""

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NEVER_SAID = (3, 4, 6, 7, 8, 9, 12, 15, 30, 40, 60, 70, 80, 90, 200, 500, 1000)
# A room is never digitally silent, and the recognizer was trained in rooms: amid zeros it loses the last words.
# In steps of 16-bit samples, far below speech.
_HISS = 30.0


def number_words(number: int) -> str:
    """A number below a million as it is spoken: 20 -> "twenty", 100 -> "one hundred"."""
    if number < 20:
        return _ONES.split()[number]
    if number < 100:
        return _TENS.split()[number // 10 - 2] + (f" {_ONES.split()[number % 10]}" if number % 10 else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    rest = f" {number_words(number % size)}" if number % size else ""
    return f"{number_words(number // size)} {name}{rest}"


def spoken(text: str) -> str:
    """A text as the words that are heard: "20 dollars" -> "twenty dollars"."""
    text = re.sub(r"\d+", lambda digits: number_words(int(digits.group())), text)
    return " ".join(re.sub(r"[^a-z ]", " ", text.lower()).split())


def clauses(text: str) -> list[str]:
    """The parts of a text between which the voice may pause, for longer at a full stop than at a colon."""
    return [part for stops in (r"[.]\s*", r"[.:]\s*") for part in re.split(stops, text) if part]


def beginnings(text: str) -> list[str]:
    """What may be heard of a text that is cut off: "move", "move the", ..., as spoken words."""
    words = spoken(text).split()
    return [" ".join(words[:count]) for count in range(1, len(words) + 1)]


def amount_heard(words: str, amounts: Mapping[str, int]) -> int | None:
    """Return the value that these words name as sure; None if they name none or only a doubtful one.

    amounts: the words of each amount that could be heard, such as "twenty dollars", and its value. Before it may stand
    what was cut off by it.
    """
    if "maybe" in words.split():
        return None
    named = [text for text in amounts if f" {words}".endswith(f" {text}")]
    return amounts[max(named, key=len)] if named else None  # "one hundred dollars" also ends with the words of 100


def resampled(samples: Samples) -> Samples:
    """From the loudspeaker's rate to the recognizer's, by the spectrum."""
    count = len(samples) * RATE // SINK_RATE
    spectrum = np.fft.rfft(samples.astype(np.float64))[: count // 2 + 1]
    return np.clip(np.fft.irfft(spectrum, count) * count / len(samples), -32768, 32767).astype(np.int16)


class Ears:
    """Hears some texts and their clauses, amounts that are never said, and nothing else.

    cut_off: texts of which a beginning may be heard right before another, which cut them off. in_a_row: several of them
    may follow each other without a pause.

    ValueError for a word that the recognizer's dictionary lacks.
    """

    def __init__(self, texts: Iterable[str], cut_off: Iterable[str] = (), *, in_a_row: bool = False) -> None:
        known = {part: None for text in texts for part in (text, *clauses(text))}
        decoys = [f"{number} dollars" for number in NEVER_SAID]
        sentences = list(dict.fromkeys(spoken(text) for text in [*known, *decoys]))
        begun = list(dict.fromkeys(words for text in cut_off for words in beginnings(text)))
        before = f"[{' | '.join(begun)}] " if begun else ""
        said = f"{before}({' | '.join(sentences)})"
        self._grammar = f"#JSGF V1.0;\ngrammar app;\npublic <said> = {f'({said})+' if in_a_row else said};\n"
        decoder = self._decoder()
        words = {word for sentence in (*sentences, *begun) for word in sentence.split()}
        unknown = sorted(word for word in words if decoder.lookup_word(word) is None)
        if unknown:
            raise ValueError(f"The recognizer does not know the words {', '.join(unknown)}.")

    def hear(self, samples: Samples) -> str:
        """Return the words of one stretch of sound at 16 kHz; "" if no sentence of the grammar fits."""
        room = np.random.default_rng(0).normal(0.0, _HISS, len(samples) + RATE // 2)
        room[RATE // 4 :][: len(samples)] += samples
        decoder = self._decoder()  # a used one has adapted to what it heard before
        decoder.start_utt()
        decoder.process_raw(np.clip(room, -32768, 32767).astype(np.int16).tobytes(), full_utt=True)
        decoder.end_utt()
        best = decoder.hyp()
        return str(best.hypstr) if best is not None else ""

    def hear_whole(self, samples: Samples) -> str:
        """The words of a recording of one phrase, pauses within it included; "" if there is no sound."""
        parts = segments(samples, RATE)
        return self.hear(samples[parts[0].start : parts[-1].stop]) if parts else ""

    def hear_all(self, samples: Samples) -> list[str]:
        """The words of each utterance of a recording at SINK_RATE."""
        return [self.hear(resampled(samples[part])) for part in utterances(samples)]

    def _decoder(self) -> Decoder:
        decoder = Decoder(lm=None, dict=get_model_path("en-us/cmudict-en-us.dict"), loglevel="FATAL")
        decoder.add_jsgf_string("app", self._grammar)
        decoder.activate_search("app")
        return decoder
