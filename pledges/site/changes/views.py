"""The changes between two days or two editions, as a page and as JSON."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pledges.models import Mandate, Newsroom, Topic
from pledges.queries import offices, periods
from pledges.queries.asof import InvalidPeriod
from pledges.queries.change_text import HEADINGS, ChangeText, TextWriter, describe
from pledges.queries.changes import Change, Kind
from pledges.queries.changes_between import between
from pledges.queries.indicators import decimal_text
from pledges.queries.periods import Period
from pledges.queries.published import PublicEvidence
from pledges.queries.pulse import Pulse
from pledges.queries.record_changes import RecordChange
from pledges.queries.standings import Standing, standings
from pledges.site.shared.page_cache import PublicRequest, origin_of, page, pulse_of, today
from pledges.templatetags.pledges import texted

PAGE_SIZE, JSON_SIZE = 50, 500
PARAMETERS = (*periods.DAYS, *periods.EDITIONS, "topic", "mandate", "kind", "page")
FILTERS = ("topic", "mandate", "kind")


class HtmlWriter(TextWriter):
    """Writes HTML: a pledge is a link to its page, a publisher one to the evidence.

    `as_of` is the query string of pledges' pages, which says as of which time they are shown.
    """

    def __init__(self, as_of: str = "", *, named: bool = False) -> None:
        super().__init__(named=named)
        self.as_of = as_of

    def fill(self, text: str, /, **values: Any) -> SafeString:
        """Fill the values into a template; both are escaped, except values that are HTML already."""
        return mark_safe(escape(text) % {name: conditional_escape(value) for name, value in values.items()})

    def pledge(self, standing: Standing) -> SafeString:
        """The title of a pledge as a link to its page."""
        address = reverse("pledge", args=[standing.pledge.slug]) + self.as_of
        return format_html('<a href="{}">{}</a>', address, texted(standing.wording.title))

    def source(self, piece: PublicEvidence) -> SafeString:
        """The publisher of a piece of evidence as a link to it."""
        return format_html('<a href="{}" rel="noopener">{}</a>', piece.url, piece.publisher)

    def quote(self, piece: PublicEvidence) -> SafeString | str:
        """The quoted sentence of a piece of evidence, marked with the language of its page."""
        text = '<span lang="{}">{}</span>'
        return format_html(text, piece.language, piece.sentence) if piece.language else piece.sentence

    def words(self, text: str) -> SafeString | str:
        """A text, marked with its language if that is not the page's."""
        return texted(text)


class Shown:
    """The changes of the period and filters in an address. `kinds` counts those of every kind, whichever is chosen.

    `today` is the last day that can be asked for, and the edition of `pulse` the last one. `period` is that of the
    parameters, if it has been read already; otherwise InvalidPeriod may be raised.
    """

    def __init__(self, parameters: QueryDict, pulse: Pulse, today: date, period: Period | None = None) -> None:
        self.pulse, self.today = pulse, today
        self.period = period or periods.read(parameters, pulse, today)
        self.as_of = self.period.as_of_end(pulse, today)
        self.chosen = {name: parameters.get(name, "") for name in FILTERS}
        matching = [change for change in between(self.period.start, self.period.end) if self._matches(change)]
        self.kinds = Counter(change.kind for change in matching)
        kind = self.chosen["kind"]
        self.changes = [change for change in matching if kind in ("", change.kind)]

    def _matches(self, change: Change) -> bool:
        topic, mandate = self.chosen["topic"], self.chosen["mandate"]
        standing = change.standing
        topics = {row.slug for row in standing.topics} if standing else set()
        topics |= {label.row.slug for label in change.labels if isinstance(label.row, Topic)}  # also those that it lost
        mandates = {row.slug for row in standing.mandates} if standing else set()
        if change.correction:
            mandates = mandates | {change.correction.was_mandate.slug}
        if change.mandate:
            mandates = mandates | {change.mandate.slug}
        if change.record and change.record.row:
            row = change.record.row
            topics |= {row.slug} if isinstance(row, Topic) else set()
            mandates = mandates | ({row.slug} if isinstance(row, Mandate) else set())
        return topic in ("", *topics) and mandate in ("", *mandates)

    @property
    def kinds_as_data(self) -> dict[str, int]:
        """How many changes there are of each kind, the most important kind first."""
        return {str(kind): number for kind, number in _in_order(self.kinds)}

    def query(self, **changes: str) -> str:
        """The query string of this page with some parameters changed; "" removes one."""
        parameters = dict(self.period.asked) | self.chosen | changes
        return f"?{urlencode([(name, value) for name, value in parameters.items() if value])}"


@page(*PARAMETERS, once=FILTERS, dated=False)
def changes(request: PublicRequest) -> HttpResponse:
    """The changes by kind, in sentences. An invalid period is explained at its field (status 422)."""
    presets = _presets(request)
    context = {"presets": presets, **_choices(request)}
    try:
        shown = Shown(request.GET, pulse_of(request), today())
    except InvalidPeriod as error:
        return render(request, "pledges/changes.html", {**context, "error": error}, status=422)
    pages = Paginator(shown.changes, PAGE_SIZE).get_page(request.GET.get("page"))
    table = standings(shown.pulse.edition, shown.today)
    writer = HtmlWriter(shown.as_of, named=offices.of_several_people(table))
    return render(
        request,
        "pledges/changes.html",
        {
            **context,
            "shown": shown,
            "heading": periods.heading(shown.period, shown.today, presets, shown.chosen["mandate"]),
            "groups": grouped(describe(change, writer) for change in pages),
            "kinds": [(kind, HEADINGS[kind], n, shown.query(kind=kind)) for kind, n in _in_order(shown.kinds)],
            "all_kinds": shown.query(kind=""),
            "json_query": shown.query(),
            "page": pages,
            "previous": request.path + shown.query(page=str(pages.number - 1)) if pages.has_previous() else "",
            "next": request.path + shown.query(page=str(pages.number + 1)) if pages.has_next() else "",
            "latest": "" if shown.changes else _last_change(shown),
        },
    )


def grouped(texts: Iterable[ChangeText]) -> list[dict[str, Any]]:
    """Changes in words, sorted by kind, as one {"kind", "heading", "told"} for each kind; "told" has the texts."""
    by_kind = groupby(texts, key=lambda text: text.change.kind)
    return [{"kind": kind, "heading": HEADINGS[kind], "told": list(same)} for kind, same in by_kind]


def _in_order(kinds: Counter[Kind]) -> list[tuple[Kind, int]]:
    return [(kind, kinds[kind]) for kind in Kind if kinds[kind]]


def _presets(request: HttpRequest) -> list[periods.Preset]:
    return periods.presets(pulse_of(request), today(), offices.mandates_known(today()))


def _choices(request: HttpRequest) -> dict[str, object]:
    """The choices of the form: the topics and mandates of all public pledges."""
    table = standings(pulse_of(request).edition, today())
    topics = {topic for standing in table for topic in standing.topics}
    mandates = {mandate for standing in table for mandate in standing.mandates}
    chosen = [mandate for mandate in mandates if mandate.slug == request.GET.get("mandate")]
    return {
        "of_mandate": chosen[0] if chosen else None,
        "several_offices": len(offices.by_office(mandates)) > 1,
        "topics": sorted(topics, key=lambda topic: (str(topic.name), topic.slug)),
        "mandates": sorted(mandates, key=lambda mandate: (mandate.starts_on, mandate.slug)),
    }


def _last_change(shown: Shown) -> Standing | None:
    """The pledge that changed last before a period without changes."""
    before = [
        (standing.changed_on, standing.pledge.slug, standing)
        for standing in standings(shown.pulse.edition, shown.today)
        if standing.changed_on and standing.changed_on <= shown.period.start.day
    ]
    return max(before, key=lambda each: each[:2])[2] if before else None


@page(*PARAMETERS, once=FILTERS, dated=False, shows_watch=False)
def changes_json(request: PublicRequest) -> JsonResponse:
    """The same as JSON, up to 500 changes at a time (docs/data.md). An invalid period is answered with status 422."""
    try:
        shown = Shown(request.GET, pulse_of(request), today())
    except InvalidPeriod as error:
        return _json({"errors": {error.field: str(error)}}, status=422)
    pages = Paginator(shown.changes, JSON_SIZE).get_page(request.GET.get("page"))
    origin = origin_of(request)
    following = origin + request.path + shown.query(page=str(pages.number + 1)) if pages.has_next() else None
    answer = {
        **moments(shown.period),
        "language": get_language(),
        "licence": Newsroom.get().licence,
        "count": len(shown.changes),
        "kinds": shown.kinds_as_data,
        "next": following,
        "changes": [as_data(change, origin=origin, as_of=shown.as_of) for change in pages],
    }
    return _json(answer)


def _json(answer: dict[str, object], status: int = 200) -> JsonResponse:
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})


def moments(period: Period) -> dict[str, object]:
    """The two points in time that are compared, for JSON."""
    ends = {"from": period.start, "to": period.end}
    return {name: {"day": moment.day.isoformat(), "edition": moment.edition} for name, moment in ends.items()}


def as_data(change: Change, *, origin: str, as_of: str) -> dict[str, object]:
    """A change for JSON, with texts in the active language; `as_of` is the query string of the pledge's page.

    Every change has every key; what does not apply to its kind is null or empty.
    """
    text, standing = describe(change), change.standing
    address = origin + reverse("pledge", args=[standing.pledge.slug]) if standing else None
    return {
        "kind": str(change.kind),
        "day": change.day.isoformat(),
        "sentence": text.sentence,
        "details": list(text.rest),
        "pledge": standing.pledge.slug if standing else None,
        "title": str(standing.wording.title) if standing else None,
        "url": address + (as_of if change.now else "") if address else None,
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
                "value": decimal_text(new.value),
                "before": decimal_text(old.value) if old else None,
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
        "record": _record_as_data(change.record) if change.record else None,
    }


def _record_as_data(record: RecordChange) -> dict[str, object]:
    return {
        "what": record.item.kind,
        "key": record.item.key,
        "name": str(record.name),
        "new": record.is_new,
        "fields": [
            {"field": field.name, "before": field.before or None, "after": field.after or None}
            for field in record.fields
        ],
    }
