"""Watched sources, and the hosts that serve them."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.base import LANGUAGE_CHOICES, Text, known_language, translated
from pledges.models.messages import MessageField


@translated("note")
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=[
        *("name", "publisher", "url", "language", "official", "active", "note_en", "note_es", "interval_minutes"),
        *("slowest_minutes", "kind", "selector", "pledge", "indicator", "series", "period_column", "value_column"),
        *("data_path", "moved_from"),
    ],
    model_name="SourceEvent",
)
class Source(models.Model):
    """Something that the watch reads. The row is the queue: it is due, it is claimed, it is done."""

    # From `translated`.
    note: Text
    # Read with it by the desk's list: its articles, in all and in the last week.
    items: int
    recent: int

    class Kind(models.TextChoices):
        FEED = "feed", _("Feed (RSS, Atom, JSON Feed)")
        SITEMAP = "sitemap", _("News sitemap")
        PAGE = "page", _("Web page watched for change")
        GDELT = "gdelt", _("GDELT search")
        DATA = "data", _("Figures (CSV, JSON, XLSX)")

    name = models.CharField(
        _("name"),
        max_length=160,
        help_text=_("As the desk and readers see it in the list of sources, with the section: El Diario, politics."),
    )
    publisher = models.CharField(_("publisher"), max_length=160, help_text=_("Named in evidence that comes from here."))
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=Kind.choices,
        default=Kind.FEED,
        help_text=_("What stands at the address. Paste it under Add, and what can be read there is found out."),
    )
    url = models.URLField(
        _("address"),
        max_length=1000,
        unique=True,
        help_text=_("The address that is read again and again: of the feed, the page or the file."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=LANGUAGE_CHOICES,
        help_text=_("The language of most of its articles; each article's own is found out."),
    )
    official = models.BooleanField(
        _("a government's own"), default=False, help_text=_("Its reports are labelled as official.")
    )
    sample = models.BooleanField(_("sample"), default=False, editable=False, help_text=_("Serves invented examples."))
    active = models.BooleanField(
        _("watched"),
        default=True,
        help_text=_("Whether it is read. Say in the note why one is not."),
    )
    note_en = models.TextField(
        _("note (English)"),
        blank=True,
        help_text=_("For the desk only: readers do not see it. For instance why it is not watched."),
    )
    note_es = models.TextField(_("note (Spanish)"), blank=True)
    interval_minutes = models.PositiveIntegerField(
        _("read at most every (minutes)"), default=15, help_text=_("However often it publishes.")
    )
    slowest_minutes = models.PositiveIntegerField(
        _("read at least every (minutes)"), default=360, help_text=_("However seldom it publishes.")
    )
    selector = models.CharField(
        _("part of the page"),
        max_length=200,
        blank=True,
        help_text=_("A CSS selector, for a page watched for change; empty for the whole article text."),
    )
    pledge = models.ForeignKey(
        "pledges.Pledge",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="query_sources",
        verbose_name=_("made from the words of"),
        help_text=_("The pledge whose words this search is made of."),
    )
    indicator = models.ForeignKey(
        "pledges.Indicator",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        verbose_name=_("figures for"),
    )
    series = models.SlugField(_("series"), max_length=60, blank=True)
    data_path = models.CharField(
        _("where in the file"),
        max_length=200,
        blank=True,
        help_text=_("A worksheet's name, or the keys that lead to the rows in JSON, with dots between them."),
    )
    period_column = models.CharField(_("column of the period"), max_length=100, blank=True)
    value_column = models.CharField(_("column of the value"), max_length=100, blank=True)
    # --- kept by the watch; all times are UTC
    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True, editable=False)
    last_attempt_at = models.DateTimeField(_("last tried"), null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(_("last read"), null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    failure = MessageField(_("reason of the failure"), blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    notice = MessageField(_("left out of the file"), blank=True, editable=False)
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    current_minutes = models.PositiveIntegerField(
        _("now read every (minutes)"), null=True, blank=True, editable=False, help_text=_("By how often it publishes.")
    )
    usual_gap_minutes = models.FloatField(
        _("usual time between two items (minutes)"), null=True, blank=True, editable=False
    )
    last_item_at = models.DateTimeField(_("last new item"), null=True, blank=True, editable=False)
    left_out = MessageField(
        _("left out"),
        blank=True,
        editable=False,
        help_text=_("Of the last answer: items that could not be stored, and why."),
    )
    gone_at = models.DateTimeField(
        _("gone for good"), null=True, blank=True, editable=False, help_text=_("It said so itself (HTTP 410).")
    )
    moved_from = models.URLField(_("moved from"), max_length=1000, blank=True, editable=False)
    moved_at = models.DateTimeField(_("moved"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("watched source")
        verbose_name_plural = _("watched sources")
        ordering = ["name"]
        indexes = [models.Index(fields=["active", "next_due_at"])]
        constraints = [
            known_language("source"),
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
            models.CheckConstraint(
                name="source_slowest_sane",
                condition=models.Q(slowest_minutes__gte=models.F("interval_minutes"), slowest_minutes__lte=10080),
                violation_error_message=_("The longer time lies between the shorter one and a week (10,080 minutes)."),
            ),
            models.CheckConstraint(
                name="source_figures_say_where",
                condition=models.Q(kind="data", indicator__isnull=False)
                & ~models.Q(series="")
                & ~models.Q(period_column="")
                & ~models.Q(value_column="")
                | ~models.Q(kind="data")
                & models.Q(indicator__isnull=True, series="", data_path="", period_column="", value_column=""),
                violation_error_message=_(
                    "Figures need their indicator, series and columns; other sources have none of these."
                ),
            ),
            models.CheckConstraint(
                name="source_selector_is_for_pages",
                condition=models.Q(selector="") | models.Q(kind="page"),
                violation_error_message=_("Only a page watched for change has a part that is looked at."),
            ),
            models.CheckConstraint(
                name="source_gone_is_not_watched",
                condition=models.Q(gone_at__isnull=True) | models.Q(active=False),
                violation_error_message=_("This source said that it is gone for good: give it another address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """A web host and its wishes: what its robots.txt says, and when it may be asked next. All times are UTC."""

    name = models.CharField(
        _("host"), max_length=260, primary_key=True, help_text=_("With the port, if it is unusual.")
    )
    next_request_at = models.DateTimeField(_("next request"), null=True, blank=True)
    robots = models.TextField(_("robots.txt"), blank=True)
    robots_read_at = models.DateTimeField(_("robots.txt read"), null=True, blank=True)
    robots_failure = MessageField(_("why robots.txt could not be read"), blank=True)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")

    def __str__(self) -> str:
        return self.name
