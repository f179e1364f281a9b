"""Tags and filters for pledges: days in words, texts marked with their language, statuses, deadlines and strips."""

import html
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template import Context
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.defaultfilters import truncatewords
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pledges.domain import dates
from pledges.domain.rules import FailureReason, Precision, Status, Timeliness
from pledges.models import (
    FAILURE_LABELS,
    STATUS_LABELS,
    TIMELINESS_LABELS,
    Indicator,
    Newsroom,
    Observation,
    Text,
)
from pledges.queries import diffs, indicators, pulse
from pledges.queries.published import PublicMandate
from pledges.queries.search import fulltext, highlights
from pledges.queries.search.facets import Choice, Facet
from pledges.queries.standings import Standing, standings
from pledges.site.shared import fragments, navigation, page_cache, strips
from pledges.site.shared.paths import path_of

register = template.Library()
INSIDE = "inside_fragment"  # in the context of what is kept as a whole: its parts are not kept once more
PHRASES = {
    Timeliness.NO_DEADLINE: gettext_lazy("no deadline"),
    Timeliness.AHEAD: gettext_lazy("due by %(day)s"),
    Timeliness.DUE_SOON: gettext_lazy("due soon, by %(day)s"),
    Timeliness.OVERDUE: gettext_lazy("overdue since %(day)s"),
    Timeliness.KEPT_IN_TIME: gettext_lazy("kept in time, before %(day)s"),
    Timeliness.KEPT_LATE: gettext_lazy("kept late, after %(day)s"),
}


@register.filter
def day(value: date | None, precision: str = "day") -> str:
    """A day in words, as exactly as it is known."""
    return dates.written(value, precision or "day")


@register.filter
def short_day(value: date | None, precision: str = "day") -> str:
    """A day in words, with the month abbreviated."""
    return dates.written(value, precision or "day", short=True)


@register.filter
def the_day(value: date | None, precision: str = "day") -> str:
    """A day in words as it follows "since"."""
    return dates.written(value, precision or "day", in_sentence=True)


@register.filter
def the_short_day(value: date | None, precision: str = "day") -> str:
    """A day in words as it follows "since", with the month abbreviated."""
    return dates.written(value, precision or "day", short=True, in_sentence=True)


@register.filter
def local_day(value: datetime | None) -> date | None:
    """The day of a time in the newsroom's calendar."""
    return timezone.localdate(value) if value else None


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A time in the newsroom's time zone, as a <time> element: "24 November 2026, 03:20"."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    text = f"{dates.written(local.date())}, {local:%H:%M}"
    zone = local.strftime("%Z")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), zone, text)


@register.filter
def texted(value: Text | str) -> SafeString | str:
    """A text, marked with its language if that is not the page's."""
    return _with_language(value, value)


def _with_language(shown: str, text: Text | str) -> SafeString | str:
    language = getattr(text, "lang", "")
    if language and language != (get_language() or "")[:2]:
        return format_html('<span lang="{}">{}</span>', language, shown)
    return shown


@register.filter
def webcal(origin: str) -> str:
    """The origin of an address by which calendar programs subscribe to a calendar, instead of opening it as a file."""
    return f"webcal://{urlsplit(str(origin)).netloc}"


@register.filter
def main_address(url: str, newsroom: Newsroom) -> str:
    """See `page_cache.main_address`."""
    return page_cache.main_address(url, newsroom)


@register.filter
def lost(was: Text, now: Text) -> SafeString | str:
    """A replaced text with <del> around what is not in the new one, marked with its language."""
    return _with_language(diffs.lost(was, now), was)


@register.filter
def gained(now: Text, was: Text) -> SafeString | str:
    """A new text with <ins> around what was not in the replaced one, marked with its language."""
    return _with_language(diffs.gained(was, now), now)


@register.filter
def brief(value: Text | str, words: int) -> SafeString | str:
    """The first words of a text, marked with its language."""
    text = Text(truncatewords(value, words))
    text.lang = getattr(value, "lang", "")
    return texted(text)


@register.filter
def within(value: Text | str, characters: int) -> SafeString | str:
    """The first words of a text in at most so many characters, marked with its language."""
    text = Text(shorten(value, characters, placeholder=" …"))
    text.lang = getattr(value, "lang", "")
    return texted(text)


@register.filter
def status_label(value: str) -> object:
    """A status in words."""
    return STATUS_LABELS[Status(value)]


@register.filter
def failure_label(value: str) -> object:
    """A failure reason in words."""
    return FAILURE_LABELS[FailureReason(value)]


@register.filter
def of(rows: Mapping[Any, object], key: object) -> object:
    """The value of a key in a mapping, or None."""
    return rows.get(key)


@register.filter
def percent(value: float) -> str:
    """See `strips.percent`."""
    return strips.percent(value)


@register.filter
def figure(value: Decimal | float) -> str:
    """A measured value without trailing zeros, formatted for the active language."""
    return indicators.number(value)


@register.filter
def unit(indicator: Indicator) -> str:
    """The unit of an indicator as it follows a number."""
    return indicators.unit(indicator)


@register.filter
def period(row: Observation) -> str:
    """The period of a figure in words."""
    return indicators.period(row)


@register.simple_tag
def timeliness(standing: Standing) -> dict[str, Any]:
    """The deadline in words: "value", its "label", a "phrase" with the day, and whether it is "late"."""
    value, wording = standing.timeliness, standing.wording
    when = dates.written(wording.deadline, wording.deadline_precision, in_sentence=True)
    if wording.deadline_precision in (Precision.MONTH, Precision.YEAR):
        when = _("the end of %(period)s") % {"period": when}
    if value == Timeliness.KEPT_IN_TIME and standing.since == wording.deadline_end:
        when = ""  # kept on the deadline itself, not before it
    phrase = str(TIMELINESS_LABELS[value]).lower() if value == Timeliness.KEPT_IN_TIME and not when else PHRASES[value]
    return {
        "value": str(value),
        "label": TIMELINESS_LABELS[value],
        "phrase": phrase % {"day": when},
        "late": value == Timeliness.OVERDUE,
    }


@register.inclusion_tag("pledges/_strip.html")
def strip(standing: Standing, axis: strips.Axis, size: str = "small") -> dict[str, object]:
    """The status strip of a pledge along an axis."""
    return {"strip": strips.strip(standing, axis), "size": size}


@register.simple_tag
def path(name: str, *args: object) -> str:
    """The path of a page in the active language, as of now; on what readers ask for often, instead of `url`."""
    return path_of(name, *args)


@register.simple_tag(takes_context=True)
def at(context: Context, name: str, *args: object, **query: object) -> str:
    """The address of a page as of the same day or edition as the present page.

    `{% at "pledge" slug %}`; keyword arguments are its query, a list for several values:
    `{% at "pledges" topic="ports" %}`.
    """
    as_of = context.get("as_of")
    pairs = [*query.items(), *(as_of.asked if as_of else ())]
    return path_of(name, *args) + (f"?{urlencode(pairs, doseq=True)}" if pairs else "")


@register.inclusion_tag("pledges/_page_links.html", takes_context=True)
def page_links(
    context: Context, page: Page[Any], name: str, *args: object, id: str = "", anchor: str = ""
) -> dict[str, object]:
    """The links to the previous and the next page of a paginated page with this URL name and these arguments; `anchor`
    is a "#part"."""

    def address(number: int) -> str:
        return at(context, name, *args, page=number) + anchor

    return {
        "page": page,
        "id": id,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag(takes_context=True)
def here(context: Context) -> tuple[str, str]:
    """Where the page is among the links of the masthead and the foot: see `navigation.place`."""
    request = context.get("request")
    return navigation.place(request.path if request else "")


@register.simple_tag(takes_context=True)
def links(context: Context, place: str, here: tuple[str, str]) -> list[dict[str, object]]:
    """The links of the "masthead" or the "foot", each with its address, label and `current` (for aria-current): "page"
    for the page itself, "true" for the page above it, as `here` has it."""
    address, current = here
    return [
        {
            "address": at(context, link.name) if link.dated else link.address,
            "label": link.label,
            "current": current if link.address == address else "",
        }
        for link in {"masthead": navigation.MASTHEAD, "foot": navigation.FOOT}[place]
    ]


@register.simple_tag
def likely(request: HttpRequest | None) -> list[Standing]:
    """At most three pledges that a mistyped address may have meant, found by the words in it."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.url_name != "pledge":
        return []
    ranks = fulltext.about(match.kwargs["slug"].replace("-", " ")[:200])
    table = standings(pulse.current().edition, timezone.localdate())
    matching = [standing for standing in table if standing.pledge.pk in ranks]
    # `table` is sorted by slug, and so are pledges of the same rank.
    return sorted(matching, key=lambda standing: -ranks[standing.pledge.pk])[:3]


def _plain(content: str) -> str:
    return " ".join(html.unescape(strip_tags(content)).split())


@register.simple_block_tag(takes_context=True)
def titled(context: Context, content: str) -> SafeString:
    """The <title> of the page; sets `page_title` for the link previews of other sites."""
    context["page_title"] = _plain(content)
    return format_html("<title>{}</title>", context["page_title"])


@register.simple_block_tag(takes_context=True)
def described(context: Context, content: str) -> SafeString | str:
    """The description of the page for search engines; sets `page_description` for link previews."""
    context["page_description"] = _plain(content)
    if not context["page_description"]:
        return ""
    return format_html('<meta name="description" content="{}">', context["page_description"])


@register.simple_tag
def status(value: str, size: str = "") -> SafeString:
    """A status as a shape and a word."""
    return _status(Status(value), size, get_language())


@lru_cache  # every row of a list has one
def _status(value: Status, size: str, _language: str | None) -> SafeString:
    label = STATUS_LABELS[value]
    return render_to_string("pledges/_status.html", {"value": str(value), "label": label, "size": size})


@register.simple_tag(takes_context=True)
def row(
    context: Context,
    standing: Standing,
    axis: strips.Axis,
    told: str = "turning_update",
    where: highlights.Highlights | None = None,
) -> SafeString:
    """A pledge as a row of a list. `told` names the update to show: "turning_update" (which led to its status) or
    "latest". A search result shows `where` the words were found instead. Where the page's context has a true `named`,
    the row says whose pledge it is."""

    update, turning = getattr(standing, told), standing.turning_update

    def render(values: dict[str, object]) -> SafeString:
        inside = {INSIDE: where is None}
        return render_to_string("pledges/_row.html", {**values, **inside, "update": update, "where": where})

    values = {
        "standing": standing,
        "axis": axis,
        "told": told,
        "is_turning": update is turning,
        "as_of": context.get("as_of"),
        "named": bool(context.get("named")),
    }
    return render(values) if where else fragments.fragment("row", values, render)


@register.simple_tag
def choice(facet: Facet, choice: Choice, several_offices: bool) -> SafeString:
    """The field of a choice with its label; of a mandate with its office, where there are several offices."""
    office = choice.label.office if several_offices and isinstance(choice.label, PublicMandate) else ""
    values = {
        "facet": facet.name,
        "single": facet.single,
        "value": choice.value,
        "label": str(choice.label),
        "selected": choice.selected,
        "office": office,
    }

    def render(values: dict[str, object]) -> SafeString:
        # Without the line break at the end of every template: it stands within a line.
        return mark_safe(render_to_string("pledges/_choice.html", values).rstrip())

    return fragments.fragment("choice", values, render)


class FragmentNode(template.Node):
    """See `fragment`."""

    def __init__(self, nodelist: template.NodeList, values: dict[str, FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values

    def render(self, context: Context) -> SafeString:
        """Its HTML, from the process's memory if it is there."""
        values = {name: value.resolve(context) for name, value in self.values.items()}

        def render(values: dict[str, object]) -> SafeString:
            return self.nodelist.render(context.new({**values, INSIDE: True}))

        return render(values) if context.get(INSIDE) else fragments.fragment(self, values, render)


@register.tag
def fragment(parser: Parser, token: Token) -> FragmentNode:
    """A part of a page that is rendered once for the same values: `{% fragment day=standing.day %}…{% endfragment %}`.

    What is inside sees these values and no other variable (see `fragments`).
    """
    bits = token.split_contents()[1:]
    values = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"fragment takes named values only, not {bits[0]}")
    nodelist = parser.parse(["endfragment"])
    parser.delete_first_token()
    return FragmentNode(nodelist, values)


@register.inclusion_tag("pledges/_tally.html", takes_context=True)
def tally(
    context: Context, blocks: list[Standing], counts: list[tuple[str, object, int]], mandate: str = ""
) -> dict[str, object]:
    """The tally: one block for each pledge, and the counts, which link to the list, narrowed to a mandate if one is
    given. Too many blocks are drawn as one bar with the share of each status instead."""
    common: dict[str, object] = {"counts": counts, "as_of": context.get("as_of"), "mandate": mandate}
    if len(blocks) <= strips.MOST_BLOCKS:
        return common | {"blocks": blocks}
    return common | {"shares": strips.shares(counts), "total": len(blocks)}
