"""Articles: their pages are fetched, what they say is matched against the pledges, and leads are raised."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from pledges.actions import learning, leases, watch
from pledges.domain.messages import DeferredMessage
from pledges.jobs import matching, web
from pledges.models import Article
from pledges.watch import isolation
from pledges.watch.sources import articles, walls
from pledges.watch.web import client

log = logging.getLogger(__name__)
AT_ONCE = 50
SECONDS = 5.0  # of claiming in one turn: feeds wait no longer for a worker that reads pages
# For the pages of one turn, below CELERY_TASK_SOFT_TIME_LIMIT. When it is used up each page has the least that an
# ordinary one needs, so that those made to take long cost the others nothing but time.
READING_SECONDS = 120.0
LEAST_SECONDS = 2.0
FINAL = frozenset({"blocked", "bad_address", "too_large", "robots"})


@shared_task(name="pledges.tasks.read_articles")
def read_articles(ids: list[int] | None = None) -> None:
    """Fetch the pages of these articles (or of all that wait), many at once, one a host, and match what they say.

    A turn is short: feeds go first, and what is left waits in its rows for the next message.
    """
    web.looking(Article)
    end = time.monotonic() + SECONDS
    more = True
    with _Turn() as turn:
        while more or len(turn):
            while more and len(turn) <= AT_ONCE // 2:
                claims = []
                if time.monotonic() < end:
                    claims = leases.claim_unread_articles(now=timezone.now(), limit=AT_ONCE // 2, among=ids)
                more = bool(claims)
                turn.begin(claims)
            turn.go_on()
    web.enqueue_when_host_free(Article, read_articles)


@shared_task(name="pledges.tasks.read_article")
def read_article(article_id: int) -> None:
    """Read one article, as `read_articles` does; nothing where it was read or its host is busy."""
    with _Turn() as turn:
        turn.begin(leases.claim_article(pk=article_id, now=timezone.now()))
        while len(turn):
            turn.go_on()


class _Turn:
    """Pages on their way, and those that have come: these are parsed in child processes, so that one that takes long
    holds up no other, and no connection."""

    def __init__(self) -> None:
        self._on_the_way = web.FetchBatch()
        self._parsers = ThreadPoolExecutor(isolation.CHILDREN)
        self._parsed: dict[Future, tuple[Article, client.Fetched]] = {}
        self._until = time.monotonic() + READING_SECONDS

    def __enter__(self) -> "_Turn":
        return self

    def __exit__(self, *error: Any) -> None:
        self._parsers.shutdown(cancel_futures=True)
        self._on_the_way.__exit__(*error)

    def __len__(self) -> int:
        """How many pages are on their way or being parsed."""
        return len(self._on_the_way) + len(self._parsed)

    def begin(self, claims: list[leases.Claim]) -> None:
        """Send for the pages; what was stored whole (what is new in a page watched for change) is matched at once."""
        for claim in claims:
            if claim.row.text and claim.row.capture_id and not claim.row.times_changed:
                self._on_the_way.leave(claim)
                _guarded(_match_kept, claim.row)
            else:
                self._on_the_way.add(claim)

    def go_on(self) -> None:
        """Wait a moment for pages; have those that came parsed, and store and match those that were."""
        over = self._on_the_way.wait(0.0 if self._parsed else 1.0)
        self._on_the_way.free()  # before the work on what they say, which takes its time
        for claim, got in over:
            if isinstance(got, Exception):
                _guarded(_raise, claim.row, got)
            else:
                self._parsed[self._parsers.submit(self._parse, got)] = (claim.row, got)
        if self._parsed:
            for parsed in wait(self._parsed, timeout=0.1, return_when=FIRST_COMPLETED).done:
                article, got = self._parsed.pop(parsed)
                _guarded(_read_page, article, parsed, got)

    def _parse(self, got: client.Fetched) -> articles.Page:
        """The article in an answer. It runs in a thread, which waits for the child."""
        seconds = min(isolation.SECONDS, max(LEAST_SECONDS, self._until - time.monotonic()))
        zone = timezone.get_default_timezone()
        return isolation.call(
            articles.extract, got.body, url=got.url, content_type=got.content_type, zone=zone, seconds=seconds
        )


def _guarded(step: Callable, article: Article, *more: object) -> None:
    """Do this step for an article; a page that cannot be read is matched by its summary, and spoils no other."""
    try:
        step(article, *more)
    except client.FetchError as error:
        final = error.reason in FINAL or error.status == 410
        _unreadable(article, error.sentence, final=final, retry_after=error.retry_after)
    except articles.ArticleError as error:
        _unreadable(article, error.sentence, final=error.sentence != walls.AWAY)
    except isolation.IsolationError as error:  # a busy machine may be the reason: it is tried again
        _unreadable(article, error.sentence, final=False)
    except Exception as error:  # ours, not theirs; it counts as a try, so that it ends
        log.exception("Article %s cannot be read", article.url)
        _unreadable(article, web.internal_error_message(error), final=False)


def _raise(_article: Article, error: Exception) -> None:
    raise error


def _read_page(article: Article, parsed: Future, got: client.Fetched) -> None:
    page = parsed.result()
    now = timezone.now()
    if walls.is_maintenance(page.text):
        raise articles.ArticleError(walls.AWAY)
    with transaction.atomic():  # read and matched together, or neither
        if not learning.still_unread(article=article):  # somebody else was quicker with the same message
            return
        watch.record_page(
            article=article,
            text=page.text,
            language=page.language,
            published_at=page.published_at,
        )
        matching.raise_leads(article, page.text, page.language or article.language)
        if article.story_id:  # it is about a pledge: only then is the page itself of use (docs/adr/0007)
            watch.keep_capture(
                article=article,
                body=got.body,
                content_type=got.content_type,
                headers=got.headers,
                status=got.status,
                now=now,
            )
        if not article.times_changed:  # else its words were counted before
            matching.count_terms(article, page.text)


def _match_kept(article: Article) -> None:
    """Match what was stored whole, without fetching it: what is new in a page watched for change."""
    with transaction.atomic():
        if not learning.still_unread(article=article):
            return
        watch.record_kept(article=article)
        matching.raise_leads(article, article.text, article.language)
        matching.count_terms(article, article.text)


def _unreadable(
    article: Article, reason: DeferredMessage | str, *, final: bool, retry_after: float | None = None
) -> None:
    with transaction.atomic():
        if watch.record_page_failure(
            article=article, reason=reason, final=final, now=timezone.now(), retry_after=retry_after
        ):
            matching.raise_leads(article, article.summary, article.language)
