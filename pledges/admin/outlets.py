"""Who else tells an article's story: "also in 7 outlets"."""

from django.db.models import Prefetch

from pledges.models import Article


def told_by(path: str = "") -> Prefetch:
    """The articles of the story of an article (at `path`, such as "article__"), for all rows in two queries."""
    fields = ("story_id", "title", "url", "publisher", "language", "published_at")
    return Prefetch(f"{path}story__articles", Article.objects.only(*fields).order_by("published_at", "pk"))


def other_outlets(article: Article) -> list[Article]:
    """One article of each other publisher that tells the same story, the first that it had, in order of time."""
    if article.story is None:
        return []
    seen = {article.publisher.casefold()}
    found = []
    for other in article.story.articles.all():
        if other.publisher.casefold() not in seen:
            seen.add(other.publisher.casefold())
            found.append(other)
    return found
