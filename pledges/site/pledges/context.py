"""What the public page of a pledge shows; the desk previews drafts with the very same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pledges.models import Pledge, Retraction, Source
from pledges.queries import indicators, visibility
from pledges.queries.published import PublicUpdate
from pledges.queries.standings import Standing
from pledges.site.charts import render
from pledges.site.pledges import wording_history
from pledges.site.shared.strips import Axis

MOST_RELATED = 12


@dataclass(frozen=True)
class TimelineEntry:
    """An update in the timeline, and the corrections that led to it as (correction, what it replaced), newest first."""

    update: PublicUpdate
    corrections: list[tuple[PublicUpdate, PublicUpdate]]


def axis_until(day: date, found: Iterable[Standing]) -> Axis:
    """One common axis for a list: from the first day of the earliest mandate to `day`."""
    starts = [standing.pledge.mandate.starts_on for standing in found]
    return Axis(min([*starts, day]), day)


def page_of(standing: Standing, found: Iterable[Standing], *, edition: int, figures_until: date | None = None) -> dict:
    """The template context of a pledge's page as an edition has it; `found` are all standings of that edition.

    With `figures_until` its indicators have only what is known of periods that had ended by that day.
    """
    pledge = standing.pledge
    related = _related(standing, found)
    return {
        "standing": standing,
        "edition_number": edition,
        "pledge": pledge,
        "wording": standing.wording,
        "timeline": _timeline(standing),
        "axis": axis_until(standing.day, [standing]),
        "mandates": standing.mandates,
        "related": related[:MOST_RELATED],
        "related_more": len(related[MOST_RELATED:]),
        "indicators": indicator_charts(standing, edition=edition, until=figures_until),
        # One that cannot be reached is not read; the methodology says so of each.
        "sources": Source.objects.filter(active=True, failing_since=None).order_by("name"),
        # A dead link is not an edition: the pulse turns the page when one is found.
        "kept": visibility.kept_evidence(standing.updates),
        # A person's look is not an edition, so it is not in the table of standings.
        "reviewed_on": Pledge.objects.values_list("reviewed_on", flat=True).get(pk=pledge.pk),
        "history": wording_history.history(standing.wordings),
        "criteria_since": wording_history.criteria_since(standing.wordings),
    }


def indicator_charts(standing: Standing, *, edition: int, until: date | None = None) -> list[render.Chart]:
    """The charts of the indicators that belong to a pledge, with the days of this pledge."""
    marks = indicators.marks([standing])
    found = indicators.public(edition).filter(pledges=standing.pledge.pk)
    return [render.chart(each, marks) for each in indicators.known(found, edition=edition, until=until)]


def _related(standing: Standing, found: Iterable[Standing]) -> list[Standing]:
    """The others that share a topic: first those that share most, and of these the ones of the same mandate."""
    topics, mandate = set(standing.topics), standing.pledge.mandate

    def shared(other: Standing) -> int:
        return len(topics & set(other.topics))

    others = [other for other in found if other.pledge.pk != standing.pledge.pk and shared(other)]
    return sorted(others, key=lambda other: (-shared(other), mandate not in other.mandates))


def _timeline(standing: Standing) -> list[TimelineEntry]:
    """The updates that count, the newest first, each with what it said before it was corrected."""
    rows = {update.pk: update for update in standing.pledge.updates}
    entries = []
    for update in reversed(standing.updates):
        corrections, correction = [], update
        while correction.corrects_id in rows:
            replaced = rows[correction.corrects_id]
            corrections.append((correction, replaced))
            correction = replaced
        entries.append(TimelineEntry(update, corrections))
    return entries


def retracted_page_of(retraction: Retraction, said: Standing) -> dict:
    """What the page at the address of a retracted pledge is made of; `said` is what it had said until then."""
    return {
        "retraction": retraction,
        "wording": said.wording,
        "standing": said,
        "last": retraction.edition_id - 1,
    }
