"""Watched sources, the articles read from them, and the captures kept of their pages."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import translated

LANGUAGE_CHOICES = [("en", _("English")), ("es", _("Spanish"))]


class Capture(models.Model):
    """The bytes of a page as they came, compressed, with their hash: what evidence rests on when a link dies."""

    append_only = True

    url = models.URLField(_("link"), max_length=1000)
    captured_at = models.DateTimeField(_("captured"))
    content_type = models.CharField(_("content type"), max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256 of the page"), max_length=64)
    body = models.BinaryField(_("page, gzip"))
    size = models.PositiveIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        constraints = [models.UniqueConstraint(name="capture_once", fields=["url", "sha256"])]

    def __str__(self) -> str:
        return f"{self.url} @ {self.captured_at:%Y-%m-%d %H:%M} UTC"


@translated("note")
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=["name", "publisher", "url", "language", "official", "active", "note_en", "note_es", "interval_minutes"],
)
class Source(models.Model):
    """A feed that the watch reads. The row is the queue: it is due, it is claimed, it is done."""

    name = models.CharField(_("name"), max_length=160)
    publisher = models.CharField(_("publisher"), max_length=160, help_text=_("Named in evidence that comes from here."))
    url = models.URLField(_("address of the feed"), max_length=1000, unique=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
    official = models.BooleanField(
        _("a government's own"), default=False, help_text=_("Its reports are labelled as official.")
    )
    sample = models.BooleanField(_("sample"), default=False, editable=False, help_text=_("Serves invented examples."))
    active = models.BooleanField(_("watched"), default=True)
    note_en = models.TextField(_("note (English)"), blank=True, help_text=_("For instance why it is not watched."))
    note_es = models.TextField(_("note (Spanish)"), blank=True)
    interval_minutes = models.PositiveIntegerField(_("read every (minutes)"), default=15)
    # --- kept by the watch; all times are UTC
    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True, editable=False)
    last_attempt_at = models.DateTimeField(_("last tried"), null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(_("last read"), null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    failure = models.CharField(_("reason of the failure"), max_length=300, blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        verbose_name = _("watched source")
        verbose_name_plural = _("watched sources")
        ordering = ["name"]
        indexes = [models.Index(fields=["active", "next_due_at"])]
        constraints = [
            models.CheckConstraint(
                name="source_failing_says_why",
                condition=models.Q(failing_since__isnull=True, failure="", failures=0)
                | (models.Q(failing_since__isnull=False, failures__gt=0) & ~models.Q(failure="")),
            ),
            models.CheckConstraint(
                name="source_interval_sane",
                condition=models.Q(interval_minutes__gte=1, interval_minutes__lte=10080),
                violation_error_message=_("Between one minute and one week (10,080 minutes)."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """Something a source published, stored once. Reading it (fetch, extract, match) is claimed on this row."""

    class State(models.TextChoices):
        NEW = "new", _("to be read")
        READ = "read", _("read")
        FAILED = "failed", _("page could not be read")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="articles", verbose_name=_("source"))
    entry_id = models.CharField(_("entry in the feed"), max_length=1000)
    url = models.URLField(_("link"), max_length=1000, unique=True)
    title = models.CharField(_("title"), max_length=500)
    summary = models.TextField(_("summary"), blank=True)
    publisher = models.CharField(_("publisher"), max_length=160)
    language = models.CharField(_("language"), max_length=2, blank=True, choices=LANGUAGE_CHOICES)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    found_at = models.DateTimeField(_("found"))
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.NEW)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(_("reason of the failure"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    capture = models.ForeignKey(
        Capture, on_delete=models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("capture")
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-found_at", "-id"]
        indexes = [
            models.Index(fields=["claimed_until"], condition=models.Q(state="new"), name="article_to_be_read"),
            models.Index(fields=["-found_at"]),
        ]
        constraints = [models.UniqueConstraint(name="article_entry_once", fields=["source", "entry_id"])]

    def __str__(self) -> str:
        return self.title
