"""Matching an article with the pledges, putting it into its story, and raising leads for editors."""

import logging

from django.utils import timezone

from pledges.actions import lead_evidence, leads, learning
from pledges.actions import stories as story_actions
from pledges.jobs import encoders, lead_opinions, profiles
from pledges.models import Article, Lead
from pledges.watch.matching import matcher, stories
from pledges.watch.text.language import language_of

log = logging.getLogger(__name__)
MOST_DISMISSED = 200  # dismissed leads that a text is compared with, the newest
# A story dismissed for these reasons is settled, whichever source reports it. One dismissed as unreliable is not: a
# reliable source may still report it.
SETTLED = (Lead.DismissReason.NOT_ABOUT, Lead.DismissReason.NOTHING_NEW, Lead.DismissReason.DUPLICATE)


def raise_leads(article: Article, text: str, language: str) -> None:
    """Match an article's text, put the article into its story, and raise the leads that the story does not have yet."""
    whole_text = f"{article.title}\n{text}"
    encoder = encoders.current()
    matches = profiles.watch().match(
        article.title,
        text,
        language or article.source.language,
        day=lead_evidence.day_of(article),
        encoder=encoder,
    )
    encoders.note(encoder)
    settled = _settled(article, whole_text, [match.pledge for match in matches]) if matches else set()
    matches = [match for match in matches if match.pledge not in settled]
    similar = story_actions.place_in_story(
        article=article,
        text=whole_text,
        fingerprint=stories.fingerprint(article.title, text),
        same_story=stories.same_story,
        opens=bool(matches),
        now=timezone.now(),
    )
    if count := leads.raise_leads(article=article, matches=matches, alike=similar, now=timezone.now()):
        log.info("%d new leads: %s", count, article.title)
        lead_opinions.ask_for(article)


def count_terms(article: Article, text: str) -> None:
    """Count the article's words into the vocabulary.

    The last step of a reading, because the rows of common words stay locked until the transaction ends.
    """
    language = article.language or language_of(f"{article.title}\n{text}")
    learning.count_terms(language=language, terms=matcher.document_terms(article.title, text, language))


def _settled(article: Article, text: str, pledges: list[int | str]) -> set[int | str]:
    """The pledges for which an editor has dismissed this very story, whichever source reported it."""
    dismissed = (
        Lead.objects.filter(dismiss_reason__in=SETTLED, pledge__in=pledges)
        .exclude(article=article)
        .order_by("-decided_at")
        .values_list("pledge", "article__title", "article__text", "article__summary")[:MOST_DISMISSED]
    )
    return {  # of a page that could not be read, editors judged the summary
        pledge for pledge, title, body, summary in dismissed if stories.same_story(text, f"{title}\n{body or summary}")
    }
