"""The answers of the API as dictionaries for JSON, independent of HTTP; other programs' tools use them, too.

Each takes a `DataRequest` and raises InvalidPeriod at the parameter to mend, Http404 for what is not public as of the
edition and day, or RetractedPledge. Texts are in both languages, days are ISO 8601, times are UTC. A list has `count`,
`results`, and in `next` the cursor of its next part, or None.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import tally
from pledges.models import Edition, Indicator, Mandate, Observation, Retraction
from pledges.queries import edition_items, periods, visibility
from pledges.queries import indicators as figures
from pledges.queries.asof import AsOf, InvalidPeriod
from pledges.queries.changes import Moment
from pledges.queries.indicators import IndicatorFigure, Known, Line
from pledges.queries.periods import EDITIONS, Period
from pledges.queries.published import PublicEvidence, PublicUpdate
from pledges.queries.pulse import Pulse
from pledges.queries.search import filters
from pledges.queries.search.highlights import Excerpt, Marker
from pledges.queries.standings import Standing, present_address, standing_of, standings_uncached
from pledges.site.api.merged_languages import DifferentContent, merge_languages
from pledges.site.api.requests import DataRequest
from pledges.site.changes import views as change_views
from pledges.site.pledges import data, table
from pledges.site.pledges.detail import Retracted, find_as_of
from pledges.site.shared import summaries
from pledges.site.shared.page_cache import current_newsroom
from pledges.site.shared.public_addresses import in_each_language, pinned_query

Answer = dict[str, Any]


class RetractedPledge(Exception):
    """The pledge was retracted by the time that is asked for."""

    def __init__(self, retraction: Retraction) -> None:
        super().__init__("the pledge was retracted")
        self.retraction = retraction


def pledges(request: DataRequest) -> Answer:
    """The pledges that match the filters of the site's list (`q`, `status`, `deadline`, `topic`, `institution`,
    `mandate`, `headline`, `since`), in the order of `sort`, a row each."""
    standings, _search = table.matching(request.parameters, request.as_of)
    rows = table.rows(request.part(standings), as_of=request.as_of, origin=request.origin)
    return _list(request, len(standings), rows)


def search(request: DataRequest) -> Answer:
    """The pledges that have the words `q`, the best match first, each with the passages that have them.

    A word that no pledge has is corrected: `corrections` and `corrected_query` say so.
    """
    standings, found = table.matching(request.parameters, request.as_of)
    if found is None:
        raise InvalidPeriod("q", _("Say what to look for."))
    marker, part = Marker(found.query), request.part(standings)
    rows = table.rows(part, as_of=request.as_of, origin=request.origin)
    results = [
        {**row, "passages": [_passage(excerpt) for excerpt in marker.highlight(standing).passages]}
        for standing, row in zip(part, rows, strict=True)
    ]
    return {
        **_list(request, len(standings), results),
        "all_words": found.all_words,
        "corrections": [{"typed": typed, "searched_for": instead} for typed, instead in found.corrections],
        "corrected_query": found.corrected_query,
        "suggestions": list(found.suggestions),
    }


def pledge(request: DataRequest, slug: str) -> Answer:
    """Everything on the page of one pledge; `slug` is any address that it ever had. Raises RetractedPledge."""
    try:
        found = find_as_of(request.as_of, present_address(slug))
    except Http404 as error:
        raise Http404(_("No pledge that was public by then has this address.")) from error
    if isinstance(found, Retracted):
        raise RetractedPledge(found.retraction)
    edition = request.as_of.edition
    return data.as_data(
        found.standing,
        edition=edition,
        newsroom=current_newsroom(),
        kept=visibility.kept_evidence(data.published_updates(found.standing, edition)),
        retraction=found.retraction,
        addresses=_pinned(request, "pledge", found.standing.pledge.slug),
    )


def updates(request: DataRequest) -> Answer:
    """The published updates of all pledges, or of some (`pledge`, `topic`, `institution`, `mandate`), the latest first;
    corrected and withdrawn ones, too."""
    rows = _updates(request)
    part, edition = request.part(rows), request.as_of.edition
    kept = visibility.kept_evidence([update for _standing, update, _correction in part])
    results = [
        {
            "pledge": standing.pledge.slug,
            **data.both(standing.wording, "title"),
            **_pinned(request, "pledge", standing.pledge.slug),
            "counts": update in standing.updates,
            **data.update_data(update, correction, edition=edition, kept=kept),
        }
        for standing, update, correction in part
    ]
    return _list(request, len(rows), results)


def evidence(request: DataRequest) -> Answer:
    """The evidence of the same updates, the latest update first, a row for each piece."""
    rows = [(standing, update, piece) for standing, update, _ in _updates(request) for piece in update.evidence]
    part = request.part(rows)
    kept = visibility.kept_evidence([update for _standing, update, _piece in part])
    return _list(request, len(rows), [_evidence(standing, update, piece, kept) for standing, update, piece in part])


def mandates(request: DataRequest) -> Answer:
    """The mandates that had begun by the day, the newest first, each with the tally of its pledges."""
    rows = _mandates(request).filter(pk__in=visibility.mandates_until(request.as_of.day).values("pk"))
    listed = list(rows.order_by("-starts_on", "slug"))
    return _list(request, len(listed), _with_tallies(request, request.part(listed)))


def mandate(request: DataRequest, slug: str) -> Answer:
    """One mandate."""
    row = _mandates(request).filter(slug=slug).first()
    if row is None:
        raise Http404(_("No mandate that was published by then has this address."))
    return {**_about(request), **_with_tallies(request, [row])[0]}


def indicators(request: DataRequest) -> Answer:
    """The indicators by their address, each with its series, its newest figures and its pledges."""
    rows = list(figures.public(request.as_of.edition).order_by("slug"))
    pledges_of = figures.of_pledges(_standings(request))
    known = figures.known(request.part(rows), edition=request.as_of.edition, until=request.as_of.asked_day)
    results = [
        {
            **_indicator(request, each, pledges_of[each.indicator.pk]),
            "newest": [_figure(line, figure) for line, figure in each.newest],
        }
        for each in known
    ]
    return _list(request, len(rows), results)


def indicator(request: DataRequest, slug: str) -> Answer:
    """One indicator with its figures, the oldest first, each with the figures of earlier editions that it revises.

    The figures are a list in parts, as `results` are elsewhere.
    """
    row = figures.public(request.as_of.edition).filter(slug=slug).first()
    if row is None:
        raise Http404(_("No indicator that was published by then has this address."))
    (known,) = figures.known([row], edition=request.as_of.edition, until=request.as_of.asked_day)
    results = [_figure(line, figure) for line, figure in request.part(known.rows)]
    of_pledges = figures.of_pledges(_standings(request))[row.pk]
    return {**_list(request, len(known.rows), results), **_indicator(request, known, of_pledges)}


def editions(request: DataRequest) -> Answer:
    """The editions up to the day, the newest first."""
    rows: Any = visibility.editions_until(request.as_of.edition, request.as_of.day)
    count = rows.count()
    part = request.part(rows.annotate(item_count=Count("items")))
    return _list(request, count, [_edition(request, row) for row in part])


def edition(request: DataRequest, number: int) -> Answer:
    """One edition with its items: the rows that it published, in parts."""
    rows: Any = visibility.editions_until(request.as_of.edition, request.as_of.day)
    row = rows.annotate(item_count=Count("items")).filter(number=number).first() if number < 10**9 else None
    if row is None:
        raise Http404(_("No edition that was published by then has this number."))
    items = list(request.part(row.items.select_related("pledge").order_by("kind", "pk")))
    texts = {}
    for code in LANGUAGES:
        with translation.override(code):
            texts[code] = [(str(each.kind), str(each.name), str(each.detail)) for each in edition_items.in_words(items)]
    results = [
        {
            "action": item.action,
            "kind": item.kind,
            "key": item.key,
            "sealed_title": item.title,
            **{
                f"{name}_{code}": texts[code][place][at]
                for at, name in enumerate(("kind", "name", "detail"))
                for code in LANGUAGES
            },
            "pledge": item.pledge.slug if item.pledge else None,
            "sha256": item.sha256,
        }
        for place, item in enumerate(items)
    ]
    return {**_list(request, row.item_count, results), **_edition(request, row)}


def changes(request: DataRequest) -> Answer:
    """What changed between two days (`since`, `to`) or two editions (`from_edition`, `to_edition`), of a `topic`, a
    `mandate` or a `kind`; by default in the last 30 days. Days are compared by what the edition asked for says."""
    as_of, parameters = request.as_of, request.parameters
    if as_of.by_day and any(parameters.get(name) for name in EDITIONS):
        raise InvalidPeriod("on", _("Choose two days or two editions, not one of each."))
    last = replace(request.pulse, edition=as_of.edition)
    period = periods.read(parameters, last, as_of.day)  # an error is in the language of the client
    try:
        shown, rows = _changes(request, last, period)
    except DifferentContent:  # mandates are read as they are, and one was saved between the two languages
        shown, rows = _changes(request, last, period)
    for name in ("topic", "mandate"):
        slug = parameters.get(name, "")
        # Something that pledges no longer have may be in the changes.
        if slug and not shown.kinds and slug not in known_values(name, request, period.end):
            raise filters.unknown_value(name, slug)
    return {
        **_list(request, len(shown.changes), rows),
        **change_views.moments(period),
        "kinds": shown.kinds_as_data,
    }


def known_values(name: str, request: DataRequest, end: Moment | None = None) -> set[str]:
    """The values of a facet that may be asked for: of pledges, then or at the end of a period, and all mandates."""
    standings = [*_standings(request), *(standings_uncached(end.edition, end.day) if end else ())]
    known = set(filters.known_values(name, standings))
    return known | set(_mandates(request).values_list("slug", flat=True)) if name == "mandate" else known


# --- what they share --------------------------------------------------------------------------------------------------


def _changes(request: DataRequest, last: Pulse, period: Period) -> tuple[change_views.Shown, list[Answer]]:
    """The changes that are asked for, and those of the part in both languages. Raises DifferentContent."""
    versions, end = [], period.end
    for code in LANGUAGES:
        with translation.override(code):
            shown = change_views.Shown(request.parameters, last, request.as_of.day, period)
            asked = () if period.by_edition else (("on", end.day.isoformat()),)
            page = pinned_query(AsOf(end.edition, end.day, asked))
            part = request.part(shown.changes)
            versions.append([change_views.as_data(change, origin=request.origin, as_of=page) for change in part])
    return shown, merge_languages(versions)


def _about(request: DataRequest) -> Answer:
    """What every answer says of itself."""
    newsroom = current_newsroom()
    return {
        **{f"tracker_{code}": getattr(newsroom, f"name_{code}") for code in LANGUAGES},
        "licence": newsroom.licence,
        "edition": request.as_of.edition,
        "as_of": request.as_of.day.isoformat(),
    }


def _list(request: DataRequest, count: int, rows: Iterable[Answer]) -> Answer:
    return {**_about(request), "count": count, "next": request.next_cursor(count), "results": list(rows)}


def _standings(request: DataRequest) -> tuple[Standing, ...]:
    return standings_uncached(request.as_of.edition, request.as_of.day)


def _pinned(request: DataRequest, name: str, key: object) -> dict[str, str]:
    """The addresses of a page as this edition and day have it."""
    return in_each_language(name, key, origin=request.origin, query=pinned_query(request.as_of))


def _updates(request: DataRequest) -> list[tuple[Standing, PublicUpdate, int | None]]:
    """The published updates with the id of their correction, of the pledges that the parameters select."""
    standings, _search = table.matching(request.parameters, request.as_of)
    if slug := request.parameters.get("pledge", ""):
        chosen, _near = standing_of(present_address(slug), edition=request.as_of.edition, day=request.as_of.day)
        if chosen is None:
            raise filters.unknown_value("pledge", slug)
        standings = [standing for standing in standings if standing.pledge == chosen.pledge]
    rows = [
        (standing, update, correction)
        for standing in standings
        for update, correction in data.with_corrections(standing, request.as_of.edition)
    ]
    return sorted(rows, key=lambda row: (row[1].happened_on, row[1].edition_id, row[1].pk), reverse=True)


def _evidence(standing: Standing, update: PublicUpdate, piece: PublicEvidence, kept: Any) -> Answer:
    return {
        "pledge": standing.pledge.slug,
        "update": update.pk,
        "happened_on": update.happened_on.isoformat(),
        "status": str(update.status),
        "counts": update in standing.updates,
        **data.evidence_data(piece, kept),
    }


def _mandates(request: DataRequest) -> Any:
    return visibility.published_mandates(request.as_of.edition, _standings(request))


def _with_tallies(request: DataRequest, rows: Sequence[Mandate]) -> list[Answer]:
    day = request.as_of.day
    return [
        {
            "slug": of.mandate.slug,
            "person": of.mandate.person,
            **data.both(of.mandate, "office", "note"),
            "country": of.mandate.country,
            "elected_on": data.iso(of.mandate.elected_by(day)),
            "starts_on": of.mandate.starts_on.isoformat(),
            "ends_on": data.iso(of.mandate.ends_on),
            "closed_on": data.iso(of.mandate.closed_by(day)),
            "pledges": len(of.standings),
            "tally": tally(standing.status for standing in of.standings),
            **_pinned(request, "mandate", of.mandate.slug),
        }
        for of in summaries.of_mandates(_standings(request), rows)
    ]


def _indicator(request: DataRequest, known: Known, pledges: Sequence[Standing]) -> Answer:
    row: Indicator = known.indicator
    return {
        "slug": row.slug,
        **data.both(row, "name", "unit", "caveat"),
        **_pinned(request, "indicator", row.slug),
        "pledges": [standing.pledge.slug for standing in pledges],
        "series": [_series(line) for line in known.lines],
    }


def _series(line: Line) -> Answer:
    named = line.named
    return {
        "slug": line.slug,
        **{f"{name}_{code}": getattr(named, f"{name}_{code}", "") for name in ("name", "note") for code in LANGUAGES},
        "source": line.source,
        "figures": len(line.figures),
    }


def _figure(line: Line, figure: IndicatorFigure) -> Answer:
    return {
        "series": line.slug,
        **_observation(figure.now),
        "revises": [_observation(earlier) for earlier in figure.earlier],
    }


def _observation(row: Observation) -> Answer:
    assert row.edition, "the figure is published"
    return {
        "period": row.period,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "value": figures.decimal_text(row.value),
        "source": row.source,
        "url": row.url,
        **data.both(row, "note"),
        "edition": row.edition_id,
        "published_at": data.iso(row.edition.published_at),
    }


def _edition(request: DataRequest, row: Edition) -> Answer:
    return {
        "number": row.number,
        "published_at": data.iso(row.published_at),
        "publisher": row.publisher,
        "hash": row.hash,
        "previous_hash": row.previous_hash,
        "items": row.item_count,
        **in_each_language("edition", row.number, origin=request.origin),
    }


def _passage(excerpt: Excerpt) -> Answer:
    return {
        "kind": excerpt.kind,
        "html": str(excerpt.marked),
        "update": excerpt.update.pk if excerpt.update else None,
        "url": excerpt.piece.url if excerpt.piece else None,
    }
