"""The articles that the watch has read, the captures of their pages, and the stories that group them."""

from datetime import MAXYEAR, MINYEAR, datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.base import LANGUAGE_CHOICES, known_language
from pledges.models.messages import MessageField
from pledges.models.source import Source


class Capture(models.Model):
    """A page as it was received, compressed, with its hash: what evidence rests on when a link dies."""

    append_only = True

    url = models.URLField(_("link"), max_length=1000)
    captured_at = models.DateTimeField(_("captured"))
    status = models.PositiveSmallIntegerField(_("HTTP status"), default=200)
    headers = models.JSONField(_("headers of the answer"), default=dict, blank=True)
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


class ReportedTimeField(models.DateTimeField):
    """A time given by a source. One that not every time zone can show is read as None: converting it would raise."""

    def from_db_value(self, value: datetime | None, *_context: object) -> datetime | None:
        """The time, unless it lies in the calendar's first or last year."""
        return value if value and MINYEAR < value.year < MAXYEAR else None

    def deconstruct(self) -> tuple:
        """To migrations, a plain DateTimeField."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class Story(models.Model):
    """Articles that report the same: republished agency copy, and new versions of one report."""

    opened_at = models.DateTimeField(_("first told"))

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Article(models.Model):
    """Something a source published, stored once. A worker leases the row to read it (fetch, extract, match)."""

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
    published_at = ReportedTimeField(_("published"), null=True, blank=True)
    found_at = models.DateTimeField(_("found"))
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.NEW)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = MessageField(_("reason of the failure"), blank=True)
    text = models.TextField(_("text"), blank=True)
    times_changed = models.PositiveSmallIntegerField(
        _("times changed"),
        default=0,
        editable=False,
        help_text=_("How often its source has said something else of it since it was found."),
    )
    capture = models.ForeignKey(
        Capture, on_delete=models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("capture")
    )
    fingerprint = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        editable=False,
        help_text=_("Hashes of the text's words: articles that share one may tell the same story."),
    )
    story = models.ForeignKey(
        Story, on_delete=models.SET_NULL, null=True, blank=True, related_name="articles", verbose_name=_("story")
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-found_at", "-id"]
        indexes = [
            models.Index(fields=["claimed_until"], condition=models.Q(state="new"), name="article_to_be_read"),
            models.Index(fields=["-found_at"]),
            GinIndex(fields=["fingerprint"], name="article_fingerprint"),
        ]
        constraints = [
            models.UniqueConstraint(name="article_entry_once", fields=["source", "entry_id"]),
            known_language("article", blank=True),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="article_leads_searched",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("title", "publisher"),
                condition=pgtrigger.AnyChange("title", "publisher"),
                func="""
                    UPDATE pledges_lead SET searched = NULL WHERE article_id = NEW.id;  -- made anew by lead_searched
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                # A source's mistake does not cost the article: see `watch.text.dates.published`. Noon of tomorrow (a
                # date without a time is stored so) is up to a day and a half ahead.
                name="implausible_time_is_none",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("published_at"),
                func="""
                    IF NOT NEW.published_at BETWEEN '1989-12-31 00:00+00' AND CURRENT_TIMESTAMP + INTERVAL '2 days' THEN
                        NEW.published_at := NULL;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """The words of an article with leads before and after its source changed them, and the page's earlier text."""

    append_only = True

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("article"))
    found_at = models.DateTimeField(_("found"))
    title_before = models.CharField(_("title before"), max_length=500)
    title = models.CharField(_("title"), max_length=500)
    summary_before = models.TextField(_("summary before"), blank=True)
    summary = models.TextField(_("summary"), blank=True)
    text_before = models.TextField(_("text before"), blank=True)

    class Meta:
        verbose_name = _("revision of an article")
        verbose_name_plural = _("revisions of articles")
        ordering = ["article", "found_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="revision_changes_something",
                condition=~models.Q(title=models.F("title_before")) | ~models.Q(summary=models.F("summary_before")),
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.title_before} → {self.title}"
