"""Articles: their pages are fetched, what they say is matched against the pledges, and leads are raised."""

import logging
from functools import lru_cache
from itertools import chain

from babel import Locale
from celery import shared_task
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from pledges import access, actions, pulse
from pledges.models import Article, Lead, Pledge
from pledges.monitor import articles, fetch, matching, stories

from . import web

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
        actions.record_page(
            article=article,
            text=page.text,
            language=page.language,
            published_at=page.published_at,
        )
        _raise_leads(article, page.text, page.language or article.language)
        if article.story_id:  # it is about a pledge: only then is the page itself of use (docs/adr/0007)
            actions.keep_capture(
                article=article,
                body=got.body,
                content_type=got.content_type,
                headers=got.headers,
                status=got.status,
                now=now,
            )


def _match_kept(article: Article) -> None:
    """Match what was stored whole, without fetching it: what is new in a page watched for change."""
    with transaction.atomic():
        actions.record_kept(article=article)
        _raise_leads(article, article.text, article.language)


def _unreadable(article: Article, reason: str, *, final: bool) -> None:
    with transaction.atomic():
        if actions.record_page_failure(article=article, reason=reason, final=final, now=timezone.now()):
            _raise_leads(article, article.summary, article.language)


def _raise_leads(article: Article, text: str, language: str) -> None:
    matches = _index().match(article.title, text, language or article.source.language)
    told = f"{article.title}\n{text}"
    again = _settled(article, told, [match.pledge for match in matches]) if matches else set()
    fresh = [match for match in matches if match.pledge not in again]
    alike = actions.tell_story(
        article=article,
        told=told,
        fingerprint=stories.fingerprint(article.title, text),
        same=stories.same_story,
        opens=bool(fresh),
        now=timezone.now(),
    )
    if count := actions.raise_leads(article=article, matches=fresh, alike=alike, now=timezone.now()):
        log.info("%d new leads: %s", count, article.title)


def _settled(article: Article, told: str, pledges: list[int]) -> set[int]:
    """The pledges for which an editor has dismissed this very story, whoever told it then."""
    dismissed = (
        Lead.objects.filter(dismiss_reason__in=SETTLED, pledge__in=pledges)
        .exclude(article=article)
        .order_by("-decided_at")
        .values_list("pledge", "article__title", "article__text", "article__summary")[:REMEMBERED_DISMISSALS]
    )
    return {  # of a page that could not be read, the summary is what was judged
        pledge for pledge, title, body, summary in dismissed if stories.same_story(told, f"{title}\n{body or summary}")
    }


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
