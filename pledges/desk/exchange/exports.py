"""Tables that can only be taken along: what the watch found, editions, earlier wordings, comments, people, …"""

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext as _

from pledges.desk.exchange import cells
from pledges.desk.exchange.columns import Column
from pledges.desk.exchange.resource import Table
from pledges.desk.exchange.warc import file_name
from pledges.domain import spreadsheets
from pledges.models import (
    Article,
    Candidate,
    Capture,
    Comment,
    Digest,
    Edition,
    EditionItem,
    Intake,
    Lead,
    Newsroom,
    Observation,
    Preservation,
    Retraction,
    Revision,
    Series,
    Snapshot,
    Update,
    User,
    WatchQuality,
    Wording,
)
from pledges.queries.sealed_content import FIELDS, LATER


class Value(cells.Words):
    """Whatever a field holds, as text."""

    def render(self, value, obj=None, **kwargs) -> str:
        """Times in UTC as ISO 8601; lists with ; between."""
        if isinstance(value, list | tuple):
            return "; ".join(map(str, value))
        if hasattr(value, "isoformat"):
            return value.isoformat()
        return spreadsheets.text_of(value)


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


class Revisions(Listing):
    """What articles with leads said before their source changed their words."""

    model, name = Revision, "revisions"
    related = ("article",)
    paths = ("article__url", "found_at", "title_before", "title", "summary_before", "summary", "text_before")

    @classmethod
    def may_export(cls, user) -> bool:
        """They are read by who reads articles."""
        return user.has_perm("pledges.view_article")


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


class SeriesNames(Listing):
    """What the series of figures are called."""

    model, name = Series, "series"
    related = ("indicator",)
    order = ("indicator__slug", "slug")
    paths = ("indicator__slug", *FIELDS[Series])


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
    """The pages that were kept: address, time, hash, and the WARC file beside the tables that `export_all` writes."""

    model, name = Capture, "captures"
    paths = ("url", "captured_at", "status", "content_type", "sha256", "size", "warc")

    def prepare(self, row: Capture) -> Capture:
        """`warc` is the file's name."""
        row.warc = warc_name(row)
        return row

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
    paths = (*FIELDS[Newsroom], *LATER[Newsroom])


class Comments(Listing):
    """What the desk wrote to each other beside drafts."""

    model, name = Comment, "comments"
    related = ("update__pledge", "wording__pledge", "retraction__pledge", "author")
    paths = (
        *("pledge_slug", "kind", "update__happened_on", "wording__number"),
        *("author__username", "written_at", "text"),
    )

    def prepare(self, row: Comment) -> Comment:
        """Of which pledge, and of which kind, the commented piece is."""
        row.kind = next(kind for kind in ("update", "wording", "retraction") if getattr(row, f"{kind}_id"))
        row.pledge_slug = getattr(row, row.kind).pledge.slug
        return row


class Intakes(Listing):
    """Documents in which pledges were looked for, with their text."""

    model, name = Intake, "intakes"
    related = ("mandate", "source_document", "added_by")
    paths = (
        *("pk", "title", "publisher", "url", "file_name", "sha256", "language", "published_on", "mandate__slug"),
        *("source_document__slug", "added_by__username", "added_at", "text"),
    )


class Candidates(Listing):
    """Sentences that might be pledges, and what became of them."""

    model, name = Candidate, "candidates"
    related = ("alike", "pledge", "decided_by")
    order = ("intake", "starts_at", "pk")
    paths = (
        *("intake_id", "starts_at", "ends_at", "sentence", "speaker", "action", "deadline", "deadline_precision"),
        *("checkable", "confidence", "reason", "alike__slug", "state", "pledge__slug", "decided_by__username"),
        "decided_at",
    )


class Preservations(Listing):
    """Which capture stands for which evidence, where it is archived, and whether its link still works."""

    model, name = Preservation, "evidence-kept"
    related = ("evidence__update__pledge", "capture")
    order = ("evidence",)
    paths = (
        *("evidence__update__pledge__slug", "evidence__update__happened_on", "evidence__url", "capture__sha256"),
        *("capture__captured_at", "sentence_at", "archive_url", "archived_at", "archive_failure", "checked_at"),
        *("failing_since", "gone_since", "dead_since", "failure", "changed_at"),
    )

    @classmethod
    def title(cls) -> str:
        """What the rows are called."""
        return _("evidence kept")

    def get_queryset(self) -> models.QuerySet[Preservation]:
        """Without the bytes."""
        return super().get_queryset().defer("capture__body", "capture__headers")


class Snapshots(Listing):
    """How watched pages read over time."""

    model, name = Snapshot, "snapshots"
    related = ("source", "capture", "article")
    order = ("source", "taken_at", "pk")
    paths = ("source__url", "taken_at", "capture__sha256", "article__url", "text", "in_doubt")

    def get_queryset(self) -> models.QuerySet[Snapshot]:
        """Without the bytes."""
        return super().get_queryset().defer("capture__body", "capture__headers")

    @classmethod
    def may_export(cls, user) -> bool:
        """Who sees the sources sees what changed on them."""
        return user.has_perm("pledges.view_source")


class Digests(Listing):
    """The watch's letters of the day."""

    model, name = Digest, "digests"
    order = ("day",)
    paths = ("day", "sent_at", "text")


class Qualities(Listing):
    """How well the watch does, for each pledge and for all of them."""

    model, name = WatchQuality, "watch-quality"
    related = ("pledge",)
    paths = (
        *("pledge__slug", "measured_at", "relevant", "irrelevant", "by_hand", "right", "wrong", "brier"),
        *("plain_right", "plain_wrong", "plain_brier", "band_pairs", "band_relevant", "band_means"),
    )

    @classmethod
    def title(cls) -> str:
        """What the rows are called."""
        return _("quality of the watch")


class People(Listing):
    """Who works here: user name, byline, groups. Never a password, a second factor or an address."""

    model, name = User, "people"
    order = ("username",)
    paths = ("username", "byline", "is_active", "is_superuser", "date_joined")

    def make_columns(self) -> list[Column]:
        """Also the groups that say what each may do."""
        groups = cells.References(Group, key="name")
        return [*super().make_columns(), Column("groups", groups, label=_("groups"), readonly=True)]

    def get_queryset(self) -> models.QuerySet[User]:
        """With their groups, and without what proves who they are."""
        return super().get_queryset().prefetch_related("groups").defer("password")


class PeopleWithAddresses(People):
    """The same with e-mail addresses, for whoever runs the server and asks for them."""

    paths = (*People.paths, "email")


def warc_name(capture: Capture) -> str:
    """Where a capture's WARC file lies among exported tables. The same page may have been kept twice on one day."""
    return f"captures/{capture.pk}-{file_name(capture)}"


LISTINGS = (
    Wordings,
    Corrections,
    Retractions,
    AllFigures,
    SeriesNames,
    Leads,
    Articles,
    Revisions,
    Captures,
    Editions,
    EditionItems,
    Newsrooms,
    Comments,
    Intakes,
    Candidates,
    Preservations,
    Snapshots,
    Digests,
    Qualities,
    People,
)
