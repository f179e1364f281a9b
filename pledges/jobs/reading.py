"""Reading articles: take leases, fetch the pages, parse them, store what they say, match it, raise leads."""

import logging
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from pledges.actions import leases, watch
from pledges.domain.messages import DeferredMessage
from pledges.jobs import matching, web
from pledges.models import Article
from pledges.watch import isolation
from pledges.watch.sources import articles, walls
from pledges.watch.web import client

log = logging.getLogger(__name__)
AT_ONCE = 50
SECONDS = 5.0  # for which one task takes leases: feeds do not wait longer for a worker that reads pages
# For the pages of one task, below CELERY_TASK_SOFT_TIME_LIMIT. When it is used up each page still gets what an ordinary
# one needs, so that pages made to take long cost the others nothing but time.
READING_SECONDS = 120.0
LEAST_SECONDS = 2.0
FINAL = frozenset({"blocked", "bad_address", "too_large", "robots"})  # reasons of a FetchError: not tried again


@shared_task(name="pledges.tasks.read_articles")
def read_articles(ids: list[int] | None = None) -> None:
    """Read these articles (or all that are unread), many at once, one per host.

    A task is short, because feeds go first; its rows keep what is left for the next message.
    """
    web.allow_next_message(Article)
    end = time.monotonic() + SECONDS
    more_due = True
    with _Pages() as pages:
        while more_due or pages:
            while more_due and len(pages) <= AT_ONCE // 2:
                leased = []
                if time.monotonic() < end:
                    leased = leases.claim_unread_articles(now=timezone.now(), limit=AT_ONCE // 2, among=ids)
                more_due = bool(leased)
                pages.fetch(leased)
            pages.parse()
            pages.store_and_match()
    web.enqueue_when_host_free(Article, read_articles)


@shared_task(name="pledges.tasks.read_article")
def read_article(article_id: int) -> None:
    """Read one article as `read_articles` does; does nothing if it was read or its host is busy."""
    with _Pages() as pages:
        pages.fetch(leases.claim_article(pk=article_id, now=timezone.now()))
        while pages:
            pages.parse()
            pages.store_and_match()


class _Pages:
    """Pages that are being fetched or parsed. They are parsed in child processes, so that one that takes long delays
    no other page and no connection."""

    def __init__(self) -> None:
        self._batch = web.FetchBatch()
        self._threads = ThreadPoolExecutor(isolation.CHILDREN)  # each waits for a child
        self._parsing: dict[Future[articles.Page], tuple[Article, client.Fetched]] = {}
        self._deadline = time.monotonic() + READING_SECONDS

    def __enter__(self) -> "_Pages":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._batch.__exit__(kind, error, traceback)

    def __len__(self) -> int:
        """How many pages are being fetched or parsed."""
        return len(self._batch) + len(self._parsing)

    def fetch(self, leased: list[leases.Lease]) -> None:
        """Send the requests. An article that was stored with its text, because it is what changed on a watched page,
        is matched at once."""
        for lease in leased:
            article = lease.row
            if not (article.text and article.capture_id) or article.times_changed:
                self._batch.add(lease)
                continue
            self._batch.skip(lease)
            try:
                _match_stored(article)
            except Exception as error:
                _record_failure(article, error)

    def parse(self) -> None:
        """Wait a moment for answers, and have those that came parsed."""
        answers = self._batch.wait(0.0 if self._parsing else 1.0)
        self._batch.free()  # before the rest of the work, which takes long
        for lease, answer in answers:
            if isinstance(answer, Exception):
                _record_failure(lease.row, answer)
            else:
                self._parsing[self._threads.submit(self._parse, answer)] = lease.row, answer

    def _parse(self, answer: client.Fetched) -> articles.Page:
        seconds = min(isolation.SECONDS, max(LEAST_SECONDS, self._deadline - time.monotonic()))
        zone = timezone.get_default_timezone()
        page: articles.Page = isolation.call(
            articles.extract, answer.body, url=answer.url, content_type=answer.content_type, zone=zone, seconds=seconds
        )
        return page

    def store_and_match(self) -> None:
        """Wait a moment for parsed pages; store those that are ready, match them and raise their leads."""
        if not self._parsing:
            return
        for parsed in wait(self._parsing, timeout=0.1, return_when=FIRST_COMPLETED).done:
            article, answer = self._parsing.pop(parsed)
            try:
                _store_and_match(article, parsed.result(), answer)
            except Exception as error:
                _record_failure(article, error)


def _store_and_match(article: Article, page: articles.Page, answer: client.Fetched) -> None:
    """Store what a page says, raise its leads and count its words: all of it in one transaction, or nothing.

    Raises ArticleError if the page is only a notice of maintenance.
    """
    if walls.is_maintenance(page.text):
        raise articles.ArticleError(walls.AWAY)
    with transaction.atomic():
        if not watch.lock_unread(article=article):  # another worker got the same message and was faster
            return
        watch.record_page(article=article, text=page.text, language=page.language, published_at=page.published_at)
        matching.raise_leads(article, page.text, page.language or article.language)
        if article.story_id:  # it is about a pledge: only then is the page itself of use (docs/adr/0007)
            watch.keep_capture(
                article=article,
                body=answer.body,
                content_type=answer.content_type,
                headers=answer.headers,
                status=answer.status,
                now=timezone.now(),
            )
        if not article.times_changed:  # otherwise its words were counted at the first reading
            matching.count_terms(article, page.text)


def _match_stored(article: Article) -> None:
    """Match an article that was stored with its text, without fetching it."""
    with transaction.atomic():
        if not watch.lock_unread(article=article):
            return
        watch.record_kept(article=article)
        matching.raise_leads(article, article.text, article.language)
        matching.count_terms(article, article.text)


def _record_failure(article: Article, error: Exception) -> None:
    """Store why a page could not be read; after the last attempt, match the feed's summary instead of the page."""
    sentence: DeferredMessage | str
    final, retry_after = False, None
    if isinstance(error, client.FetchError):
        sentence, retry_after = error.sentence, error.retry_after
        final = error.reason in FINAL or error.status == 410
    elif isinstance(error, articles.ArticleError):
        sentence = error.sentence
        final = sentence != walls.AWAY
    elif isinstance(error, isolation.IsolationError):  # a busy machine may be the reason, so it is tried again
        sentence = error.sentence
    else:  # a fault of our own counts as an attempt too, so that the attempts end
        log.error("Article %s cannot be read", article.url, exc_info=error)
        sentence = web.internal_error_message(error)
    with transaction.atomic():
        if watch.record_page_failure(
            article=article, reason=sentence, final=final, now=timezone.now(), retry_after=retry_after
        ):
            matching.raise_leads(article, article.summary, article.language)
