"""The errors of the API: problem details (RFC 9457) that say what to do, and which parameter they are about."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja.errors import ValidationError

from pledges.queries.asof import InvalidPeriod, NoSuchEdition
from pledges.site.api.answers import RetractedPledge
from pledges.site.pledges import data

CONTENT_TYPE = "application/problem+json"
LONGEST_VALUE = 80  # characters of a wrong name that are shown


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    errors: Iterable[tuple[str, str]] = (),
    members: Mapping[str, object] | None = None,
) -> HttpResponse:
    """An error as a response. `errors` are the parameters to mend as (name, what to do), `members` further members."""
    content = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "errors": [{"parameter": name, "detail": text} for name, text in errors],
        **(members or {}),
    }
    dumped = {"ensure_ascii": False}
    return JsonResponse(content, status=status, content_type=CONTENT_TYPE, json_dumps_params=dumped)


def invalid(errors: list[tuple[str, str]]) -> HttpResponse:
    """Parameters with values that cannot be (422)."""
    detail = " ".join(f"{name}: {text}" for name, text in errors)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def of_period(_request: HttpRequest, error: InvalidPeriod) -> HttpResponse:
    """A parameter that cannot be, as `queries` and `requests` find it (422)."""
    return invalid([(error.field, str(error))])


def of_validation(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters whose values are of another kind than their schema says (422)."""
    found: dict[str, str] = {}
    for each in error.errors:
        # ("query", "the function's argument", name of the parameter, place in a list)
        name = next((part for part in each["loc"][2:] if isinstance(part, str)), str(each["loc"][-1]))
        text = _("This cannot be: %(reason)s. See the reference.") % {"reason": each["msg"]}
        found.setdefault(name, str(each.get("ctx", {}).get("error") or text))  # a validator of ours says what to do
    return invalid(list(found.items()))


def unknown_parameters(names: Iterable[str]) -> HttpResponse:
    """Parameters that the operation does not have (422): an answer that ignores them would be taken for another."""
    text = _("There is no such parameter here: see the reference.")
    return invalid([(name[:LONGEST_VALUE], text) for name in sorted(names)])


def of_edition(_request: HttpRequest, _error: NoSuchEdition) -> HttpResponse:
    """The parameter `edition` names none (404)."""
    text = _("There is no edition of this number: see the list of editions.")
    return problem(HTTPStatus.NOT_FOUND, text, errors=[("edition", text)])


def of_nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing public is at the address (404); what it is asked for by is the parameter of its path."""
    text = str(error) if error.args else _("Nothing is at this address: see /api/v1/openapi.json.")
    path = request.resolver_match.kwargs if request.resolver_match else {}
    return problem(HTTPStatus.NOT_FOUND, text, errors=[(name, text) for name in path])


def of_retraction(_request: HttpRequest, error: RetractedPledge) -> HttpResponse:
    """The pledge was retracted (410), with what its data says instead."""
    text = _("This pledge was retracted. As of an earlier edition it can still be read: give “edition”.")
    return problem(HTTPStatus.GONE, text, members=data.gone(error.retraction))


def not_allowed() -> HttpResponse:
    """The API is only read (405)."""
    response = problem(HTTPStatus.METHOD_NOT_ALLOWED, _("This can only be read: send GET."))
    response["Allow"] = "GET, HEAD, OPTIONS"
    return response


def too_many(seconds: int, most: int) -> HttpResponse:
    """More requests in a minute than a network may send (429)."""
    text = _("More than %(most)s requests came from your network in this minute: wait %(seconds)s seconds.")
    response = problem(HTTPStatus.TOO_MANY_REQUESTS, text % {"most": most, "seconds": seconds})
    response["Retry-After"] = str(seconds)
    return response
