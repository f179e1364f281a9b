"""The other outlets that report an article's story: "also in 7 outlets"."""

from collections.abc import Iterable

from django.db.models import Prefetch

from pledges.models import Article, Lead, Update

FIELDS = ("story_id", "title", "url", "publisher", "language", "published_at")


def story_articles(path: str = "") -> Prefetch:
    """Prefetch the articles of an article's story (the article at `path`, such as "article__"), in two queries."""
    return Prefetch(f"{path}story__articles", Article.objects.only(*FIELDS).order_by("published_at", "pk"))


def merged_story_articles() -> tuple[Prefetch, Prefetch]:
    """Prefetch the leads that were merged into each lead, and the articles of their stories."""
    return Prefetch("merged", Lead.objects.only("merged_into_id", "story_id").order_by("pk")), story_articles(
        "merged__"
    )


def other_outlets(article: Article) -> list[Article]:
    """Of each other publisher the first article on the same story, in order of time. Uses prefetched rows."""
    return _others(article, article.story.articles.all() if article.story else [])


def leads_of(update: Update) -> list[Lead]:
    """The leads that an update was made from, with the other outlets that report the same; three queries."""
    rows = Lead.objects.filter(update=update).select_related("article").order_by("pk")
    leads = list(rows.prefetch_related(story_articles("article__")))
    for lead in leads:
        lead.outlets = other_outlets(lead.article)
    return leads


def outlets_of(lead: Lead) -> list[Article]:
    """The same for a lead, with the stories of the leads that were merged into it. Uses prefetched rows."""
    stories = [lead.article.story, *(merged.story for merged in lead.merged.all())]
    return _others(lead.article, [article for story in stories if story for article in story.articles.all()])


def _others(article: Article, candidates: Iterable[Article]) -> list[Article]:
    first_of = {article.publisher.casefold(): article}
    for candidate in candidates:
        first_of.setdefault(candidate.publisher.casefold(), candidate)
    return list(first_of.values())[1:]
