"""`currency-app identify`: read still images."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from currency_app.commands.options import add_camera_options, add_currency_option, fill_in
from currency_app.errors import ImageError
from currency_app.paths import printable, without_passwords
from currency_app.streams import complain


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `identify`."""
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="an image, or a folder with its sub-folders; wildcards too"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line on standard output")
    add_camera_options(parser)
    add_currency_option(parser)
    parser.set_defaults(command=_identify)


def _identify(args: argparse.Namespace) -> int:
    from currency_app.identify import as_json, as_text, identify_file
    from currency_app.recognition.bundle import load_bundles
    from currency_app.recognition.recognizer import Recognizer
    from currency_app.speech.phrases import phrases_for

    fill_in(args, None, recording=True)
    bundles = load_bundles(args.currency)
    recognizers = [Recognizer(bundle) for bundle in bundles]
    phrases = phrases_for(bundles)
    facing_user = args.camera_faces == "user"
    all_read = True
    for path in _images(args.paths):
        try:
            if isinstance(path, ImageError):
                raise path
            answer = identify_file(recognizers, path, facing_user, args.mirrored)
        except ImageError as error:
            complain(f"currency-app: {error}")
            all_read = False
            continue
        if args.json:
            print(json.dumps(as_json(path, answer.currency, answer.found)), flush=True)
        else:
            print(as_text(path, answer.currency, phrases, answer.found), flush=True)
    return 0 if all_read else 2


def _images(words: Sequence[str]) -> Iterator[Path | ImageError]:
    """Yield the images that the words name, in their order, and an error for each word that names none.

    What else a folder holds is told on standard error; pictures among that are an error too.
    """
    from currency_app.images import named_paths, search_images

    for path in (path for word in words for path in named_paths(word)):
        try:
            found = search_images([path])
        except ImageError as error:
            yield ImageError(without_passwords(str(error), [path]))
            continue
        yield from found.images
        unread = found.unread_sentence(path)
        if unread:
            yield ImageError(unread)
        others = found.others_sentence(path)
        if others:
            complain(f"currency-app: {others}")
        if not found.images and not unread:
            yield ImageError(f"{printable(str(path))} holds no images. Give an image or a folder of them.")
