"""Alerts: what readers asked to be told by e-mail. They have no accounts, so nothing else is known of them."""

import secrets

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from pledges.models.base import LANGUAGE_CHOICES

# No quoted names, no numbers for a host: what remains is what people's addresses look like, and all that mail programs
# and the header of a message agree on.
ADDRESS = r"""^[^\s@<>,;:()"\[\]\\]+@[^\s@<>,;:()"\[\]\\]+$"""
QUERY_LENGTH = 500  # characters of the query of a search


class Alert(models.Model):
    """Somebody's wish to be told by e-mail. It holds once the link in the first mail was followed; ending deletes it.

    The row is the queue: what it has been told (`told_edition`, `told_on`) says what there is still to tell. There is
    no history of these rows: what is deleted is gone.
    """

    class Kind(models.TextChoices):
        SEARCH = "search", _("search")
        PLEDGE = "pledge", _("one pledge")
        WEEK = "week", _("the week")

    email = models.EmailField(_("address"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    query = models.CharField(
        _("query"),
        max_length=QUERY_LENGTH,
        blank=True,
        help_text=_("Of a search the query of its address, in one order; of a pledge the word in its address."),
    )
    # In the links of the alert's mails: whoever has it may confirm and end this alert, and nothing else. 32 bytes.
    token = models.CharField(_("token"), max_length=43, unique=True, default=secrets.token_urlsafe, editable=False)
    created_at = models.DateTimeField(_("asked for"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    link_asked_at = models.DateTimeField(
        _("link asked for"), null=True, blank=True, help_text=_("The mail with the link is still to be sent.")
    )
    told_edition = models.PositiveIntegerField(
        _("told until edition"), default=0, help_text=_("What this edition and those before it changed is told.")
    )
    told_on = models.DateField(_("told on"), null=True, blank=True, help_text=_("A day of the newsroom's calendar."))
    mailed_at = models.DateTimeField(_("last mail"), null=True, blank=True)
    closing_told_on = models.DateField(_("told that the tracker closed"), null=True, blank=True)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("mails refused in a row"), default=0)
    bounced_at = models.DateTimeField(
        _("refused for good"), null=True, blank=True, help_text=_("The address takes no mail.")
    )

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-created_at", "-id"]
        default_permissions = ("view", "delete")
        permissions = [("count_alert", "Can see how many alerts there are")]
        indexes = [
            models.Index(fields=["told_edition"], condition=~models.Q(confirmed_at=None), name="alert_told"),
            models.Index(fields=["link_asked_at"], condition=~models.Q(link_asked_at=None), name="alert_link_asked"),
        ]
        constraints = [
            models.UniqueConstraint(name="alert_once", fields=["email", "kind", "query", "language"]),
            models.CheckConstraint(
                name="alert_address_is_one_in_small_letters",
                condition=models.Q(email=Lower("email"), email__regex=ADDRESS),
            ),
            models.CheckConstraint(
                name="alert_query_by_kind",
                condition=models.Q(kind="search")
                | (models.Q(kind="pledge") & ~models.Q(query=""))
                | models.Q(kind="week", query=""),
            ),
            models.CheckConstraint(name="alert_token_is_long", condition=models.Q(token__regex=r"^[A-Za-z0-9_-]{43}$")),
            models.CheckConstraint(
                name="alert_told_once_confirmed",
                condition=models.Q(confirmed_at__isnull=False) | models.Q(told_on=None, told_edition=0),
            ),
        ]

    def __str__(self) -> str:
        # Without the address: Django's log of what was pressed at the desk keeps this after the row is gone.
        return f"{self.get_kind_display()} {self.query}".strip()
