"""Parsing the answer of each kind of source: into entries, a snapshot of a page, or figures of an indicator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.utils import timezone

from pledges.actions import figures, snapshots
from pledges.domain.messages import UserFacingError, deferred_message
from pledges.jobs import web
from pledges.models import Snapshot, Source
from pledges.watch import isolation
from pledges.watch.figures import series
from pledges.watch.sources import articles, captures, feeds, gdelt, page_watch, sitemaps, walls
from pledges.watch.web import client

MOST_SITEMAPS = 3  # of one index, read at the same time
REMEMBERED = timedelta(days=30)  # what a page said within that time is not new when it comes back
MOST_EARLIER = 20  # snapshots of a page that are compared
SITEMAP_LIMITS = client.Limits(total_seconds=5, connect_seconds=3)


def read(source: Source, answer: client.Fetched, *, now: datetime) -> tuple[feeds.Entry, ...]:
    """The entries in the answer of a source (a whole answer, not a 304). Raises FeedError if it cannot be parsed.

    A page watched for change and a file of figures have no entries: what is new in them is stored here. Reading the
    same answer twice changes nothing.
    """
    if source.kind == Source.Kind.SITEMAP:
        return _sitemap(answer, now)
    if source.kind == Source.Kind.GDELT:
        return gdelt.parse(answer.body, url=answer.url, content_type=answer.content_type, now=now)
    if source.kind == Source.Kind.PAGE:
        _page(source, answer, now)
        return ()
    if source.kind == Source.Kind.DATA:
        _figures(source, answer)
        return ()
    zone = timezone.get_default_timezone()
    return feeds.parse(answer.body, url=answer.url, content_type=answer.content_type, now=now, zone=zone).entries


def _sitemap(answer: client.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    """The entries of a sitemap, or of the newest sitemaps in an index. Raises FeedError if all of these fail."""
    zone = timezone.get_default_timezone()
    sitemap = sitemaps.parse(answer.body, url=answer.url, content_type=answer.content_type, now=now, zone=zone)
    entries = list(sitemap.entries)
    failure: UserFacingError | None = None
    if addresses := sitemap.children[:MOST_SITEMAPS]:
        with ThreadPoolExecutor(MOST_SITEMAPS) as threads:  # at the same time, because other sources wait meanwhile
            for child in threads.map(_fetch_sitemap, addresses):
                if isinstance(child, client.FetchError):
                    failure = child
                    continue
                try:
                    entries += sitemaps.parse(
                        child.body, url=child.url, content_type=child.content_type, now=now, zone=zone
                    ).entries
                except feeds.FeedError as error:
                    failure = error
    if failure and not entries:
        raise feeds.FeedError(
            deferred_message(
                "None of the sitemaps that this index names can be read: %(reason)s", reason=failure.sentence
            )
        ) from failure
    return tuple(entries)


def _fetch_sitemap(address: str) -> client.Fetched | client.FetchError:
    try:
        return web.get(address, limits=SITEMAP_LIMITS)
    except client.FetchError as error:
        return error


def _page(source: Source, answer: client.Fetched, now: datetime) -> None:
    """Store a snapshot of a page watched for change, if there is anything new or doubtful in it."""
    try:
        text: str = isolation.call(
            page_watch.read, answer.body, url=answer.url, content_type=answer.content_type, selector=source.selector
        )
    except (articles.ArticleError, isolation.IsolationError) as error:
        raise feeds.FeedError(error.sentence) from error
    text = text.replace("\0", "")  # PostgreSQL stores no NUL
    before = source.snapshots.order_by("-taken_at").first()
    if (
        before
        and before.text == text
        and not before.in_doubt
        and snapshots.is_of_the_same(source=source, snapshot=before)
    ):
        return
    earlier = [captures.Earlier(row.text, row.in_doubt) for row in _earlier(source, now)]
    if captures.is_notice(text, earlier, announced="retry-after" in answer.headers):
        raise feeds.FeedError(walls.AWAY)
    meaning = captures.meaning_of(text, earlier)
    if meaning.keep:
        snapshots.record_snapshot(
            source=source,
            before=before,
            text=text,
            added="\n".join(meaning.news),
            capture=(answer.content_type, answer.body, answer.headers),
            url=answer.url,
            now=now,
            in_doubt=meaning.in_doubt,
        )


def _earlier(source: Source, now: datetime) -> list[Snapshot]:
    """The snapshots that a new one is compared with, the newest first.

    They go back to one that is not in doubt, and further to those within `REMEMBERED`.
    """
    earlier: list[Snapshot] = []
    for snapshot in source.snapshots.order_by("-taken_at")[:MOST_EARLIER]:
        has_certain = any(not other.in_doubt for other in earlier)
        if has_certain and earlier[-1].taken_at < now - REMEMBERED:
            break
        if not snapshots.is_of_the_same(source=source, snapshot=snapshot):
            break
        earlier.append(snapshot)
    return earlier


def is_in_doubt(source: Source) -> bool:
    """Whether the last snapshot of a watched page is in doubt, so that the page must be read again, changed or not."""
    if source.kind != Source.Kind.PAGE:
        return False
    return source.snapshots.order_by("-taken_at").values_list("in_doubt", flat=True).first() or False


def _figures(source: Source, answer: client.Fetched) -> None:
    """Store the figures in a file, which wait beside their indicator for publication."""
    indicator = source.indicator
    assert indicator is not None  # a constraint of the table: only figures have an indicator, and they all do
    reading = series.read_in_child(
        answer.body,
        content_type=answer.content_type,
        url=answer.url,
        path=source.data_path,
        period_column=source.period_column,
        value_column=source.value_column,
        units=(indicator.unit_en, indicator.unit_es),
    )
    figures.record_notice(source=source, notice=reading.notice)
    figures.record_figures(
        indicator=indicator,
        series=source.series,
        figures=reading.figures,
        source=source.publisher,
        url=source.url,
        imported_from=source,
    )
