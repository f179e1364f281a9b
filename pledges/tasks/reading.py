"""Articles: their pages are fetched, what they say is matched against the pledges, and leads are raised."""

import logging
import time
from collections.abc import Callable

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from pledges import actions
from pledges.models import Article
from pledges.monitor import articles, fetch
from pledges.sentences import Sentence

from . import judging, web

log = logging.getLogger(__name__)
AT_ONCE = 50
SECONDS = 5.0  # of claiming in one turn: feeds wait no longer for a worker that reads pages
FINAL = frozenset({"blocked", "bad_address", "too_large", "robots"})


@shared_task(name="pledges.tasks.read_articles")
def read_articles(ids: list[int] | None = None) -> None:
    """Fetch the pages of these articles (or of all that wait), many at once, one a host, and match what they say.

    A turn is short: feeds go first, and what is left waits in its rows for the next message.
    """
    web.looking(Article)
    end = time.monotonic() + SECONDS
    more = True
    with web.Round() as on_the_way:
        while more or len(on_the_way):
            while more and len(on_the_way) <= AT_ONCE // 2:
                claims = []
                if time.monotonic() < end:
                    claims = actions.claim_unread_articles(now=timezone.now(), limit=AT_ONCE // 2, among=ids)
                more = bool(claims)
                _begin(on_the_way, claims)
            _read_all(on_the_way)
    web.look_again(Article, read_articles)


@shared_task(name="pledges.tasks.read_article")
def read_article(article_id: int) -> None:
    """Read one article, as `read_articles` does; nothing where it was read or its host is busy."""
    with web.Round() as on_the_way:
        _begin(on_the_way, actions.claim_article(pk=article_id, now=timezone.now()))
        while len(on_the_way):
            _read_all(on_the_way)


def _begin(on_the_way: web.Round, claims: list[actions.Claim]) -> None:
    """Send for the pages; what was stored whole (what is new in a page watched for change) is matched at once."""
    for claim in claims:
        if claim.row.text and claim.row.capture_id:
            on_the_way.leave(claim)
            _guarded(_match_kept, claim.row)
        else:
            on_the_way.add(claim)


def _read_all(on_the_way: web.Round) -> None:
    over = on_the_way.wait()
    on_the_way.free()  # before the work on what they say, which takes its time
    for claim, got in over:
        _guarded(_read_page, claim.row, got)


def _guarded(step: Callable, article: Article, *got: fetch.Fetched | Exception) -> None:
    """Do this step for an article; a page that cannot be read is matched by its summary, and spoils no other."""
    try:
        step(article, *got)
    except fetch.FetchError as error:
        final = error.reason in FINAL or error.status == 410
        _unreadable(article, error.sentence, final=final, retry_after=error.retry_after)
    except articles.ArticleError as error:
        _unreadable(article, error.sentence, final=True)
    except Exception as error:  # ours, not theirs; it counts as a try, so that it ends
        log.exception("Article %s cannot be read", article.url)
        _unreadable(article, web.our_fault(error), final=False)


def _read_page(article: Article, got: fetch.Fetched | Exception) -> None:
    if isinstance(got, Exception):
        raise got
    now = timezone.now()
    zone = timezone.get_default_timezone()
    page = articles.extract(got.body, url=got.url, content_type=got.content_type, now=now, zone=zone)
    with transaction.atomic():  # read and matched together, or neither
        if not actions.still_unread(article=article):  # somebody else was quicker with the same message
            return
        actions.record_page(
            article=article,
            text=page.text,
            language=page.language,
            published_at=page.published_at,
        )
        judging.raise_leads(article, page.text, page.language or article.language)
        if article.story_id:  # it is about a pledge: only then is the page itself of use (docs/adr/0007)
            actions.keep_capture(
                article=article,
                body=got.body,
                content_type=got.content_type,
                headers=got.headers,
                status=got.status,
                now=now,
            )
        judging.count_terms(article, page.text)


def _match_kept(article: Article) -> None:
    """Match what was stored whole, without fetching it: what is new in a page watched for change."""
    with transaction.atomic():
        if not actions.still_unread(article=article):
            return
        actions.record_kept(article=article)
        judging.raise_leads(article, article.text, article.language)
        judging.count_terms(article, article.text)


def _unreadable(article: Article, reason: Sentence | str, *, final: bool, retry_after: float | None = None) -> None:
    with transaction.atomic():
        if actions.record_page_failure(
            article=article, reason=reason, final=final, now=timezone.now(), retry_after=retry_after
        ):
            judging.raise_leads(article, article.summary, article.language)
