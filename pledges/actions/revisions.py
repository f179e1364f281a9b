"""Articles whose words have changed at the source: stored for their leads, and read again. All times are UTC."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pledges.models import Article, Lead, Revision

MOST_CHANGES = 10  # of one article: a text that changes all day is not read all day
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class CurrentWords:
    """The title and summary that a source now gives an article (by its id)."""

    article: int
    title: str
    summary: str


def revise(*, current: Iterable[CurrentWords], now: datetime) -> list[int]:
    """Store articles' changed words, in the caller's transaction; returns the ids of those to be read again.

    An article is read again with its new words, unless a lead on it was accepted or dismissed: the decision rests on
    the article as it was. For an article with leads both versions are kept. Spacing, punctuation and capitals are no
    change. An article that a worker is reading at this moment is left alone.
    """
    by_article = {words.article: words for words in current}
    articles = list(Article.objects.select_for_update(skip_locked=True).filter(pk__in=by_article).order_by("pk"))
    leads = list(Lead.objects.filter(article__in=articles).values_list("article", "state"))
    with_leads = {article for article, _state in leads}
    decided = {article for article, state in leads if state in (Lead.State.ACCEPTED, Lead.State.DISMISSED)}
    revisions = Revision.objects.filter(article__in=decided).order_by("found_at", "pk")
    last = {revision.article_id: revision for revision in revisions}
    notes: list[Revision] = []
    again: list[int] = []
    for article in articles:
        new = by_article[article.pk]
        title, summary = _latest_words(last.get(article.pk), article)
        if article.times_changed >= MOST_CHANGES or not _differs(title, summary, new):
            continue
        if article.pk in with_leads:
            notes.append(
                Revision(
                    article=article,
                    found_at=now,
                    title_before=title,
                    title=new.title,
                    summary_before=summary,
                    summary=new.summary,
                    text_before=article.text,
                )
            )
        article.times_changed += 1
        if article.pk not in decided:
            article.title, article.summary = new.title, new.summary
            if article.state != Article.State.NEW:
                article.state, article.attempts, article.failure, article.claimed_until = Article.State.NEW, 0, "", None
                again.append(article.pk)
    Revision.objects.bulk_create(notes)
    fields = ["title", "summary", "times_changed", "state", "attempts", "failure", "claimed_until"]
    Article.objects.bulk_update(articles, fields)
    return again


def _latest_words(last: Revision | None, article: Article) -> tuple[str, str]:
    return (last.title, last.summary) if last else (article.title, article.summary)


def _differs(title: str, summary: str, new: CurrentWords) -> bool:
    """Whether the words have changed. Summaries are compared only if both have one, since old ones are emptied."""
    if _words(title) != _words(new.title):
        return True
    return bool(summary and new.summary) and _words(summary) != _words(new.summary)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
