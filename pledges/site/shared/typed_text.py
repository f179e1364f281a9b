"""Middleware that cleans typed text before any form or view reads it."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, QueryDict

from pledges.domain.text import visible

SEARCH = "q"  # the name of every search box, at the desk and on public pages
SECRETS = ("password", "email")  # never changed silently: their fields reject invalid characters


class TypedTextMiddleware:
    """Removes invisible characters from submitted forms and from search boxes.

    Other query parameters are identifiers, not text: a changed one would name another row.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Change nothing yet: a form must only be parsed after the CSRF check, so see `process_view`."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Replace the text of forms and search boxes by the cleaned one."""
        # The stubs want the type that Django gives to both, which exists in the stubs only.
        request.GET = cast(Any, _cleaned(request.GET, lambda name: name == SEARCH))
        if request.method == "POST":
            request.POST = cast(Any, _cleaned(request.POST, lambda name: not name.lower().endswith(SECRETS)))


def _cleaned(data: QueryDict, is_text: Callable[[str], bool]) -> QueryDict:
    """The data with all texts cleaned; the same object if nothing changes."""
    texts = {name: [visible(value) for value in data.getlist(name)] for name in data if is_text(name)}
    if all(values == data.getlist(name) for name, values in texts.items()):
        return data
    cleaned = data.copy()
    for name, values in texts.items():
        cleaned.setlist(name, values)
    return cleaned
