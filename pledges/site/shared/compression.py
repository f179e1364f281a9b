"""Answers of public pages compressed with gzip, for browsers and programs that accept it (RFC 9110, section 12.5.3).

Only of public pages: they hold no secret, and what a visitor sends stands beside nothing of another's, so the length of
a compressed answer tells nothing (BREACH, https://breachattack.com). Pages of the desk are sent as they are.
"""

import gzip

from django.http import HttpRequest, HttpResponse

LEAST = 500  # bytes: below this an answer fits into one packet anyway
LEVEL = 6
TEXTS = ("text/", "application/json", "application/jsonl", "image/svg+xml")
SUFFIXES = ("+json", "+xml", "/xml")


def compress(response: HttpResponse) -> None:
    """Compress a text's bytes in place; pictures, archives and what is very short stay as they are."""
    content_type = response.get("Content-Type", "").partition(";")[0].strip()
    is_text = content_type.startswith(TEXTS) or content_type.endswith(SUFFIXES)
    if is_text and len(response.content) >= LEAST and not response.has_header("Content-Encoding"):
        response.content = gzip.compress(response.content, LEVEL, mtime=0)
        response["Content-Encoding"] = "gzip"


def decompress(response: HttpResponse) -> None:
    """The inverse of `compress`."""
    if response.get("Content-Encoding") == "gzip":
        response.content = gzip.decompress(response.content)
        del response["Content-Encoding"]


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether the request's Accept-Encoding permits gzip: by its name, or else by `*`, with a weight above 0."""
    weights = {}
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = parameter.replace(" ", "").removeprefix("q=")
    weight = weights.get("gzip", weights.get("*", "0"))
    return weight.strip("0.") != "" or weight == ""
