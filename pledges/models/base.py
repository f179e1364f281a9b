"""What several models share: text in two languages, choices with their labels, and the state of publication."""

from collections.abc import Callable, Mapping
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Upper
from django.db.models.lookups import In, Lookup
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy

from pledges.domain.country_codes import CODES
from pledges.domain.languages import ENGLISH_NAMES, LANGUAGES
from pledges.domain.rules import FailureReason, Precision, Status, Timeliness
from pledges.models.bilingual import active_first

STATUS_LABELS = {
    Status.KEPT: _("Kept"),
    Status.PARTLY_KEPT: _("Partly kept"),
    Status.IN_PROGRESS: _("In progress"),
    Status.STALLED: _("Stalled"),
    Status.BROKEN: _("Broken"),
    Status.NOT_STARTED: _("Not started"),
    Status.UNCLEAR: _("Unclear"),
    Status.NOT_RATED: _("Not yet rated"),
}
# As in "3 kept": English has one form for singular and plural, Spanish two. Apply it with `%` to the number.
COUNTED_LABELS = {
    Status.KEPT: npgettext_lazy("pledges counted", "kept", "kept"),
    Status.PARTLY_KEPT: npgettext_lazy("pledges counted", "partly kept", "partly kept"),
    Status.IN_PROGRESS: npgettext_lazy("pledges counted", "in progress", "in progress"),
    Status.STALLED: npgettext_lazy("pledges counted", "stalled", "stalled"),
    Status.BROKEN: npgettext_lazy("pledges counted", "broken", "broken"),
    Status.NOT_STARTED: npgettext_lazy("pledges counted", "not started", "not started"),
    Status.UNCLEAR: npgettext_lazy("pledges counted", "unclear", "unclear"),
    Status.NOT_RATED: npgettext_lazy("pledges counted", "not yet rated", "not yet rated"),
}
TIMELINESS_LABELS = {
    Timeliness.OVERDUE: _("Overdue"),
    Timeliness.DUE_SOON: _("Due soon"),
    Timeliness.AHEAD: _("Deadline ahead"),
    Timeliness.KEPT_IN_TIME: _("Kept in time"),
    Timeliness.KEPT_LATE: _("Kept late"),
    Timeliness.NO_DEADLINE: _("No deadline"),
}
FAILURE_LABELS = {
    FailureReason.WITHDRAWN: _("Withdrawn"),
    FailureReason.BLOCKED: _("Blocked"),
    FailureReason.LAPSED: _("Lapsed"),
    FailureReason.SUPERSEDED: _("Superseded"),
    FailureReason.UNDER_DELIVERED: _("Under-delivered"),
}
PRECISION_LABELS = {
    Precision.DAY: _("on that day"),
    Precision.MONTH: _("in that month"),
    Precision.YEAR: _("in that year"),
    Precision.APPROX: _("around that day"),
    Precision.BY: _("on or before that day"),
}
LANGUAGE_CHOICES = [(code, _(name)) for code, name in ENGLISH_NAMES.items()]


def choices(labels: Mapping[Any, Any], *only: str) -> list[tuple[str, str]]:
    """Labels as Django's choices, all of them or `only` those of these values."""
    return [(str(value), label) for value, label in labels.items() if not only or value in only]


class Text(str):
    """A text with its language, so that a page can set `lang` on text in the other language."""

    lang: str = ""


def translated(*names: str) -> Callable[[type], type]:
    """Class decorator: for each name, adds a property that reads name_en or name_es.

    Its value is a `Text` in the active language, or in the other one if that is empty.
    See docs/adr/0002-two-columns-for-two-languages.md.
    """

    def reader(name: str) -> property:
        def read(self: models.Model) -> Text:
            for language in active_first():
                if value := getattr(self, f"{name}_{language}"):
                    text = Text(value)
                    text.lang = language
                    return text
            return Text("")

        return property(read, doc=f"{name} in the active language, else in the other.")

    def decorate(model: type) -> type:
        for name in names:
            setattr(model, name, reader(name))
        return model

    return decorate


def is_country(value: str) -> None:
    """Raise ValidationError unless the value is the code of a country."""
    if value.upper() not in CODES:
        text = _("“%(code)s” is not the code of a country: give its two letters of ISO 3166-1.")
        raise ValidationError(text, params={"code": value})


class AddressField(models.SlugField):
    """A part of addresses, of lower-case words with hyphens. Its errors do not speak of slugs, which nobody knows."""

    default_error_messages = {
        "invalid": _("Use only letters from a to z, digits and hyphens, as in build-two-prisons.")
    }

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """A form field with the same error message."""
        return super().formfield(*args, **{"error_messages": {"invalid": self.error_messages["invalid"]}, **kwargs})

    def deconstruct(self) -> tuple:
        """To migrations, a plain SlugField."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", args, kwargs


class CountryField(models.CharField):
    """An ISO 3166-1 country code in upper case. `known_country` is its constraint."""

    default_validators = [is_country]

    def to_python(self, value: object) -> object:
        """The value in upper case, however it was typed."""
        value = super().to_python(value)
        return value.upper() if isinstance(value, str) else value

    def get_prep_value(self, value: object) -> object:
        """The value in upper case, even if it was not validated."""
        value = super().get_prep_value(value)
        return value.upper() if isinstance(value, str) else value

    def deconstruct(self) -> tuple:
        """To migrations, a plain CharField."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def known_country(table: str, *, blank: bool = False) -> models.CheckConstraint:
    """`country` is a country code (older rows have lower case), or empty if it may be blank."""
    known: Lookup[bool] = In(Upper("country"), ["", *sorted(CODES)] if blank else sorted(CODES))
    return models.CheckConstraint(name=f"{table}_country_is_known", condition=known)


def known_language(table: str, field: str = "language", *, blank: bool = False) -> models.CheckConstraint:
    """The field is the code of one of `LANGUAGES`, or empty if it may be blank."""
    codes = ["", *LANGUAGES] if blank else list(LANGUAGES)
    return models.CheckConstraint(name=f"{table}_{field}_is_known", condition=models.Q(**{f"{field}__in": codes}))


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("Waiting for review")
    PUBLISHED = "published", _("Published")


class Publishable(models.Model):
    """Something that one person writes, another publishes, and nobody changes afterwards.

    The constraints and triggers of the concrete models (see `publishable_constraints` and `publishable_triggers`) keep
    state, publisher and edition consistent, and a published row final.
    """

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="authored_%(class)ss",
        verbose_name=_("author"),
        editable=False,
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="edited_%(class)ss",
        verbose_name=_("last changed by"),
        editable=False,
    )
    submitted_at = models.DateTimeField(_("submitted for review"), null=True, blank=True, editable=False)
    review_note = models.TextField(
        _("note from review"),
        blank=True,
        help_text=_("What the reviewer asked for when it was sent back."),
        editable=False,
    )
    publish_at = models.DateTimeField(
        _("goes out at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When it is published by itself, as somebody who may publish has decided."),
    )
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scheduled_%(class)ss",
        verbose_name=_("to be published by"),
        editable=False,
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="published_%(class)ss",
        verbose_name=_("published by"),
        editable=False,
    )
    edition = models.ForeignKey(
        "pledges.Edition",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("edition"),
        editable=False,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last edited"), auto_now=True)

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED


def publishable_constraints(table: str) -> list[models.BaseConstraint]:
    """A published row, and no other, has a publisher and an edition; a scheduled one waits for review."""
    published = models.Q(state=State.PUBLISHED, edition__isnull=False, published_by__isnull=False)
    unpublished = ~models.Q(state=State.PUBLISHED) & models.Q(edition__isnull=True, published_by__isnull=True)
    scheduled = models.Q(state=State.REVIEW, publish_at__isnull=False, scheduled_by__isnull=False)
    unscheduled = models.Q(publish_at__isnull=True, scheduled_by__isnull=True)
    return [
        models.CheckConstraint(name=f"{table}_published_has_edition", condition=published | unpublished),
        models.CheckConstraint(name=f"{table}_schedule_is_whole", condition=scheduled | unscheduled),
    ]


TWO_PERSON_RULE = """
    IF TG_OP = 'UPDATE' AND (NEW.author_id, NEW.edited_by_id) IS DISTINCT FROM (OLD.author_id, OLD.edited_by_id) THEN
        RAISE EXCEPTION 'who wrote this does not change with its publication'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_keeps_author';
    END IF;
    IF (NEW.published_by_id IN (NEW.author_id, NEW.edited_by_id)
        OR EXISTS (SELECT 1 FROM pledges_contributor WHERE {kind}_id = NEW.id AND person_id = NEW.published_by_id))
       AND COALESCE((SELECT two_person_rule FROM pledges_newsroom), TRUE) THEN
        RAISE EXCEPTION 'two pairs of eyes: who wrote this does not publish it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'two_person_rule';
    END IF;
"""

# What is published has an item in the newest edition: nothing is added to an older one.
IN_THE_NEWEST_EDITION = """
    IF NOT EXISTS (
        SELECT 1 FROM pledges_editionitem item JOIN pledges_edition edition ON edition.number = item.edition_id
        WHERE item.kind = '{kind}' AND item.key = NEW.id::text AND edition.number = NEW.edition_id{same_publisher}
          AND edition.number = (SELECT MAX(number) FROM pledges_edition)
    ) THEN
        RAISE EXCEPTION 'what is published is named by the newest edition, and by its publisher'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_in_newest_edition';
    END IF;
"""


def publishable_triggers(kind: str, rules: str = "") -> list[pgtrigger.Trigger]:
    """The triggers of a publishable model: `kind` is its name in editions, `rules` is PL/pgSQL run at publication."""
    named = IN_THE_NEWEST_EDITION.format(kind=kind, same_publisher=" AND edition.published_by_id = NEW.published_by_id")
    return [
        pgtrigger.Protect(
            name="published_is_final",
            operation=pgtrigger.Update | pgtrigger.Delete,
            condition=pgtrigger.Q(old__state="published"),
        ),
        pgtrigger.Trigger(
            name="published_by_the_rules",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Q(new__state="published"),
            func=TWO_PERSON_RULE.format(kind=kind) + rules + named + "RETURN NEW;",
        ),
        pgtrigger.Trigger(
            # `edited_by` has only the last editor; the earlier ones are contributors as well.
            name="contributors_are_remembered",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("author_id", "edited_by_id"),
            func=f"""
                INSERT INTO pledges_contributor ({kind}_id, person_id, since)
                SELECT DISTINCT NEW.id, person, NOW() FROM unnest(ARRAY[NEW.author_id, NEW.edited_by_id]) AS person
                WHERE person IS NOT NULL
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            """,
        ),
        pgtrigger.Trigger(
            name="contributors_go_with_the_draft",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            func=f"DELETE FROM pledges_contributor WHERE {kind}_id = OLD.id; RETURN NULL;",
        ),
        pgtrigger.Trigger(
            # With another id a draft would have no contributors, and those of its old id could be deleted.
            name="keeps_its_number",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("id"),
            condition=pgtrigger.Q(old__id__df=pgtrigger.F("new__id")),
            func="""
                RAISE EXCEPTION 'a draft keeps its number'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'keeps_its_number';
            """,
        ),
    ]


def not_of_a_retracted_pledge() -> pgtrigger.Trigger:
    """Refuse publication of anything more about a retracted pledge.

    Publications are serialised (see `IN_THE_NEWEST_EDITION`), so none can pass a retraction that is being published.
    """
    return pgtrigger.Trigger(
        name="not_of_a_retracted_pledge",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="published"),
        func="""
            IF EXISTS (
                SELECT 1 FROM pledges_retraction WHERE pledge_id = NEW.pledge_id AND state = 'published'
            ) THEN
                RAISE EXCEPTION 'the pledge was retracted: nothing more is published of it'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_was_retracted';
            END IF;
            RETURN NEW;
        """,
    )


def published_is_kept() -> pgtrigger.Trigger:
    """Refuse to delete a row that an edition has published. It may change, each time by an edition."""
    return pgtrigger.Trigger(
        name="published_is_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=pgtrigger.Func(
            """
            IF EXISTS (
                SELECT 1 FROM pledges_editionitem WHERE kind = '{meta.model_name}' AND key = OLD.id::text
            ) THEN
                RAISE EXCEPTION 'an edition has published this, so it stays'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_is_kept';
            END IF;
            RETURN OLD;
            """
        ),
    )
