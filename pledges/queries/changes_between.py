"""The changes between two moments, read from the database: `between`.

To the changes of the pledges' standings (`changes.compare`) it adds what does not belong to one pledge (figures,
mandates, retractions) and, from the history tables that the database keeps, the topics, institutions and mandates that
a pledge gained or lost.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from pledges.models import Edition, EditionItem, Institution, Mandate, Observation, Topic
from pledges.models.pledge import PledgeCarried, PledgeInstitution, PledgeTopic
from pledges.queries import visibility
from pledges.queries.changes import Change, Kind, Label, Moment, compare, in_order
from pledges.queries.record_changes import RecordChange, record_changes
from pledges.queries.standings import Standing, standings_uncached, standings_with_keys

# Several mandates may begin or end on one day, so the slug decides.
BY_BEGIN = ("starts_on", "slug")


def between(start: Moment, end: Moment, *, pledges: Collection[int] | None = None) -> list[Change]:
    """All changes from one moment to a later one, in a fixed number of queries, in order of importance.

    `pledges` are the ids of those that can have changed, if that is known: where the others stood is not worked out.

    If both have the same edition, these are what happened between the days. Otherwise they also include what the
    editions in between published: corrections, wordings, retractions, figures, topics and institutions.
    """
    before, after = _standings(start, pledges), _standings(end, pledges)
    if start.edition == end.edition:
        closed = [row for row, _edition in _closings(end.edition) if start.day < row.closed_on <= end.day]
        return in_order([*compare(before, after, start=start.day), *_mandates(start, end, after), *_closed(closed)])
    editions = {
        row.number: row
        for row in visibility.public_editions().filter(number__gt=start.edition, number__lte=end.edition)
    }
    published = {number: timezone.localdate(row.published_at) for number, row in editions.items()}
    retractions = visibility.public_retractions().filter(edition__in=editions)
    changes = compare(
        before,
        after,
        start=start.day,
        published=published,
        retractions={row.pledge_id: row for row in retractions},
    )
    changes += [*_mandates(start, end, after), *_figures(start, end, published)]
    changes += _closed(row for row, edition in _closings(end.edition) if edition in editions)
    items = EditionItem.objects.filter(edition__in=editions, action=EditionItem.Action.CHANGED, kind="pledge")
    changes += _relations(before, after, items, published)
    changes += _records(start, editions, published, changes)
    return in_order(changes)


def _standings(moment: Moment, pledges: Collection[int] | None) -> tuple[Standing, ...]:
    if pledges is None:
        return standings_uncached(moment.edition, moment.day)
    return standings_with_keys(pledges, edition=moment.edition, day=moment.day)


def _records(
    start: Moment, editions: Mapping[int, Edition], published: Mapping[int, date], told: Sequence[Change]
) -> Iterator[Change]:
    """What changed of rows that are no update, wording or figure, as far as the other changes do not tell it.

    Between two editions next to each other, a row that was published again as it was is one too, if there is nothing
    else: no edition goes without a word.
    """
    records = [record for record in record_changes(start.edition, editions) if not _is_told(record, told)]
    news = [record for record in records if not record.same or (len(editions) == 1 and record.has_relations)]
    if not news and not told and len(editions) == 1:
        news = records
    return (Change(Kind.RECORD, published[record.item.edition_id], record=record) for record in news)


def _is_told(record: RecordChange, told: Sequence[Change]) -> bool:
    """Whether other changes tell all that is known of a change: a mandate's closing, a pledge's topics, new figures."""
    if record.fields and not isinstance(record.row, Mandate):
        return False
    if record.indicator is not None:
        return any(change.indicator and change.indicator.pk == record.indicator for change in told)
    if record.is_new:
        return False
    if isinstance(record.row, Mandate):
        closed = any(change.event == "closed" and change.mandate == record.row for change in told)
        return closed and {field.name for field in record.fields} <= {"closed_on"}
    kinds, pledge = (Kind.LABELS, Kind.CARRIED), record.item.pledge_id
    return any(change.kind in kinds and change.now and change.now.pledge.pk == pledge for change in told)


def _mandates(start: Moment, end: Moment, after: Sequence[Standing]) -> Iterator[Change]:
    """The mandates that began or ended on the days in between, of those that the edition at the end knows."""
    rows = visibility.published_mandates(end.edition, after).order_by(*BY_BEGIN)
    days = (start.day + timedelta(days=1), end.day)
    known = list(rows.filter(Q(starts_on__range=days) | Q(ends_on__range=days)))
    for row in known:
        if start.day < row.starts_on <= end.day:
            carried = sum(row in standing.mandates[1:] for standing in after)
            yield Change(Kind.MANDATE, row.starts_on, mandate=row, event="began", carried=carried)
    for row in known:
        if row.ends_on and start.day < row.ends_on <= end.day:
            yield Change(Kind.MANDATE, row.ends_on, mandate=row, event="ended")


def _closings(until: int) -> list[tuple[Any, int]]:
    """The mandates that editions up to this one closed, each with the number of the edition.

    It is the first of the day of the closing that changed the mandate, or that published it where none had before.
    """
    rows = {str(row.pk): row for row in Mandate.objects.exclude(closed_on=None).order_by(*BY_BEGIN)}
    items = EditionItem.objects.filter(kind="mandate", key__in=rows).select_related("edition")
    closings: dict[str, int] = {}
    for item in sorted(items, key=lambda item: (item.action != EditionItem.Action.CHANGED, item.edition_id)):
        if timezone.localdate(item.edition.published_at) == rows[item.key].closed_on:
            closings.setdefault(item.key, item.edition_id)
    return [(row, closings[key]) for key, row in rows.items() if closings.get(key, until + 1) <= until]


def _closed(mandates: Iterable[Mandate]) -> Iterator[Change]:
    return (Change(Kind.MANDATE, row.closed_on, mandate=row, event="closed") for row in mandates if row.closed_on)


def _figures(start: Moment, end: Moment, published: Mapping[int, date]) -> Iterator[Change]:
    """The figures that the editions in between published: one change an indicator, each figure with the one revised."""
    new = Observation.objects.filter(edition__gt=start.edition, edition__lte=end.edition)
    rows = (
        Observation.objects.filter(edition__lte=end.edition, indicator__in=new.values("indicator"))
        .prefetch_related("indicator__series")
        .order_by("edition_id", "pk")
    )
    last: dict[tuple, Observation] = {}
    earlier: dict[tuple, Observation] = {}
    for row in rows:
        period = (row.indicator_id, row.series, row.starts_on, row.ends_on)
        last[period] = row
        if (row.edition_id or 0) <= start.edition:
            earlier[period] = row
    by_indicator: dict[int, list[tuple[Observation, Observation | None]]] = {}
    for period, row in last.items():
        if row.edition_id in published:
            by_indicator.setdefault(row.indicator_id, []).append((row, earlier.get(period)))
    for figures in by_indicator.values():
        figures.sort(key=lambda pair: (pair[0].series, pair[0].starts_on, pair[0].ends_on))
        day = max(published[row.edition_id or 0] for row, _revised in figures)
        yield Change(Kind.FIGURES, day, indicator=figures[0][0].indicator, figures=tuple(figures))


# The relations of a pledge that may change, each with the join table whose history the database keeps.
RELATIONS: dict[str, tuple[Any, Any]] = {
    "topic": (Topic, PledgeTopic),
    "institution": (Institution, PledgeInstitution),
    "mandate": (Mandate, PledgeCarried),
}


def _relations(
    before: Iterable[Standing], after: Iterable[Standing], items: QuerySet[EditionItem], published: Mapping[int, date]
) -> Iterator[Change]:
    """The topics, institutions and further mandates that pledges gained or lost. `items` are the items by which the
    editions in between changed pledges.

    An edition seals a digest of these relations, not the relations themselves (docs/adr/0004). The history tables say
    when each row was inserted or deleted. The next edition with an item of that pledge is the one that published it:
    its transaction had begun by then, and whoever changes a pledge locks it until the edition is made.
    """
    earlier = {was.pledge.pk: was for was in before}
    both = {now.pledge.pk: (earlier[now.pledge.pk], now) for now in after if now.pledge.pk in earlier}
    changed = [pk for key in set(items.values_list("key", flat=True)) if (pk := int(key)) in both]
    editions: dict[int, list[tuple[datetime, int]]] = {pk: [] for pk in changed}
    all_items = EditionItem.objects.filter(kind="pledge", key__in=map(str, changed)).order_by("edition_id")
    for key, at, number in all_items.values_list("key", "edition__published_at", "edition"):
        editions[int(key)].append((at, number))
    labels: dict[int, list[tuple[date, Label]]] = {}
    for name, (model, link) in RELATIONS.items():
        net = _net(link.pgh_event_model.objects.filter(pledge__in=changed), name, editions, published)
        rows = model.objects.in_bulk({other for _pledge, other in net})
        for (pledge, other), (added, number) in sorted(net.items()):
            was, now = both[pledge]
            if other not in rows:  # a row that no edition has named itself can be deleted
                continue
            if name == "mandate":
                event = "" if added else "left"
                yield Change(Kind.CARRIED, published[number], was=was, now=now, mandate=rows[other], event=event)
            else:
                labels.setdefault(pledge, []).append((published[number], Label(rows[other], added)))
    for pledge, dated_labels in labels.items():
        was, now = both[pledge]
        day = max(day for day, _label in dated_labels)
        yield Change(Kind.LABELS, day, was=was, now=now, labels=tuple(label for _day, label in dated_labels))


def _net(
    events: QuerySet, name: str, editions: Mapping[int, list[tuple[datetime, int]]], published: Mapping[int, date]
) -> dict[tuple[int, int], tuple[bool, int]]:
    """The net effect of the inserts and deletes that the editions in between published: by (pledge, related row),
    whether it was added, and the last edition that said so. Pairs that end as they began are left out.

    `editions` are the (time, number) of each pledge's editions, oldest first.
    """
    acts: dict[tuple[int, int], list[tuple[bool, int]]] = {}
    for pledge, other, label, when in events.order_by("pgh_id").values_list(
        "pledge", name, "pgh_label", "pgh_created_at"
    ):
        number = next((number for at, number in editions[pledge] if at >= when), 0)
        if number in published:
            acts.setdefault((pledge, other), []).append((label == "insert", number))
    return {pair: steps[-1] for pair, steps in acts.items() if steps[0][0] == steps[-1][0]}
