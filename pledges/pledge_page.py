"""What the public page of a pledge shows; the desk previews drafts with the very same."""

from collections.abc import Iterable
from datetime import date

from pledges import access, charts
from pledges.models import Pledge, Retraction, Source
from pledges.standings import Standing
from pledges.strips import Axis


def axis_until(day: date, found: Iterable[Standing]) -> Axis:
    """One common axis for a list: from the first day of the earliest mandate to `day`."""
    starts = [standing.pledge.mandate.starts_on for standing in found]
    return Axis(min([*starts, day]), day)


def page_of(standing: Standing, found: Iterable[Standing], *, edition: int) -> dict:
    """The template context of a pledge's page as an edition has it; `found` are all standings of that edition."""
    pledge = standing.pledge
    topics = {topic.pk for topic in pledge.topics.all()}
    others = (other for other in found if other.pledge.pk != pledge.pk)
    return {
        "standing": standing,
        "edition_number": edition,
        "pledge": pledge,
        "wording": standing.wording,
        "timeline": list(reversed(standing.updates)),
        "axis": axis_until(standing.day, [standing]),
        "mandates": [pledge.mandate, *pledge.carried_into.all()],
        "related": [other for other in others if topics & {topic.pk for topic in other.pledge.topics.all()}],
        "indicators": charts.of_pledge(pledge, edition),
        # One that cannot be reached is not read; the methodology says so of each.
        "sources": Source.objects.filter(active=True, failing_since=None).order_by("name"),
        # A dead link is not an edition: the pulse turns the page when one is found.
        "kept": access.kept_evidence(standing.updates),
        # A person's look is not an edition, so it is not in the table of standings.
        "reviewed_on": Pledge.objects.values_list("reviewed_on", flat=True).get(pk=pledge.pk),
        "earlier_wordings": standing.wordings[:-1],
    }


def retracted_page_of(retraction: Retraction, said: Standing) -> dict:
    """What the page at the address of a retracted pledge is made of; `said` is what it had said until then."""
    return {
        "retraction": retraction,
        "wording": said.wording,
        "standing": said,
        "last": retraction.edition_id - 1,
    }
