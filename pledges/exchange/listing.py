"""Tables that can only be taken along: what the watch found, the editions, earlier wordings, corrections."""

from django.db import models
from django.utils.translation import gettext as _

from pledges.contents import FIELDS
from pledges.exchange import cells
from pledges.exchange.columns import Column
from pledges.exchange.resource import Table
from pledges.models import (
    Article,
    Capture,
    Edition,
    EditionItem,
    Lead,
    Newsroom,
    Observation,
    Retraction,
    Update,
    Wording,
)


class Value(cells.Words):
    """Whatever a field holds, as text."""

    def render(self, value, obj=None, **kwargs) -> str:
        """Times in UTC as ISO 8601; lists with ; between."""
        if isinstance(value, list | tuple):
            return "; ".join(map(str, value))
        if hasattr(value, "isoformat"):
            return value.isoformat()
        return cells.text_of(value)


class Listing(Table):
    """A table of values at paths of the row: (column, attribute) or a name that is both."""

    importable = False
    paths: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    def make_columns(self) -> list[Column]:
        """A column for each path; `article__url` is headed article_url."""
        return [
            Column(path.replace("__", "_"), Value(), attribute=path, label=self._label(path), readonly=True)
            for path in self.paths
        ]

    def _label(self, path: str) -> str:
        return path.replace("__", "_")

    def get_queryset(self) -> models.QuerySet:
        """All rows, with what the paths read."""
        return self.model._default_manager.select_related(*self.related).order_by(*self.order)


class Leads(Listing):
    """What the watch suggested and what became of it."""

    model, name = Lead, "leads"
    related = ("article", "pledge", "decided_by", "update")
    paths = (
        *("pledge__slug", "article__url", "article__title", "article__publisher", "article__published_at"),
        *("raised_at", "sentence", "words", "score", "suggested_status", "cue", "state", "dismiss_reason"),
        *("dismiss_note", "snoozed_until", "decided_by__username", "decided_at", "update__happened_on"),
    )


class Articles(Listing):
    """What the watch read, without the pages themselves."""

    model, name = Article, "articles"
    related = ("source",)
    paths = (
        *("url", "title", "publisher", "language", "published_at", "found_at", "state", "failure", "source__url"),
        *("story_id", "summary", "text"),
    )

    def get_queryset(self) -> models.QuerySet[Article]:
        """Without the fingerprints."""
        return super().get_queryset().defer("fingerprint")


class Wordings(Listing):
    """Every wording of every pledge, earlier ones included."""

    model, name = Wording, "wordings"
    related = ("pledge", "author", "published_by")
    order = ("pledge__slug", "number")
    paths = ("pledge__slug", *FIELDS[Wording], "state", "author__username", "published_by__username", "edition_id")


class Corrections(Listing):
    """What was corrected: the old text beside the new one."""

    model, name = Update, "corrections"
    related = ("pledge", "corrects", "published_by")
    order = ("pledge__slug", "happened_on", "pk")
    paths = (
        *("pledge__slug", "happened_on", "status", "text_en", "text_es", "correction_note_en", "correction_note_es"),
        *("corrects__happened_on", "corrects__status", "corrects__text_en", "corrects__text_es"),
        *("corrects__edition_id", "state", "published_by__username", "edition_id"),
    )

    @classmethod
    def title(cls) -> str:
        """Not all updates."""
        return _("corrections")

    def get_queryset(self) -> models.QuerySet[Update]:
        """The updates that correct another."""
        return super().get_queryset().filter(corrects__isnull=False)


class Retractions(Listing):
    """The pledges that were published by mistake, and why."""

    model, name = Retraction, "retractions"
    related = ("pledge", "published_by")
    paths = ("pledge__slug", "note_en", "note_es", "state", "published_by__username", "edition_id")

    @classmethod
    def may_export(cls, user) -> bool:
        """Who sees pledges sees this."""
        return user.has_perm("pledges.view_pledge")


class AllFigures(Listing):
    """Every figure of every edition, revised ones included."""

    model, name = Observation, "figures-of-all-editions"
    related = ("indicator",)
    order = ("indicator__slug", "series", "starts_on", "ends_on", "pk")
    paths = ("indicator__slug", *FIELDS[Observation], "edition_id")

    @classmethod
    def title(cls) -> str:
        """Not only those that hold."""
        return _("figures of all editions")


class Editions(Listing):
    """The chain."""

    model, name = Edition, "editions"
    related = ("published_by",)
    order = ("number",)
    paths = ("number", "published_at", "publisher", "previous_hash", "hash")


class EditionItems(Listing):
    """What each edition published."""

    model, name = EditionItem, "edition-items"
    related = ("pledge",)
    order = ("edition", "kind", "pk")
    paths = ("edition_id", "action", "kind", "key", "title", "pledge__slug", "sha256")


class Captures(Listing):
    """The pages that were kept: address, time and hash. The pages are WARC files at the desk."""

    model, name = Capture, "captures"
    paths = ("url", "captured_at", "status", "content_type", "sha256", "size")

    def get_queryset(self) -> models.QuerySet[Capture]:
        """Without the bytes."""
        return super().get_queryset().defer("body", "headers")

    @classmethod
    def may_export(cls, user) -> bool:
        """Captures are read by who reads articles."""
        return user.has_perm("pledges.view_article")


class Newsrooms(Listing):
    """The newsroom's settings that readers see."""

    model, name = Newsroom, "newsroom"
    paths = FIELDS[Newsroom]


LISTINGS = (
    Wordings,
    Corrections,
    Retractions,
    AllFigures,
    Leads,
    Articles,
    Captures,
    Editions,
    EditionItems,
    Newsrooms,
)
