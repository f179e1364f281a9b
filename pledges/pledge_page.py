"""What the public page of a pledge shows; the desk previews drafts with the very same."""

from collections.abc import Iterable
from datetime import date

from pledges import access, charts, indicators
from pledges.models import Pledge, Retraction, Source
from pledges.standings import Standing
from pledges.strips import Axis

MOST_RELATED = 12


def axis_until(day: date, found: Iterable[Standing]) -> Axis:
    """One common axis for a list: from the first day of the earliest mandate to `day`."""
    starts = [standing.pledge.mandate.starts_on for standing in found]
    return Axis(min([*starts, day]), day)


def page_of(standing: Standing, found: Iterable[Standing], *, edition: int, figures_until: date | None = None) -> dict:
    """The template context of a pledge's page as an edition has it; `found` are all standings of that edition.

    With `figures_until` its indicators have only what is known of periods that had ended by that day.
    """
    pledge = standing.pledge
    topics = set(standing.topics)
    others = (other for other in found if other.pledge.pk != pledge.pk)
    related = [other for other in others if topics & set(other.topics)]
    return {
        "standing": standing,
        "edition_number": edition,
        "pledge": pledge,
        "wording": standing.wording,
        "timeline": list(reversed(standing.updates)),
        "axis": axis_until(standing.day, [standing]),
        "mandates": standing.mandates,
        "related": related[:MOST_RELATED],
        "related_more": len(related[MOST_RELATED:]),
        "indicators": indicator_charts(standing, edition=edition, until=figures_until),
        # One that cannot be reached is not read; the methodology says so of each.
        "sources": Source.objects.filter(active=True, failing_since=None).order_by("name"),
        # A dead link is not an edition: the pulse turns the page when one is found.
        "kept": access.kept_evidence(standing.updates),
        # A person's look is not an edition, so it is not in the table of standings.
        "reviewed_on": Pledge.objects.values_list("reviewed_on", flat=True).get(pk=pledge.pk),
        "earlier_wordings": standing.wordings[:-1],
    }


def indicator_charts(standing: Standing, *, edition: int, until: date | None = None) -> list[charts.Chart]:
    """The charts of the indicators that belong to a pledge, with the days of this pledge."""
    marks = indicators.marks([standing])
    found = indicators.public(edition).filter(pledges=standing.pledge)
    return [charts.chart(each, marks) for each in indicators.known(found, edition=edition, until=until)]


def retracted_page_of(retraction: Retraction, said: Standing) -> dict:
    """What the page at the address of a retracted pledge is made of; `said` is what it had said until then."""
    return {
        "retraction": retraction,
        "wording": said.wording,
        "standing": said,
        "last": retraction.edition_id - 1,
    }
