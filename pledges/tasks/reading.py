"""Articles: their pages are fetched, what they say is matched against the pledges, and leads are raised."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from pledges import actions, profiles
from pledges.models import Article, Lead
from pledges.monitor import articles, fetch, matching
from pledges.monitor.language import language_of

from . import opinions, web

log = logging.getLogger(__name__)
REMEMBERED_DISMISSALS = 200
# What was dismissed for these reasons is settled, whoever tells it. A report that was not reliable may yet come from
# somebody who is.
SETTLED = (Lead.DismissReason.NOT_ABOUT, Lead.DismissReason.NOTHING_NEW, Lead.DismissReason.DUPLICATE)


@shared_task(name="pledges.tasks.read_article")
def read_article(article_id: int) -> None:
    """Fetch an article's page, match what it says and raise leads; an unreadable page is matched by its summary."""
    article = Article.objects.select_related("source").get(pk=article_id)
    if article.state != Article.State.NEW:
        return
    try:
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
            capture=(got.content_type, got.body),
            now=now,
        )
        _raise_leads(article, page.text, page.language or article.language)
        _count_terms(article, page.text)


def _count_terms(article: Article, text: str) -> None:
    """The last step of a reading: the counts of common words are locked until it is stored."""
    language = article.language or language_of(f"{article.title}\n{text}")
    actions.count_terms(language=language, terms=matching.document_terms(article.title, text, language))


def _unreadable(article: Article, reason: str, *, final: bool) -> None:
    with transaction.atomic():
        if actions.record_page_failure(article=article, reason=reason, final=final, now=timezone.now()):
            _raise_leads(article, article.summary, article.language)


def _raise_leads(article: Article, text: str, language: str) -> None:
    matches = profiles.watch().match(article.title, text, language or article.source.language)
    if not matches:
        return
    dismissed = (
        Lead.objects.filter(dismiss_reason__in=SETTLED, pledge__in=[match.pledge for match in matches])
        .exclude(article=article)
        .order_by("-decided_at")
        .values_list("pledge", "article__title", "article__text", "article__summary")[:REMEMBERED_DISMISSALS]
    )
    told = f"{article.title}\n{text}"
    again = {  # of a page that could not be read, the summary is what was judged
        pledge for pledge, title, body, summary in dismissed if matching.same_story(told, f"{title}\n{body or summary}")
    }
    fresh = [match for match in matches if match.pledge not in again]
    if count := actions.raise_leads(article=article, matches=fresh, now=timezone.now()):
        log.info("%d new leads: %s", count, article.title)
        opinions.ask_for(article)
