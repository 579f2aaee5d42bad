"""The window as the thread that runs the app sees it, without Qt."""

from __future__ import annotations

from collections.abc import Callable

from currency_app.app import App
from currency_app.controls.actions import Action
from currency_app.errors import VoiceError
from currency_app.speech.phrases import Phrases
from currency_app.speech.voices.base import Voice
from currency_app.window.model import WindowModel
from currency_app.window.shown_voice import ShownVoice


class AppWindow:
    """A window that is open, as any thread may use it.

    It hands on in both directions: what the app decides to the window, and what the user asks for to the app.

    phrases: the words of the window's language. demonstration: mark values as the demonstration's.
    """

    def __init__(self, phrases: Phrases, *, demonstration: bool = False) -> None:
        self.model = WindowModel(phrases, demonstration=demonstration)
        """A listener of the app."""
        self.on_announced: Callable[[str], None] = lambda _: None
        """What the window does with words for a screen reader."""
        self.on_language: Callable[[Phrases], None] = lambda _: None
        """What the window does when another language is spoken."""
        self.in_front: Callable[[], bool] = lambda: False
        """Whether the window has the keyboard: Orca says nothing of a window that has not."""
        self._app: App | None = None
        self._stopped = False

    def announce(self, text: str) -> None:
        """Let a running screen reader say words, and put them on a braille display.

        They become the description of whatever has the focus, of whose changes every Orca tells. Raises VoiceError if
        the window is not in front, for then nobody would hear them.
        """
        if not self.in_front():
            raise VoiceError("The window is not in front: a screen reader says nothing of it.")
        self.on_announced(text)

    def voice(self, heard: Voice) -> ShownVoice:
        """Return a voice whose words the window shows."""
        return ShownVoice(heard, self.model.show_message, self.model.hide_message)

    def follow(self, app: App, phrases: Phrases) -> None:
        """Let keys and buttons act on an app, and show its values in these words."""
        self._app = app
        self.model.follow(app.total_text, phrases)

        def translate(phrases: Phrases) -> None:
            self.model.follow(app.total_text, phrases)
            self.on_language(phrases)

        app.follow_language(translate)
        if self._stopped:
            app.stop()

    def perform(self, action: Action) -> None:
        """Do what the user asks for; nothing if there is no app yet, save to end it before it begins."""
        if action.name == "stop":
            self.stop()
        elif self._app is not None:
            action.perform(self._app)

    def say_unkept(self) -> None:
        """Let the app say that a setting cannot be kept."""
        if self._app is not None:
            self._app.say_unkept()

    def stop(self) -> None:
        """End the app, or do not let it begin."""
        self._stopped = True
        if self._app is not None:
            self._app.stop()
