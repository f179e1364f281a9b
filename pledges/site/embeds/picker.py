"""The page where one chooses an embed, sees it and copies its HTML. It is a GET form: its address keeps the choice."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.domain.languages import OWN_NAMES
from pledges.domain.text import fold, visible
from pledges.models import Indicator, Mandate
from pledges.queries import indicators as reading
from pledges.queries.asof import InvalidPeriod
from pledges.queries.search import filters, fulltext
from pledges.queries.standings import Standing
from pledges.queries.visibility import mandates_until
from pledges.site.embeds import frames, targets
from pledges.site.embeds.heights import NARROW, WIDE
from pledges.site.embeds.snippet import snippet
from pledges.site.embeds.targets import Target
from pledges.site.shared.page_cache import PublicRequest, current_newsroom, origin_of, page, standings_of, today
from pledges.site.shared.page_keys import is_partial

PARAMETERS = ("url", "theme", "lang", "width", "pinned")
NARROWEST, WIDEST = 240, 1200  # pixels
USUAL_WIDTHS = (NARROW, 480, WIDE)
PINNED = "yes"
MOST_OFFERED = 8  # rows of each kind


@dataclass(frozen=True)
class Offer:
    """A page that can be embedded: its path, and its name."""

    path: str
    name: str


@csp_update({"frame-src": ["'self'"]})
@page(*PARAMETERS, dated=False, partial=True)
def picker(request: PublicRequest) -> HttpResponse:
    """What to embed, how it looks, its preview and its HTML; with htmx only what follows the form.

    `url` is the address of a page, or words to find one by.
    """
    newsroom = current_newsroom()
    languages = [(code, name) for code, name in OWN_NAMES.items() if code in newsroom.languages]
    typed = visible(request.GET.get("url", ""))[: targets.LONGEST]
    target = targets.read(typed, request)
    context: dict[str, object] = {
        "typed": typed,
        "languages": languages,
        "themes": _themes(),
        "theme": request.GET.get("theme") or frames.THEMES[0],
        "lang": request.GET.get("lang", ""),
        "width": request.GET.get("width") or str(WIDE),
        "pinned": bool(request.GET.get("pinned")),
        "usual_widths": USUAL_WIDTHS,
        "narrowest": NARROWEST,
        "widest": WIDEST,
        "kept": _kept(request),
    }
    status, partial = 200, is_partial(request)
    try:
        look = _look(request)
        if target:
            context |= _embed(request, target, look)
        elif typed:
            context |= {"offers": _found(request, typed), "searched": True}
        else:
            context["offers"] = _usual(request)
    except Http404:
        status, context["errors"] = 404, {"url": _("No page that can be embedded has this address.")}
    except InvalidPeriod as error:
        name = error.field if error.field in PARAMETERS else "url"
        status, context["errors"] = 422, {name: str(error)}
    template = "pledges/embed_picker.html#chosen" if partial else "pledges/embed_picker.html"
    return render(request, template, context, status=200 if partial else status)


def _kept(request: PublicRequest) -> str:
    """What a link to another embed repeats of the present choice: all but what is embedded."""
    kept = [(name, value) for name, value in request.page_parameters if name != "url" and value]
    return f"&{urlencode(kept)}" if kept else ""


def _themes() -> list[tuple[str, str]]:
    names = {"light": _("light"), "dark": _("dark"), "auto": _("as the reader’s device prefers")}
    return [(theme, names[theme]) for theme in frames.THEMES]


@dataclass(frozen=True)
class Look:
    """How an embed is to look, whatever it is of: `language` is "" for that of the address."""

    theme: str
    language: str
    width: int
    pinned: bool


def _look(request: PublicRequest) -> Look:
    """The choice, checked whether anything is embedded or not: the page is kept in the cache. Raises InvalidPeriod."""
    theme, language = request.GET.get("theme") or frames.THEMES[0], request.GET.get("lang", "")
    frames.check_theme(theme)
    targets.check_language(language)
    pinned = request.GET.get("pinned", "")
    if pinned not in ("", PINNED):
        raise InvalidPeriod("pinned", _("Write pinned=%(yes)s, or leave it out.") % {"yes": PINNED})
    return Look(theme, language, _width(request.GET.get("width", "")), bool(pinned))


def _embed(request: PublicRequest, target: Target, look: Look) -> dict[str, object]:
    """The chosen embed. Raises Http404 and InvalidPeriod as `targets.describe`."""
    target, width = targets.in_language(target, look.language), look.width
    if look.pinned and request.pulse.edition:
        target = target.pinned(request.pulse.edition)
    description = targets.describe(target, request.pulse)
    path, origin = target.embed_path(look.theme), origin_of(request)
    return {
        "target": target,
        "title": description.title,
        "is_pinned": bool(target.asked),
        "is_fixed": bool(target.asked) and not look.pinned,
        "page_path": target.page_path(),
        "path": path,
        "preview_width": width,
        "preview_height": description.heights.at(min(width, WIDE)),
        "code": snippet(
            origin + path,
            description.title,
            description.heights,
            origin=origin,
            newsroom=str(current_newsroom().name),
            most=width,
        ),
        "oembed": f"{origin}{reverse('oembed')}?{urlencode({'url': origin + target.page_path()})}",
    }


def _width(text: str) -> int:
    if not text:
        return WIDE
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not NARROWEST <= number <= WIDEST:
        words = {"least": NARROWEST, "most": WIDEST}
        raise InvalidPeriod("width", _("Write a number of pixels from %(least)s to %(most)s.") % words)
    return number


def _usual(request: PublicRequest) -> list[tuple[str, list[Offer]]]:
    """What is offered before anything is chosen, by kind."""
    standings = sorted(standings_of(request), key=lambda standing: standing.changed_on or standing.day, reverse=True)
    headline = [Offer(reverse("pledges"), _("All pledges"))]
    headline += [
        Offer(f"{reverse('pledges')}?status={status}", f"{_('Pledges')}: {label}")
        for status, label in filters.STATUSES.items()
        if any(standing.status == status for standing in standings)
    ]
    return _offered(
        (_("A list of pledges"), headline),
        (_("A pledge"), (_of_pledge(standing) for standing in standings[:MOST_OFFERED])),
        (_("The progress of a mandate"), map(_of_mandate, mandates_until(today())[:MOST_OFFERED])),
        (_("The chart of an indicator"), map(_of_indicator, _indicators(request)[:MOST_OFFERED])),
    )


def _found(request: PublicRequest, words: str) -> list[tuple[str, list[Offer]]]:
    """Pages that have these words, by kind, and the list of the pledges that have them."""
    query = " ".join(words.split())[: filters.MAX_QUERY]
    ranks = fulltext.search(query).ranks
    matching = sorted(
        (standing for standing in standings_of(request) if standing.pledge.pk in ranks),
        key=lambda standing: (-ranks[standing.pledge.pk], standing.pledge.slug),
    )
    wanted = fold(query)
    search = f"{reverse('pledges')}?{urlencode({'q': query})}"
    return _offered(
        (_("A list of pledges"), [Offer(search, f"“{query}”")] if matching else []),
        (_("A pledge"), (_of_pledge(standing) for standing in matching[:MOST_OFFERED])),
        (
            _("The progress of a mandate"),
            [_of_mandate(row) for row in mandates_until(today()) if wanted in fold(f"{row.person} {row.office}")],
        ),
        (
            _("The chart of an indicator"),
            [_of_indicator(row) for row in _indicators(request) if wanted in fold(str(row.name))],
        ),
    )


def _offered(*kinds: tuple[str, Iterable[Offer]]) -> list[tuple[str, list[Offer]]]:
    listed = [(kind, list(offers)[: 2 * MOST_OFFERED]) for kind, offers in kinds]
    return [(kind, offers) for kind, offers in listed if offers]


def _of_pledge(standing: Standing) -> Offer:
    return Offer(reverse("pledge", args=[standing.pledge.slug]), str(standing.wording.title))


def _of_mandate(row: Mandate) -> Offer:
    return Offer(reverse("mandate", args=[row.slug]), f"{row.person}, {row.years}")


def _of_indicator(row: Indicator) -> Offer:
    return Offer(reverse("indicator", args=[row.slug]), str(row.name))


def _indicators(request: PublicRequest) -> list[Indicator]:
    return sorted(reading.public(request.as_of.edition), key=lambda row: fold(str(row.name)))
