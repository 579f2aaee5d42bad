"""The commands about pictures: one short function each, heavy imports inside it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from currency_app.errors import DataError, SourceError
from training.commands.inputs import images_of
from training.progress import progress


def check(given: argparse.Namespace) -> int:
    """Report what to mend in a data folder."""
    from training.dataset.check.check import check as check_data
    from training.dataset.check.inspection import inspect
    from training.dataset.check.page import write_page
    from training.dataset.manifest import find_data
    from training.writable import check_page

    page = Path(given.out) if given.out else None
    if page:
        check_page(page)
    report = check_data(inspect(find_data(given.data), given.currency, progress))
    if page:
        write_page(page, report)
    print(json.dumps(report.as_json()) if given.json else report.as_text())
    return 0 if report.usable else 1


def capture(given: argparse.Namespace) -> int:
    """Take training pictures with a webcam."""
    from datetime import datetime

    from currency_app.camera import open_source
    from currency_app.speech.voices import open_voice
    from training.dataset.capture.prompts import read_plan
    from training.dataset.capture.session import Capture
    from training.dataset.capture.takes import TakeFolder

    target = TakeFolder(Path(given.out), given.class_name, datetime.now())
    plan = read_plan(given.class_name)
    source = open_source(given.source, realtime=False)
    try:
        voice = open_voice(given.voice, plan.fixed_texts(), None, "en", sys.stderr, transcribed=True)
        capture = Capture(source, voice, plan, target, given.count, mirrored=given.mirrored)
        capture.run()
    finally:
        source.close()
    if not capture.taken:
        raise SourceError(f"No picture was taken from {source.name}. {capture.refused or 'It ended too soon'}.")
    print(target.summary(capture.taken))
    return 0


def locate(given: argparse.Namespace) -> int:
    """Find the notes in photographs by scans of them, and write a manifest that tells where they are."""
    from training.dataset.locate import locate as locate_notes
    from training.dataset.manifest import write_manifest

    target = Path(given.out)
    if not target.parent.is_dir():
        raise DataError(f"There is no folder {target.parent} to write to: make it first.")
    folder, images = images_of(given, given.currency)
    found = locate_notes(images, given.currency, progress)
    write_manifest(target, folder, found)
    photos = [image for image in found if image.kind == "photo"]
    known = sum(image.polygon is not None for image in photos)
    print(f"Corners are known in {known} of {len(photos)} photographs. Wrote {target}: give it with --manifest.")
    return 0


def synthesize(given: argparse.Namespace) -> int:
    """Write a sheet of made-up training pictures."""
    from training.fitting.preview import write_preview
    from training.recipe import read_recipe
    from training.writable import check_file

    check_file(Path(given.preview), "sheet", (".png",), format_name="PNG file")
    recipe = read_recipe(given.recipe)
    _, images = images_of(given, recipe.currency)
    write_preview(Path(given.preview), recipe, images, given.count, progress)
    print(f"Wrote {given.preview}", file=sys.stderr)
    return 0
