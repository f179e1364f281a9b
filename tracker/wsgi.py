"""The application that gunicorn serves."""

import os
from codecs import lookup
from contextlib import suppress
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

ANY_BYTES = bytes(range(256))


def readable(environ: dict[str, Any]) -> dict[str, Any]:
    """The request without the charset of its Content-Type, if that is a codec which cannot read any bytes.

    Django ignores a charset that Python does not know. It takes all others for encodings of texts, also for the
    parameters of the address, and fails before its first middleware with those that are none, such as hex.
    """
    content_type, parameters = parse_header_parameters(environ.get("CONTENT_TYPE") or "")
    charset = parameters.get("charset")
    if charset is not None and not _reads_any_bytes(charset):
        others = [f'{name}="{value}"' for name, value in parameters.items() if name != "charset"]
        return {**environ, "CONTENT_TYPE": "; ".join([content_type, *others])}
    return environ


def _reads_any_bytes(charset: str) -> bool:
    try:
        if lookup(charset).name == "utf-8":
            return True
        with suppress(UnicodeDecodeError):  # after which Django takes another encoding
            ANY_BYTES.decode(charset)
        ANY_BYTES.decode(charset, "replace")
    except (LookupError, ValueError):
        return False
    return True


django_application: WSGIHandler = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Django's, for requests that it can read."""
    return django_application(readable(environ), start_response)
