"""Comments on drafts, their contributors, and autosaved forms. Nothing here is public."""

from functools import reduce
from operator import or_

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

DRAFTS = ("update", "wording", "retraction", "withdrawal", "pledgecorrection")  # models, and the keys to them below
ONE_DRAFT = reduce(or_, (models.Q(**{f"{each}__isnull": each != kind for each in DRAFTS}) for kind in DRAFTS))


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class Comment(models.Model):
    """A comment on a draft while it is written and reviewed. It is never public and never changed."""

    update = models.ForeignKey(
        "pledges.Update", on_delete=models.CASCADE, null=True, related_name="comments", verbose_name=_("update")
    )
    wording = models.ForeignKey(
        "pledges.Wording", on_delete=models.CASCADE, null=True, related_name="comments", verbose_name=_("wording")
    )
    retraction = models.ForeignKey(
        "pledges.Retraction", on_delete=models.CASCADE, null=True, related_name="comments", verbose_name=_("retraction")
    )
    withdrawal = models.ForeignKey(
        "pledges.Withdrawal", on_delete=models.CASCADE, null=True, related_name="comments", verbose_name=_("withdrawal")
    )
    pledgecorrection = models.ForeignKey(
        "pledges.PledgeCorrection",
        on_delete=models.CASCADE,
        null=True,
        related_name="comments",
        verbose_name=_("correction of a pledge"),
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
            models.CheckConstraint(name="comment_is_about_one_thing", condition=ONE_DRAFT),
            models.CheckConstraint(name="comment_says_something", condition=~models.Q(text="")),
        ]
        triggers = [pgtrigger.Protect(name="comment_is_final", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.text[:80]


class Contributor(models.Model):
    """Somebody who wrote in a draft, and therefore may not publish it.

    Triggers (`publishable_triggers`) add a row for each author and editor of a draft and delete it only with the draft.
    """

    # DO_NOTHING: Django would delete these rows before the draft, which a trigger refuses; another deletes them after.
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
    withdrawal = models.ForeignKey(
        "pledges.Withdrawal",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="contributors",
        verbose_name=_("withdrawal"),
    )
    pledgecorrection = models.ForeignKey(
        "pledges.PledgeCorrection",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="contributors",
        verbose_name=_("correction of a pledge"),
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
            models.CheckConstraint(name="contributor_to_one_draft", condition=ONE_DRAFT),
            *(models.UniqueConstraint(name=f"contributor_once_{kind}", fields=[kind, "person"]) for kind in DRAFTS),
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
                       OR EXISTS (SELECT 1 FROM pledges_retraction WHERE id = OLD.retraction_id)
                       OR EXISTS (SELECT 1 FROM pledges_withdrawal WHERE id = OLD.withdrawal_id)
                       OR EXISTS (SELECT 1 FROM pledges_pledgecorrection WHERE id = OLD.pledgecorrection_id) THEN
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
    """What a person has typed into a form and not saved: the newest version, visible to that person only.

    The fields as the browser had them, valid or not, so that nothing is lost with the connection or a closed laptop.
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
