"""The views of the API by the names of their addresses: the operations, the OpenAPI document, and a problem."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse

from pledges.site.api import openapi, problems
from pledges.site.api.endpoints import endpoint
from pledges.site.api.operations import api
from pledges.site.shared.page_cache import PublicRequest, origin_of


@endpoint([])
def document(request: PublicRequest) -> JsonResponse:
    """The OpenAPI document."""
    content = openapi.document() | {"servers": [{"url": origin_of(request)}]}
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


@endpoint(None)
def nothing(request: PublicRequest) -> HttpResponse:
    """The answer at an address where the API has nothing."""
    return problems.of_nothing(request, Http404())


def _operations() -> Iterator[tuple[str, str, Callable[..., HttpResponse]]]:
    """The name of each operation, its route and its view."""
    patterns: Iterable[Any] = api.urls[0]
    for pattern in patterns:
        if pattern.name != "api-root":
            route = str(pattern.pattern)
            parameters = openapi.query_parameters(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route))
            yield pattern.name, route, endpoint(parameters)(pattern.callback)


ROUTES = {name: route for name, route, _view in _operations()}
VIEWS: dict[str, Callable[..., HttpResponse]] = {name: view for name, _route, view in _operations()}
VIEWS |= {"openapi": document, "nothing": nothing}
