"""What templates need for pledges: days in words, texts that know their language, statuses, strips."""

import html
from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.defaultfilters import truncatewords
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.domain import dates
from pledges.domain.rules import FailureReason, Precision, Status, Timeliness
from pledges.models import (
    FAILURE_LABELS,
    STATUS_LABELS,
    TIMELINESS_LABELS,
    Indicator,
    Observation,
    Text,
)
from pledges.queries import diffs, indicators, pulse
from pledges.queries.search import fulltext, highlights
from pledges.queries.standings import Standing, standings
from pledges.site.shared import navigation, strips

register = template.Library()


@register.filter
def day(value: date | None, precision: str = "day") -> str:
    """A day in words, as exact as it is known."""
    return dates.written(value, precision or "day")


@register.filter
def short_day(value: date | None, precision: str = "day") -> str:
    """The same with the month cut short."""
    return dates.written(value, precision or "day", short=True)


@register.filter
def the_day(value: date | None, precision: str = "day") -> str:
    """A day in words as it stands after "since"."""
    return dates.written(value, precision or "day", in_sentence=True)


@register.filter
def the_short_day(value: date | None, precision: str = "day") -> str:
    """The same with the month cut short."""
    return dates.written(value, precision or "day", short=True, in_sentence=True)


@register.filter
def local_day(value: datetime | None) -> date | None:
    """The day of a time in the newsroom's own calendar."""
    return timezone.localdate(value) if value else None


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A time in the newsroom's own zone, as a <time> with the exact one: "24 November 2026, 03:20"."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    text = f"{dates.written(local.date())}, {local:%H:%M}"
    zone = local.strftime("%Z")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), zone, text)


@register.filter
def texted(value: Text | str) -> SafeString | str:
    """A text in a `lang` of its own where it is not in the page's language."""
    return _spoken(value, value)


def _spoken(shown: str, text: Text | str) -> SafeString | str:
    language = getattr(text, "lang", "")
    if language and language != (get_language() or "")[:2]:
        return format_html('<span lang="{}">{}</span>', language, shown)
    return shown


@register.filter
def lost(was: Text, now: Text) -> SafeString | str:
    """A text that another replaced, with what that one has not struck out, still marked with its language."""
    return _spoken(diffs.lost(was, now), was)


@register.filter
def gained(now: Text, was: Text) -> SafeString | str:
    """A text that replaced another, with what that one had not marked, still marked with its language."""
    return _spoken(diffs.gained(was, now), now)


@register.filter
def brief(value: Text | str, words: int) -> SafeString | str:
    """The first words of a text, still marked with its language."""
    text = Text(truncatewords(value, words))
    text.lang = getattr(value, "lang", "")
    return texted(text)


@register.filter
def status_label(value: str) -> object:
    """A status in words."""
    return STATUS_LABELS[Status(value)]


@register.filter
def failure_label(value: str) -> object:
    """A reason of failure in words."""
    return FAILURE_LABELS[FailureReason(value)]


@register.filter
def of(rows: dict, key: object) -> object:
    """What a mapping holds under a key, or None."""
    return rows.get(key)


@register.filter
def percent(value: float) -> str:
    """A position as SVG wants it, in every language."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


@register.filter
def figure(value) -> str:
    """A measured value without superfluous zeros, as the language writes numbers."""
    return indicators.number(value)


@register.filter
def unit(indicator: Indicator) -> str:
    """The unit of an indicator as it stands after a number."""
    return indicators.unit(indicator)


@register.filter
def period(row: Observation) -> str:
    """The period of a figure in words."""
    return indicators.period(row)


@register.simple_tag
def timeliness(standing: Standing) -> dict:
    """The deadline in words: its label, the whole phrase and whether it is a warning."""
    value, wording = standing.timeliness, standing.wording
    when = dates.written(wording.deadline, wording.deadline_precision, in_sentence=True)
    if wording.deadline_precision in (Precision.MONTH, Precision.YEAR):
        when = _("the end of %(period)s") % {"period": when}
    if value == Timeliness.KEPT_IN_TIME and standing.since == wording.deadline_end:
        when = ""  # on the last day in time is not before it
    phrase = {
        Timeliness.NO_DEADLINE: _("no deadline"),
        Timeliness.AHEAD: _("due by %(day)s"),
        Timeliness.DUE_SOON: _("due soon, by %(day)s"),
        Timeliness.OVERDUE: _("overdue since %(day)s"),
        Timeliness.KEPT_IN_TIME: _("kept in time, before %(day)s") if when else str(TIMELINESS_LABELS[value]).lower(),
        Timeliness.KEPT_LATE: _("kept late, after %(day)s"),
    }[value] % {"day": when}
    return {
        "value": str(value),
        "label": TIMELINESS_LABELS[value],
        "phrase": phrase,
        "late": value == Timeliness.OVERDUE,
    }


@register.inclusion_tag("pledges/_strip.html")
def strip(standing: Standing, axis: strips.Axis, size: str = "small") -> dict:
    """The status strip of a pledge along an axis."""
    return {"strip": strips.strip(standing, axis), "size": size}


@register.simple_tag(takes_context=True)
def at(context: dict, name: str, *args, **query) -> str:
    """The address of a page at the time that the present one is of: as of the same day or edition, if it is of one.

    `{% at "pledge" slug %}`; what is named is its query: `{% at "pledges" topic="ports" %}`.
    """
    as_of = context.get("as_of")
    pairs = [*query.items(), *(as_of.asked if as_of else ())]
    return reverse(name, args=args) + (f"?{urlencode(pairs)}" if pairs else "")


@register.inclusion_tag("pledges/_page_links.html", takes_context=True)
def page_links(context: dict, page: Page, name: str, *, id: str = "", anchor: str = "") -> dict:
    """The links to the previous and the next page of a paginated page with this URL name; `anchor` is a "#part"."""

    def address(number: int) -> str:
        return at(context, name, page=number) + anchor

    return {
        "page": page,
        "id": id,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag(takes_context=True)
def links(context: dict, place: str) -> list[dict]:
    """The links of the "masthead" or the "foot" whose pages there are, each with its address, label and `current`:
    "page" for the page itself, "true" for one that the page belongs to."""
    request = context.get("request")
    path = request.path if request else ""
    here = navigation.current(path)
    return [
        {
            "address": at(context, link.name) if link.dated else link.address,
            "label": link.label,
            "current": "" if link.address != here else "page" if here == path else "true",
        }
        for link in {"masthead": navigation.MASTHEAD, "foot": navigation.FOOT}[place]
    ]


@register.simple_tag
def likely(request: HttpRequest | None) -> list[Standing]:
    """The pledges that a mistyped address of a pledge may have meant: at most three, found by its words."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.url_name != "pledge":
        return []
    ranks, _all_words = fulltext.find(match.kwargs["slug"].replace("-", " ")[:200])
    today = {each.pledge.pk: each for each in standings(pulse.current().edition, timezone.localdate())}
    best = sorted((pk for pk in ranks if pk in today), key=lambda pk: -ranks[pk])
    return [today[pk] for pk in best[:3]]


def _plain(content: str) -> str:
    return " ".join(html.unescape(strip_tags(content)).split())


@register.simple_block_tag(takes_context=True)
def titled(context: dict, content: str) -> SafeString:
    """The page's title; it is `page_title` from here on, for who shows a link to the page."""
    context["page_title"] = _plain(content)
    return format_html("<title>{}</title>", context["page_title"])


@register.simple_block_tag(takes_context=True)
def described(context: dict, content: str) -> SafeString | str:
    """What the page is about in a sentence or two, for search engines; it is `page_description` from here on."""
    context["page_description"] = _plain(content)
    if not context["page_description"]:
        return ""
    return format_html('<meta name="description" content="{}">', context["page_description"])


@register.inclusion_tag("pledges/_status.html")
def status(value: str, size: str = "") -> dict:
    """A status as shape and word."""
    return {"value": value, "label": STATUS_LABELS[Status(value)], "size": size}


@register.inclusion_tag("pledges/_row.html", takes_context=True)
def row(
    context: dict,
    standing: Standing,
    axis: strips.Axis,
    told: str = "turning_update",
    where: highlights.Highlights | None = None,
) -> dict:
    """A pledge as a row of a list; `told` names the update that it tells: "turning_update" (which brought its status)
    or "latest". Of a pledge that a search found it says `where` the words are instead."""
    shared = {"standing": standing, "axis": axis, "as_of": context.get("as_of")}
    return shared | {"update": getattr(standing, told), "where": where}


@register.inclusion_tag("pledges/_tally.html", takes_context=True)
def tally(context: dict, blocks: list[Standing], counts: list) -> dict:
    """The tally: the pledges themselves, one block each, and the counts that they add up to; of more than can be
    told apart, one band in which each status has its share."""
    common = {"counts": counts, "as_of": context.get("as_of")}
    if len(blocks) <= strips.MOST_BLOCKS:
        return common | {"blocks": blocks}
    return common | {"shares": strips.shares(counts), "total": len(blocks)}
