"""The watch as Celery tasks: load by id, ask the monitor, write through actions. No rule lives here.

Messages carry ids and only say "look": what waits is in the rows, so a lost message or a killed worker costs time and
never work, and a task that runs twice changes nothing the second time.
"""

import logging
from functools import lru_cache
from itertools import chain

from babel import Locale
from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from pledges import access, actions, pulse
from pledges.models import Article, Lead, Pledge, Source
from pledges.monitor import articles, feeds, fetch, matching

log = logging.getLogger(__name__)
REMEMBERED_DISMISSALS = 200
# What was dismissed for these reasons is settled, whoever tells it. A report that was not reliable may yet come from
# somebody who is.
SETTLED = (Lead.DismissReason.NOT_ABOUT, Lead.DismissReason.NOTHING_NEW, Lead.DismissReason.DUPLICATE)


def _fetch(url: str, **conditions: str) -> fetch.Fetched:
    origins = frozenset([settings.SAMPLE_NEWSWIRE]) if settings.SAMPLE_NEWSWIRE else frozenset()
    return fetch.fetch(url, user_agent=settings.WATCH_USER_AGENT, allow_origins=origins, **conditions)


@shared_task
def poll() -> None:
    """Every minute, from beat: claim what is due and say so to the workers."""
    now = timezone.now()
    actions.wake_leads(today=timezone.localdate(now))
    for source_id in actions.claim_due_sources(now=now):
        read_source.delay(source_id)
    for article_id in actions.claim_unread_articles(now=now):
        read_article.delay(article_id)
    pulse.note_poll(now)


@shared_task
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
        actions.record_source_failure(source=source, reason=_our_fault(error), now=timezone.now())
        return
    for article_id in found:
        read_article.delay(article_id)
    if found:
        log.info("Source %s: %d new articles", source.name, len(found))


def _our_fault(error: Exception) -> str:
    return f"The tracker itself failed on it, please report this: {type(error).__name__}: {error}"


def _read_feed(source: Source) -> list[int]:
    got = _fetch(source.url, etag=source.etag, last_modified=source.last_modified)
    now = timezone.now()
    entries: tuple[feeds.Entry, ...] = ()
    if not got.not_modified:
        entries = feeds.parse(got.body, url=got.url, content_type=got.content_type, now=now).entries
    return actions.record_articles(
        source=source,
        entries=entries,
        now=now,
        etag=got.etag or (source.etag if got.not_modified else ""),
        last_modified=got.last_modified or (source.last_modified if got.not_modified else ""),
    )


@shared_task
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
        _unreadable(article, _our_fault(error), final=False)


def _read_page(article: Article) -> None:
    got = _fetch(article.url)
    now = timezone.now()
    page = articles.extract(got.body, url=got.url, content_type=got.content_type)
    with transaction.atomic():  # read and matched together, or neither
        actions.record_page(
            article=article,
            text=page.text,
            language=page.language,
            published_at=page.published_at,
            capture=(got.content_type, got.body),
            now=now,
        )
        _raise_leads(article, page.text, page.language or article.language)


def _unreadable(article: Article, reason: str, *, final: bool) -> None:
    with transaction.atomic():
        if actions.record_page_failure(article=article, reason=reason, final=final, now=timezone.now()):
            _raise_leads(article, article.summary, article.language)


def _raise_leads(article: Article, text: str, language: str) -> None:
    matches = _index().match(article.title, text, language or article.source.language)
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


def _index() -> matching.Index:
    """The index over the public pledges, made anew when an edition or an edit of a pledge changes it."""
    edited = Pledge.objects.aggregate(last=Max("updated_at"))["last"]
    return _built_index(pulse.current().edition, edited)


@lru_cache(maxsize=1)
def _built_index(_edition: int, _edited) -> matching.Index:
    pledges = access.public_pledges().select_related("mandate").prefetch_related("wordings", "institutions")
    return matching.Index([profile(pledge) for pledge in pledges])


def profile(pledge: Pledge) -> matching.Profile:
    """What the matcher knows of a pledge: its published words in both languages, its other names, and its context."""
    wording = pledge.public_wording
    mandate = pledge.mandate
    countries = [Locale(code).territories.get(mandate.country.upper(), "") for code in ("en", "es")]
    names = [mandate.person, mandate.person.split()[-1], *countries]
    names += chain.from_iterable((i.name_en, i.name_es, i.acronym) for i in pledge.institutions.all())
    return matching.Profile(
        pledge=pledge.pk,
        texts={
            code: f"{getattr(wording, f'title_{code}')}\n{getattr(wording, f'statement_{code}')}"
            for code in ("en", "es")
        },
        aliases={"en": tuple(pledge.also_called_en), "es": tuple(pledge.also_called_es)},
        context=tuple(dict.fromkeys(name for name in names if name)),
    )
