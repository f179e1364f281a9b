"""What an article says is matched against the pledges and put to its story; leads are raised for editors."""

import logging

from django.utils import timezone

from pledges.actions import leads, learning
from pledges.actions import stories as storie_actions
from pledges.jobs import lead_opinions, profiles
from pledges.models import Article, Lead
from pledges.watch.matching import matcher, stories
from pledges.watch.text.language import language_of

log = logging.getLogger(__name__)
REMEMBERED_DISMISSALS = 200
# What was dismissed for these reasons is settled, whoever tells it. A report that was not reliable may yet come from
# somebody who is.
SETTLED = (Lead.DismissReason.NOT_ABOUT, Lead.DismissReason.NOTHING_NEW, Lead.DismissReason.DUPLICATE)


def raise_leads(article: Article, text: str, language: str) -> None:
    """Match an article's text, join its story, and raise the leads that the story does not have yet."""
    matches = profiles.watch().match(article.title, text, language or article.source.language)
    told = f"{article.title}\n{text}"
    again = _settled(article, told, [match.pledge for match in matches]) if matches else set()
    fresh = [match for match in matches if match.pledge not in again]
    alike = storie_actions.tell_story(
        article=article,
        told=told,
        fingerprint=stories.fingerprint(article.title, text),
        same=stories.same_story,
        opens=bool(fresh),
        now=timezone.now(),
    )
    if count := leads.raise_leads(article=article, matches=fresh, alike=alike, now=timezone.now()):
        log.info("%d new leads: %s", count, article.title)
        lead_opinions.ask_for(article)


def count_terms(article: Article, text: str) -> None:
    """Count the article's words towards the vocabulary.

    The last step of a reading: the counts of common words are locked until it is stored.
    """
    language = article.language or language_of(f"{article.title}\n{text}")
    learning.count_terms(language=language, terms=matcher.document_terms(article.title, text, language))


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
