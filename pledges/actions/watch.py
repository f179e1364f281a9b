"""Writes of the watch about single articles and sources: what a page says, what failed. All times are UTC."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.actions.preservation import store_capture
from pledges.domain.messages import DeferredMessage
from pledges.models import Article, Newsroom, Source

MAX_ATTEMPTS = 3


def lock_unread(*, article: Article) -> bool:
    """Lock an article's row until the transaction ends; returns whether the article is still unread."""
    unread = Article.objects.select_for_update().filter(pk=article.pk, state=Article.State.NEW)
    return bool(unread.values_list("pk", flat=True))


def record_page(*, article: Article, text: str, language: str, published_at: datetime | None) -> None:
    """Store what a page says, and mark the article as read. `keep_capture` stores the page itself if it is of use."""
    article.text, article.state, article.claimed_until = text, Article.State.READ, None
    article.language = language or article.language
    article.published_at = article.published_at or published_at
    article.save(update_fields=["text", "state", "claimed_until", "language", "published_at"])


@transaction.atomic
def keep_capture(
    *, article: Article, body: bytes, content_type: str, headers: dict[str, str], status: int, now: datetime
) -> None:
    """Keep the page of an article about a pledge as it came, because it may become evidence (docs/adr/0007)."""
    article.capture = store_capture(
        url=article.url, body=body, content_type=content_type, headers=headers, status=status, now=now
    )
    article.save(update_fields=["capture"])


def drop_unused_texts(*, before: datetime, limit: int = 5_000) -> int:
    """Empty the texts of articles found before `before` without lead, story, snapshot or capture; returns how many.

    The rows stay, so that the articles are not read again.
    """
    old = Article.objects.filter(found_at__lt=before, story=None, capture=None).exclude(state=Article.State.NEW)
    old = old.exclude(text="", summary="", fingerprint=[]).filter(leads=None, snapshot=None)
    ids = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    return Article.objects.filter(pk__in=ids).update(text="", summary="", fingerprint=[])


def record_kept(*, article: Article) -> None:
    """Mark an article as read that was stored with its text and capture (what is new on a page watched for change)."""
    article.state, article.claimed_until = Article.State.READ, None
    article.save(update_fields=["state", "claimed_until"])


@transaction.atomic
def record_page_failure(
    *, article: Article, reason: DeferredMessage | str, final: bool, now: datetime, retry_after: float | None = None
) -> bool:
    """Store that a page could not be read; returns whether that was the last attempt.

    The next attempt waits as long as the server asked for (`retry_after`, in seconds), up to a day.
    """
    Article.objects.filter(pk=article.pk).update(attempts=F("attempts") + 1, failure=reason)
    article.refresh_from_db(fields=["attempts"])
    given_up = final or article.attempts >= MAX_ATTEMPTS
    wait = timedelta(minutes=5 * article.attempts)
    Article.objects.filter(pk=article.pk).update(
        state=Article.State.FAILED if given_up else Article.State.NEW,
        claimed_until=None if given_up else now + max(wait, timedelta(seconds=min(retry_after or 0, 86_400))),
    )
    return given_up


def read_now(*, sources: Iterable[Source]) -> int:
    """Make sources due now; returns how many of them are active and so will be read.

    Raises `Refused` while the tracker is closed.
    """
    if Newsroom.get().is_closed(timezone.localdate()):
        raise Refused(_("The tracker is closed: no source is read."))
    return Source.objects.filter(pk__in=[source.pk for source in sources], active=True).update(next_due_at=None)
