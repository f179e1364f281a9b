"""Articles: their pages are fetched, what they say is matched against the pledges, and leads are raised."""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from itertools import chain

from babel import Locale
from celery import shared_task
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from pledges import access, actions, pulse
from pledges.models import Article, Lead, Pledge
from pledges.monitor import articles, fetch, matching

from . import web

log = logging.getLogger(__name__)
REMEMBERED_DISMISSALS = 200
AT_ONCE = 50
SECONDS = 5.0  # of claiming in one turn: feeds wait no longer for a worker that reads pages
FINAL = frozenset({"blocked", "bad_address", "too_large", "robots"})
# What was dismissed for these reasons is settled, whoever tells it. A report that was not reliable may yet come from
# somebody who is.
SETTLED = (Lead.DismissReason.NOT_ABOUT, Lead.DismissReason.NOTHING_NEW, Lead.DismissReason.DUPLICATE)


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
        _unreadable(article, str(error), final=final, retry_after=error.retry_after)
    except articles.ArticleError as error:
        _unreadable(article, str(error), final=True)
    except Exception as error:  # ours, not theirs; it counts as a try, so that it ends
        log.exception("Article %s cannot be read", article.url)
        _unreadable(article, web.our_fault(error), final=False)


def _read_page(article: Article, got: fetch.Fetched | Exception) -> None:
    if isinstance(got, Exception):
        raise got
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


def _match_kept(article: Article) -> None:
    with transaction.atomic():
        actions.record_kept(article=article)
        _raise_leads(article, article.text, article.language)


def _unreadable(article: Article, reason: str, *, final: bool, retry_after: float | None = None) -> None:
    with transaction.atomic():
        if actions.record_page_failure(
            article=article, reason=reason, final=final, now=timezone.now(), retry_after=retry_after
        ):
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
