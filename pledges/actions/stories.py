"""Stories: what several articles tell alike is one, and an editor is asked once about it. All times are UTC."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from pledges.models import Article, Lead, Story

WITHIN = timedelta(days=7)
STORY_LOCK = 5_309_212
_MOST = 60  # candidates that are compared, the newest first


@transaction.atomic
def tell_story(
    *,
    article: Article,
    told: str,
    fingerprint: Sequence[int],
    same: Callable[[str, str], bool],
    opens: bool,
    now: datetime,
) -> list[int]:
    """Put an article into the story that others of the same days tell, and return the ids of those alike.

    `told` is its title and text, `same` says of two such texts whether they tell one story. An article joins a story
    when most of those of its articles that look alike tell the same; so a saga does not grow together link by link.
    With `opens` (it is about a pledge), it opens a story where there is none; otherwise it only joins.
    """
    if opens:  # one after the other: two workers who read two copies at once would open two stories
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STORY_LOCK])
    article.fingerprint = list(fingerprint)
    alike, stories = _alike(article, told, same, among_stories=not opens) if fingerprint else ([], [])
    if article.story_id is None:
        if stories:
            article.story_id = stories[0]
        elif opens:
            article.story = Story.objects.create(opened_at=article.published_at or now)
    article.save(update_fields=["fingerprint", "story"])
    if article.story_id and opens:
        Article.objects.filter(pk__in=alike, story=None).update(story=article.story_id)
    return alike


def _alike(
    article: Article, told: str, same: Callable[[str, str], bool], *, among_stories: bool
) -> tuple[list[int], list[int]]:
    """The ids of the articles that tell the same, and of the stories that it may join, the best first."""
    days = (article.found_at - WITHIN, article.found_at + WITHIN)
    near = Article.objects.filter(fingerprint__overlap=article.fingerprint, found_at__range=days)
    near = near.exclude(pk=article.pk).order_by("-found_at", "-pk")
    if among_stories:
        near = near.exclude(story=None)
    alike: list[int] = []
    verdicts: dict[int, list[bool]] = defaultdict(list)
    for pk, story, title, text, summary in near.values_list("pk", "story", "title", "text", "summary")[:_MOST]:
        one = same(told, f"{title}\n{text or summary}")
        if one:
            alike.append(pk)
        if story:
            verdicts[story].append(one)
    shares = {story: sum(found) / len(found) for story, found in verdicts.items()}
    joinable = [story for story, share in shares.items() if share >= 0.5]
    return alike, sorted(joinable, key=lambda story: (-shares[story], -story))


def open_story_apart(*, article: Article, now: datetime) -> Story:
    """Take an article out of its story into one of its own: it tells that something else has come of it."""
    article.story = Story.objects.create(opened_at=article.published_at or now)
    article.save(update_fields=["story"])
    return article.story


def joined_stories(story: int | None) -> set[int]:
    """A story (its id) with all that editors made one with it by merging leads; empty without one.

    What the watch finds afterwards stays in the story that it is like, so that a merge can be taken back.
    """
    found: set[int] = set()
    more = {story} if story else set()
    while more:
        found |= more
        merged = Lead.objects.filter(merged_into__isnull=False)
        pairs = merged.filter(
            Q(story__in=more) | Q(merged_into__story__in=more) | Q(merged_into__article__story__in=more)
        ).values_list("story", "merged_into__story", "merged_into__article__story")
        more = {one for pair in pairs for one in pair if one} - found
    return found


def join_story(*, article: Article, of: Lead) -> None:
    """Put an article into the story of a lead, which gets one where there is none; by an editor's word, not by its own.

    The story of the article's own lead stays noted there, so that `leave_story` can take both apart again.
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
    """Put an article back into the story (its id, or None) in which it was before an editor merged its lead."""
    article.story_id = story
    article.save(update_fields=["story"])
