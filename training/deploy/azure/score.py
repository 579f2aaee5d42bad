"""The scoring script of an Azure ML online endpoint: it answers an image's bytes as `identify --json` does.

Azure ML's inference server calls `init` once in each worker process, then `run` for each request, one at a time.
Nothing of an image is kept. Set by environment variables:

- `AZUREML_MODEL_DIR`: the folder in which Azure ML puts the registered model, one bundle or several. If no bundle is in
  it, those named by `CURRENCY` are taken (default: usd), as in `currency-app --currency usd,eur`.
- `COLLECT_ANSWERS`: `true` to hand each answer, never an image, to Azure ML's data collector as `model_outputs`.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

from azureml_inference_server_http.api.aml_request import AMLRequest, rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse

from currency_app.identify import as_answer, identify_among
from currency_app.recognition.bundle import Bundle, load_bundles, load_folders
from currency_app.recognition.recognizer import Recognizer
from currency_app.server import ProblemError, ServerSettings
from currency_app.server.reading import NotAnImageError, decode

MAX_BYTES = ServerSettings.max_bytes
"""Size of the largest image file that is read, as by `currency-app serve`."""
MAX_PIXELS = ServerSettings.max_pixels
"""Width times height of the largest image that is decoded, as by `currency-app serve`."""
_AS_BODY = "Send the image's bytes as the body, not in JSON or a form, as by: curl --data-binary @note.jpg"
_WRAPPERS = ("application/json", "multipart/form-data")
"""Media types of bodies that hold an image inside. Not that of plain forms: curl calls the bytes of any file one."""
_TEXT_BYTES = bytes([*b"\t\r\n", *range(0x20, 0x7F)])
_FACES = {"user": True, "note": False}
_YES_NO = {"true": True, "false": False}

_log = logging.getLogger("azmlinfsrv.score")
_recognizers: list[Recognizer] = []
_collectors: list[Any] = []


def init() -> None:
    """Load the bundles. Raises BundleError, which ends the worker, if there is none, or one is damaged or repeated."""
    _recognizers[:] = [Recognizer(bundle) for bundle in _bundles()]
    _collectors[:] = _open_collectors()
    _log.info("reading %s", ", ".join(recognizer.bundle.currency for recognizer in _recognizers))


@rawhttp  # type: ignore[untyped-decorator]
def run(request: AMLRequest) -> AMLResponse:
    """Answer a POST whose body is one image.

    Query parameters, as the options of `identify`: `camera_faces` (user, the default, or note), `mirrored` (true or
    false, the default). The status is 400 for a wrong or unknown parameter or what is no image, 405 for another method,
    413 for an image that is too large; then the body is JSON {"message": what is wrong and what to do}.
    """
    if request.method != "POST":
        return _refused(405, "Post an image: its bytes are the request's body.")
    camera_faces = request.args.get("camera_faces", "user")
    mirrored = request.args.get("mirrored", "false")
    if camera_faces not in _FACES or mirrored not in _YES_NO:
        return _refused(400, "camera_faces must be user or note, and mirrored true or false.")
    unknown = sorted(set(request.args) - {"camera_faces", "mirrored"})
    if unknown:
        return _refused(400, f"There is no parameter {unknown[0]!r}, only camera_faces and mirrored.")
    body = request.stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return _refused(413, f"The image is too large: {MAX_BYTES // 10**6} megabytes are allowed. Make it smaller.")
    if not body:
        return _refused(400, f"The body is empty. {_AS_BODY}")
    try:
        image = decode(body, MAX_PIXELS)
    except NotAnImageError as error:
        wrapped = (request.content_type or "").lower().startswith(_WRAPPERS) or _is_text(body)
        return _refused(error.status, _AS_BODY if wrapped else error.detail)
    except ProblemError as error:
        return _refused(error.status, error.detail)
    read = identify_among(_recognizers, image, _FACES[camera_faces], _YES_NO[mirrored])
    answer = as_answer(read.currency, read.found)
    _collect(answer)
    return AMLResponse(answer, 200, json_str=True)


def _is_text(body: bytes) -> bool:
    """Whether a body is written in letters, as JSON, forms and Base64 are, whatever its type says."""
    return not body[:64].translate(None, _TEXT_BYTES)


def _bundles() -> tuple[Bundle, ...]:
    root = os.environ.get("AZUREML_MODEL_DIR", "")
    folders = sorted(path.parent for path in Path(root).rglob("bundle.json")) if root else []
    if folders:
        return load_folders(folders, f"{root} holds")
    return load_bundles(os.environ.get("CURRENCY", "usd"))


def _open_collectors() -> list[Any]:
    if os.environ.get("COLLECT_ANSWERS", "false").lower() != "true":
        return []
    from azureml.ai.monitoring import Collector

    return [Collector(name="model_outputs", on_error=lambda error: _log.warning("answer not collected: %s", error))]


def _collect(answer: dict[str, Any]) -> None:
    for collector in _collectors:
        import pandas

        # Lists and what they hold become text, for a table's columns hold one value each.
        row = {name: json.dumps(told) if name in ("corners", "notes") else told for name, told in answer.items()}
        collector.collect(pandas.DataFrame([row]))


def _refused(code: int, message: str) -> AMLResponse:
    return AMLResponse({"message": message}, code, json_str=True)
