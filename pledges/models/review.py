"""What people write to each other on the way to publication, and what they had typed when they were interrupted."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Comment(models.Model):
    """What somebody said about a draft while it was written and reviewed. It is never public, and never rewritten."""

    update = models.ForeignKey(
        "pledges.Update", on_delete=models.CASCADE, null=True, related_name="comments", verbose_name=_("update")
    )
    wording = models.ForeignKey(
        "pledges.Wording", on_delete=models.CASCADE, null=True, related_name="comments", verbose_name=_("wording")
    )
    retraction = models.ForeignKey(
        "pledges.Retraction", on_delete=models.CASCADE, null=True, related_name="comments", verbose_name=_("retraction")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments", verbose_name=_("author")
    )
    text = models.TextField(_("comment"))
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["written_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="comment_is_about_one_thing",
                condition=models.Q(update__isnull=False, wording__isnull=True, retraction__isnull=True)
                | models.Q(update__isnull=True, wording__isnull=False, retraction__isnull=True)
                | models.Q(update__isnull=True, wording__isnull=True, retraction__isnull=False),
            ),
            models.CheckConstraint(name="comment_says_something", condition=~models.Q(text="")),
        ]
        triggers = [pgtrigger.Protect(name="comment_is_final", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.text[:80]


class Contributor(models.Model):
    """Somebody who put words into a draft, and therefore does not publish it.

    The database adds a row for everybody who is named as a draft's author or editor (`publishable_triggers`), and
    removes it with the draft only.
    """

    # Django would delete these rows before the draft, which the trigger refuses: the database deletes them after it.
    update = models.ForeignKey(
        "pledges.Update",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="contributors",
        verbose_name=_("update"),
    )
    wording = models.ForeignKey(
        "pledges.Wording",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="contributors",
        verbose_name=_("wording"),
    )
    retraction = models.ForeignKey(
        "pledges.Retraction",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="contributors",
        verbose_name=_("retraction"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contributions", verbose_name=_("person")
    )
    since = models.DateTimeField(_("since"), db_default=Now())

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                name="contributor_to_one_draft",
                condition=models.Q(update__isnull=False, wording__isnull=True, retraction__isnull=True)
                | models.Q(update__isnull=True, wording__isnull=False, retraction__isnull=True)
                | models.Q(update__isnull=True, wording__isnull=True, retraction__isnull=False),
            ),
            *(
                models.UniqueConstraint(name=f"contributor_once_{kind}", fields=[kind, "person"])
                for kind in ("update", "wording", "retraction")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="contributor_is_final", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="contributor_is_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM pledges_update WHERE id = OLD.update_id)
                       OR EXISTS (SELECT 1 FROM pledges_wording WHERE id = OLD.wording_id)
                       OR EXISTS (SELECT 1 FROM pledges_retraction WHERE id = OLD.retraction_id) THEN
                        RAISE EXCEPTION 'who put words into a draft is remembered as long as the draft is there'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'contributor_is_kept';
                    END IF;
                    RETURN OLD;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Autosave(models.Model):
    """What a person has typed into a form and not saved yet: the newest only, and nobody else's business.

    It is what the browser held, valid or not, so that a closed lid or a lost connection loses no word.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="autosaves", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=20, help_text=_("The model, in lower case."))
    key = models.CharField(_("key"), max_length=100, help_text=_("The row's number, or what a new one was begun for."))
    data = models.JSONField(_("what was typed"))
    version = models.CharField(
        _("version"), max_length=64, blank=True, help_text=_("Of the row on which it was typed, to tell of a conflict.")
    )
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("autosave")
        verbose_name_plural = _("autosaves")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(name="autosave_once_a_form", fields=["user", "kind", "key"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.key}"
