"""The public pages: each loads with access, does one thing, renders. All of them work without JavaScript."""

from collections.abc import Iterable
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pledges import access, actions, filters, pulse, search
from pledges.headlines import headline
from pledges.models import COUNTED_LABELS, Edition, Mandate, Observation, Retraction, Source, Wording
from pledges.pledge_page import axis_until_today, page_of, retracted_page_of
from pledges.rules import DUE_SOON_DAYS, Status, Timeliness, edition_content, tally
from pledges.standings import Standing, standing_of, standings
from pledges.strips import Axis

from .shell import current_standings, page, pulse_of, today

PAGE_SIZE = 50
LATEST = 6
MOST_LISTED = 20  # of a list beside the others; the rest is a number that leads to the list of pledges
STOP_POLLING = 286  # htmx's


def _title(found: Iterable[Standing]) -> str:
    found = list(found)
    people = {standing.pledge.mandate.person for standing in found}
    return headline(tally(s.status for s in found), people.pop() if len(people) == 1 else "")


def _blocks(found: Iterable[Standing]) -> list[Standing]:
    return sorted(found, key=lambda s: (filters.STATUS_ORDER[s.status], s.pledge.slug))


def _tally(found: Iterable[Standing]) -> list[tuple[str, object, int]]:
    return [(status, COUNTED_LABELS[Status(status)] % n, n) for status, n in tally(s.status for s in found).items()]


def _beginning(found: Iterable[Standing]) -> tuple[list[Standing], int]:
    """The first of them, and how many more there are."""
    found = list(found)
    return found[:MOST_LISTED], len(found[MOST_LISTED:])


@page()
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the tally, what changed last, and when the news was last checked."""
    found = current_standings(request)
    overdue = [standing for standing in found if standing.timeliness == Timeliness.OVERDUE]
    latest = sorted((s for s in found if s.latest), key=lambda s: (s.changed_on, s.pledge.slug), reverse=True)
    return render(
        request,
        "pledges/home.html",
        {
            "headline": _title(found),
            "blocks": _blocks(found),
            "tally": _tally(found),
            "latest": latest[:LATEST],
            "headline_set": _beginning(standing for standing in found if standing.pledge.headline),
            "overdue": _beginning(overdue),
            "axis": axis_until_today(found),
            "mandates": [row for row in Mandate.objects.order_by("-starts_on") if _in_mandate(found, row)],
        },
    )


@page(*filters.PARAMETERS)
def pledges(request: HttpRequest) -> HttpResponse:
    """The list with its search, facets and order; with htmx only the results."""
    found = current_standings(request)
    asked = filters.parse(request.GET, found)
    ranks, all_words = search.find(asked.q) if asked.q else (None, True)
    shown, facets = filters.apply(asked, found, ranks)
    pages = Paginator(shown, PAGE_SIZE)
    this_page = pages.get_page(asked.page)
    partial = request.htmx and not request.htmx.history_restore_request
    return render(
        request,
        "pledges/list.html#results" if partial else "pledges/list.html",
        {
            "asked": asked,
            "partial": partial,
            "all_words": all_words,
            "facets": facets,
            # The usual order has no value: it is another one as soon as something is searched for.
            "sorts": [
                ("" if name == asked.usual_sort else name, label, name == asked.sort)
                for name, label in filters.SORTS.items()
                if name != "relevance" or asked.q
            ],
            "page": this_page,
            "previous": asked.query(page=str(this_page.number - 1)) if this_page.has_previous() else "",
            "next": asked.query(page=str(this_page.number + 1)) if this_page.has_next() else "",
            "total": len(shown),
            "of": len(found),
            "tally": _tally(shown),
            "axis": axis_until_today(found),
        },
        # An address that asks for what there is not says so, and shows what the rest of it asks for.
        status=422 if asked.unknown and not partial else 200,
    )


def _cited_edition(request: HttpRequest) -> Edition | None:
    """The edition that `?edition=` asks for, or None for the current one. Raises Http404 for one that never was."""
    number = request.GET.get("edition", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 10 and int(number) <= pulse_of(request).edition):
        raise Http404("no edition has this number")
    return get_object_or_404(access.public_editions(), number=int(number))


def _left_on(edition: Edition) -> date:
    """The last day on which an edition was the current one."""
    followed = access.public_editions().filter(number=edition.number + 1).first()
    return timezone.localdate(followed.published_at) if followed else today()


@page("edition")
def pledge(request: HttpRequest, slug: str) -> HttpResponse:
    """Where one pledge stands, since when, and how that is known; with `?edition=`, what that edition said of it."""
    cited = _cited_edition(request)
    if cited:
        standing, found = standing_of(slug, edition=cited.number, day=_left_on(cited))
    else:
        found = current_standings(request)
        standing = next((each for each in found if each.pledge.slug == slug), None)
    retraction = access.public_retractions().filter(pledge__slug=slug).select_related("edition").first()
    if standing is None and retraction:
        return _retracted(request, retraction)
    if standing is None:
        raise Http404("no public pledge has this address")
    edition = cited.number if cited else pulse_of(request).edition
    context = page_of(standing, found, edition=edition)
    # Of a citation: what it shows was taken back later.
    return render(request, "pledges/pledge.html", context | {"cited": cited, "retraction": retraction})


def _retracted(request: HttpRequest, retraction: Retraction) -> HttpResponse:
    """What stands at the address of a pledge that was retracted: that it was, why, and what it had said (410)."""
    last = retraction.edition_id - 1
    day = timezone.localdate(retraction.edition.published_at)
    said, _near = standing_of(retraction.pledge.slug, edition=last, day=day)
    return render(request, "pledges/retracted.html", retracted_page_of(retraction, said), status=410)


@page()
def mandates(request: HttpRequest) -> HttpResponse:
    """Every mandate with its tally."""
    found = current_standings(request)
    listed = [(mandate, _in_mandate(found, mandate)) for mandate in Mandate.objects.order_by("-starts_on")]
    return render(
        request,
        "pledges/mandates.html",
        {"listed": [(mandate, _blocks(inside), _tally(inside)) for mandate, inside in listed]},
    )


@page("page")
def mandate(request: HttpRequest, slug: str) -> HttpResponse:
    """The days of one mandate, with every pledge made in it or carried into it on one axis."""
    row = get_object_or_404(Mandate, slug=slug)
    found = _in_mandate(current_standings(request), row)
    end = row.ends_on or max(today(), row.starts_on)
    closing = []
    if row.closed_on:  # as it stood then, by what is said of that day now
        closing = _in_mandate(standings(pulse_of(request).edition, row.closed_on), row)
    made = _blocks(standing for standing in found if standing.pledge.mandate_id == row.pk)
    carried = _blocks(standing for standing in found if standing.pledge.mandate_id != row.pk)
    rows = Paginator([*made, *carried], PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "pledges/mandate.html",
        {
            "mandate": row,
            "headline": _title(found) if found else "",  # what was carried over may be somebody else's promise
            "blocks": _blocks(found),
            "tally": _tally(found),
            "closing_tally": _tally(closing),
            "made": [standing for standing in rows if standing.pledge.mandate_id == row.pk],
            "carried": [standing for standing in rows if standing.pledge.mandate_id != row.pk],
            "page": rows,
            "axis": Axis(row.starts_on, end),
            "days": (end - row.starts_on).days + 1,
            "elapsed": max(0, min((today() - row.starts_on).days + 1, (end - row.starts_on).days + 1)),
        },
    )


def _in_mandate(found: Iterable[Standing], row: Mandate) -> list[Standing]:
    return [standing for standing in found if row in standing.mandates]


@page()
def methodology(request: HttpRequest) -> HttpResponse:
    """How pledges are chosen, rated, published and corrected, from the code's own words."""
    return render(
        request,
        "pledges/methodology.html",
        {
            "due_soon_days": DUE_SOON_DAYS,
            "sources": Source.objects.order_by("-active", "name"),
        },
    )


@page()
def corrections(request: HttpRequest) -> HttpResponse:
    """The log of corrections, retractions and revised figures: what was said, what is now, why, in which edition."""
    updates = (
        access.public_updates()
        .filter(corrects__isnull=False)
        .select_related("corrects__edition", "edition", "pledge")
        .prefetch_related("evidence", "corrects__evidence", "pledge__wordings")
    )
    wordings = access.public_wordings().filter(number__gt=1).select_related("edition", "pledge")
    earlier: dict[tuple[int, int], Wording] = {
        (wording.pledge_id, wording.number): wording
        for wording in access.public_wordings().filter(pledge__in=[wording.pledge_id for wording in wordings])
    }
    log = [{"update": update, "edition": update.edition} for update in updates]
    log += [
        {"wording": wording, "was": earlier[wording.pledge_id, wording.number - 1], "edition": wording.edition}
        for wording in wordings
    ]
    retractions = access.public_retractions().select_related("edition", "pledge").prefetch_related("pledge__wordings")
    log += [{"retraction": row, "edition": row.edition} for row in retractions]
    log += _revised_figures()
    log.sort(key=lambda entry: entry["edition"].number, reverse=True)
    return render(request, "pledges/corrections.html", {"log": log})


def _revised_figures() -> list[dict]:
    """The figures that replaced an earlier one of the same period, each beside it, for the log of corrections."""
    published = Observation.objects.filter(edition__isnull=False).select_related("indicator", "edition")
    before: dict[tuple, Observation] = {}
    found = []
    for figure in published.order_by("edition_id", "pk"):
        period = (figure.indicator_id, figure.series, figure.starts_on, figure.ends_on)
        if period in before:
            found.append({"figure": figure, "was": before[period], "edition": figure.edition})
        before[period] = figure
    return found


@page("page")
def editions(request: HttpRequest) -> HttpResponse:
    """Every act of publication, the newest first."""
    rows = access.public_editions().prefetch_related("items").order_by("-number")
    return render(
        request, "pledges/editions.html", {"page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))}
    )


@page()
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """What one edition published, with its hash and that of the edition before."""
    row = get_object_or_404(access.public_editions(), number=number)
    items = row.items.select_related("pledge").order_by("kind", "pk")
    public = {standing.pledge.pk for standing in current_standings(request)}
    # The address of a retracted one says what became of it.
    public |= set(access.public_retractions().values_list("pledge", flat=True))
    return render(request, "pledges/edition.html", {"edition": row, "items": items, "public": public})


@page()
def edition_json(request: HttpRequest, number: int) -> JsonResponse:
    """Exactly what the edition's hash covers, and the hash, for whoever wants to compute it (docs/methodology.md)."""
    row = get_object_or_404(access.public_editions(), number=number)
    sealed = edition_content(
        row.number, row.published_at, row.publisher, map(actions.sealed, row.items.all()), row.previous_hash
    )
    return JsonResponse({"sealed": sealed, "hash": row.hash}, json_dumps_params={"ensure_ascii": False})


@never_cache
@require_safe
def edition_line(request: HttpRequest) -> HttpResponse:
    """The line under the masthead, asked for by open pages: it announces an edition newer than the page's own.

    Once, in a live region of its own: the status 286 tells htmx to stop asking, so no screen reader says it again.
    """
    seen = request.GET.get("seen", "")
    beat = pulse.current()
    if not request.htmx:  # somebody followed the address itself
        return HttpResponseRedirect(reverse("home"))
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else beat.edition
    here = request.htmx.current_url_abs_path
    if not url_has_allowed_host_and_scheme(here, allowed_hosts=None):  # "//elsewhere" is another site
        here = reverse("home")
    path, _mark, query = here.partition("?")
    asked = QueryDict(query, mutable=True)
    if asked.pop("edition", None):  # an open citation would lead to itself
        here = f"{path}?{asked.urlencode()}" if asked else path
    newer = known < beat.edition
    return render(
        request, "pledges/_edition_line.html", {"newer": newer, "here": here}, status=STOP_POLLING if newer else 200
    )
