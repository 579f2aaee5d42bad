from __future__ import annotations

from typing import Any

import pytest

from currency_app.errors import VoiceError
from currency_app.speech.screen_reader.prism import PrismFinder, load_prism
from tests.speech.screen_reader.fake_prism import FakePrism, PrismError


def found(prism: FakePrism) -> Any:
    reader = PrismFinder("win32", lambda: prism).find()
    assert reader is not None
    return reader


def test_speech_engines_are_never_taken_for_a_screen_reader() -> None:
    for platform in ("linux", "win32", "darwin"):
        prism = FakePrism({"SPEECH_DISPATCHER", "SAPI", "UIA", "AV_SPEECH"})
        assert PrismFinder(platform, lambda prism=prism: prism).find() is None  # type: ignore[misc]


def test_it_is_found_when_it_comes_and_gone_when_it_goes() -> None:
    prism = FakePrism(set())
    finder = PrismFinder("win32", lambda: prism)
    assert finder.find() is None
    prism.running.add("NVDA")
    reader = finder.find()
    assert reader is not None
    assert reader.is_running()
    prism.running.clear()
    assert not reader.is_running()
    assert prism.contexts == 1


@pytest.mark.parametrize("error", [PrismError("gone"), RuntimeError("gone"), ValueError("gone")])
def test_words_that_it_does_not_take_are_reported(error: Exception) -> None:
    prism = FakePrism({"NVDA"})
    reader = found(prism)
    prism.broken = error
    with pytest.raises(VoiceError, match="NVDA took no words: gone"):
        reader.send("20 dollars", interrupt=True)


def test_one_without_braille_speaks() -> None:
    prism = FakePrism({"JAWS"}, supports_output=False)
    found(prism).send("20 dollars", interrupt=True)
    assert (prism.output, prism.spoken) == ([], [("20 dollars", True)])


def test_a_library_that_does_not_start_is_none() -> None:
    prism = FakePrism({"NVDA"})
    prism.context_error = RuntimeError("Prism could not be initialized")
    assert PrismFinder("win32", lambda: prism).find() is None


def test_another_platform_has_none() -> None:
    assert PrismFinder("freebsd14", lambda: FakePrism({"NVDA"})).find() is None


@pytest.mark.parametrize("error", [ImportError("no module"), OSError("no such library")])
def test_without_the_extra_there_is_no_prism(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(name: str, *rest: object) -> Any:
        raise error

    monkeypatch.setattr("importlib.import_module", refuse)
    assert load_prism() is None
    assert PrismFinder("linux").find() is None
