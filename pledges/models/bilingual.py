"""Text in two languages, of which one is enough: the constraint that demands one, and its use in queries."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pledges.domain.languages import LANGUAGES


class InOneLanguage(models.CheckConstraint):
    """The text `name` of the table is written in at least one language. Its violation is an error of the field."""

    def __init__(self, table: str, name: str) -> None:
        self.table, self.text = table, name
        super().__init__(
            name=f"{table}_{name}_in_one_language",
            condition=~models.Q(**{f"{name}_{code}": "" for code in LANGUAGES}),
            violation_error_message=_("Write it in at least one language."),
            violation_error_code="in_one_language",
        )

    def clone(self) -> "InOneLanguage":
        return type(self)(self.table, self.text)

    def deconstruct(self) -> Any:
        """To migrations, a plain CheckConstraint."""
        _path, _args, arguments = super().deconstruct()
        return "django.db.models.CheckConstraint", (), arguments

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Raise ValidationError at the field of the first language unless one of the fields has a text."""
        try:
            super().validate(*args, **kwargs)  # type: ignore[misc]  # not in the stubs
        except ValidationError as error:
            raise ValidationError({f"{self.text}_{LANGUAGES[0]}": error}) from None


def needs_a_language(table: str, *names: str) -> list[models.BaseConstraint]:
    """For `Meta.constraints`: each of the texts is written in at least one language."""
    return [InOneLanguage(table, name) for name in names]


def needed_texts(model: type[models.Model]) -> set[str]:
    """The texts, as "name" for name_en and name_es, that the model demands in at least one language."""
    return {rule.text for rule in model._meta.constraints if isinstance(rule, InOneLanguage)}


def active_first() -> list[str]:
    """The codes of the languages in the order in which a text is looked for: the active one, then the others."""
    active = (get_language() or settings.LANGUAGE_CODE)[:2]
    return sorted(LANGUAGES, key=lambda code: code != active)


def shown_text(name: str) -> Coalesce:
    """For queries: the text as readers of the active language see it, in another language where it is empty."""
    empty = models.Value("")
    return Coalesce(*(NullIf(models.F(f"{name}_{code}"), empty) for code in active_first()), empty)
