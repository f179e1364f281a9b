"""Articles: their pages are fetched, what they say is matched against the pledges, and leads are raised."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from pledges import actions
from pledges.models import Article
from pledges.monitor import articles, fetch

from . import judging, web

log = logging.getLogger(__name__)


@shared_task(name="pledges.tasks.read_article")
def read_article(article_id: int) -> None:
    """Fetch an article's page, match what it says and raise leads; an unreadable page is matched by its summary."""
    article = Article.objects.select_related("source").get(pk=article_id)
    if article.state != Article.State.NEW:
        return
    try:
        if article.text and article.capture_id:
            _match_kept(article)
        else:
            _read_page(article)
    except (fetch.FetchError, articles.ArticleError) as error:
        final = isinstance(error, articles.ArticleError) or error.reason in {"blocked", "bad_address", "too_large"}
        _unreadable(article, str(error), final=final)
    except Exception as error:  # as above; it counts as a try, so that it ends
        log.exception("Article %s cannot be read", article.url)
        _unreadable(article, web.our_fault(error), final=False)


def _read_page(article: Article) -> None:
    got = web.get(article.url)
    now = timezone.now()
    page = articles.extract(got.body, url=got.url, content_type=got.content_type)
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


def _unreadable(article: Article, reason: str, *, final: bool) -> None:
    with transaction.atomic():
        if actions.record_page_failure(article=article, reason=reason, final=final, now=timezone.now()):
            judging.raise_leads(article, article.summary, article.language)
