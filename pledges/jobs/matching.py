"""Matching an article with the pledges, putting it into its story, and raising leads for editors."""

import logging
from collections.abc import Collection
from functools import cache

from django.utils import timezone

from pledges.actions import lead_evidence, leads, learning
from pledges.actions import stories as story_actions
from pledges.jobs import encoders, lead_opinions, profiles
from pledges.models import Article, Lead
from pledges.watch.matching import cross_language, matcher, stories
from pledges.watch.text.encoder import EncoderError
from pledges.watch.text.language import language_of

log = logging.getLogger(__name__)
MOST_DISMISSED = 200  # dismissed leads that a text is compared with, the newest
# A story dismissed for these reasons is settled, whichever source reports it. One dismissed as unreliable is not: a
# reliable source may still report it.
SETTLED = (Lead.DismissReason.NOT_ABOUT, Lead.DismissReason.NOTHING_NEW, Lead.DismissReason.DUPLICATE)


def raise_leads(article: Article, text: str, language: str) -> None:
    """Match an article's text, put the article into its story, and raise the leads that the story does not have yet."""
    language = language or article.source.language
    whole_text = f"{article.title}\n{text}"
    encoder = encoders.current()
    day = lead_evidence.day_of(article)
    matches = profiles.watch().match(article.title, text, language, day=day, encoder=encoder)
    pledges = [int(match.pledge) for match in matches]
    if matches:
        # Compared before the lock is taken too: under it, the vectors are in the encoder's cache.
        told = _told_across(article, text, language, pledges)
        settled = _settled(article, whole_text, pledges, [other.pk for other, is_same in told.items() if is_same])
        matches = [match for match in matches if match.pledge not in settled]
    encoders.note(encoder)
    similar = story_actions.place_in_story(
        article=article,
        text=whole_text,
        fingerprint=stories.fingerprint(article.title, text),
        same_story=stories.same_story,
        across=lambda: _told_across(article, text, language, pledges),
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


def _told_across(article: Article, text: str, language: str, pledges: Collection[int]) -> dict[Article, bool]:
    """Of articles in other languages on the same pledges whether they report the same; empty without an encoder."""
    encoder = encoders.current()
    others = story_actions.articles_across(article=article, language=language, pledges=pledges) if encoder else []
    if encoder is None or not others:
        return {}
    report = _report(article, text, language)
    reports = [_report(other, other.text or other.summary, other.language or other.source.language) for other in others]
    try:
        chances = cross_language.same_event(report, reports, encoder)
    except EncoderError as error:
        _warn(str(error))
        return {}
    return {other: chance >= cross_language.THRESHOLD for other, chance in zip(others, chances, strict=True)}


def _report(article: Article, text: str, language: str) -> cross_language.Report:
    time = article.published_at or article.found_at
    return cross_language.Report(article.title, text, language, time.date())


@cache
def _warn(error: str) -> None:
    """Log a failure of the encoder, once in a process."""
    log.warning("Articles are compared within their language only, without the sentence encoder: %s", error)


def _settled(article: Article, text: str, pledges: Collection[int], alike: Collection[int]) -> set[int]:
    """The pledges for which an editor has dismissed this very story, whichever source reported it.

    `alike` are ids of articles that report the same in another language.
    """
    dismissed = (
        Lead.objects.filter(dismiss_reason__in=SETTLED, pledge__in=pledges)
        .exclude(article=article)
        .order_by("-decided_at")
        .values_list("pledge", "article", "article__title", "article__text", "article__summary")[:MOST_DISMISSED]
    )
    return {  # of a page that could not be read, editors judged the summary
        pledge
        for pledge, other, title, body, summary in dismissed
        if other in alike or stories.same_story(text, f"{title}\n{body or summary}")
    }
