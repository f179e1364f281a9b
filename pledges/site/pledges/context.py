"""The context of a pledge's public page; the desk previews drafts with the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pledges.models import Pledge, Retraction, Source
from pledges.queries import corrections as log
from pledges.queries import indicators, visibility
from pledges.queries.published import PublicUpdate, PublicWithdrawal
from pledges.queries.standings import Standing, once, standing_with_key
from pledges.site.charts import render
from pledges.site.pledges import wording_history
from pledges.site.shared.strips import Axis

MOST_RELATED = 12


@dataclass(frozen=True)
class TimelineEntry:
    """An update in the timeline, and the corrections that led to it as (correction, what it replaced), newest first.

    `withdrawal` is set if it does not count any more, `moved_to` if it is told at another pledge instead.
    """

    update: PublicUpdate
    corrections: list[tuple[PublicUpdate, PublicUpdate]]
    withdrawal: PublicWithdrawal | None = None
    moved_to: Standing | None = None


def axis_until(day: date, standings: Iterable[Standing]) -> Axis:
    """One common axis for a list: from the first day of the earliest mandate to `day`."""
    return Axis(min(once(standings, _first_day), day), day)


def _first_day(standings: Iterable[Standing]) -> date:
    """The first day of the earliest mandate; the last of the calendar where there are no pledges."""
    return min((standing.pledge.mandate.starts_on for standing in standings), default=date.max)


def page_of(
    standing: Standing, candidates: Iterable[Standing], *, edition: int, figures_until: date | None = None
) -> dict[str, object]:
    """The context of a pledge's page as an edition has it; related pledges are chosen from `candidates`.

    With `figures_until`, its indicators have only the figures of periods that had ended by that day.
    """
    pledge = standing.pledge
    related = _related(standing, candidates)
    return {
        "standing": standing,
        "edition_number": edition,
        "pledge": pledge,
        "wording": standing.wording,
        "timeline": _timeline(standing, edition),
        "axis": axis_until(standing.day, [standing]),
        "mandates": standing.mandates,
        "related": related[:MOST_RELATED],
        "related_more": len(related[MOST_RELATED:]),
        "topic_slugs": [topic.slug for topic in pledge.topics],
        "indicators": indicator_charts(standing, edition=edition, until=figures_until),
        # Sources that cannot be reached are not read, so they are left out; the methodology page lists them.
        "sources": Source.objects.filter(active=True, failing_since=None).order_by("name"),
        # Not part of an edition: when a dead link is found the pulse changes, and with it the page's cache key.
        "kept": visibility.kept_evidence(standing.updates),
        # Not part of an edition, so it is not in the table of standings.
        "reviewed_on": Pledge.objects.values_list("reviewed_on", flat=True).get(pk=pledge.pk),
        "corrections": [log.of_pledge(row) for row in standing.corrections],
        "history": wording_history.history(standing.wordings),
        "criteria_since": wording_history.criteria_since(standing.wordings),
    }


def indicator_charts(standing: Standing, *, edition: int, until: date | None = None) -> list[render.Chart]:
    """The charts of a pledge's indicators, with this pledge's days marked; `until` as in `page_of`."""
    marks = indicators.marks([standing])
    rows = indicators.public(edition).filter(pledges=standing.pledge.pk)
    return [render.chart(each, marks) for each in indicators.known(rows, edition=edition, until=until)]


def _related(standing: Standing, candidates: Iterable[Standing]) -> list[Standing]:
    """The other pledges that share a topic: those that share most first, and of these the ones of the same mandate."""
    topics, mandate = set(standing.topics), standing.pledge.mandate

    def shared(other: Standing) -> int:
        return len(topics & set(other.topics))

    others = [other for other in candidates if other.pledge.pk != standing.pledge.pk and shared(other)]
    return sorted(others, key=lambda other: (-shared(other), mandate not in other.mandates))


def _timeline(standing: Standing, edition: int) -> list[TimelineEntry]:
    """The updates that count and those that were withdrawn, the newest first, each with what it said before it was
    corrected."""
    rows = {update.pk: update for update in standing.pledge.updates}
    entries = []
    shown = sorted([*standing.updates, *standing.withdrawn], key=lambda update: update.happened_on)
    for update in reversed(shown):
        corrections: list[tuple[PublicUpdate, PublicUpdate]] = []
        correction = update
        while correction.corrects_id in rows:
            replaced = rows[correction.corrects_id]
            corrections.append((correction, replaced))
            correction = replaced
        withdrawal = update.withdrawal if update in standing.withdrawn else None
        target = withdrawal.pledge_id if withdrawal else None
        moved_to = standing_with_key(target, edition=edition, day=standing.day) if target else None
        entries.append(TimelineEntry(update, corrections, withdrawal, moved_to))
    return entries


def retracted_page_of(retraction: Retraction, before: Standing) -> dict[str, object]:
    """The context of the page at a retracted pledge's address; `before` is where the pledge stood until then."""
    assert retraction.edition_id, "it is published, or previewed as part of the next edition"
    return {
        "retraction": retraction,
        "wording": before.wording,
        "standing": before,
        "last": retraction.edition_id - 1,
    }
