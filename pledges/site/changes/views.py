"""What changed between two days or editions: the page, and the same as JSON."""

from collections import Counter
from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pledges.models import Newsroom, Topic
from pledges.queries import periods, visibility
from pledges.queries.asof import InvalidPeriod
from pledges.queries.change_text import HEADINGS, ChangeText, TextWriter, describe
from pledges.queries.changes import Change, Kind, between
from pledges.queries.periods import Period
from pledges.queries.published import PublicEvidence
from pledges.queries.standings import Standing, standings
from pledges.site.shared.page_cache import origin_of, page, pulse_of, today
from pledges.templatetags.pledges import texted

PAGE_SIZE, JSON_SIZE = 50, 500
PARAMETERS = (*periods.DAYS, *periods.EDITIONS, "topic", "mandate", "kind", "page")
NARROWING = ("topic", "mandate", "kind")


class HtmlWriter(TextWriter):
    """Writes HTML: a pledge is a link to its page at a time (`then` is the query), a source one to its own page."""

    def __init__(self, then: str = "") -> None:
        self.then = then

    def fill(self, text: str, /, **values: object) -> SafeString:
        """A template with its values, whatever is not HTML escaped."""
        return mark_safe(escape(text) % {name: conditional_escape(value) for name, value in values.items()})

    def pledge(self, standing: Standing) -> SafeString:
        """The name of a pledge, which leads to it."""
        address = reverse("pledge", args=[standing.pledge.slug]) + self.then
        return format_html('<a href="{}">{}</a>', address, texted(standing.wording.title))

    def source(self, piece: PublicEvidence) -> SafeString:
        """Who published a piece of evidence, which leads to it."""
        return format_html('<a href="{}" rel="noopener">{}</a>', piece.url, piece.publisher)

    def quote(self, piece: PublicEvidence) -> SafeString | str:
        """The sentence relied on, in the language of its page."""
        text = '<span lang="{}">{}</span>'
        return format_html(text, piece.language, piece.sentence) if piece.language else piece.sentence

    def words(self, text: str) -> SafeString | str:
        """A text, marked where it is in the other language."""
        return texted(text)


class Shown:
    """The changes that an address asks for, narrowed down; `kinds` counts them by kind before that is chosen, too."""

    def __init__(self, request: HttpRequest) -> None:
        self.beat, self.today = pulse_of(request), today()
        self.period = periods.read(request.GET, self.beat, self.today)
        self.then = self.period.then(self.beat, self.today)
        self.chosen = {name: request.GET.get(name, "") for name in NARROWING}
        found = [change for change in between(self.period.start, self.period.end) if self._fits(change)]
        self.kinds = Counter(change.kind for change in found)
        kind = self.chosen["kind"]
        self.changes = [change for change in found if kind in ("", change.kind)]

    def _fits(self, change: Change) -> bool:
        topic, mandate = self.chosen["topic"], self.chosen["mandate"]
        standing = change.standing
        topics = {row.slug for row in standing.topics} if standing else set()
        topics |= {label.row.slug for label in change.labels if isinstance(label.row, Topic)}  # also what it left
        mandates = {row.slug for row in standing.mandates} if standing else set()
        if change.mandate:
            mandates = mandates | {change.mandate.slug}
        return topic in ("", *topics) and mandate in ("", *mandates)

    def query(self, **changes: str) -> str:
        """The query string of the same with some parameters changed; "" takes one away."""
        asked = dict(self.period.asked) | self.chosen | changes
        return f"?{urlencode([(name, value) for name, value in asked.items() if value])}"


@page(*PARAMETERS, dated=False)
def changes(request: HttpRequest) -> HttpResponse:
    """What changed, by kind, in sentences; what cannot be asked for is said at its field (422)."""
    context = {"presets": _presets(request), **_choices(request)}
    try:
        shown = Shown(request)
    except InvalidPeriod as error:
        return render(request, "pledges/changes.html", {**context, "error": error}, status=422)
    pages = Paginator(shown.changes, PAGE_SIZE).get_page(request.GET.get("page"))
    pen = HtmlWriter(shown.then)
    return render(
        request,
        "pledges/changes.html",
        {
            **context,
            "shown": shown,
            "groups": grouped(describe(change, pen) for change in pages),
            "kinds": [(kind, HEADINGS[kind], n, shown.query(kind=kind)) for kind, n in _in_order(shown.kinds)],
            "all_kinds": shown.query(kind=""),
            "json_query": shown.query(),
            "page": pages,
            "previous": request.path + shown.query(page=str(pages.number - 1)) if pages.has_previous() else "",
            "next": request.path + shown.query(page=str(pages.number + 1)) if pages.has_next() else "",
            "latest": "" if shown.changes else _last_change(shown),
        },
    )


def grouped(told: Iterable[ChangeText]) -> list[dict]:
    """Changes in words as the groups of a list: {"kind", "heading", "told"}."""
    groups: list[dict] = []
    for one in told:
        if not groups or groups[-1]["kind"] != one.change.kind:
            kind = one.change.kind
            groups.append({"kind": kind, "heading": HEADINGS[kind], "told": []})
        groups[-1]["told"].append(one)
    return groups


def _in_order(kinds: Counter) -> list[tuple[Kind, int]]:
    return [(kind, kinds[kind]) for kind in Kind if kinds[kind]]


def _presets(request: HttpRequest) -> list[periods.Preset]:
    begun, elections = list(visibility.mandates_until(today())), visibility.elections_until(today())
    return periods.presets(pulse_of(request), today(), begun, elections)


def _choices(request: HttpRequest) -> dict:
    """What the form offers: the topics and mandates of all that is public."""
    table = standings(pulse_of(request).edition, today())
    topics = {topic for standing in table for topic in standing.topics}
    mandates = {mandate for standing in table for mandate in standing.mandates}
    return {
        "topics": sorted(topics, key=lambda topic: str(topic.name)),
        "mandates": sorted(mandates, key=lambda mandate: mandate.starts_on),
    }


def _last_change(shown: Shown) -> Standing | None:
    """Of the pledges, the one that changed last before the end of a period in which nothing did."""
    table = standings(shown.beat.edition, shown.today)
    before = [standing for standing in table if standing.changed_on and standing.changed_on <= shown.period.start.day]
    return max(before, key=lambda standing: (standing.changed_on, standing.pledge.slug), default=None)


@page(*PARAMETERS, dated=False)
def changes_json(request: HttpRequest) -> JsonResponse:
    """The same as JSON, up to 500 changes at a time (docs/data.md); what cannot be asked for is a 422."""
    try:
        shown = Shown(request)
    except InvalidPeriod as error:
        return _json({"errors": {error.field: str(error)}}, status=422)
    pages = Paginator(shown.changes, JSON_SIZE).get_page(request.GET.get("page"))
    here = origin_of(request)
    following = request.path + shown.query(page=str(pages.number + 1)) if pages.has_next() else ""
    found = {
        "from": _moment(shown.period, first=True),
        "to": _moment(shown.period, first=False),
        "language": get_language(),
        "licence": Newsroom.get().licence,
        "count": len(shown.changes),
        "kinds": {str(kind): n for kind, n in _in_order(shown.kinds)},
        "next": here + following if following else None,
        "changes": [_as_data(change, here, shown.then) for change in pages],
    }
    return _json(found)


def _json(found: dict, status: int = 200) -> JsonResponse:
    return JsonResponse(found, status=status, json_dumps_params={"ensure_ascii": False})


def _moment(period: Period, *, first: bool) -> dict:
    moment = period.start if first else period.end
    return {"day": moment.day.isoformat(), "edition": moment.edition}


def _as_data(change: Change, here: str, then: str) -> dict:
    """A change as JSON. Every key is there in every change; what a kind has not is null or empty."""
    told, standing = describe(change), change.standing
    address = here + reverse("pledge", args=[standing.pledge.slug]) if standing else None
    return {
        "kind": str(change.kind),
        "day": change.day.isoformat(),
        "sentence": told.sentence,
        "details": list(told.rest),
        "pledge": standing.pledge.slug if standing else None,
        "title": str(standing.wording.title) if standing else None,
        "url": address + (then if change.now else "") if address else None,
        "before": change.before or None,
        "after": change.after or None,
        "since": change.now.since.isoformat() if change.now and change.now.since else None,
        "deadline": standing.wording.deadline_end.isoformat() if standing and standing.wording.deadline_end else None,
        "updates": [
            {
                "id": update.pk,
                "happened_on": update.happened_on.isoformat(),
                "precision": update.happened_precision,
                "status": update.status,
                "text": str(update.text),
                "edition": update.edition_id,
                "evidence": [{"url": piece.url, "publisher": piece.publisher} for piece in update.evidence],
            }
            for update in change.updates
        ],
        "mandate": change.mandate.slug if change.mandate else None,
        "event": change.event or None,
        "indicator": change.indicator.slug if change.indicator else None,
        "figures": [
            {
                "series": new.series,
                "period": new.period,
                "value": str(new.value.normalize()),
                "before": str(old.value.normalize()) if old else None,
                "source": new.source,
                "url": new.url,
            }
            for new, old in change.figures
        ],
        "labels": [
            {
                "what": label.row._meta.model_name,
                "slug": label.row.slug,
                "name": str(label.row.name),
                "added": label.added,
            }
            for label in change.labels
        ],
    }
