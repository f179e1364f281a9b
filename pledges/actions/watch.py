"""The watch's writes: claiming what is due, storing what was found, noting what failed. All times are UTC."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import F, Q

from pledges import pulse
from pledges.models import Article, Source

from .preservation import store_capture

CLAIM = timedelta(
    minutes=6
)  # longer than a task may run, so that a claim outlives its worker only when that was killed
MAX_BACKOFF = timedelta(hours=6)
MAX_ATTEMPTS = 3


class Entry(Protocol):
    """One entry of a feed (see monitor.feeds.Entry)."""

    id: str
    url: str
    title: str
    summary: str
    published_at: datetime | None
    language: str
    publisher: str


def _claim(model, waiting: Q, *, now: datetime, limit: int) -> list[int]:
    """Claim up to `limit` rows that wait and that nobody holds, and return their ids; no two callers get the same."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    with transaction.atomic():
        ids = list(
            model.objects.select_for_update(skip_locked=True)
            .filter(waiting & free)
            .order_by("pk")
            .values_list("pk", flat=True)[:limit]
        )
        model.objects.filter(pk__in=ids).update(claimed_until=now + CLAIM)
    return ids


def claim_due_sources(*, now: datetime, limit: int = 500) -> list[int]:
    """Claim the active sources that are due; a claim whose worker died is free again after `CLAIM`."""
    due = Q(active=True) & (Q(next_due_at=None) | Q(next_due_at__lte=now))
    return _claim(Source, due, now=now, limit=limit)


def claim_unread_articles(*, now: datetime, limit: int = 500) -> list[int]:
    """Claim articles whose page has not been read: those that a lost message or a killed worker left behind."""
    return _claim(Article, Q(state=Article.State.NEW), now=now, limit=limit)


@transaction.atomic
def record_articles(
    *, source: Source, entries: Iterable[Entry], now: datetime, etag: str = "", last_modified: str = ""
) -> list[int]:
    """Note that a source was read, store its entries that are new, and return the new articles' ids, claimed.

    An entry is stored once, by its id in this feed and by its address in all.
    """
    entries = list({entry.id: entry for entry in entries}.values())
    known = set(source.articles.filter(entry_id__in=[e.id[:1000] for e in entries]).values_list("entry_id", flat=True))
    fresh = [entry for entry in entries if entry.id[:1000] not in known]
    Article.objects.bulk_create(
        [
            Article(
                source=source,
                entry_id=entry.id[:1000],
                url=entry.url,
                title=entry.title[:500] or entry.url[:500],
                summary=entry.summary,
                publisher=entry.publisher or source.publisher,
                language=entry.language or source.language,
                published_at=entry.published_at,
                found_at=now,
                claimed_until=now + CLAIM,
            )
            for entry in fresh
            if len(entry.url) <= 1000
        ],
        ignore_conflicts=True,
    )
    Source.objects.filter(pk=source.pk).update(
        last_attempt_at=now,
        last_success_at=now,
        next_due_at=now + timedelta(minutes=source.interval_minutes),
        claimed_until=None,
        failing_since=None,
        failure="",
        failures=0,
        etag=etag[:300],
        last_modified=last_modified[:100],
    )
    transaction.on_commit(pulse.refresh)
    ids = [entry.id[:1000] for entry in fresh]
    return list(source.articles.filter(entry_id__in=ids, state=Article.State.NEW).values_list("pk", flat=True))


@transaction.atomic
def record_source_failure(*, source: Source, reason: str, now: datetime, retry_after: float | None = None) -> bool:
    """Mark a source as failing with the reason and put off its next reading; whether it began to fail just now.

    The wait doubles with each failure up to `MAX_BACKOFF`, and is never less than what the server asked for
    (`retry_after`, in seconds).
    """
    source = Source.objects.select_for_update().get(pk=source.pk)
    wait = min(timedelta(minutes=source.interval_minutes) * 2 ** min(source.failures, 10), MAX_BACKOFF)
    if retry_after:
        wait = max(wait, timedelta(seconds=min(retry_after, 7 * 86_400)))
    began = source.failing_since is None
    source.failing_since = source.failing_since or now
    source.failure = (reason or "unknown")[:300]
    source.failures += 1
    source.last_attempt_at, source.next_due_at, source.claimed_until = now, now + wait, None
    source.save(
        update_fields=["failing_since", "failure", "failures", "last_attempt_at", "next_due_at", "claimed_until"]
    )
    return began


def record_page(*, article: Article, text: str, language: str, published_at: datetime | None) -> None:
    """Store what a page says, and mark the article as read. `keep_capture` keeps its bytes where they are of use."""
    article.text, article.state, article.claimed_until = text, Article.State.READ, None
    article.language = language or article.language
    article.published_at = article.published_at or published_at
    article.save(update_fields=["text", "state", "claimed_until", "language", "published_at"])


@transaction.atomic
def keep_capture(
    *, article: Article, body: bytes, content_type: str, headers: dict[str, str], status: int, now: datetime
) -> None:
    """Keep the page of an article that is about a pledge, as it came: it may become evidence (docs/adr/0007)."""
    article.capture = store_capture(
        url=article.url, body=body, content_type=content_type, headers=headers, status=status, now=now
    )
    article.save(update_fields=["capture"])


def drop_unused_texts(*, before: datetime, limit: int = 5_000) -> int:
    """Empty the texts of articles found before then that belong to no lead, story, snapshot or capture; how many.

    The row stays, so that the article is not read again.
    """
    old = Article.objects.filter(found_at__lt=before, story=None, capture=None).exclude(state=Article.State.NEW)
    old = old.exclude(text="", summary="", fingerprint=[]).filter(leads=None, snapshot=None)
    ids = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    return Article.objects.filter(pk__in=ids).update(text="", summary="", fingerprint=[])


def record_kept(*, article: Article) -> None:
    """Mark an article as read whose text and capture were stored with it (what is new in a page watched for change)."""
    article.state, article.claimed_until = Article.State.READ, None
    article.save(update_fields=["state", "claimed_until"])


@transaction.atomic
def record_page_failure(*, article: Article, reason: str, final: bool, now: datetime) -> bool:
    """Note that a page could not be read; whether that was the last try (it then is what the feed said of it)."""
    Article.objects.filter(pk=article.pk).update(attempts=F("attempts") + 1, failure=reason[:300])
    article.refresh_from_db(fields=["attempts"])
    given_up = final or article.attempts >= MAX_ATTEMPTS
    Article.objects.filter(pk=article.pk).update(
        state=Article.State.FAILED if given_up else Article.State.NEW,
        claimed_until=None if given_up else now + timedelta(minutes=5 * article.attempts),
    )
    return given_up


def read_now(*, sources: Iterable[Source]) -> int:
    """Make sources due at once, whatever they wait for; how many of them are watched and so will be read."""
    return Source.objects.filter(pk__in=[source.pk for source in sources], active=True).update(next_due_at=None)
