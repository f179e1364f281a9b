"""Stories: articles that report the same are one story, and an editor decides once about it. All times are UTC."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf

from pledges.models import Article, Lead, Story

WITHIN = timedelta(days=7)
ACROSS_LANGUAGES = timedelta(days=3)  # between the days on which two articles in two languages were published
STORY_LOCK = 5_309_212
_MOST_COMPARED = 60  # candidates, the newest
_MOST_ACROSS = 8  # the same, in other languages


@transaction.atomic
def place_in_story(
    *,
    article: Article,
    text: str,
    fingerprint: Sequence[int],
    same_story: Callable[[str, str], bool],
    opens: bool,
    now: datetime,
    across: Callable[[], Mapping[Article, bool]] = dict,
) -> list[int]:
    """Put an article into the story of similar articles of those days; returns the ids of those that report the same.

    `text` is its title and text; `same_story` compares two such texts. `across` says of articles in other languages
    whether they report the same; it is called under the lock. An article joins a story if at least half of the story's
    similar articles report the same, so that a long affair does not become one story link by link; a story in its own
    language comes first. With `opens` (the article is about a pledge) it opens a story if it joins none.
    """
    if opens:  # an advisory lock: two workers that read two copies at once would open two stories
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STORY_LOCK])
    article.fingerprint = list(fingerprint)
    similar, stories = _similar(article, text, same_story, among_stories=not opens) if fingerprint else ([], [])
    if opens:
        told = across()
        similar += [other.pk for other, is_same in told.items() if is_same and other.pk not in similar]
        stories += _joinable([(other.story_id, is_same) for other, is_same in told.items()])
    if article.story_id is None:
        if stories:
            article.story_id = stories[0]
        elif opens:
            article.story = Story.objects.create(opened_at=article.published_at or now)
    article.save(update_fields=["fingerprint", "story"])
    if article.story_id and opens:
        Article.objects.filter(pk__in=similar, story=None).update(story=article.story_id)
    return similar


def _similar(
    article: Article, text: str, same_story: Callable[[str, str], bool], *, among_stories: bool
) -> tuple[list[int], list[int]]:
    """The ids of the articles that report the same, and of the stories that it may join, the best first."""
    days = (article.found_at - WITHIN, article.found_at + WITHIN)
    near = Article.objects.filter(fingerprint__overlap=article.fingerprint, found_at__range=days)
    near = near.exclude(pk=article.pk).order_by("-found_at", "-pk")
    if among_stories:
        near = near.exclude(story=None)
    similar: list[int] = []
    verdicts: list[tuple[int | None, bool]] = []
    rows = near.values_list("pk", "story", "title", "text", "summary")[:_MOST_COMPARED]
    for pk, story, title, body, summary in rows:
        is_same = same_story(text, f"{title}\n{body or summary}")
        if is_same:
            similar.append(pk)
        verdicts.append((story, is_same))
    return similar, _joinable(verdicts)


def _joinable(verdicts: Sequence[tuple[int | None, bool]]) -> list[int]:
    """The ids of the stories of which at least half of the compared articles report the same, the best first."""
    votes: dict[int, list[bool]] = defaultdict(list)
    for story, is_same in verdicts:
        if story:
            votes[story].append(is_same)
    shares = {story: sum(given) / len(given) for story, given in votes.items()}
    joinable = [story for story, share in shares.items() if share >= 0.5]
    return sorted(joinable, key=lambda story: (-shares[story], -story))


def articles_across(*, article: Article, language: str, pledges: Collection[int]) -> list[Article]:
    """The articles in another language than `language` that raised a lead on one of the pledges in the same days.

    At most eight, the newest. An article whose language was not recognised has that of its source, one without a time
    of publication the time at which it was found.
    """
    time = article.published_at or article.found_at
    near = Article.objects.alias(
        known_language=Coalesce(NullIf("language", Value("")), "source__language"),
        time=Coalesce("published_at", "found_at"),
    ).filter(time__range=(time - ACROSS_LANGUAGES, time + ACROSS_LANGUAGES))
    with_leads = near.filter(pk__in=Lead.objects.filter(pledge__in=pledges).values("article"))
    others = with_leads.exclude(pk=article.pk).exclude(known_language=language).select_related("source")
    return list(others.order_by("-time", "-pk")[:_MOST_ACROSS])


def open_story_apart(*, article: Article, now: datetime) -> Story:
    """Move an article out of its story into one of its own, because it reports something new of the affair."""
    article.story = Story.objects.create(opened_at=article.published_at or now)
    article.save(update_fields=["story"])
    return article.story


def joined_stories(story: int | None) -> set[int]:
    """The id of a story and of all those that editors joined with it by merging leads; empty without a story.

    Articles found later stay in the story that they resemble, so that a merge can be undone.
    """
    joined: set[int] = set()
    more = {story} if story else set()
    while more:
        joined |= more
        merged = Lead.objects.filter(merged_into__isnull=False)
        pairs = merged.filter(
            Q(story__in=more) | Q(merged_into__story__in=more) | Q(merged_into__article__story__in=more)
        ).values_list("story", "merged_into__story", "merged_into__article__story")
        more = {pk for row in pairs for pk in row if pk} - joined
    return joined


def join_story(*, article: Article, of: Lead) -> None:
    """Put an article into the story of a lead because an editor said so; a lead without a story gets one.

    The article's own lead keeps its story, so that `leave_story` can separate them again.
    """
    if of.article.story_id is None:
        of.article.story = Story.objects.create(opened_at=of.article.published_at or of.raised_at)
        of.article.save(update_fields=["story"])
    if of.story_id is None and not of.pledge.leads.filter(story=of.article.story_id).exists():
        Lead.objects.filter(pk=of.pk).update(story=of.article.story_id)
    if article.story_id != of.article.story_id:
        article.story = of.article.story
        article.save(update_fields=["story"])


def leave_story(*, article: Article, story: int | None) -> None:
    """Put an article back into the story (an id, or None) that it had before an editor merged its lead."""
    article.story_id = story
    article.save(update_fields=["story"])
