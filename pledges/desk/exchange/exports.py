"""Tables that can only be exported: what the watch found, editions, earlier wordings, comments, people, …"""

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from pledges import models
from pledges.desk.exchange import cells
from pledges.desk.exchange.columns import Column
from pledges.desk.exchange.table import Row, Table
from pledges.desk.exchange.warc import file_name
from pledges.models.review import DRAFTS
from pledges.queries.sealed_content import FIELDS, LATER


class Listing(Table):
    """A table of values at paths from the row: `article__url` is headed article_url."""

    importable = False
    paths: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()  # fields that are too large to be read for nothing, or secret

    def make_columns(self) -> list[Column]:
        return [Column(path.replace("__", "_"), cells.AsIs(), path, readonly=True) for path in self.paths]

    def get_queryset(self) -> QuerySet[Row]:
        related = {path.rpartition("__")[0] for path in self.paths if "__" in path}
        rows = self.model._default_manager.order_by(*self.order).defer(*self.deferred)
        return rows.select_related(*related) if related else rows


class Leads(Listing):
    model, name = models.Lead, "leads"
    paths = (
        *("pledge__slug", "article__url", "article__title", "article__publisher", "article__published_at"),
        *("raised_at", "sentence", "words", "score", "suggestion", "suggested_status", "cue", "state"),
        *("dismiss_reason", "dismiss_note", "snoozed_until", "decided_by__username", "decided_at"),
        "update__happened_on",
    )


class Articles(Listing):
    """What the watch read, without the pages themselves."""

    model, name = models.Article, "articles"
    deferred = ("fingerprint",)
    paths = (
        *("url", "title", "publisher", "language", "published_at", "found_at", "state", "failure", "source__url"),
        *("story_id", "summary", "text"),
    )


class Revisions(Listing):
    """What articles with leads said before their source changed their words."""

    model, name, viewed_with = models.Revision, "revisions", models.Article
    paths = ("article__url", "found_at", "title_before", "title", "summary_before", "summary", "text_before")


class Wordings(Listing):
    """Every wording of every pledge, earlier ones included."""

    model, name, order = models.Wording, "wordings", ("pledge__slug", "number")
    paths = (
        *("pledge__slug", *FIELDS[models.Wording], "state"),
        *("author__username", "published_by__username", "edition_id"),
    )


class Corrections(Listing):
    """The updates that correct another: the old text beside the new one."""

    model, name, label = models.Update, "corrections", gettext_lazy("corrections")
    order = ("pledge__slug", "happened_on", "pk")
    paths = (
        *("pledge__slug", "happened_on", "status", "text_en", "text_es", "correction_note_en", "correction_note_es"),
        *("corrects__happened_on", "corrects__status", "corrects__text_en", "corrects__text_es"),
        *("corrects__edition_id", "state", "published_by__username", "edition_id"),
    )

    def get_queryset(self) -> QuerySet[Row]:
        return super().get_queryset().filter(corrects__isnull=False)


class Retractions(Listing):
    model, name, viewed_with = models.Retraction, "retractions", models.Pledge
    paths = ("pledge__slug", "note_en", "note_es", "state", "published_by__username", "edition_id")


class Withdrawals(Listing):
    """The withdrawn updates: what each said, why it was withdrawn, and the pledge to which it was moved."""

    model, name, viewed_with = models.Withdrawal, "withdrawals", models.Update
    order = ("pledge__slug", "update__happened_on", "pk")
    paths = (
        *("pledge__slug", "update__happened_on", "update__status", "update__text_en", "update__text_es"),
        *("update__edition_id", "note_en", "note_es", "moved_to__pledge__slug", "state"),
        *("published_by__username", "edition_id"),
    )


class PledgeCorrections(Listing):
    """Corrections of pledges' addresses, mandates and days: the old beside the new."""

    model, name, viewed_with = models.PledgeCorrection, "pledge-corrections", models.Pledge
    order = ("pledge__slug", "pk")
    paths = (
        *("pledge__slug", "was_slug", "slug", "was_mandate__slug", "mandate__slug", "was_made_on", "made_on"),
        *("was_made_on_precision", "made_on_precision", "note_en", "note_es"),
        *("state", "published_by__username", "edition_id"),
    )


class AllFigures(Listing):
    """Every figure of every edition, revised ones included."""

    model, name, label = models.Observation, "figures-of-all-editions", gettext_lazy("figures of all editions")
    order = ("indicator__slug", "series", "starts_on", "ends_on", "pk")
    paths = ("indicator__slug", *FIELDS[models.Observation], "edition_id")


class SeriesNames(Listing):
    model, name, order = models.Series, "series", ("indicator__slug", "slug")
    paths = ("indicator__slug", *FIELDS[models.Series])


class Editions(Listing):
    model, name, order = models.Edition, "editions", ("number",)
    paths = ("number", "published_at", "publisher", "previous_hash", "hash")


class EditionItems(Listing):
    model, name, order = models.EditionItem, "edition-items", ("edition", "kind", "pk")
    paths = ("edition_id", "action", "kind", "key", "title", "pledge__slug", "sha256")


class Captures(Listing):
    """The pages that were kept: address, time, hash, and the WARC file beside the tables that `export_all` writes."""

    model, name, viewed_with = models.Capture, "captures", models.Article
    deferred = ("body", "headers")
    paths = ("url", "captured_at", "status", "content_type", "sha256", "size", "warc")

    def prepare(self, row: Row) -> Row:
        row.warc = warc_name(row)
        return row


class Newsrooms(Listing):
    """The newsroom's settings that readers see."""

    model, name = models.Newsroom, "newsroom"
    paths = (*FIELDS[models.Newsroom], *LATER[models.Newsroom])


class Comments(Listing):
    """What the newsroom's people wrote to each other beside drafts."""

    model, name = models.Comment, "comments"
    paths = (
        *("pledge_slug", "kind", "update__happened_on", "wording__number"),
        *("author__username", "written_at", "text"),
    )

    def get_queryset(self) -> QuerySet[Row]:
        return super().get_queryset().select_related(*(f"{kind}__pledge" for kind in DRAFTS))

    def prepare(self, row: Row) -> Row:
        """With the kind of what the comment is about, and its pledge."""
        row.kind = next(kind for kind in DRAFTS if getattr(row, f"{kind}_id"))
        row.pledge_slug = getattr(row, row.kind).pledge.slug
        return row


class Intakes(Listing):
    """Documents in which pledges were looked for, with their text."""

    model, name = models.Intake, "intakes"
    paths = (
        *("pk", "title", "publisher", "url", "file_name", "sha256", "language", "published_on", "mandate__slug"),
        *("source_document__slug", "added_by__username", "added_at", "text"),
    )


class Candidates(Listing):
    """Sentences that might be pledges, and what was decided about them."""

    model, name, order = models.Candidate, "candidates", ("intake", "starts_at", "pk")
    paths = (
        *("intake_id", "starts_at", "ends_at", "sentence", "speaker", "action", "deadline", "deadline_precision"),
        *("checkable", "confidence", "reason", "alike__slug", "state", "pledge__slug", "decided_by__username"),
        "decided_at",
    )


class Preservations(Listing):
    """Which capture stands for which evidence, where it is archived, and whether its link still works."""

    model, name, label = models.Preservation, "evidence-kept", gettext_lazy("evidence kept")
    order = ("evidence",)
    deferred = ("capture__body", "capture__headers")
    paths = (
        *("evidence__update__pledge__slug", "evidence__update__happened_on", "evidence__url", "capture__sha256"),
        *("capture__captured_at", "sentence_at", "archive_url", "archived_at", "archive_failure", "checked_at"),
        *("failing_since", "gone_since", "dead_since", "failure", "changed_at"),
    )


class Snapshots(Listing):
    """How watched pages read over time."""

    model, name, viewed_with = models.Snapshot, "snapshots", models.Source
    order = ("source", "taken_at", "pk")
    deferred = ("capture__body", "capture__headers")
    paths = ("source__url", "taken_at", "capture__sha256", "article__url", "text", "in_doubt")


class Digests(Listing):
    """The daily e-mails of the watch."""

    model, name, order = models.Digest, "digests", ("day",)
    paths = ("day", "sent_at", "text")


class Qualities(Listing):
    """How well the watch does, for each pledge and for all of them."""

    model, name, label = models.WatchQuality, "watch-quality", gettext_lazy("quality of the watch")
    paths = (
        *("pledge__slug", "measured_at", "relevant", "irrelevant", "by_hand", "right", "wrong", "brier"),
        *("plain_right", "plain_wrong", "plain_brier", "band_pairs", "band_relevant", "band_means"),
    )


class People(Listing):
    """Who works here: user name, byline, groups. Never a password, a second factor or an address."""

    model, name, order = models.User, "people", ("username",)
    deferred = ("password",)
    paths: tuple[str, ...] = ("username", "byline", "is_active", "is_superuser", "date_joined")

    def make_columns(self) -> list[Column]:
        groups = cells.References(Group, key="name")
        return [*super().make_columns(), Column("groups", groups, label=gettext_lazy("groups"), readonly=True)]

    def get_queryset(self) -> QuerySet[Row]:
        return super().get_queryset().prefetch_related("groups")


class PeopleWithAddresses(People):
    """The same with e-mail addresses, for whoever runs the server and asks for them."""

    paths = (*People.paths, "email")


def warc_name(capture: models.Capture) -> str:
    """Where a capture's WARC file lies among exported tables. The same page may have been kept twice on one day."""
    return f"captures/{capture.pk}-{file_name(capture)}"


LISTINGS: tuple[type[Table], ...] = (
    *(Wordings, Corrections, PledgeCorrections, Withdrawals, Retractions, AllFigures, SeriesNames, Leads, Articles),
    *(Revisions, Captures, Editions),
    *(EditionItems, Newsrooms, Comments, Intakes, Candidates, Preservations, Snapshots, Digests, Qualities, People),
)
