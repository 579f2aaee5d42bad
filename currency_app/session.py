"""The assembly: settings become an App. Whatever runs the whole pipeline is put together here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import TextIO

import cv2

from currency_app.app import App, Listener
from currency_app.camera import Source, is_live
from currency_app.errors import VoiceError
from currency_app.guidance.hints import framing_for
from currency_app.recognition.bundle import Bundle, load_bundles
from currency_app.recognition.multi_currency import recognizer_for
from currency_app.recognition.recognizer import FrameReader
from currency_app.settings import Settings
from currency_app.speech.announcer import Announcer
from currency_app.speech.engines import DEFAULT_RATE
from currency_app.speech.greeting import Greeting, greeting_for
from currency_app.speech.language import spoken_language
from currency_app.speech.phrases import Phrases, phrases_for
from currency_app.speech.voices import ChangingVoice, open_voice
from currency_app.speech.voices.base import Voice
from currency_app.speech.voices.off import OffVoice
from currency_app.streams import write_words
from currency_app.timing import ThreadChooser
from currency_app.tones import open_tones
from currency_app.tracking.referee import tracker_for


class Session:
    """What the apps of one choice of settings share: model bundles, words, and the recognizer that reads the frames.

    session = Session(Settings(currency="usd", voice="text"))
    session.app(open_source("clip.mp4", realtime=False), voice=session.open_voice()).run()

    bundles: read already, in place of those that the settings name. recognizer: reads the frames, in place of the
    bundles' networks, as for what was recorded. live: a camera or live stream may come, for which the threads of the
    network are chosen, unless the settings name them: at the first start by measuring in the background. Then `close`
    the session at the end. Raises CurrencyAppError for settings that cannot work here.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        bundles: Sequence[Bundle] | None = None,
        recognizer: FrameReader | None = None,
        live: bool = False,
    ) -> None:
        # OpenCV's threads gain nothing on pictures this small, and wait for each other where something else has a core:
        # on a busy computer a frame's 95th percentile was half as long again with two.
        cv2.setNumThreads(1)
        self.settings = settings
        self.bundles = tuple(bundles or load_bundles(settings.currency))
        self.phrases = phrases_for(self.bundles, spoken_language(settings.language))
        self._voice_kind = settings.voice
        self._voice_opened = self._voice_replaced = False
        choosing = live and recognizer is None and settings.threads is None
        self._chooser = ThreadChooser(self.bundles) if choosing else None
        self._recognizer = recognizer
        if recognizer is None and not choosing:
            self._recognizer = recognizer_for(self.bundles, settings.threads or 1)

    def recognizer(self, source: Source) -> FrameReader:
        """Return what reads the frames of a source, with the threads that were chosen if it is live.

        It waits for a measurement that is going on, a second at most, and only at a first start.
        """
        if self._recognizer is None:
            live = self._chooser is not None and is_live(source)
            threads = self._chooser.choice().threads if self._chooser is not None and live else 1
            self.close()
            self._recognizer = recognizer_for(self.bundles, threads)
        return self._recognizer

    def close(self) -> None:
        """Give up what goes on in the background. Safe to call twice."""
        if self._chooser is not None:
            self._chooser.close()

    def open_voice(self, stream: TextIO | None = None) -> Voice:
        """Open the voice that the settings name, with all that it will say made ready in the background.

        stream: where printed words and warnings go; standard error unless given. Raises VoiceError if it cannot speak.
        """
        return self._open_voice(self.settings.rate, self.phrases, stream)

    def open_changing_voice(
        self,
        stream: TextIO | None = None,
        *,
        say_accessible: Callable[[str], object] | None = None,
        shown: Callable[[Voice], Voice] | None = None,
    ) -> ChangingVoice:
        """Open the same voice, but one whose rate and language the user may change while the app runs.

        stream: see `open_voice`. say_accessible: lets a screen reader say words that the app's window gets; see
        `open_voice` of voices. shown: returns a voice that a window shows the words of, too.
        """

        def opened(rate: int | None, phrases: Phrases) -> Voice:
            voice = self._open_voice(rate, phrases, stream, say_accessible)
            return voice if shown is None else shown(voice)

        voice = ChangingVoice(opened, self._rate(), self.phrases)
        voice.rate = self._rate()  # another kind of voice may have taken the place of the one that was chosen
        return voice

    def _rate(self) -> int | None:
        """Return words per minute if the voice has a rate of its own, or system speech in its chain."""
        has_rate = self._voice_kind in ("auto", "screen-reader", "system")
        return (self.settings.rate or DEFAULT_RATE) if has_rate else None

    def _open_voice(
        self,
        rate: int | None,
        phrases: Phrases,
        stream: TextIO | None,
        say_accessible: Callable[[str], object] | None = None,
    ) -> Voice:
        settings = self.settings
        prepared = chain.from_iterable(
            phrases.fixed_phrases(bundle.values, bundle.currency, demonstration=settings.demonstration)
            for bundle in self.bundles
        )
        texts = list(dict.fromkeys(prepared))
        stream = sys.stderr if stream is None else stream

        def opened(rate: int | None) -> Voice:
            return open_voice(
                self._voice_kind,
                texts,
                rate,
                phrases.tag,
                stream,
                transcribed=settings.demonstration,
                say_accessible=say_accessible,
            )

        try:
            voice = opened(rate)
        except VoiceError as error:
            # Another rate or language may be refused later: then the voice stays as it is.
            if settings.voice_required or self._voice_opened:
                raise
            unusable, self._voice_kind, self._voice_replaced = self._voice_kind, "auto", True
            write_words(
                stream,
                f"currency-app: The kept voice {unusable} cannot be used, so another one speaks. {error} "
                "To forget that voice: currency-app settings voice default",
            )
            voice = opened(self._rate())
        self._voice_opened = True
        return voice

    def greeting(
        self,
        *,
        introduce: bool | None = False,
        keys: Mapping[str, str] | None = None,
        settings_unusable: bool = False,
    ) -> Greeting:
        """Words for the first picture; the first start ever also tells what the app cannot do.

        introduce, keys: see `greeting_for`. settings_unusable: say that something the user has kept cannot be used,
        which is also said if another voice was opened than the kept one.
        """
        settings_unusable |= self._voice_replaced
        return greeting_for(
            self.phrases,
            demonstration=self.settings.demonstration,
            introduce=introduce,
            keys=keys,
            notices=[Phrases.settings_unusable] if settings_unusable else [],
        )

    def app(
        self,
        source: Source,
        *,
        voice: Voice | None = None,
        greeting: str | Greeting = "",
        listeners: Sequence[Listener] = (),
        max_seconds: float | None = None,
    ) -> App:
        """Build an App for one run, with a tracker, hints, words and a total of its own.

        voice: who speaks; silence unless given. greeting, listeners: see `App`. max_seconds: in place of the settings'.
        """
        settings = self.settings
        framing = framing_for(self.bundles, mirror_left=settings.camera_faces_user)
        voice = OffVoice() if voice is None else voice
        tones = open_tones(self.bundles, framing.assess, voice) if settings.tones else None
        app = App(
            source,
            self.recognizer(source),
            tracker_for(self.bundles),
            framing,
            Announcer(
                self.phrases,
                demonstration=settings.demonstration,
                hints=settings.hints,
                count=settings.count,
            ),
            voice,
            listeners if tones is None else [*listeners, tones],
            mirrored=settings.mirrored,
            greeting=greeting,
            max_seconds=settings.max_seconds if max_seconds is None else max_seconds,
        )
        if tones is not None:
            tones.mute_with(lambda: app.muted)
        return app
