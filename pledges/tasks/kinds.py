"""What an answer of each kind of source is turned into: entries, a snapshot of a page, figures of an indicator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.utils import timezone

from pledges import actions
from pledges.models import Source
from pledges.monitor import articles, feeds, fetch, gdelt, series, sitemaps, webpage
from pledges.sentences import SaidError, say

from . import web

MOST_CHILDREN = 3  # sitemaps of an index that are read at once
CHILD = fetch.Limits(total_seconds=5, connect_seconds=3)


def read(source: Source, got: fetch.Fetched, *, now: datetime) -> tuple[feeds.Entry, ...]:
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


def _feed(_source: Source, got: fetch.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    zone = timezone.get_default_timezone()
    return feeds.parse(got.body, url=got.url, content_type=got.content_type, now=now, zone=zone).entries


def _gdelt(_source: Source, got: fetch.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    return gdelt.parse(got.body, url=got.url, content_type=got.content_type, now=now)


def _sitemap(_source: Source, got: fetch.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    """The pages of a sitemap, or of the newest sitemaps that an index names. One of these may fail, not all."""
    settled = {"now": now, "zone": timezone.get_default_timezone()}
    listed = sitemaps.parse(got.body, url=got.url, content_type=got.content_type, **settled)
    entries = list(listed.entries)
    failure: SaidError | None = None
    if addresses := listed.children[:MOST_CHILDREN]:
        with ThreadPoolExecutor(MOST_CHILDREN) as workers:  # at once: other sources wait for this one meanwhile
            for part in workers.map(_child, addresses):
                if isinstance(part, fetch.FetchError):
                    failure = part
                    continue
                try:
                    found = sitemaps.parse(part.body, url=part.url, content_type=part.content_type, **settled)
                    entries += found.entries
                except feeds.FeedError as error:
                    failure = error
    if failure and not entries:
        said = say("None of the sitemaps that this index names can be read: %(reason)s", reason=failure.sentence)
        raise feeds.FeedError(said) from failure
    return tuple(entries)


def _child(address: str) -> fetch.Fetched | fetch.FetchError:
    try:
        return web.get(address, limits=CHILD)
    except fetch.FetchError as error:
        return error


def _page(source: Source, got: fetch.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    try:
        text = webpage.read(got.body, url=got.url, content_type=got.content_type, selector=source.selector)
    except articles.ArticleError as error:
        raise feeds.FeedError(error.sentence) from error
    text = text.replace("\0", "")
    before = source.snapshots.order_by("-taken_at").first()
    fresh = before is None or not actions.is_of_the_same(source=source, snapshot=before)
    change = webpage.Change((), ()) if fresh else webpage.compare(before.text, text)
    if change or before is None or (fresh and before.text != text):
        actions.record_snapshot(
            source=source,
            before=before,
            text=text,
            added="\n".join(change.added),
            capture=(got.content_type, got.body, got.headers),
            url=got.url,
            now=now,
        )
    return ()


def _data(source: Source, got: fetch.Fetched, now: datetime) -> tuple[feeds.Entry, ...]:
    figures = series.read(
        got.body,
        content_type=got.content_type,
        url=got.url,
        path=source.data_path,
        period_column=source.period_column,
        value_column=source.value_column,
    )
    actions.record_figures(
        indicator=source.indicator,
        series=source.series,
        figures=figures,
        source=source.publisher,
        url=source.url,
        imported_from=source,
    )
    return ()
