"""Mandates compared, day by day on the same axis."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pledges.models import Mandate
from pledges.queries.asof import InvalidPeriod
from pledges.queries.visibility import mandates_until
from pledges.site.mandates import comparison, pictures
from pledges.site.mandates.progress import HUNDRED
from pledges.site.shared.page_cache import PublicRequest, page, standings_of

UNASKED = 2  # so many are compared when none is named: the newest


@page("mandate", "day")
def compare(request: PublicRequest) -> HttpResponse:
    """The mandates that `?mandate=` names, each on its day n: `?mandate=a&mandate=b&day=100`."""
    offered = list(mandates_until(request.as_of.day))
    chosen, left_out = _chosen(request, offered)
    found = comparison.compared(chosen, standings_of(request), request.as_of.day)
    most = max([1, *(each.last for each in found if each.has_pledges)])
    number = _day(request) or comparison.usual_day(found)
    at = min(number, most)
    rows = [(each, comparison.on_day(each, at)) for each in found]
    context = {
        "offered": [(row, row in chosen) for row in _with(offered, chosen)],
        "left_out": left_out,
        "most_compared": comparison.MOST_COMPARED,
        "rows": [(each, row, pictures.dashes(each.letter)) for each, row in rows],
        "number": at,
        "beyond": number if number > most else 0,
        "most": most,
        "landmarks": _landmarks(request, chosen, found, most, at),
        "sentence": comparison.sentence([row for _each, row in rows], at),
    }
    return render(
        request, "pledges/compare.html", context | _pictures(found, most, at), status=422 if left_out else 200
    )


def _chosen(request: PublicRequest, offered: list[Mandate]) -> tuple[list[Mandate], list[str]]:
    """The mandates that are asked for, in that order, and what of it cannot be shown."""
    asked = [slug for slug in dict.fromkeys(request.GET.getlist("mandate")) if slug]
    if not asked:
        return offered[:UNASKED], []
    known = {row.slug: row for row in Mandate.objects.filter(slug__in=[slug for slug in asked if "\x00" not in slug])}
    chosen = [known[slug] for slug in asked if slug in known]
    left_out = [slug[:80] for slug in asked if slug not in known]
    return chosen[: comparison.MOST_COMPARED], left_out + [row.slug for row in chosen[comparison.MOST_COMPARED :]]


def _with(offered: list[Mandate], chosen: list[Mandate]) -> list[Mandate]:
    """Those that can be chosen: all that have begun, and those that somebody asked for by their address."""
    return [*(row for row in chosen if row not in offered), *offered]


def _day(request: PublicRequest) -> int:
    """The number that is asked for, or 0."""
    text = request.GET.get("day", "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text)):
        # The form that mends the page's time is not to ask for the same again.
        request.page_parameters = [pair for pair in request.page_parameters if pair[0] != "day"]
        raise InvalidPeriod("day", _("Write the day of the mandates as a number from 1: 100."))
    return int(text)


def _landmarks(
    request: PublicRequest, chosen: list[Mandate], found: list[comparison.Compared], most: int, at: int
) -> list[tuple[str, str, bool]]:
    """The days that are asked for most, as (name, query, whether it is the one that is shown)."""
    lasts = {each.last for each in found if each.last > 0 and each.has_pledges}
    numbers = sorted({1, HUNDRED, 365, *lasts} & set(range(1, most + 1)))
    mandates = "".join(f"mandate={row.slug}&" for row in chosen)
    asked = "".join(f"&{name}={value}" for name, value in request.as_of.asked)
    return [(_("Day %(number)s") % {"number": n}, f"?{mandates}day={n}{asked}", n == at) for n in numbers]


def _pictures(found: list[comparison.Compared], most: int, at: int) -> dict:
    """The number and the share that was kept, of those of which there is anything to draw."""
    drawn = [each for each in found if each.last > 0 and each.has_pledges]
    numbers, shares = ([each.line(share=share) for each in drawn] for share in (False, True))
    letters = 3 + max((len(words) for line in shares for _number, _value, words in line.points[-1:]), default=0)
    return {
        "numbers": pictures.lines(numbers, most, at, share=False, letters=letters),
        "shares": pictures.lines(shares, most, at, share=True, letters=letters),
    }
