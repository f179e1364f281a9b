"""Editions: acts of publication, numbered without gaps; the hash of each includes that of the one before."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The advisory lock that serialises publications, in the trigger below and in `actions.publishing`.
EDITION_LOCK = 7_311_001


class Edition(models.Model):
    """An act of publication. Its number is in cache keys and citations; its items show what was public when."""

    append_only = True
    item_count: int  # annotated by the desk's list

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="editions", verbose_name=_("published by")
    )
    publisher = models.CharField(
        pgettext_lazy("person", "publisher"), max_length=150, help_text=_("The name shown to readers.")
    )
    previous_hash = models.CharField(_("hash of the edition before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="edition_hash_is_sha256", condition=models.Q(hash__regex=r"^[0-9a-f]{64}$"))
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_gaps",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "RECORD")],
                func=f"""
                    PERFORM pg_advisory_xact_lock({EDITION_LOCK});
                    SELECT number, hash INTO last FROM pledges_edition ORDER BY number DESC LIMIT 1;
                    IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.previous_hash <> COALESCE(last.hash, '') THEN
                        RAISE EXCEPTION 'editions are numbered without gaps and each carries the hash of the one before'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_no_gaps';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return _("Edition %(number)s") % {"number": self.number}


class EditionItem(models.Model):
    """One row that an edition published: its kind and key, what was done, and the SHA-256 of its content."""

    append_only = True

    class Action(models.TextChoices):
        PUBLISHED = "published", pgettext_lazy("act of an edition", "published")
        CORRECTED = "corrected", pgettext_lazy("act of an edition", "corrected")
        CHANGED = "changed", pgettext_lazy("act of an edition", "changed")
        RETRACTED = "retracted", pgettext_lazy("act of an edition", "retracted")
        WITHDRAWN = "withdrawn", pgettext_lazy("act of an edition", "withdrawn")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="items", verbose_name=_("edition"))
    action = models.CharField(_("act"), max_length=10, choices=Action.choices)
    kind = models.CharField(_("kind"), max_length=20, help_text=_("The model, in lower case."))
    key = models.CharField(_("key"), max_length=100)
    title = models.CharField(_("title"), max_length=300, blank=True)
    pledge = models.ForeignKey(
        "pledges.Pledge", on_delete=models.PROTECT, null=True, related_name="edition_items", verbose_name=_("pledge")
    )
    sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)

    class Meta:
        verbose_name = _("item of an edition")
        verbose_name_plural = _("items of editions")
        ordering = ["edition", "kind", "id"]
        indexes = [models.Index(fields=["kind", "key"])]
        constraints = [models.UniqueConstraint(name="edition_item_once", fields=["edition", "kind", "key"])]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_into_the_newest",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.edition_id <> (SELECT MAX(number) FROM pledges_edition) THEN
                        RAISE EXCEPTION 'an edition that was followed by another takes nothing more'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_item_only_into_the_newest';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
