"""The operations of /api/v1: each reads its parameters, and gives an answer of `answers`."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI, Query
from ninja.decorators import decorate_view
from ninja.errors import ValidationError
from ninja.params.functions import Path
from ninja.renderers import JSONRenderer

from pledges.queries.asof import InvalidPeriod, NoSuchEdition
from pledges.site.api import answers, parameters, problems, record_schemas, requests, schemas
from pledges.site.api.answers import Answer
from pledges.site.api.requests import DataRequest
from pledges.site.pledges.detail import at_its_address
from pledges.site.shared.page_cache import origin_of


class Renderer(JSONRenderer):
    """JSON in UTF-8, as all downloads have it."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Pledge tracker",
    version="1",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    renderer=Renderer(),
    description=_(
        "Where pledges stand, on what evidence, and what changed: all that this tracker has published, read-only and "
        "without a key. Each answer is of one edition and one day, and has its texts in English and Spanish."
    ),
)
PROBLEMS = {
    HTTPStatus.NOT_FOUND: schemas.Problem,
    HTTPStatus.UNPROCESSABLE_ENTITY: schemas.Problem,
    HTTPStatus.TOO_MANY_REQUESTS: schemas.Problem,
}
HANDLERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    InvalidPeriod: problems.of_period,
    ValidationError: problems.of_validation,
    NoSuchEdition: problems.of_edition,
    Http404: problems.of_nothing,
    answers.RetractedPledge: problems.of_retraction,
}
for kind, handler in HANDLERS.items():
    api.add_exception_handler(kind, handler)


def in_path(description: str, example: object, **limits: Any) -> Any:
    """A parameter of an operation's path."""
    examples: Any = [example]
    return Path(..., description=description, examples=examples, **limits)


def named(example: str) -> Any:
    """The parameter of a path that is the last part of a page's address."""
    return in_path(_("The last part of its page’s address."), example, max_length=requests.LONGEST_SLUG)


EDITION = in_path(_("The number of the edition."), 1, ge=1)


def operation(path: str, answer: type, summary: str, description: str, **more: Any) -> Callable[[Any], Any]:
    """Decorator of an operation at `path` that gives an `answer`, or one of the problems that all have."""
    responses = {HTTPStatus.OK: answer, **PROBLEMS, **more.pop("responses", {})}
    return api.get(path, response=responses, summary=summary, description=description, by_alias=True, **more)


def _read(request: Any) -> DataRequest:
    """What a request asks for. `endpoint` has added the pulse to it, with which the cache's key is made."""
    asked = requests.read(request.GET, origin=origin_of(request), current=request.pulse)
    request.as_of = asked.as_of
    return asked


def _list(request: HttpRequest, answer: Answer) -> Answer:
    """The answer with the full address of its next part in place of the cursor."""
    if not answer["next"]:
        return answer
    given = [(name, value) for name, values in request.GET.lists() if name != "cursor" for value in values]
    query = urlencode([*given, ("cursor", answer["next"])])
    return answer | {"next": f"{origin_of(request)}{request.path}?{query}"}


@operation(
    "/pledges",
    schemas.PledgeList,
    _("Pledges"),
    _("All public pledges, or those that match the filters and the search of the site’s list, a row each."),
)
def list_pledges(request: HttpRequest, query: Query[parameters.PledgeFilters]) -> Answer:
    return _list(request, answers.pledges(_read(request)))


@operation(
    "/pledges/{slug:slug}",
    schemas.Pledge,
    _("One pledge"),
    _(
        "Everything on the page of a pledge: its wordings and criteria, its updates with their evidence, its "
        "corrections. An address that it had before a correction leads to the present one (301). If it was retracted, "
        "the answer says so (410)."
    ),
    responses={HTTPStatus.GONE: schemas.Retracted},
)
@decorate_view(at_its_address)
def get_pledge(request: HttpRequest, query: Query[parameters.AsOf], slug: str = named("new-bridges")) -> Answer:
    return answers.pledge(_read(request), slug)


@operation(
    "/search",
    schemas.MatchList,
    _("Search"),
    _(
        "The pledges that have the words, the best match first, each with the passages that have them. A misspelt word "
        "is corrected, and the answer says so. Words are looked for in what is published now."
    ),
)
def search(request: HttpRequest, query: Query[parameters.Words]) -> Answer:
    return _list(request, answers.search(_read(request)))


@operation(
    "/updates",
    schemas.UpdateList,
    _("Updates"),
    _("What happened to the pledges, the latest first, with its evidence; corrected and withdrawn updates, too."),
)
def list_updates(request: HttpRequest, query: Query[parameters.UpdateFilters]) -> Answer:
    return _list(request, answers.updates(_read(request)))


@operation(
    "/evidence",
    schemas.EvidenceList,
    _("Evidence"),
    _("The evidence of the updates, that of the latest first, a row for each piece."),
)
def list_evidence(request: HttpRequest, query: Query[parameters.UpdateFilters]) -> Answer:
    return _list(request, answers.evidence(_read(request)))


@operation(
    "/mandates",
    record_schemas.MandateList,
    _("Mandates"),
    _("The mandates that had been published and had begun, the newest first, each with the tally of its pledges."),
)
def list_mandates(request: HttpRequest, query: Query[parameters.Part]) -> Answer:
    return _list(request, answers.mandates(_read(request)))


@operation(
    "/mandates/{slug:slug}",
    record_schemas.MandateAnswer,
    _("One mandate"),
    _("A mandate that had been published, with the tally of its pledges."),
)
def get_mandate(request: HttpRequest, query: Query[parameters.AsOf], slug: str = named("silva-2023")) -> Answer:
    return answers.mandate(_read(request), slug)


@operation(
    "/indicators",
    record_schemas.IndicatorList,
    _("Indicators"),
    _("The indicators by their addresses, each with its series, the figures of its latest period and its pledges."),
)
def list_indicators(request: HttpRequest, query: Query[parameters.Part]) -> Answer:
    return _list(request, answers.indicators(_read(request)))


@operation(
    "/indicators/{slug:slug}",
    record_schemas.IndicatorAnswer,
    _("One indicator"),
    _("An indicator with its figures, the oldest first, each with the figures of earlier editions that it revises."),
)
def get_indicator(request: HttpRequest, query: Query[parameters.Part], slug: str = named("unemployment")) -> Answer:
    return _list(request, answers.indicator(_read(request), slug))


@operation("/editions", record_schemas.EditionList, _("Editions"), _("The acts of publication, the newest first."))
def list_editions(request: HttpRequest, query: Query[parameters.Part]) -> Answer:
    return _list(request, answers.editions(_read(request)))


@operation(
    "/editions/{int:number}",
    record_schemas.EditionAnswer,
    _("One edition"),
    _("An edition with the rows that it published, each with the hash of its content."),
)
def get_edition(request: HttpRequest, query: Query[parameters.Part], number: int = EDITION) -> Answer:
    return _list(request, answers.edition(_read(request), number))


@operation(
    "/changes",
    record_schemas.ChangeList,
    _("What changed"),
    _(
        "What changed between two days (what happened, by what the edition asked for says) or between two editions "
        "(what was published); without parameters, in the last 30 days."
    ),
)
def list_changes(request: HttpRequest, query: Query[parameters.Period]) -> Answer:
    return _list(request, answers.changes(_read(request)))
