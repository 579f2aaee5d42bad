"""From a connection to the bytes of images: heads, keys, bodies and forms, each within limits."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from currency_app.server.requests.access import require_key
    from currency_app.server.requests.body import FORM_TYPE, RAW_TYPES, accepted_types, media_type, read_body
    from currency_app.server.requests.connections import BoundedConnection
    from currency_app.server.requests.forms import Part, missing_field, parse_form
    from currency_app.server.requests.origins import refuse_other_sites

__all__ = [
    "FORM_TYPE",
    "RAW_TYPES",
    "BoundedConnection",
    "Part",
    "accepted_types",
    "media_type",
    "missing_field",
    "parse_form",
    "read_body",
    "refuse_other_sites",
    "require_key",
]

_HOMES = {
    "require_key": "currency_app.server.requests.access",
    "FORM_TYPE": "currency_app.server.requests.body",
    "RAW_TYPES": "currency_app.server.requests.body",
    "accepted_types": "currency_app.server.requests.body",
    "media_type": "currency_app.server.requests.body",
    "read_body": "currency_app.server.requests.body",
    "BoundedConnection": "currency_app.server.requests.connections",
    "Part": "currency_app.server.requests.forms",
    "missing_field": "currency_app.server.requests.forms",
    "parse_form": "currency_app.server.requests.forms",
    "refuse_other_sites": "currency_app.server.requests.origins",
}
"""The module of each name, which is imported when it is asked for: FastAPI need not be installed for the rest."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
