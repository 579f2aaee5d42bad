"""One text as a WAV file, the folder of such files, and how to know that both are still whole."""

from __future__ import annotations

import shutil
import tempfile
import wave
import weakref
from pathlib import Path
from typing import NamedTuple

import numpy as np

from currency_app.errors import VoiceError

FREE_SPACE = "Free some space, or set TMPDIR to a folder that can be written."
"""What to do when a file cannot be written, as a sentence for users."""


_SILENT = 20
"""Steps of 16-bit sound up to which nothing is heard: speech begins far over it, in every language measured."""
_KEPT_S = 0.005
"""Seconds of silence that stay before the first sound, so that it does not click. Chosen by hand."""


class Wav(NamedTuple):
    """One text as a WAV file."""

    path: Path
    """The file."""
    seconds: float
    """How long it lasts."""
    identity: tuple[int, int, int]
    """Device, inode and size of the file in bytes, by which to know that it is still the same."""

    def is_whole(self) -> bool:
        """Return whether the file is still there as it was made."""
        try:
            return identity(self.path) == self.identity
        except OSError:
            return False


class SoundFolder:
    """A temporary folder for sound files, which is removed at `remove` or however the process ends.

    Something may remove it before, as what cleans /tmp by age does. prefix: of its name.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._path: Path | None = None
        self._identity = (0, 0)
        self._remove: weakref.finalize[..., SoundFolder] | None = None

    def usable(self) -> Path | None:
        """Return the folder; None if there is none, or not the one that was made."""
        try:
            # Anybody may put another folder in place of one that was removed from /tmp.
            return self._path if self._path is not None and identity(self._path)[:2] == self._identity else None
        except OSError:
            return None

    def make(self) -> Path:
        """Make a folder anew and return it; one that was made before is left alone.

        Raises VoiceError if none can be made.
        """
        if self._remove is not None:
            self._remove.detach()
        self._path = self._remove = None
        try:
            path = Path(tempfile.mkdtemp(prefix=self._prefix))
            self._identity = identity(path)[:2]
        except OSError as error:
            raise unwritable(error) from error
        self._remove = weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)
        self._path = path
        return path

    def remove(self) -> None:
        """Remove the folder, if it is there."""
        if self._remove is not None:
            self._remove()


def unwritable(error: OSError) -> VoiceError:
    """Return what to raise if a sound file, or the folder for it, cannot be written."""
    return VoiceError(f"No folder takes the sound files: {error.strerror}. {FREE_SPACE}")


def identity(path: Path) -> tuple[int, int, int]:
    """Return device, inode and size in bytes of a file. Raises OSError if there is none."""
    found = path.lstat()
    return found.st_dev, found.st_ino, found.st_size


def measured(path: Path) -> Wav:
    """Return a WAV file that was made.

    Raises VoiceError if there is no sound in it, or not all of it.
    """
    try:
        found = identity(path)
        with wave.open(str(path), "rb") as made:
            seconds = made.getnframes() / made.getframerate()
            size = made.getnframes() * made.getnchannels() * made.getsampwidth()
    except (OSError, EOFError, wave.Error, ZeroDivisionError) as error:
        raise VoiceError(f"The speech engine wrote no sound: {error}. {FREE_SPACE}") from error
    if seconds == 0:
        raise VoiceError("The speech engine wrote no sound.")
    if size > found[2]:
        raise VoiceError(f"The speech engine wrote only part of the sound. {FREE_SPACE}")
    return Wav(path, seconds, found)


def cut_lead(made: Wav) -> Wav:
    """Cut off the silence with which a sound begins, and return what is left.

    So the first word is heard at once: eSpeak puts 52 ms before a word that begins with a t, as "twenty" does. A sound
    that is no 16-bit one is left as it is. Raises VoiceError if the file cannot be written.
    """
    with wave.open(str(made.path), "rb") as file:
        form, content = file.getparams(), file.readframes(file.getnframes())
    if form.sampwidth != 2:
        return made
    loudness = np.abs(np.frombuffer(content, np.int16).astype(np.int32)).reshape(-1, form.nchannels).max(axis=1)
    heard = np.flatnonzero(loudness > _SILENT)
    start = max(int(heard[0]) - round(_KEPT_S * form.framerate), 0) if len(heard) else 0
    if start == 0:
        return made
    try:
        # Opened first, for a wave file that cannot be opened prints a traceback when it is thrown away.
        with made.path.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setparams(form)
            file.writeframes(content[start * form.nchannels * form.sampwidth :])
    except OSError as error:
        raise unwritable(error) from error
    return measured(made.path)
