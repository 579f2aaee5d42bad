"""From a connection to the bytes of images: heads, keys, bodies and forms, each within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from currency_app.server.lazy import lazy_names

if TYPE_CHECKING:
    from currency_app.server.requests.access import require_key
    from currency_app.server.requests.body import FORM_TYPE, RAW_TYPES, accepted_types, media_type, read_body
    from currency_app.server.requests.connections import BoundedConnection
    from currency_app.server.requests.forms import Part, missing_field, parse_form
    from currency_app.server.requests.origins import OTHER_SITE, refuse_other_sites

__all__ = [
    "FORM_TYPE",
    "OTHER_SITE",
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

__getattr__ = lazy_names(
    __name__,
    {
        "access": ("require_key",),
        "body": ("FORM_TYPE", "RAW_TYPES", "accepted_types", "media_type", "read_body"),
        "connections": ("BoundedConnection",),
        "forms": ("Part", "missing_field", "parse_form"),
        "origins": ("OTHER_SITE", "refuse_other_sites"),
    },
)
