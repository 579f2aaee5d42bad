"""What all tests share: the fakes on the import path, a tiny bundle, and the folder of real images if there is one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.markers import mark, slow_files_first
from tests.support.sources import CHECKOUT
from tests.support.tiny import TINY

os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("LANGUAGE", None)
"""So that the app speaks English here whatever the developer's own language, also in the processes that tests start."""

for _name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
    # No window opens on a developer's desktop; tests of windows bring a display of their own.
    os.environ.pop(_name, None)

ENDING_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""The signals for which commands set a handler, on this system."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set markers, before `-m` picks, and the order."""
    for item in items:
        mark(item)
    slow_files_first(items)


@pytest.hookimpl(optionalhook=True)  # `pytest-xdist` has it
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share tests out by what they must run one after another with; None leaves it to pytest-xdist.

    The marks that `loadgroup` goes by have no effect with pytest 9.2 (pytest-xdist issue 1386), so a room's name does.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from tests.support.sharing import RoomScheduling

    return RoomScheduling(config, log)


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the app keeps, it keeps in folders of these tests, here and in the commands that they run.

    The developer's own settings, mark of the first start, and measurements are neither read nor written.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CURRENCY_APP_")]:
            patch.delenv(name)
        for kind in ("CACHE", "CONFIG", "STATE"):
            patch.setenv(f"XDG_{kind}_HOME", str(tmp_path_factory.mktemp(kind.lower())))
        patch.setenv("CURRENCY_APP_SETTINGS", str(tmp_path_factory.mktemp("settings") / "settings.toml"))
        yield


@pytest.fixture
def kept_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the settings that stay, of this test alone; it is not there yet."""
    file = tmp_path / "kept" / "settings.toml"
    monkeypatch.setenv("CURRENCY_APP_SETTINGS", str(file))
    return file


@pytest.fixture(scope="session")
def tensorflow() -> None:
    """For fixtures that need TensorFlow: tests that use them are marked so, and skipped without it."""


@pytest.fixture(scope="session")
def tiny_bundle() -> Path:
    """The folder of a bundle for all seven dollar values. Tests must not change it: see `copy_bundle`."""
    return TINY / "usd"


@pytest.fixture(scope="session")
def four_value_bundle() -> Path:
    """A bundle for four values: its 9 probabilities have the shape of its corners. Tests must not change it."""
    return TINY / "four"


@pytest.fixture(scope="session")
def closer_bundle() -> Path:
    """A bundle that looks closer in another shape, 32 x 16, than the whole picture's. Tests must not change it."""
    return TINY / "closer"


@pytest.fixture
def signals_restored() -> Iterator[None]:
    """The handlers that a command sets are put back."""
    before = {number: signal.getsignal(number) for number in ENDING_SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def later_start(signals_restored: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later starts of the app than the first, in an empty folder."""
    state = tmp_path / "state" / "currency-app"
    state.mkdir(parents=True)
    for name in ("started", "introduced"):
        (state / name).touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(state.parent))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The real images: $CURRENCY_DATA, else ../shared/data beside the checkout. Skips where there are none."""
    given = os.environ.get("CURRENCY_DATA")
    folder = Path(given) if given else CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no images at {folder}; set CURRENCY_DATA to the folder that has them")
    return folder
