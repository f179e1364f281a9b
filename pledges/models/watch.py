"""What the watch uses besides the pledges' own words: editors' words, word counts, snapshots; and its digests."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.article import Article, Capture
from pledges.models.base import LANGUAGE_CHOICES
from pledges.models.source import Source


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class WatchTerm(models.Model):
    """A word or phrase that editors require, add or forbid in articles about a pledge. Plain words, no patterns."""

    class Rule(models.TextChoices):
        MUST = "must", _("must be there")
        ANY = "any", _("speaks for it")
        NEVER = "never", _("never")
        STRUCK = "struck", _("struck from what was learned")

    pledge = models.ForeignKey(
        "pledges.Pledge", on_delete=models.CASCADE, related_name="watch_terms", verbose_name=_("pledge")
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=LANGUAGE_CHOICES,
        help_text=_("Of the articles in which the word is looked for."),
    )
    rule = models.CharField(
        _("rule"),
        max_length=6,
        choices=Rule.choices,
        default=Rule.ANY,
        help_text=_(
            "Must be there: no lead without one of these. Speaks for it: another name for the pledge. Never: no lead "
            "with it."
        ),
    )
    phrase = models.CharField(
        _("word or phrase"),
        max_length=80,
        help_text=_("A word or a short phrase as news print it; its endings are found by themselves."),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("word of the watch")
        verbose_name_plural = _("words of the watch")
        ordering = ["pledge", "language", "rule", "phrase"]
        constraints = [
            models.UniqueConstraint(
                name="watch_term_once",
                fields=["pledge", "language", "phrase"],
                violation_error_message=_("This word stands here already."),
            ),
            models.CheckConstraint(name="watch_term_has_letters", condition=models.Q(phrase__regex=r"[[:alnum:]]")),
        ]

    def __str__(self) -> str:
        return f"{self.get_rule_display()}: {self.phrase}"


class TermCount(models.Model):
    """In how many of the articles read a term (a key of the matcher) occurs. The empty term counts all articles."""

    language = models.CharField(max_length=2)
    term = models.CharField(max_length=60)
    documents = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("term count")
        verbose_name_plural = _("term counts")
        constraints = [models.UniqueConstraint(name="term_count_once", fields=["language", "term"])]

    def __str__(self) -> str:
        return f"{self.language} {self.term}: {self.documents}"


class Snapshot(models.Model):
    """The text of a page watched for change at one reading: a row each time it has changed."""

    append_only = True

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="snapshots", verbose_name=_("source"))
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="snapshots", verbose_name=_("capture"))
    article = models.OneToOneField(
        Article,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="snapshot",
        verbose_name=_("article"),
        help_text=_("What was new in it, as the watch reads it; none for the first."),
    )
    taken_at = models.DateTimeField(_("taken"))
    text = models.TextField(_("text"))
    in_doubt = models.BooleanField(
        _("in doubt"),
        default=False,
        help_text=_("Most of the page was absent at once: it is no news until the next look."),
    )

    class Meta:
        verbose_name = _("snapshot of a page")
        verbose_name_plural = _("snapshots of pages")
        ordering = ["source", "-taken_at"]
        constraints = [
            models.UniqueConstraint(name="snapshot_once_a_time", fields=["source", "taken_at"]),
            models.CheckConstraint(
                name="snapshot_in_doubt_is_no_news", condition=models.Q(in_doubt=False) | models.Q(article__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} @ {self.taken_at:%Y-%m-%d %H:%M} UTC"


class Digest(models.Model):
    """A message to editors about what in the watch needs attention: at most one a day; the row is locked to send it."""

    day = models.DateField(_("day"), unique=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("digest of the watch")
        verbose_name_plural = _("digests of the watch")
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
