"""The URLs of the API: an operation each, the OpenAPI document, and a problem at every other address."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import URLPattern, path, re_path

from pledges.site.api import openapi, problems
from pledges.site.api.endpoints import endpoint
from pledges.site.api.operations import api
from pledges.site.shared.page_cache import PublicRequest, origin_of

app_name = "api"


@endpoint([])
def document(request: PublicRequest) -> JsonResponse:
    """The OpenAPI document."""
    content = openapi.document() | {"servers": [{"url": origin_of(request)}]}
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


@endpoint(None)
def nothing(request: PublicRequest) -> HttpResponse:
    """The answer at an address where the API has nothing."""
    return problems.of_nothing(request, Http404())


def _operations() -> Iterator[URLPattern]:
    patterns: Iterable[Any] = api.urls[0]
    for pattern in patterns:
        if pattern.name != "api-root":
            route = str(pattern.pattern)
            parameters = openapi.query_parameters(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route))
            yield path(route, endpoint(parameters)(pattern.callback), name=pattern.name)


urlpatterns = [
    path("openapi.json", document, name="openapi"),
    *_operations(),
    re_path(r"", nothing, name="nothing"),
]
