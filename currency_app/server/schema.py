"""The data types of requests and answers, as the OpenAPI page describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from currency_app.events import HintKind
from currency_app.server.problems import MEDIA_TYPE, problem
from currency_app.server.reading.decoding import PILLOW_FORMATS
from currency_app.server.requests.body import FORM_TYPE, RAW_TYPES, accepted_types
from currency_app.server.requests.forms import missing_field
from currency_app.server.requests.origins import OTHER_SITE

Share = Annotated[float, Field(ge=0, le=1)]
"""A probability, 0..1."""

Corner = Annotated[list[float], Field(min_length=2, max_length=2)]
"""A point [x, y], as fractions of the image."""


class View(BaseModel):
    """How the picture was taken, as the options of `currency-app identify` tell it."""

    model_config = ConfigDict(extra="forbid")

    camera_faces: Literal["user", "note"] = Field(
        "user", description="A webcam faces the user; a camera on a stand looks at the note from the user's side."
    )
    mirrored: bool = Field(False, description="The camera's driver gives mirror images.")

    @property
    def mirror_left(self) -> bool:
        """Whether the user's left is the picture's right."""
        return self.camera_faces == "user"


class Note(BaseModel):
    """What one image shows of one note."""

    currency: str | None = Field(description="ISO 4217 code; null where none of several currencies' notes is.")
    value: int | None = Field(description="The most likely value, in units of the currency; null where no note is.")
    side: Literal["front", "back"] | None = Field(description="Null without a note, or where the labels name no side.")
    confidence: Share = Field(description="Probability of the value, or that there is no note.")
    spoken: bool = Field(description="Whether the app would say the value as sure from this one image.")
    corners: Annotated[list[Corner], Field(min_length=4, max_length=4)] | None = Field(
        description="The note's own top-left, top-right, bottom-right and bottom-left as fractions of the image, "
        "turned upright by its EXIF data but mirrored where it was sent so; outside 0..1 where the note is cut off."
    )
    hint: HintKind | None = Field(description="The movement that would help, also where the value is sure.")
    unknown: bool = Field(description="Whether the note is seen well and has no value, not even a doubtful one.")


class Answer(Note):
    """What one image shows, as `currency-app identify --json` tells it, with how sure the model is of every label.

    It does not tell whether money is genuine.
    """

    notes: list[Note] | None = Field(
        None,
        description="One entry for each note where the image shows several, the first as above; absent where it does "
        "not. Then `spoken` is true where each is sure by itself.",
    )
    probabilities: dict[str, Share] = Field(description="Of every label of the model that answers; together 1.")
    model_version: str = Field(description="The first 12 digits of the SHA-256 of the model, as in its bundle.json.")
    milliseconds: float = Field(ge=0, description="Time that decoding and recognising took, without any waiting.")


class Problem(BaseModel):
    """What was wrong, RFC 9457."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="about:blank: the status tells the kind.")
    title: str = Field(description="The status's own words.")
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="What to do about it, for people.")


class AnsweredImage(BaseModel):
    """One image of a batch and its answer."""

    name: str = Field(description="The file's name as it was sent; empty where it had none.")
    answer: Answer


class RefusedImage(BaseModel):
    """One image of a batch and why it has no answer."""

    name: str
    problem: Problem


class Batch(BaseModel):
    """The images of a batch in the order in which they were sent."""

    images: list[AnsweredImage | RefusedImage]


class State(BaseModel):
    """How the server is."""

    status: Literal["ok", "ready"]


ANSWER_EXAMPLE = {
    "currency": "USD",
    "value": 20,
    "side": "back",
    "confidence": 0.97,
    "spoken": True,
    "corners": [[0.25, 0.36], [0.75, 0.36], [0.75, 0.64], [0.25, 0.64]],
    "hint": "move_closer",  # FastAPI takes nulls out of examples
    "unknown": False,
    "probabilities": {"usd_20_front": 0.02, "usd_20_back": 0.95, "background": 0.03},
    "model_version": "0123456789ab",
    "milliseconds": 15.0,
}
"""The OpenAPI page's example of an answer; invented, with few labels, so that it suits every model."""

_PROBLEMS = {
    400: ("No image, or a damaged one", "What was sent is damaged or cut short. Copy it or take it again."),
    401: ("The key is missing or wrong", "This server needs its key: send it as `Authorization: Bearer KEY`."),
    403: ("Another site's page, or a name that is not the server's", OTHER_SITE),
    408: ("The body came too slowly", "The body has not arrived within 10 seconds. Send a smaller image."),
    413: ("Too many bytes or pixels", "The body is too large; it may have 10,000,000 bytes at most."),
    415: ("Not a type that is taken", accepted_types()),
    422: ("A parameter or form field is wrong", missing_field("image")),
    429: ("Too much at once", "The server has all the requests that it can take. Try again in a second."),
    503: (
        "Not ready, or too slow to answer",
        "The answer took too long. Send a smaller image, or try again when less is asked of the server.",
    ),
}


def problems(*statuses: int, details: Mapping[int, str] | None = None) -> dict[int | str, dict[str, Any]]:
    """Return FastAPI's `responses` for these error statuses, each with an example; details: a route's own sentences."""
    own = details or {}
    return {
        status: {
            "description": _PROBLEMS[status][0],
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": problem(status, own.get(status, _PROBLEMS[status][1])),
                }
            },
        }
        for status in statuses
    }


def image_body() -> dict[str, Any]:
    """Return FastAPI's `openapi_extra` for one image: raw, or in the form field `image`."""
    raw = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in RAW_TYPES}
    return _body(raw | {FORM_TYPE: {"schema": _form({"image": {"type": "string", "format": "binary"}})}})


def images_body(max_images: int) -> dict[str, Any]:
    """Return FastAPI's `openapi_extra` for up to `max_images` images, each in a form field `images`."""
    files = {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1, "maxItems": max_images}
    form = {"schema": _form({"images": files}), "encoding": {"images": {"contentType": ", ".join(PILLOW_FORMATS)}}}
    return _body({FORM_TYPE: form})


def _body(content: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": content}}


def _form(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
