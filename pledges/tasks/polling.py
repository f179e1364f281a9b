"""Sources: beat says "look" every minute, workers claim what is due, fetch it and store what is new."""

import logging

from celery import shared_task
from django.utils import timezone

from pledges import actions, pulse
from pledges.models import Source
from pledges.monitor import feeds, fetch

from . import kinds, web
from .reading import read_article

log = logging.getLogger(__name__)


@shared_task(name="pledges.tasks.poll")
def poll() -> None:
    """Every minute, from beat: claim what is due and say so to the workers."""
    now = timezone.now()
    actions.wake_leads(today=timezone.localdate(now))
    for source_id in actions.claim_due_sources(now=now):
        read_source.delay(source_id)
    for article_id in actions.claim_unread_articles(now=now):
        read_article.delay(article_id)
    pulse.note_poll(now)


@shared_task(name="pledges.tasks.read_source")
def read_source(source_id: int) -> None:
    """Fetch a source, store what is new in it and have the new articles read; or note why it failed."""
    source = Source.objects.get(pk=source_id)
    if not source.active:
        return
    try:
        found = _read_feed(source)
    except (fetch.FetchError, feeds.FeedError) as error:
        began = actions.record_source_failure(
            source=source, reason=str(error), now=timezone.now(), retry_after=getattr(error, "retry_after", None)
        )
        if began:  # once a spell, not once a minute: the admin shows the rest
            log.info("Source %s fails: %s", source.name, error)
        return
    except Exception as error:  # ours, not theirs: without a mark it would be tried for ever and nobody be told
        log.exception("Source %s cannot be read", source.name)
        actions.record_source_failure(source=source, reason=web.our_fault(error), now=timezone.now())
        return
    for article_id in found:
        read_article.delay(article_id)
    if found:
        log.info("Source %s: %d new articles", source.name, len(found))


def _read_feed(source: Source) -> list[int]:
    got = web.get(source.url, etag=source.etag, last_modified=source.last_modified)
    now = timezone.now()
    entries: tuple[feeds.Entry, ...] = ()
    if not got.not_modified:
        entries = kinds.read(source, got, now=now)
    return actions.record_articles(
        source=source,
        entries=entries,
        now=now,
        etag=got.etag or (source.etag if got.not_modified else ""),
        last_modified=got.last_modified or (source.last_modified if got.not_modified else ""),
    )
