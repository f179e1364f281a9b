"""Who else tells an article's story: "also in 7 outlets"."""

from collections.abc import Iterable

from django.db.models import Prefetch

from pledges.models import Article, Lead

FIELDS = ("story_id", "title", "url", "publisher", "language", "published_at")


def told_by(path: str = "") -> Prefetch:
    """The articles of the story of an article (at `path`, such as "article__"), for all rows in two queries."""
    return Prefetch(f"{path}story__articles", Article.objects.only(*FIELDS).order_by("published_at", "pk"))


def told_by_merged() -> tuple[Prefetch, Prefetch]:
    """The leads that were merged into leads, and the articles of the stories that those were."""
    return Prefetch("merged", Lead.objects.only("merged_into_id", "story_id").order_by("pk")), told_by("merged__")


def other_outlets(article: Article) -> list[Article]:
    """One article of each other publisher that tells the same story, the first that it had, in order of time."""
    return _others(article, article.story.articles.all() if article.story else [])


def outlets_of(lead: Lead) -> list[Article]:
    """The same for a lead, with what the leads tell that an editor merged into it. Uses prefetched rows."""
    told = list(lead.article.story.articles.all()) if lead.article.story else []
    for merged in lead.merged.all():
        told += merged.story.articles.all() if merged.story else []
    return _others(lead.article, told)


def _others(article: Article, told: Iterable[Article]) -> list[Article]:
    seen = {article.publisher.casefold()}
    found = []
    for other in told:
        if other.publisher.casefold() not in seen:
            seen.add(other.publisher.casefold())
            found.append(other)
    return found
