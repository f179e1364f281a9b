"""The page that compares mandates day by day on the same axis."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pledges.models import Mandate
from pledges.queries.asof import InvalidPeriod
from pledges.queries.offices import by_office
from pledges.queries.visibility import mandates_until
from pledges.site.mandates import comparison, pictures
from pledges.site.mandates.progress import HUNDRED
from pledges.site.shared.page_cache import PublicRequest, page, standings_of

DEFAULT = 2  # mandates that are compared if the address names none


@page("mandate", "day")
def compare(request: PublicRequest) -> HttpResponse:
    """The given mandates on the same day of each: `?mandate=a&mandate=b&day=100`."""
    offered = list(mandates_until(request.as_of.day))
    standings = standings_of(request)
    with_pledges = {row.pk for standing in standings for row in standing.mandates}
    chosen, left_out = _chosen(request, [row for row in offered if row.pk in with_pledges])
    compared = comparison.compared(chosen, standings, request.as_of.day)
    most = max([1, *(each.last for each in compared if each.has_pledges)])
    number = _day(request) or comparison.usual_day(compared)
    at = min(number, most)
    rows = [(each, comparison.on_day(each, at)) for each in compared]
    context = {
        "offered": [(row, row in chosen) for row in _with(offered, chosen)],
        "left_out": left_out,
        "most_compared": comparison.MOST_COMPARED,
        "rows": [(each, row, pictures.dashes(each.letter)) for each, row in rows],
        "number": at,
        "beyond": number if number > most else 0,
        "most": most,
        "landmarks": _landmarks(request, chosen, compared, most, at),
        "sentence": comparison.sentence([row for _each, row in rows], at),
        "several_offices": len(by_office(chosen)) > 1,
    }
    return render(
        request, "pledges/compare.html", context | _pictures(compared, most, at), status=422 if left_out else 200
    )


def _chosen(request: PublicRequest, with_pledges: list[Mandate]) -> tuple[list[Mandate], list[str]]:
    """The mandates that the address names, in its order, and those of its slugs that cannot be shown.

    By default the newest mandate with pledges and the one before it in the same office, or else the next newest.
    """
    slugs = [slug for slug in dict.fromkeys(request.GET.getlist("mandate")) if slug]
    if not slugs:
        newest = by_office(with_pledges)[:1]
        in_order = dict.fromkeys([*(row for rows in newest for row in rows), *with_pledges])
        return list(in_order)[:DEFAULT], []
    known = {row.slug: row for row in Mandate.objects.filter(slug__in=[slug for slug in slugs if "\x00" not in slug])}
    chosen = [known[slug] for slug in slugs if slug in known]
    left_out = [slug[:80] for slug in slugs if slug not in known]
    return chosen[: comparison.MOST_COMPARED], left_out + [row.slug for row in chosen[comparison.MOST_COMPARED :]]


def _with(offered: list[Mandate], chosen: list[Mandate]) -> list[Mandate]:
    """The choices of the form: mandates that have begun, after chosen ones that have not."""
    return [*(row for row in chosen if row not in offered), *offered]


def _day(request: PublicRequest) -> int:
    """The day that the address asks for, or 0. Raises InvalidPeriod if it is not a number from 1."""
    text = request.GET.get("day", "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text)):
        # The form with which the reader mends it must not repeat the invalid day.
        request.page_parameters = [pair for pair in request.page_parameters if pair[0] != "day"]
        raise InvalidPeriod("day", _("Write the day of the mandates as a number from 1: 100."))
    return int(text)


def _landmarks(
    request: PublicRequest, chosen: list[Mandate], compared: list[comparison.Compared], most: int, at: int
) -> list[tuple[str, str, bool]]:
    """The most wanted days, as (label, query string, whether it is the day shown)."""
    lasts = {each.last for each in compared if each.last > 0 and each.has_pledges}
    numbers = sorted({1, HUNDRED, 365, *lasts} & set(range(1, most + 1)))
    mandates = "".join(f"mandate={row.slug}&" for row in chosen)
    as_of = "".join(f"&{name}={value}" for name, value in request.as_of.asked)
    return [(_("Day %(number)s") % {"number": n}, f"?{mandates}day={n}{as_of}", n == at) for n in numbers]


def _pictures(compared: list[comparison.Compared], most: int, at: int) -> dict[str, pictures.Pictures | None]:
    """The pictures of the number and the percentage of kept pledges, of mandates with anything to draw."""
    drawn = [each for each in compared if each.last > 0 and each.has_pledges]
    numbers, shares = ([each.line(share=share) for each in drawn] for share in (False, True))
    letters = 3 + max((len(words) for line in shares for _number, _value, words in line.points[-1:]), default=0)
    return {
        "numbers": pictures.lines(numbers, most, at, share=False, letters=letters),
        "shares": pictures.lines(shares, most, at, share=True, letters=letters),
    }
