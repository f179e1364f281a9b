"""The URLs of the API: an operation each, the OpenAPI document, and a problem at every other address.

The operations' routes are written out, and a test compares them with ninja's: what describes the API (ninja, pydantic,
the document) takes 15 MB, which a process has no use for until somebody asks for the API.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from pledges.domain.lazy import lazy

if TYPE_CHECKING:
    from pledges.site.api import views
else:
    views = lazy("pledges.site.api.views")

app_name = "api"
ROUTES = {
    "list_pledges": "pledges",
    "get_pledge": "pledges/<slug:slug>",
    "search": "search",
    "list_updates": "updates",
    "list_evidence": "evidence",
    "list_mandates": "mandates",
    "get_mandate": "mandates/<slug:slug>",
    "list_indicators": "indicators",
    "get_indicator": "indicators/<slug:slug>",
    "list_editions": "editions",
    "get_edition": "editions/<int:number>",
    "list_changes": "changes",
}


def _view(name: str) -> Callable[..., HttpResponse]:
    @csrf_exempt
    def view(request: HttpRequest, **path: Any) -> HttpResponse:
        return views.VIEWS[name](request, **path)

    return view


urlpatterns = [
    path("openapi.json", _view("openapi"), name="openapi"),
    *(path(route, _view(name), name=name) for name, route in ROUTES.items()),
    re_path(r"", _view("nothing"), name="nothing"),
]
