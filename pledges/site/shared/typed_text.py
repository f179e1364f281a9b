"""What people type, before any form or view reads it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

from pledges.domain.text import visible

SEARCH = "q"  # the name of every search box, at the desk and on public pages
SECRETS = ("password", "email")  # never changed in silence: their fields refuse what is wrong


class TypedTextMiddleware:
    """Takes invisible characters out of every form that is sent and of every search box.

    Other parameters of an address are no texts but identifiers: changed, one would name another row.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing yet: a form is only parsed once its sender has passed the check against forgery."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view) -> None:
        """Replace what was typed."""
        request.GET = _cleaned(request.GET, lambda name: name == SEARCH)
        if request.method == "POST":
            request.POST = _cleaned(request.POST, lambda name: not name.lower().endswith(SECRETS))


def _cleaned(data: QueryDict, is_text: Callable[[str], bool]) -> QueryDict:
    """The data with the values of all texts cleaned; the same object where nothing changes."""
    wanted = {name: [visible(value) for value in data.getlist(name)] for name in data if is_text(name)}
    if all(values == data.getlist(name) for name, values in wanted.items()):
        return data
    cleaned = data.copy()
    for name, values in wanted.items():
        cleaned.setlist(name, values)
    return cleaned
