"""Requests of the desk to the watch: what can be read at an address, what a file of figures contains.

The desk imports this and not the watch (docs/adr/0006-probing.md and 0021).
"""

from dataclasses import dataclass

from django.utils import timezone

from pledges.actions import address_lookups, broker
from pledges.domain.country_names import country_names
from pledges.domain.languages import LANGUAGES, OWN_NAMES
from pledges.domain.messages import UserFacingError
from pledges.jobs import find_source, web
from pledges.jobs.source_finder import LONGEST_ADDRESS, ONE_ANSWER, Probed, from_data
from pledges.models import AddressLookup, Pledge, Source, User, WatchTerm, Wording
from pledges.watch import isolation
from pledges.watch.figures import columns, series
from pledges.watch.sources import articles, feeds, page_watch, search_urls
from pledges.watch.web import client


class Problem(UserFacingError):
    """Something cannot be read; `sentence` is for an editor."""


@dataclass(frozen=True)
class Search:
    """A search made from a pledge's words, as a source that could be added."""

    kind: str
    url: str
    name: str
    publisher: str
    language: str


def look_up(address: str, *, pledge: int | None, by: User) -> tuple[AddressLookup, bool]:
    """Have a worker find out what can be read at an address; returns the lookup, and whether the message was sent."""
    row = address_lookups.request_lookup(address=address, pledge=pledge, by=by, now=timezone.now())
    return row, broker.enqueue(find_source, row.pk)


def found(lookup: AddressLookup) -> Probed | None:
    """What was found at its address; None while a worker is looking."""
    return from_data(lookup.found) if lookup.found is not None else None


def searches(pledge: Pledge) -> list[Search]:
    """The searches made from a pledge's words: Google News and GDELT, in each of its languages."""
    wording = pledge.public_wording or pledge.latest_wording
    if wording is None:
        return []
    country = pledge.mandate.country
    terms = list(pledge.watch_terms.filter(rule__in=[WatchTerm.Rule.MUST, WatchTerm.Rule.NEVER]))
    words = {code: _words(pledge, wording, code, country, terms) for code in LANGUAGES}
    spoken = [code for code in LANGUAGES if words[code].title or words[code].aliases]
    found = []
    for code in spoken:
        title = words[code].title or words[code].aliases[0]
        url = search_urls.google_news(words[code], language=code, country=country)
        found.append(Search(Source.Kind.FEED, url, f"Google News: {title}"[:160], "Google News", code))
    query_language = "en" if "en" in spoken else "es"  # GDELT searches English translations
    place = country_names()["en"].get(country.upper(), "")
    for code in spoken:
        title = words[query_language].title or words[query_language].aliases[0]
        url = search_urls.gdelt(words[query_language], language=code, words_language=query_language, country=place)
        found.append(Search(Source.Kind.GDELT, url, f"GDELT ({OWN_NAMES[code]}): {title}"[:160], "GDELT", code))
    return [search for search in found if len(search.url) <= LONGEST_ADDRESS]


def columns_in(body: bytes, *, path: str) -> list[columns.OfferedColumn]:
    """The columns that an uploaded file has. Raises Problem."""
    try:
        return columns.offered_in_child(body, path=path)
    except feeds.FeedError as error:
        raise Problem(error.sentence) from error


def figures_in(
    body: bytes,
    *,
    path: str,
    period_column: str,
    value_column: str,
    text_columns: tuple[str, ...] = (),
    units: tuple[str, ...] = (),
) -> series.Reading:
    """The figures in an uploaded file. Raises Problem."""
    named = {"period_column": period_column, "value_column": value_column, "text_columns": text_columns}
    try:
        return series.read_in_child(body, path=path, units=units, **named)
    except feeds.FeedError as error:
        raise Problem(error.sentence) from error


def changes(before: str, after: str) -> page_watch.PageChange:
    """What is new in the later of two texts of a page, and what is missing from it."""
    return page_watch.compare(before, after)


def selected(url: str, selector: str) -> str:
    """The current text of the part of a page that a selector names. Raises Problem."""
    try:
        answer = web.get(url, limits=ONE_ANSWER)
        text: str = isolation.call(
            page_watch.read,
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            selector=selector,
            seconds=8.0,
        )
    except (client.FetchError, articles.ArticleError, isolation.IsolationError) as error:
        raise Problem(error.sentence) from error
    return text


def _words(pledge: Pledge, wording: Wording, code: str, country: str, terms: list[WatchTerm]) -> search_urls.Words:
    named = country_names()[code].get(country.upper(), "")
    return search_urls.Words(
        title=getattr(wording, f"title_{code}"),
        aliases=tuple(getattr(pledge, f"also_called_{code}")),
        must=tuple(term.phrase for term in terms if term.language == code and term.rule == WatchTerm.Rule.MUST),
        never=tuple(term.phrase for term in terms if term.language == code and term.rule == WatchTerm.Rule.NEVER),
        context=tuple(name for name in (named, pledge.mandate.person) if name),
    )
