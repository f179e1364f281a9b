"""What the tools answer: the API's answers, with the evidence and the public address of what they say."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.http import Http404
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import tally
from pledges.queries import visibility
from pledges.queries.asof import InvalidPeriod
from pledges.queries.periods import EDITIONS
from pledges.queries.search import facets, filters
from pledges.queries.search.filters import FACETS, Filter
from pledges.queries.standings import Standing, standings_uncached
from pledges.site import definitions
from pledges.site.api import answers as api
from pledges.site.api import requests
from pledges.site.api.requests import DataRequest
from pledges.site.changes.views import FILTERS
from pledges.site.pledges import data
from pledges.site.shared.public_addresses import in_each_language, pinned_query

Answer = dict[str, Any]
Arguments = Mapping[str, Any]
USUAL = 10  # rows in an answer: as many as an assistant can read in one go
MOST_UPDATES = 5  # of a change, with their evidence: the latest; the pledge has the others
MOST_NAMED = 40  # values that an error names
MEANINGS: dict[str, dict[str, object]] = {
    "status": {str(status): text for status, text in definitions.STATUSES.items()},
    "deadline": {str(timeliness): text for timeliness, text in definitions.TIMELINESS.items()},
}


def request_of(arguments: Arguments, origin: str) -> DataRequest:
    """The arguments as a request to the API. Raises what `requests.read` raises."""
    given = {"limit": USUAL, **arguments}
    if "headline" in given:
        given["headline"] = "yes" if given["headline"] else ""
    return requests.of_values(origin=origin, **given)


def search_pledges(arguments: Arguments, origin: str) -> Answer:
    """The pledges that match, each with the evidence of its last update."""
    request = request_of(arguments, origin)
    try:
        answer = api.search(request) if request.parameters.get("q") else api.pledges(request)
    except InvalidPeriod as error:
        raise InvalidPeriod(error.field, f"{error}{_what_there_is(error.field, request)}") from error
    latest = {standing.pledge.slug: standing.latest for standing in _standings(request)}
    found = {row["slug"]: update for row in answer["results"] if (update := latest[row["slug"]])}
    kept = visibility.kept_evidence(found.values())
    evidence = {slug: [data.evidence_data(piece, kept) for piece in update.evidence] for slug, update in found.items()}
    for row in answer["results"]:
        row["latest_evidence"] = evidence.get(row["slug"], [])
    asked = [(name, value) for name in filters.PARAMETERS for value in request.parameters.getlist(name)]
    return answer | _about(request, "pledges", asked=asked)


def read_pledge(arguments: Arguments, origin: str) -> Answer:
    """All that a pledge's page says, its updates in parts, the latest first; of a retracted one, why it was."""
    request = request_of(arguments, origin)
    try:
        answer = api.pledge(request, arguments["slug"])
    except api.RetractedPledge as error:
        return data.gone(error.retraction) | _about(request, "pledge", error.retraction.pledge.slug)
    except Http404 as error:
        raise InvalidPeriod("slug", f"{error} {_('Look for it with search_pledges.')}") from error
    updates = answer["updates"][::-1]
    count = len(updates)
    return answer | {"count": count, "updates": request.part(updates), "next": request.next_cursor(count)}


def what_changed(arguments: Arguments, origin: str) -> Answer:
    """The changes between two days or two editions, their updates with all that is known of their evidence."""
    request = request_of(arguments, origin)
    try:
        answer = api.changes(request)
    except InvalidPeriod as error:
        values = _what_there_is(error.field, request) if error.field in FACETS else ""
        raise InvalidPeriod(error.field, f"{error}{values}") from error
    _give_evidence(answer)
    moments = (answer["from"], answer["to"])
    asked = [(name, value) for name in FILTERS if (value := request.parameters.get(name, ""))]
    if any(name in arguments for name in EDITIONS):
        asked += [(name, str(moment["edition"])) for name, moment in zip(EDITIONS, moments, strict=True)]
    else:
        first, last = (date.fromisoformat(moment["day"]) for moment in moments)
        asked += [("since", (first + timedelta(days=1)).isoformat()), ("to", last.isoformat())]
    return answer | in_each_language("changes", origin=origin, query=f"?{urlencode(asked)}")


def _give_evidence(answer: Answer) -> None:
    """Put all that is known of the latest updates of each change, and of their evidence, in place of a summary."""
    edition, day = answer["to"]["edition"], date.fromisoformat(answer["to"]["day"])
    ids = {update["id"] for change in answer["results"] for update in change["updates"][-MOST_UPDATES:]}
    standings = standings_uncached(edition, day)
    updates = {update.pk: update for standing in standings for update in standing.updates if update.pk in ids}
    kept = visibility.kept_evidence(updates.values())
    for change in answer["results"]:
        latest = [updates[update["id"]] for update in change["updates"] if update["id"] in updates]
        change["more_updates"] = len(change["updates"]) - len(latest)
        change["updates"] = [data.update_data(update, None, edition=edition, kept=kept) for update in latest]


def list_mandates(arguments: Arguments, origin: str) -> Answer:
    """The mandates that had begun, the newest first, each with the tally of its pledges."""
    request = request_of(arguments, origin)
    return api.mandates(request) | _about(request, "mandates")


def list_filters(arguments: Arguments, origin: str) -> Answer:
    """The values of each facet that pledges can be searched by, with what statuses and deadlines mean."""
    request = request_of(arguments, origin)
    listed = {facet.name: facet for facet in facets.apply(Filter(), _standings(request), None).facets}
    return _about(request, "pledges") | {
        "filters": [
            {
                "name": name,
                "values": [
                    {
                        "value": choice.value,
                        **_in_each_language("label", choice.label),
                        **_in_each_language("meaning", MEANINGS.get(name, {}).get(choice.value, "")),
                        "pledges": choice.count,
                    }
                    for choice in listed[name].choices
                ],
                "more": listed[name].more,
            }
            for name in FACETS
            if name != "headline"
        ]
    }


def current_edition(arguments: Arguments, origin: str) -> Answer:
    """The newest edition, and how many pledges stand where by it."""
    request = request_of({"limit": 1}, origin)
    newest = api.editions(request)["results"]
    standings = _standings(request)
    return _about(request, "home") | {
        "newest": newest[0] if newest else None,
        "pledges": len(standings),
        "tally": tally(standing.status for standing in standings),
    }


# --- parts ------------------------------------------------------------------------------------------------------------


def _standings(request: DataRequest) -> tuple[Standing, ...]:
    return standings_uncached(request.as_of.edition, request.as_of.day)


def _about(request: DataRequest, page: str, *args: str, asked: Iterable[tuple[str, str]] = ()) -> Answer:
    """The edition and the day of an answer, and the address of a page that says the same: with the parameters `asked`,
    as of this edition."""
    as_of = request.as_of
    addresses = in_each_language(page, *args, origin=request.origin, query=pinned_query(as_of, asked))
    return {"edition": as_of.edition, "as_of": as_of.day.isoformat(), **addresses}


def _what_there_is(name: str, request: DataRequest) -> str:
    """A sentence with the values that an argument may have, or ""."""
    if name == filters.SINCE:
        return " " + _("Give a day until %(day)s as YYYY-MM-DD, or a number of days: %(days)s, or “%(edition)s”.") % {
            "day": request.as_of.day.isoformat(),
            "days": ", ".join(filters.PERIODS),
            "edition": filters.LAST_EDITION,
        }
    if name not in FACETS:
        return ""
    values = sorted(api.known_values(name, request))
    more = ", …" if len(values) > MOST_NAMED else ""
    return " " + _("There are: %(values)s.") % {"values": ", ".join(values[:MOST_NAMED]) + more}


def _in_each_language(name: str, text: object) -> dict[str, str]:
    texts = {}
    for code in LANGUAGES:
        with translation.override(code):
            texts[f"{name}_{code}"] = str(text)
    return texts
