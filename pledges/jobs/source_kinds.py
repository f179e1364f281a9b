"""What an answer of each kind of source is turned into: entries, a snapshot of a page, figures of an indicator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from pledges.actions import figures, snapshots
from pledges.domain.messages import UserFacingError, deferred_message
from pledges.jobs import web
from pledges.models import Snapshot, Source
from pledges.watch import isolation
from pledges.watch.figures import series
from pledges.watch.sources import articles, captures, feeds, gdelt, page_watch, sitemaps, walls
from pledges.watch.web import client

MOST_CHILDREN = 3  # sitemaps of an index that are read at once
REMEMBERED = timedelta(days=30)  # what a page said until then is no news when it comes back
MOST_EARLIER = 20  # captures of a page that are compared
CHILD = client.Limits(total_seconds=5, connect_seconds=3)


def read(source: Source, got: client.Fetched, *, now: datetime) -> tuple[feeds.Entry, ...]:
    """The entries in what a source answered (a whole answer, not a 304). Raises FeedError where it cannot be read.

    A page watched for change and a file of figures have no entries: what is new in them is stored here. To read the
    same answer twice changes nothing.
    """
    kinds = {
        Source.Kind.SITEMAP: _sitemap,
        Source.Kind.GDELT: _gdelt,
        Source.Kind.PAGE: _page,
        Source.Kind.DATA: _data,
    }
    return kinds.get(source.kind, _feed)(source, got, now)


def _feed(_source: Source, got: client.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    zone = timezone.get_default_timezone()
    return feeds.parse(got.body, url=got.url, content_type=got.content_type, now=now, zone=zone).entries


def _gdelt(_source: Source, got: client.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    return gdelt.parse(got.body, url=got.url, content_type=got.content_type, now=now)


def _sitemap(_source: Source, got: client.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    """The pages of a sitemap, or of the newest sitemaps that an index names. One of these may fail, not all."""
    settled: dict[str, Any] = {"now": now, "zone": timezone.get_default_timezone()}
    listed = sitemaps.parse(got.body, url=got.url, content_type=got.content_type, **settled)
    entries = list(listed.entries)
    failure: UserFacingError | None = None
    if addresses := listed.children[:MOST_CHILDREN]:
        with ThreadPoolExecutor(MOST_CHILDREN) as workers:  # at once: other sources wait for this one meanwhile
            for part in workers.map(_child, addresses):
                if isinstance(part, client.FetchError):
                    failure = part
                    continue
                try:
                    found = sitemaps.parse(part.body, url=part.url, content_type=part.content_type, **settled)
                    entries += found.entries
                except feeds.FeedError as error:
                    failure = error
    if failure and not entries:
        said = deferred_message(
            "None of the sitemaps that this index names can be read: %(reason)s", reason=failure.sentence
        )
        raise feeds.FeedError(said) from failure
    return tuple(entries)


def _child(address: str) -> client.Fetched | client.FetchError:
    try:
        return web.get(address, limits=CHILD)
    except client.FetchError as error:
        return error


def _page(source: Source, got: client.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    try:
        text = isolation.call(
            page_watch.read, got.body, url=got.url, content_type=got.content_type, selector=source.selector
        )
    except (articles.ArticleError, isolation.IsolationError) as error:
        raise feeds.FeedError(error.sentence) from error
    text = text.replace("\0", "")
    before = source.snapshots.order_by("-taken_at").first()
    if (
        before
        and before.text == text
        and not before.in_doubt
        and snapshots.is_of_the_same(source=source, snapshot=before)
    ):
        return ()
    earlier = [captures.Earlier(row.text, row.in_doubt) for row in _earlier(source, now)]
    if captures.is_notice(text, earlier, announced="retry-after" in got.headers):
        raise feeds.FeedError(walls.AWAY)
    meaning = captures.meaning_of(text, earlier)
    if meaning.keep:
        snapshots.record_snapshot(
            source=source,
            before=before,
            text=text,
            added="\n".join(meaning.news),
            capture=(got.content_type, got.body, got.headers),
            url=got.url,
            now=now,
            in_doubt=meaning.in_doubt,
        )
    return ()


def _earlier(source: Source, now: datetime) -> list[Snapshot]:
    """The captures that a new one is compared with, the newest first.

    They go back to one that is not in doubt, and on to those that the page showed within `REMEMBERED`.
    """
    found: list[Snapshot] = []
    for row in source.snapshots.order_by("-taken_at")[:MOST_EARLIER]:
        settled = any(not one.in_doubt for one in found)
        if settled and found[-1].taken_at < now - REMEMBERED:
            break
        if not snapshots.is_of_the_same(source=source, snapshot=row):
            break
        found.append(row)
    return found


def waits_for_another_look(source: Source) -> bool:
    """Whether the last capture of a watched page is in doubt, so that the page has to be read again, changed or not."""
    if source.kind != Source.Kind.PAGE:
        return False
    return source.snapshots.order_by("-taken_at").values_list("in_doubt", flat=True).first() or False


def _data(source: Source, got: client.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    found = series.read_in_child(
        got.body,
        content_type=got.content_type,
        url=got.url,
        path=source.data_path,
        period_column=source.period_column,
        value_column=source.value_column,
        units=(source.indicator.unit_en, source.indicator.unit_es),
    )
    figures.record_notice(source=source, notice=found.notice)
    figures.record_figures(
        indicator=source.indicator,
        series=source.series,
        figures=found.figures,
        source=source.publisher,
        url=source.url,
        imported_from=source,
    )
    return ()
