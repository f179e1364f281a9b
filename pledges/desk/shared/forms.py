"""What forms of several areas share: fields in two languages, and stored values in words."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Any

from django import forms
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES
from pledges.models import Newsroom
from pledges.models.bilingual import needed_texts

MOST_NAMED = 12  # choices that an error names
OTHER_LANGUAGE = {
    "en": gettext_lazy("Not written yet: readers of English see the Spanish."),
    "es": gettext_lazy("Not written yet: readers of Spanish see the English."),
}


def shown_value(row: models.Model, name: str) -> str:
    """A stored field as a person reads it; "" for nothing."""
    field: Any = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if value in (None, ""):
        return ""
    if field.is_relation:
        return str(field.related_model._default_manager.filter(pk=value).first() or "")
    if isinstance(value, date):
        return written(value)
    return str(dict(field.flatchoices).get(value, value))


def text_and_language(name: str) -> tuple[str, str]:
    """The parts of the name of a field in one of the languages: ("name", "en") for name_en. Else (name, "")."""
    text, _underscore, language = name.rpartition("_")
    return (text, language) if text and language in LANGUAGES else (name, "")


def label_without_language(label: object) -> str:
    """A field's label, in the active language, without the language that stands in brackets at its end."""
    return re.sub(r"\s*\([^()]*\)$", "", str(label))


def what_to_choose(field: forms.Field) -> forms.ValidationError:
    """The error of a field with something in it that is not one of its choices: names them, or says how to find one."""
    if isinstance(getattr(field.widget, "widget", field.widget), ForeignKeyRawIdWidget):  # the desk wraps it
        return forms.ValidationError(_("There is none with this number. Find it with the magnifying glass."))
    there = [str(label) for value, label in islice(field.choices, MOST_NAMED + 2) if value]  # type: ignore[attr-defined]  # both kinds of choice fields have them
    if len(there) > MOST_NAMED:
        return forms.ValidationError(_("This is not one of the choices. Choose one from the list in this field."))
    if not there:
        return forms.ValidationError(_("There is nothing to choose from yet. Add one first."))
    return forms.ValidationError(
        _("This is not one of the choices. There are: %(there)s.") % {"there": ", ".join(there)}
    )


class BilingualForm(forms.ModelForm):
    """A form with fields that end in _en and _es: marks each with its language, and says when only one is written.

    `newsroom` decides which languages are written: see `languages.in_newsroom`. `needed_in_one` are the texts that
    publication needs in one of the languages; they are marked as needed.
    """

    newsroom = Newsroom()
    needed_in_one: Sequence[str] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (f"{base}_{code}" for base in self.needed_in_one for code in LANGUAGES):
            if name in self.fields:
                attrs = self.fields[name].widget.attrs
                attrs["class"] = f"{attrs.get('class', '')} needed-in-one".strip()
        needed = needed_texts(self._meta.model)
        for name, field in self.fields.items():
            text, language = text_and_language(name)
            if not language:
                continue
            field.widget.attrs["lang"] = language
            others = [other for code in LANGUAGES if (other := f"{text}_{code}") in self.fields and code != language]
            if not others:
                field.label = label_without_language(field.label)
                field.required |= text in needed
            is_missing = any(self[other].value() for other in others) and not self[name].value()
            if is_missing and language in self.newsroom.languages:
                field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} not-written".strip()
                field.help_text = self[name].help_text = OTHER_LANGUAGE[language]

    def _get_validation_exclusions(self) -> set[str]:
        # A rule about a text in both languages holds in a form that shows one of them, too.
        shown = {text_and_language(name) for name in self.fields}
        both = {f"{text}_{code}" for text, language in shown if language for code in LANGUAGES}
        return super()._get_validation_exclusions() - (both - self.fields.keys())  # type: ignore[misc]  # not in the stubs

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the model's errors about fields that are not in this form above it, where Django raises ValueError.

        That a text is missing in both languages is an error of the main language's field. An error about a choice says
        what there is to choose from.
        """
        # The row that a part of a form belongs to is refused in the same way, and nobody chooses it.
        is_of_choice = getattr(error, "code", "") in ("invalid_choice", "invalid_pk_value")
        if field and is_of_choice and hasattr(self.fields[field], "choices"):
            error = what_to_choose(self.fields[field])
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                if any(each.code == "in_one_language" for each in errors):
                    text, _language = text_and_language(name)
                    name = next((f"{text}_{c}" for c in self.newsroom.languages if f"{text}_{c}" in self.fields), name)
                super().add_error(name if name in self.fields else None, errors)
        else:
            super().add_error(field, error)
