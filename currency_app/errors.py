"""The one exception tree of the project.

CurrencyAppError            anything the user can act on: its text is the one line they get, exit code 2
├── SourceError             a camera, file, folder or stream cannot be read
├── ImageError              one image cannot be read
│   └── ImageTooLargeError  it has more pixels than are allowed
├── BundleError             a model bundle is missing, damaged or of another schema
├── VoiceError              a voice could not speak, which may pass
│   ├── NoSoundError        there is speech, but no sound device plays it
│   └── NoSpeechError       a program or engine that speech needs is missing
└── DataError               training images are missing or wrongly laid out

`currency_app.server.problems.ProblemError` stands outside the tree: it is an answer over HTTP, not an error of the app.
"""

TOO_LITTLE_MEMORY = "There is too little free memory on this computer. Close other programs, then try again."
"""The sentence for users whose computer has no memory left for the app."""

_OPENCV_NO_MEMORY = -4
"""OpenCV's number for memory that it does not get: `cv2.Error.StsNoMem`."""
_NO_MEMORY_WORDS = ("can't start new thread", "failed to map segment", "annot allocate memory")
"""What errors say, of Python and of the system that loads libraries, that have no kind of their own for that."""

_MAX_LETTERS = 1_000
"""Letters of an error's text: what a file holds need not be repeated whole. Chosen by hand, longer than any path."""


def one_line(text: str) -> str:
    """Return an error's text fit to be printed, whatever it repeats of a file or an option.

    Control characters, line breaks and lone surrogates become "?", and of a very long text the middle is left out.
    """
    half = _MAX_LETTERS // 2
    short = text if len(text) <= _MAX_LETTERS else f"{text[:half]} ... {text[-half:]}"
    return "".join(letter if letter.isprintable() else "?" for letter in short)


def lacks_memory(error: BaseException) -> bool:
    """Return whether an error only tells that there was too little free memory, whoever reports it."""
    if isinstance(error, MemoryError):
        return True
    if type(error).__module__ == "cv2":
        return getattr(error, "code", None) == _OPENCV_NO_MEMORY
    return isinstance(error, (RuntimeError, ImportError)) and any(words in str(error) for words in _NO_MEMORY_WORDS)


class CurrencyAppError(Exception):
    """Something the user can act on.

    The text says what is wrong and what to do, in one line: see `one_line`.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(one_line(text))


class SourceError(CurrencyAppError):
    """A camera, video file, image folder or stream cannot be read."""


class ImageError(CurrencyAppError):
    """One image cannot be read."""


class ImageTooLargeError(ImageError):
    """One image has more pixels than are allowed; it was not decoded."""


class BundleError(CurrencyAppError):
    """A model bundle is missing, damaged, or of a schema this version does not know."""


class VoiceError(CurrencyAppError):
    """A voice could not speak; a later attempt may work, unless it is a NoSpeechError."""


class NoSoundError(VoiceError):
    """No sound device plays the speech.

    It may come back, as headphones do when they are plugged in again.
    """


class NoSpeechError(VoiceError):
    """A program or an engine that speech needs is missing, and will be until the app is started again."""


class DataError(CurrencyAppError):
    """Training images are missing or wrongly laid out."""
