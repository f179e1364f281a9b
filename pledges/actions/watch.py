"""The watch's writes about single rows: what a page said, what failed. All times are UTC."""

import gzip
import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from pledges.models import Article, Capture, Source

MAX_ATTEMPTS = 3


@transaction.atomic
def record_page(
    *,
    article: Article,
    text: str,
    language: str,
    published_at: datetime | None,
    capture: tuple[str, bytes],
    now: datetime,
) -> None:
    """Store what a page says and the capture (content type, bytes) of it, and mark the article as read."""
    content_type, body = capture
    digest = hashlib.sha256(body).hexdigest()
    kept = Capture.objects.filter(url=article.url, sha256=digest).first() or Capture.objects.create(
        url=article.url,
        captured_at=now,
        content_type=content_type[:200],
        sha256=digest,
        body=gzip.compress(body, mtime=0),
        size=len(body),
    )
    article.text, article.capture, article.state, article.claimed_until = text, kept, Article.State.READ, None
    article.language = language or article.language
    article.published_at = article.published_at or published_at
    article.save(update_fields=["text", "capture", "state", "claimed_until", "language", "published_at"])


def record_kept(*, article: Article) -> None:
    """Mark an article as read whose text and capture were stored with it (what is new in a page watched for change)."""
    article.state, article.claimed_until = Article.State.READ, None
    article.save(update_fields=["state", "claimed_until"])


@transaction.atomic
def record_page_failure(
    *, article: Article, reason: str, final: bool, now: datetime, retry_after: float | None = None
) -> bool:
    """Note that a page could not be read; whether that was the last try (it then is what the feed said of it).

    The next try waits as long as the server asked for (`retry_after`, in seconds), up to a day.
    """
    Article.objects.filter(pk=article.pk).update(attempts=F("attempts") + 1, failure=reason[:300])
    article.refresh_from_db(fields=["attempts"])
    given_up = final or article.attempts >= MAX_ATTEMPTS
    wait = timedelta(minutes=5 * article.attempts)
    Article.objects.filter(pk=article.pk).update(
        state=Article.State.FAILED if given_up else Article.State.NEW,
        claimed_until=None if given_up else now + max(wait, timedelta(seconds=min(retry_after or 0, 86_400))),
    )
    return given_up


def read_now(*, sources: Iterable[Source]) -> int:
    """Make sources due at once, whatever they wait for; how many of them are watched and so will be read."""
    return Source.objects.filter(pk__in=[source.pk for source in sources], active=True).update(next_due_at=None)
